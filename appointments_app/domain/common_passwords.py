"""Passwords that are long enough and tried first all the same: known words with a year behind them, rows of keys."""

from __future__ import annotations

import re
from collections.abc import Collection

_TRIED_FIRST = """
password passw0rd passwort motdepasse contrasena parola senha salasana wachtwoord haslo losenord kalimatalsir
admin administrator root superuser manager owner reception receptionist office secretary staff employee user
username guest test tester testing default changeme changethis letmein letmeinnow openup opensesame welcome
welcomehome welcomeback hello helloworld goodmorning secret topsecret private login signin logmein access
master mastermind computer internet server database network google facebook instagram whatsapp youtube
microsoft windows apple iphone android samsung nokia amazon iloveyou iloveyouso loveyou lovelove mylove
sweetheart princess prince sunshine flower butterfly rainbow angel babygirl babyboy family mother father
brother sister friends forever together happy happiness freedom football baseball basketball soccer hockey
cricket tennis liverpool barcelona realmadrid chelsea arsenal manchester alahly zamalek superman batman
spiderman starwars pokemon naruto minecraft dragon monkey tiger summer winter spring autumn january february
march april june july august september october november december monday tuesday wednesday thursday friday
saturday sunday michael jennifer jessica jordan daniel ashley thomas charlie robert andrew william elizabeth
mohamed mohammed muhammad ahmed mahmoud mustafa ibrahim fatima mariam yasmin egypt cairo alexandria london
newyork america england germany france habibi habibti bismillah allahuakbar inshallah alhamdulillah clinic
dental dentist hospital doctor salon beauty barber agency company business appointment appointments calendar
booking bookings schedule money dollar million trustno nothing whatever qwerty qwertz azerty asdf asdfgh
zxcvbn qazwsx
"""
_WORDS = frozenset(_TRIED_FIRST.split())
_LIKE_LETTERS = str.maketrans("@4031!|5$7+", "aaoeiiisstt")
_ROWS = (
    "01234567890123456789", "98765432109876543210", "abcdefghijklmnopqrstuvwxyzabc", "zyxwvutsrqponmlkjihgfedcba",
    "qwertyuiopasdfghjklzxcvbnm", "qwertzuiopasdfghjklyxcvbnm", "azertyuiopqsdfghjklmwxcvbn",
    "poiuytrewqlkjhgfdsamnbvcxz",
    "qazwsxedcrfvtgbyhnujmikolp", "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
    "asdfghjklasdfghjkl", "zxcvbnmzxcvbnm",
)  # fmt: skip
_SHORTEST_RUN = 4
_LONG_NUMBER = 14
"""Shorter numbers are telephone numbers and birthdays."""


def is_common(password: str, own_words: Collection[str] = ()) -> bool:
    """Whether a password is a well-known word or one of ``own_words``, a row of keys, or a repetition, dressed up."""
    plain = _closed_up(password)
    known = _WORDS | {word for each in own_words for word in re.split(r"[^\w]+", each.casefold()) if len(word) > 3}
    if plain in map(_closed_up, own_words) or _repeats(plain) or not _without_runs(plain):
        return True
    if plain.isdecimal():
        return len(plain) < _LONG_NUMBER
    core = re.sub(r"^[\d\W_]+|[\d\W_]+$", "", plain)
    cores = (core, core.translate(_LIKE_LETTERS))
    return any(not _without_words(_without_runs(core), known) for core in cores)


def _closed_up(text: str) -> str:
    return re.sub(r"[\s_.-]+", "", text.casefold())


def _repeats(text: str) -> bool:
    """Whether the text is a short piece again and again."""
    return re.fullmatch(r"(.{1,5}?)\1+.{0,4}", text) is not None and len(set(text)) <= 5


def _without_runs(text: str) -> str:
    """Return what is left when rows of neighbouring keys, and the same key again and again, are taken out."""
    left, place = "", 0
    while place < len(text):
        length = _run_at(text, place)
        if length < _SHORTEST_RUN:
            left, length = left + text[place], 1
        place += length
    return left


def _run_at(text: str, place: int) -> int:
    longest = len(text) - place
    same = next((n for n in range(longest) if text[place + n] != text[place]), longest)
    for length in range(longest, _SHORTEST_RUN - 1, -1):
        if any(text[place : place + length] in row for row in _ROWS):
            return max(length, same)
    return same


def _without_words(text: str, known: Collection[str]) -> str:
    """Return what is left of a text that begins with a known word, again and again."""
    while text:
        word = next((text[:n] for n in range(len(text), 3, -1) if text[:n] in known), "")
        if not word:
            return text
        text = text[len(word) :].lstrip("0123456789!?#*+")
    return ""
