"""Text rules: folding for search and for twins, and what a one-line field may hold."""

from __future__ import annotations

import re
import unicodedata

_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ة": "ه", "ى": "ي", "ـ": None})
_SPACES = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
"""Control characters, and halves of surrogate pairs, which no database stores."""


def fold(text: str) -> str:
    """Return ``text`` for comparing and searching: lower case, no accents, Arabic letters in one form, one space."""
    if text.isascii():
        return " ".join(text.lower().split())  # what the rest does, without looking at every letter
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_ARABIC)
    kept = "".join(
        letter for letter in plain if not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"
    )
    return _SPACES.sub(" ", kept).strip()


def one_line(text: str, limit: int) -> str:
    """Return ``text`` without control characters, line breaks and outer spaces, at most ``limit`` characters."""
    if text.isprintable():  # no control characters, and no spaces but the plain one
        return " ".join(text.split())[:limit]
    return _SPACES.sub(" ", _CONTROL.sub("", text)).strip()[:limit]


def many_lines(text: str, limit: int) -> str:
    """Return ``text`` without control characters except line breaks and tabs, at most ``limit`` characters."""
    return text[:limit] if text.isprintable() else _CONTROL.sub("", text.replace("\r\n", "\n"))[:limit]


def plain_digits(text: str) -> str:
    """Return ``text`` with Arabic-Indic and other digits as 0-9."""
    return "".join(
        str(unicodedata.digit(letter)) if unicodedata.category(letter) == "Nd" else letter for letter in text
    )


def digits(text: str) -> str:
    """Return the digits of ``text``, with Arabic-Indic ones as 0-9."""
    return "".join(letter for letter in plain_digits(text) if letter.isdecimal())
