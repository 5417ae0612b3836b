"""The life of a message: planned, in flight, sent …; why it went no further; when it is tried again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from appointments_app.domain.listing import day_in_address, is_id
from appointments_app.domain.message import Channel


class State(StrEnum):
    """Where a message stands. ``IN_FLIGHT`` begins just before it is handed over; ``UNKNOWN``: nobody can say.

    ``TOGETHER``: it is told by the message of its leader, and stands where that one stands.
    """

    PLANNED = "planned"
    IN_FLIGHT = "in_flight"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"
    TOGETHER = "together"


SHOWN = tuple(state for state in State if state is not State.TOGETHER)
"""Where what lists show can stand: several told together are one message."""


class Reason(StrEnum):
    """Why a message was not sent, or not yet."""

    NO_CHANNEL = "no_channel"
    NO_ADDRESS = "no_address"
    OPTED_OUT = "opted_out"
    DONE = "done"
    DISMISSED = "dismissed"
    DELETED = "deleted"
    MOVED = "moved"
    NOT_ASSIGNED = "not_assigned"
    LEFT = "left"
    RULE_OFF = "rule_off"
    PAST = "past"
    QUIET = "quiet"
    TEMPLATE = "template"
    CANCELLED = "cancelled"
    TAKEN_BACK = "taken_back"
    TRYING_AGAIN = "trying_again"
    REFUSED = "refused"
    GAVE_UP = "gave_up"
    UNDELIVERED = "undelivered"
    INTERRUPTED = "interrupted"


FOR_ALL = (Reason.NO_ADDRESS, Reason.OPTED_OUT, Reason.LEFT, Reason.TEMPLATE, Reason.NO_CHANNEL)
"""Why nothing that is told together goes, whichever appointment the message speaks of first."""

LONGEST_ERROR, LONGEST_SUBJECT = 500, 500
STANDS_STILL = timedelta(minutes=5)
"""When something could have gone for so long, sending stands still."""
MOST_ATTEMPTS = 10
_FIRST_WAIT = 30.0
_LONGEST_WAIT = 3600.0


def wait_after(attempts: int, asked: float | None, chance: float) -> timedelta:
    """Return how long to wait after so many failed attempts: doubled each time, a quarter less or more by ``chance``.

    ``chance`` is 0 … 1; ``asked`` the least that the other side asked for, in seconds, not believed beyond a day.
    """
    doubled = min(_FIRST_WAIT * 2 ** (attempts - 1), _LONGEST_WAIT) * (0.75 + chance / 2)
    return timedelta(seconds=max(doubled, min(asked or 0.0, 86_400.0)))


class Shelf(StrEnum):
    """The tabs of a list of messages: states that people take for one."""

    ALL = "all"
    PLANNED = "planned"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"

    @property
    def states(self) -> tuple[State, ...]:
        """Return the states it shows; () for any."""
        return _SHELVES.get(self, ())


_SHELVES = {
    Shelf.PLANNED: (State.PLANNED, State.IN_FLIGHT),
    Shelf.SENT: (State.SENT, State.DELIVERED),
    Shelf.FAILED: (State.FAILED,),
    Shelf.UNKNOWN: (State.UNKNOWN,),
    Shelf.SKIPPED: (State.SKIPPED,),
}


@dataclass(frozen=True)
class MessageFilter:
    """Which messages. Empty strings mean "any"; days are inclusive."""

    shelf: Shelf = Shelf.ALL
    channel: str = ""
    recipient: str = ""
    client: str = ""
    rule: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> MessageFilter:
        """Return the filter an address asks for; what it can't read counts as "any"."""
        shelf, channel, recipient = query.get("tab", ""), query.get("channel", ""), query.get("recipient", "")
        return cls(
            shelf=Shelf(shelf) if shelf in Shelf._value2member_map_ else Shelf.ALL,
            channel=channel if channel in Channel._value2member_map_ else "",
            recipient=recipient if recipient in ("client", "staff") else "",
            client=client if is_id(client := query.get("client", "")) else "",
            rule=rule if is_id(rule := query.get("rule", "")) else "",
            since=day_in_address(query.get("since", "")),
            until=day_in_address(query.get("until", "")),
        )

    @property
    def narrowed(self) -> bool:
        """Whether anything but the tab and the client restricts the list."""
        return replace(self, shelf=Shelf.ALL, client="") != MessageFilter()


AGAIN = (State.SENT, State.DELIVERED, State.FAILED, State.UNKNOWN, State.SKIPPED)
"""What can be sent again."""
