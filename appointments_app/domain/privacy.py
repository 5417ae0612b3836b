"""What is kept of a client who is erased, where their traces are looked for, and how long things are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from dateutil.relativedelta import relativedelta

from appointments_app.domain.errors import Invalid
from appointments_app.domain.text import digits, fold
from appointments_app.domain.words import N_

ERASED = N_("Erased client")
"""The name that stands in place of a client's."""

MOST_MONTHS = 240
SHORTEST = {"keep_clients": 6, "keep_history": 3}
"""Fewer months would take what is still worked with."""

KEPT_OF_HISTORY = frozenset(
    {
        "", "start_at", "end_at", "duration", "status", "outcome", "shared", "confirmed_at", "confirmed_how",
        "archived_at", "deleted_at", "by_hand", "links_revoked", "rrule", "minutes", "time_zone", "action_id",
        "client_id", "staff", "staff_ids", "work_order_id", "booking_id", "service_id", "number", "starts_on",
        "ends_on", "budget", "currency", "price", "state", "suspended_at",
    }
)  # fmt: skip
"""The fields whose values stay in the audit trail: when, by whom, how much; nothing that somebody typed of a client."""

_SHORTEST_NAME, _SHORTEST_NUMBER = 5, 6


@dataclass(frozen=True)
class Traces:
    """By what clients are found in text that belongs to nobody: full names, addresses, the last digits of numbers."""

    words: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()

    @classmethod
    def of(cls, clients: Iterable[tuple[str, str, str]]) -> Traces:
        """Return the traces of clients with these names, e-mail addresses and phone numbers."""
        words, numbers = set(), set()
        for name, email, phone in clients:
            words |= {fold(text) for text in (name, email) if len(fold(text)) >= _SHORTEST_NAME}
            number = digits(phone)[-9:]
            numbers |= {number} if len(number) >= _SHORTEST_NUMBER else set()
        return cls(frozenset(words), frozenset(numbers))

    def are_in(self, text: str) -> bool:
        """Whether any of them stands in ``text``."""
        folded = fold(text)
        if any(word in folded for word in self.words):
            return True
        number = digits(text) if self.numbers else ""
        return any(one in number for one in self.numbers)


@dataclass(frozen=True)
class Keeping:
    """How many months clients and the history are kept; 0: for ever."""

    keep_clients: int = 0
    keep_history: int = 0


def read_keeping(values: Mapping[str, object]) -> Keeping:
    """Return the months of a form; raise one Invalid that names what is none."""
    found, wrong = {}, {}
    for name, least in SHORTEST.items():
        text = str(values.get(name, "") or "0").strip()
        months = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1
        if months and not least <= months <= MOST_MONTHS:
            wrong[name] = _WRONG[name]
        found[name] = months
    if not wrong and found["keep_clients"] > found["keep_history"] > 0:
        wrong["keep_history"] = N_("Keep it at least as long as clients: it tells when they were changed last.")
    if wrong:
        raise Invalid(fields=wrong)
    return Keeping(**found)


_WRONG = {
    "keep_clients": N_("Enter 0, or from 6 to 240 months."),
    "keep_history": N_("Enter 0, or from 3 to 240 months."),
}


def months_before(now: datetime, months: int) -> datetime:
    """Return the instant so many months before ``now``."""
    return now - relativedelta(months=months)
