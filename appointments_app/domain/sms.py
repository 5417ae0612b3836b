"""How long an SMS is: GSM 03.38 fits 160 characters in a message, everything else 70; longer texts go in parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")
"""Each takes two places: an escape, and the character."""


@dataclass(frozen=True)
class Length:
    """How an SMS is counted: its encoding, the places it takes, its segments, and the places left in the last one."""

    encoding: str
    places: int
    segments: int
    left: int


def length(text: str) -> Length:
    """Return how long an SMS with this text is."""
    if all(letter in _BASIC or letter in _EXTENDED for letter in text):
        return _counted("GSM-7", [2 if letter in _EXTENDED else 1 for letter in text], single=160, part=153)
    return _counted("UCS-2", [2 if ord(letter) > 0xFFFF else 1 for letter in text], single=70, part=67)


def _counted(encoding: str, places: Iterable[int], *, single: int, part: int) -> Length:
    sizes = list(places)
    total = sum(sizes)
    if total <= single:
        return Length(encoding, total, 1 if total else 0, single - total)
    segments, filled = 1, 0
    for size in sizes:
        if filled + size > part:  # what takes two places is never divided
            segments, filled = segments + 1, 0
        filled += size
    return Length(encoding, total, segments, part - filled)
