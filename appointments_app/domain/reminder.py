"""When a reminder goes, and whether it goes at all: rules about instants and wall times, without clock or database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum

from appointments_app.domain.appointment import Status
from appointments_app.domain.outbox import Reason
from appointments_app.domain.times import to_instant, to_wall

BEFORE_QUIET = timedelta(minutes=5)
"""What goes before quiet hours begin goes this much before."""
LATE = timedelta(minutes=5)
"""What goes this much later than it was due is marked as late."""


class Unit(StrEnum):
    """What the amount of a rule counts. Days keep the wall time across daylight saving, hours do not."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


class Anchor(StrEnum):
    """What the time of a message is counted from."""

    BEFORE_START = "before_start"
    AFTER_START = "after_start"
    AFTER_CREATION = "after_creation"
    MOVED = "moved"
    CANCELLED = "cancelled"
    CONFIRMED = "confirmed"


NOTICES = (Anchor.MOVED, Anchor.CANCELLED, Anchor.CONFIRMED)
"""What tells a client at once what staff did; their ``created_at`` is when that may be told."""
HOLD = timedelta(minutes=1)
"""So long a notice is held, for Undo and for second thoughts."""

MOST_CLIENTS = 50
"""What touches appointments of more clients at once tells none of them by itself."""


class Recipient(StrEnum):
    """Who gets the message."""

    CLIENT = "client"
    STAFF = "staff"


class QuietWay(StrEnum):
    """What happens to a message that is due in quiet hours."""

    WAIT = "wait"
    BEFORE = "before"


@dataclass(frozen=True)
class Quiet:
    """Hours, on the recipient's wall, in which nothing is sent; they may go over midnight."""

    since: time
    until: time
    way: QuietWay = QuietWay.WAIT

    def around(self, at: datetime, zone_name: str) -> tuple[datetime, datetime] | None:
        """Return the beginning and end of the quiet hours that ``at`` lies in, or None."""
        wall = to_wall(at, zone_name)
        day, now = wall.date(), wall.time()
        if self.since <= self.until:
            first, last = (day, day) if self.since <= now < self.until else (None, None)
        elif now >= self.since:
            first, last = day, day + timedelta(days=1)
        else:
            first, last = (day - timedelta(days=1), day) if now < self.until else (None, None)
        if first is None or last is None:
            return None
        begin, end = to_instant(first, self.since, zone_name), to_instant(last, self.until, zone_name)
        return (begin, end) if at < end else None  # a clock that was put back shows their last hour twice


@dataclass(frozen=True)
class Timing:
    """When the message of a rule goes."""

    amount: int
    unit: Unit
    anchor: Anchor
    quiet: Quiet | None = None

    def due(self, *, start_at: datetime, created_at: datetime, zone: str, recipient_zone: str) -> datetime:
        """Return the instant; ``zone`` is the appointment's. Quiet hours may put it after the start: see ``fits``."""
        origin = start_at if self.anchor in (Anchor.BEFORE_START, Anchor.AFTER_START) else created_at
        exact = self._shifted(origin, zone)
        around = self.quiet.around(exact, recipient_zone) if self.quiet else None
        if self.quiet is None or around is None:
            return exact
        earlier = around[0] - BEFORE_QUIET
        goes_earlier = self.quiet.way is QuietWay.BEFORE and (self.anchor is Anchor.BEFORE_START or earlier >= origin)
        return earlier if goes_earlier else around[1]

    def fits(self, at: datetime, start_at: datetime) -> bool:
        """Whether a message may go at ``at``: a notice, and one that comes before the start, never goes after it."""
        return self.anchor not in (Anchor.BEFORE_START, *NOTICES) or at < start_at

    def _shifted(self, origin: datetime, zone: str) -> datetime:
        amount = -self.amount if self.anchor is Anchor.BEFORE_START else self.amount
        if self.unit is not Unit.DAYS:
            return origin + timedelta(**{self.unit.value: amount})
        wall = to_wall(origin, zone)
        return to_instant(wall.date() + timedelta(days=amount), wall.time(), zone)


@dataclass(frozen=True)
class Live:
    """What is true of a reminder at the moment of sending."""

    timing: Timing
    rule_applies: bool
    """Whether the rule is on, and still about such an appointment."""
    status: str
    is_deleted: bool
    planned_for: datetime | None
    """The start it was planned for; None when it is counted from the creation."""
    start_at: datetime
    created_at: datetime
    zone: str
    recipient_zone: str
    is_recipient: bool
    """Whether the appointment is still this client's, or this staff member assigned."""
    is_active: bool
    """Whether the client is not archived, or the staff member still works here."""
    address: str
    opted_out: bool
    notice: str = ""
    """Which of NOTICES it is; '' for none."""


@dataclass(frozen=True)
class Verdict:
    """Send it now, or keep it until ``wait``, or never send it for ``reason``."""

    reason: Reason | None = None
    wait: datetime | None = None


GO = Verdict()


def decide(live: Live, now: datetime) -> Verdict:
    """Return whether a reminder goes at ``now``."""
    if reason := _obstacle(live):
        return Verdict(reason)
    if not live.timing.fits(now, live.start_at):
        return Verdict(Reason.PAST)
    due = live.timing.due(
        start_at=live.start_at, created_at=live.created_at, zone=live.zone, recipient_zone=live.recipient_zone
    )
    quiet = live.timing.quiet.around(now, live.recipient_zone) if live.timing.quiet else None
    wait = max(due, quiet[1]) if quiet else due
    if wait <= now:
        return GO
    return Verdict(wait=wait) if live.timing.fits(wait, live.start_at) else Verdict(Reason.QUIET)


def news(knows: datetime | None, stands: datetime | None, now: datetime) -> Anchor | None:
    """Return what a client is to be told who ``knows`` of a start, None for a cancelled one, of what ``stands`` now.

    None: nothing, also of what has begun.
    """
    if knows == stands:
        return None
    if stands is None:
        return Anchor.CANCELLED if knows and knows > now else None
    if stands <= now:
        return None
    return Anchor.MOVED if knows else Anchor.CONFIRMED


def _obstacle(live: Live) -> Reason | None:
    is_cancelled = live.is_deleted or live.status == Status.DISMISSED
    says_so = live.notice == Anchor.CANCELLED
    is_other_start = live.planned_for is not None and live.planned_for != live.start_at
    obstacles = (
        (live.is_deleted and not says_so, Reason.DELETED),
        (live.status == Status.DONE, Reason.DONE),
        (live.status == Status.DISMISSED and not says_so, Reason.DISMISSED),
        (says_so and not is_cancelled, Reason.TAKEN_BACK),
        (is_other_start and live.notice in ("", Anchor.MOVED), Reason.MOVED),
        (live.notice != (live.timing.anchor if live.timing.anchor in NOTICES else ""), Reason.RULE_OFF),
        (not live.rule_applies, Reason.RULE_OFF),
        (not live.is_recipient, Reason.NOT_ASSIGNED),
        (not live.is_active, Reason.LEFT),
        (not live.address, Reason.NO_ADDRESS),
        (live.opted_out, Reason.OPTED_OUT),
    )
    return next((reason for stands, reason in obstacles if stands), None)
