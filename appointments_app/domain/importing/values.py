"""What the other cells mean: durations, statuses, yes and no."""

from __future__ import annotations

import re
from datetime import time
from functools import lru_cache

from appointments_app.domain.appointment import LONGEST, SHORTEST, Outcome, Status
from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing.dates import tidy
from appointments_app.domain.importing.fields import plain
from appointments_app.domain.words import N_

NO_DURATION = N_("This is not a duration.")
TOO_LONG = N_("Between 5 minutes and 24 hours.")
NO_STATUS = N_("There is no such status: it can be Scheduled, Done or Dismissed.")
NO_OUTCOME = N_("There is no such outcome: it can be No-show.")
NOT_MISSED = N_("A no-show is Dismissed, not Scheduled or Done.")
NO_ANSWER = N_("Yes or no is expected here.")

_STATUSES = {
    Status.SCHEDULED: "scheduled|booked|confirmed|pending|new|open|planned|upcoming|approved|accepted|active|tentative"
    "|unconfirmed|rescheduled|needs action|reserved|requested|مجدول|محجوز|مؤكد|قيد الانتظار|جديد|قادم|معلق|مخطط",
    Status.DONE: "done|completed|complete|attended|finished|closed|fulfilled|arrived|show|showed|served|paid"
    "|checked out|past|منجز|منجزة|تم|مكتمل|حضر|انتهى|منتهي|منفذ",
    Status.DISMISSED: "dismissed|cancelled|canceled|declined|rejected|deleted|void"
    "|cancelled by client|cancelled by customer|ملغى|ملغي|ملغاة|الغي|مرفوض",
}
_MISSED = "no show|noshow|missed|did not attend|did not show|dna|absent|لم يحضر|لم تحضر|غائب|غياب|تغيب"
_NO_SHOW = {plain(word) for word in _MISSED.split("|")}
_STATUS = {plain(word): status for status, words in _STATUSES.items() for word in words.split("|")}
_STATUS |= dict.fromkeys(_NO_SHOW, Status.DISMISSED)
_YES = {"yes", "y", "true", "t", "1", "x", "on", "✓", "✔", "نعم", "صح", "اجل"}
_NO = {"", "no", "n", "false", "f", "0", "off", "-", "لا", "خطا"}
_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*(\D*)")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
_HOURS = ("h", "hr", "hrs", "hour", "hours", "std", "ساعه", "ساعات", "ساعتان", "س")
_MINUTES = ("", "m", "min", "mins", "minute", "minutes", "دقيقه", "دقائق", "دقايق", "د", "'")


def read_status(text: str) -> Status | None:
    """Return the status a word means, None for an empty cell; raise Invalid."""
    word = plain(text)
    if word and word not in _STATUS:
        raise Invalid(NO_STATUS)
    return _STATUS.get(word)


def read_outcome(text: str) -> Outcome | Status | None:
    """Return how an appointment went, or the status that other programs call so; None for an empty cell."""
    word = plain(text)
    if word and word not in _STATUS:
        raise Invalid(NO_OUTCOME)
    return Outcome.NO_SHOW if word in _NO_SHOW else _STATUS.get(word)


def read_answer(value: object) -> bool:
    """Return whether a cell says yes; raise Invalid for neither yes nor no."""
    if isinstance(value, bool):
        return value
    word = tidy(_text(value))
    if word not in _YES and word not in _NO:
        raise Invalid(NO_ANSWER)
    return word in _YES


@lru_cache(maxsize=1024, typed=True)
def read_minutes(value: object) -> int | None:
    """Return a duration in minutes, None for an empty cell; raise Invalid. A number below 5 means hours."""
    if isinstance(value, time):
        return _within(value.hour * 60 + value.minute)
    plain_text = tidy(_text(value))
    if not plain_text:
        return None
    if clock := _CLOCK.fullmatch(plain_text):
        return _within(int(clock[1]) * 60 + int(clock[2]))
    if plain_text.startswith("ساعه"):
        plain_text = f"1 {plain_text}"
    parts = _PART.findall(plain_text)
    if not parts or "".join(number + unit for number, unit in parts).replace(" ", "") != plain_text.replace(" ", ""):
        raise Invalid(NO_DURATION)
    total = 0.0
    for number, unit in parts:
        amount, word = float(number.replace(",", ".")), re.sub(r"[\s.,،+&]|and\b", "", unit).removesuffix("و")
        if word in _HOURS or (not word and len(parts) == 1 and amount < SHORTEST):
            total += amount * 60
        elif word in _MINUTES:
            total += amount
        else:
            raise Invalid(NO_DURATION)
    return _within(round(total))


def _within(minutes: int) -> int:
    if not SHORTEST <= minutes <= LONGEST:
        raise Invalid(TOO_LONG)
    return minutes


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)
