"""Changing a series: how far a change reaches, which occurrences stay as they are, and where each one goes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta, weekday

from appointments_app.domain.appointment import YEARS, Status
from appointments_app.domain.errors import DomainError, Invalid
from appointments_app.domain.recurrence import Ends, Frequency, MonthlyBy, Rule, between, first, read_rule
from appointments_app.domain.recurrence.rule import LAST, is_last_of_its_weekday, nth_of
from appointments_app.domain.times import local, parse_day, parse_time, read_local, to_instant, to_wall
from appointments_app.domain.words import N_

HORIZON = timedelta(days=731)
"""So far ahead every occurrence is a row; what lies beyond is added when somebody looks there."""
OLDEST_START = timedelta(days=366)
"""A series may begin this long ago: what lies behind would all be yet to mark."""


class Range(StrEnum):
    """How far a change of one occurrence reaches: RFC 5545's RANGE, and the whole series."""

    THIS = "this"
    FOLLOWING = "following"
    ALL = "all"


@dataclass(frozen=True)
class Include:
    """What a change takes along although it would be left alone otherwise."""

    settled: bool = False
    """Occurrences that have begun, are Done or Dismissed."""
    by_hand: bool = False
    """Occurrences that somebody changed alone."""


@dataclass(frozen=True)
class LeftAlone:
    """How many occurrences a change leaves as they are."""

    settled: int = 0
    by_hand: int = 0


class Repeats(DomainError):
    """It must be said first how far the change reaches.

    ``values``: ``left`` is what each range leaves alone, by its name; ``only_series`` whether changing this occurrence
    alone is out of the question.
    """

    code = "repeats"
    default = N_("This appointment repeats. Choose what to change.")


@dataclass(frozen=True)
class Repeat:
    """How a form repeats: a rule counted from ``dtstart``, a wall time in ``time_zone``, and its exceptions.

    ``skipped``: recurrence ids left out; ``moved``: recurrence id → the wall time it takes place at instead;
    ``gone``: those that were left out before.
    """

    rule: Rule
    dtstart: datetime
    time_zone: str
    skipped: frozenset[datetime] = frozenset()
    moved: dict[datetime, datetime] = field(default_factory=dict)
    gone: frozenset[datetime] = frozenset()

    @property
    def has_exceptions(self) -> bool:
        """Whether it leaves out or moves a date."""
        return bool(self.skipped or self.moved)


RULE_FIELDS = ("frequency", "interval", "weekdays", "monthly_by", "month_day", "ends", "until", "count")
NO_REPEAT: dict[str, object] = {
    "recurring": False,
    "frequency": Frequency.WEEKLY.value,
    "interval": "1",
    "weekdays": [],
    "monthly_by": MonthlyBy.DAY.value,
    "month_day": "",
    "ends": Ends.NEVER.value,
    "until": "",
    "count": "",
    "skipped": [],
    "moved": [],
}
"""The recurring part of the form of an appointment that does not repeat."""


def read_repeat(form: Mapping[str, object], start_at: datetime, time_zone: str) -> Repeat | None:
    """Return how the form repeats, None when it does not; raise Invalid naming every wrong field.

    It begins at the first date at or after ``start_at`` that suits the rule.
    """
    if form.get("recurring") is not True:
        return None
    wall = to_wall(start_at, time_zone).replace(tzinfo=None)
    rule = read_rule(form, wall)
    return read_exceptions(form, Repeat(rule, first(rule, wall), time_zone))


def read_exceptions(form: Mapping[str, object], repeat: Repeat) -> Repeat:
    """Return it with the dates that the form skips and moves."""
    pairs = [text.split("/") for text in _texts(form.get("moved")) if text.count("/") == 1]
    moved = dict(zip(_walls([name for name, _ in pairs]), _walls([to for _, to in pairs]), strict=True))
    return replace(repeat, skipped=frozenset(_walls(form.get("skipped"))), moved=moved)


def check_beginning(repeat: Repeat, *, now: datetime) -> None:
    """Raise Invalid when a new series would begin so long ago that heaps of past appointments came with it."""
    if to_instant(repeat.dtstart.date(), repeat.dtstart.time(), repeat.time_zone) < now - OLDEST_START:
        raise Invalid(fields={"date": N_("A repeating appointment can begin at most a year ago.")})


def moved_to(rule: Rule, old: date, new: date) -> Rule:
    """Return the rule when its occurrence of day ``old`` goes to ``new`` and the others go along."""
    if old == new:
        return rule
    if rule.frequency is Frequency.WEEKLY and rule.weekdays:
        days = {day for day in rule.weekdays if day != old.weekday()} | {new.weekday()}
        return replace(rule, weekdays=tuple(sorted(days)))
    if rule.nth == LAST and is_last_of_its_weekday(new):
        return rule
    return replace(rule, month_day=0, nth=nth_of(new) if rule.nth else 0)


def begun_earlier(rule: Rule, wall: datetime, earliest: datetime) -> tuple[Rule, datetime]:
    """Return the rule that meets ``wall`` and begins as soon after ``earliest`` as its rhythm allows; its DTSTART."""
    pinned = rule
    if rule.frequency in {Frequency.MONTHLY, Frequency.YEARLY} and not rule.nth:
        pinned = replace(rule, month_day=rule.month_day or wall.day)
    far = wall
    while far > earliest:
        far = _one_earlier(pinned, far)
    endless = replace(pinned, until=None, count=None).to_rrule(far, "UTC")
    start = between(endless, far, "UTC", earliest.replace(tzinfo=UTC), wall.replace(tzinfo=UTC) + _SECOND, limit=1)[0]
    return pinned, start.recurrence_id


_SECOND = timedelta(seconds=1)


def _one_earlier(rule: Rule, wall: datetime) -> datetime:
    """Return the date one interval before ``wall``."""
    match rule.frequency:
        case Frequency.DAILY:
            return wall - timedelta(days=rule.interval)
        case Frequency.WEEKLY:
            return wall - timedelta(weeks=rule.interval)
        case Frequency.MONTHLY if rule.nth:
            nth_weekday = weekday(wall.weekday())(rule.nth)
            return wall + relativedelta(months=-rule.interval, day=31 if rule.nth < 0 else 1, weekday=nth_weekday)
        case Frequency.MONTHLY:
            return wall + relativedelta(months=-rule.interval, day=rule.month_day)
        case _:
            return wall + relativedelta(years=-rule.interval, day=rule.month_day)


def day_in(series_zone: str, day: str, at: str, zone_name: str) -> str:
    """Return the day, in the zone of a series, of a date and time typed in another zone; the date if that is all."""
    try:
        start_at = to_instant(parse_day(day), parse_time(at), zone_name)
        return to_wall(start_at, series_zone).date().isoformat()
    except (Invalid, OverflowError):
        return day


def moved_time(day: str, at: str) -> str:
    """Return the wall time a date is moved to, as forms keep it; raise Invalid for what was typed wrong."""
    wall = datetime.combine(parse_day(day, "moved"), parse_time(at, "moved").replace(second=0, microsecond=0))
    if wall.year not in YEARS:
        raise Invalid(fields={"moved": N_("Enter a year between 1900 and 2200.")})
    return local(wall)


def _walls(value: object) -> list[datetime]:
    try:
        walls = [read_local(text) for text in _texts(value)]
    except ValueError:
        walls = []
    if len(walls) < len(_texts(value)) or any(one.year not in YEARS or one.second for one in walls):
        raise Invalid(N_("This form is not valid any more. Open a new one."))
    return walls


def _texts(value: object) -> list[str]:
    return [text for text in value if isinstance(text, str)][:_MOST_EXCEPTIONS] if isinstance(value, list) else []


_MOST_EXCEPTIONS = 100


@dataclass(frozen=True)
class Member:
    """One occurrence of a series as it stands, deleted ones (EXDATE) too. ``recurrence_id`` is a wall time."""

    id: int
    recurrence_id: datetime
    start_at: datetime
    end_at: datetime
    status: str
    by_hand: bool = False
    deleted: bool = False
    hidden: bool = False
    """Beyond the reach of who changes the series: never changed, never counted."""

    def is_settled(self, now: datetime) -> bool:
        """Whether it has begun, is Done or Dismissed."""
        return self.status != Status.SCHEDULED or self.start_at <= now


@dataclass(frozen=True)
class Fate:
    """What becomes of the occurrences from one on, when time or rule change. Every id stands in one list only."""

    moved: list[tuple[int, datetime]] = field(default_factory=list)
    """They get this recurrence id, and its time."""
    carried: list[tuple[int, datetime]] = field(default_factory=list)
    """They get this recurrence id and keep their time: left alone, or deleted."""
    detached: list[int] = field(default_factory=list)
    """They stay, as single appointments: the new rule has no date for them."""
    removed: list[int] = field(default_factory=list)
    """They go: the new rule has no date for them."""


def begins_at(members: Sequence[Member], chosen: Member, reach: Range, include: Include, *, now: datetime) -> datetime:
    """Return the recurrence id from which on a change reaches: this one's, or that of the first open one."""
    if reach is not Range.ALL:
        return chosen.recurrence_id
    alive = [one for one in members if not (one.deleted or one.hidden)]
    reached = [one.recurrence_id for one in alive if include.settled or not one.is_settled(now)]
    return min([chosen.recurrence_id, *reached])


def reached(
    members: Sequence[Member], chosen: Member, since: datetime, include: Include, *, now: datetime
) -> list[Member]:
    """Return the occurrences that a change from ``since`` on changes: the chosen one always."""
    return [
        one
        for one in members
        if one.id == chosen.id
        or (
            one.recurrence_id >= since
            and not (one.deleted or one.hidden)
            and (include.settled or not one.is_settled(now))
            and (include.by_hand or not one.by_hand)
        )
    ]


def left_alone(members: Sequence[Member], chosen: Member, reach: Range, *, now: datetime) -> LeftAlone:
    """Return how many occurrences a change leaves as they are unless they are included."""
    alive = [one for one in members if one.id != chosen.id and not (one.deleted or one.hidden)]
    others = [one for one in alive if reach is Range.ALL or one.recurrence_id >= chosen.recurrence_id]
    settled = sum(one.is_settled(now) for one in others)
    return LeftAlone(settled, sum(one.by_hand and not one.is_settled(now) for one in others))


def fates(
    members: Sequence[Member],
    chosen: Member,
    changed: Collection[int],
    shift: timedelta,
    dates: Collection[datetime],
    *,
    now: datetime,
) -> Fate:
    """Return what becomes of ``members`` (those from the change on) under a rule whose recurrence ids are ``dates``.

    An occurrence goes to the same day at the new time if the rule has it, else as far as the chosen one was moved.
    What was Done, Dismissed or has begun is never removed.
    """
    fate, free = Fate(), set(dates)
    of_day = {date.date(): date for date in free}
    for one in sorted(members, key=lambda member: (member.id != chosen.id, member.recurrence_id)):
        shifted, same_day = one.recurrence_id + shift, of_day.get(one.recurrence_id.date())
        wanted = [shifted] if one.id == chosen.id else [same_day, shifted]
        date = next((each for each in wanted if each in free), None)
        if date is not None:
            free.discard(date)
            (fate.moved if one.id in changed and not one.deleted else fate.carried).append((one.id, date))
        elif one.id in changed and not one.is_settled(now):
            fate.removed.append(one.id)
        else:
            fate.detached.append(one.id)
    return fate
