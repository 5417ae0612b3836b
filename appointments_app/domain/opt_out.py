"""How people say that they want no messages."""

from __future__ import annotations

from enum import StrEnum

from appointments_app.domain.text import fold


class How(StrEnum):
    """How an opt-out came about."""

    STAFF = "staff"
    LINK = "link"
    SMS = "sms"


_STOP_WORDS = ("stop", "stopall", "unsubscribe", "cancel", "end", "quit", "إيقاف", "توقف", "قف", "إلغاء")
_START_WORDS = ("start", "unstop", "subscribe", "yes", "ابدأ", "بدء", "اشتراك", "تفعيل", "نعم")
_STOP, _START = (frozenset(map(fold, words)) for words in (_STOP_WORDS, _START_WORDS))


def wish_in(text: str) -> bool | None:
    """Return whether an SMS asks to stop (True) or to start again (False); None when it asks for neither."""
    word = fold(text).strip(" .!،؛\"'")
    return True if word in _STOP else False if word in _START else None
