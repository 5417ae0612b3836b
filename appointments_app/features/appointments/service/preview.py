"""What a series will be, before it is saved; and what a stored one is, on the page of an occurrence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from appointments_app import runtime
from appointments_app.db.queries import closed_days, occurrences, overlaps
from appointments_app.db.queries.booking import Stored
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.queries.series import SeriesRow
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.errors import Invalid
from appointments_app.domain.recurrence import Frequency, MonthlyBy, Rule, monthly_choices, number_of, total, upcoming
from appointments_app.domain.recurrence.rule import LAST, nth_of
from appointments_app.domain.series import Repeat, check_beginning, read_repeat
from appointments_app.domain.times import iso, local, read_local, to_instant, to_wall
from appointments_app.features.appointments.service.repeats import known_rule_of, read_change, series_in_form, series_of
from appointments_app.features.appointments.service.series import template_of

DATES = 10
NEXT = 5


@dataclass(frozen=True)
class PreviewRow:
    """One of the next dates. ``name`` is its recurrence id; a moved one shows the time it was moved to."""

    name: str
    start_at: str
    end_at: str
    busy: bool = False
    closed: bool = False
    skipped: bool = False
    moved: bool = False


@dataclass(frozen=True)
class Preview:
    """The rule as a sentence and its next dates, or the fields that are wrong; and what a monthly rule may keep."""

    sentence: str = ""
    rows: list[PreviewRow] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    monthly: list[Choice] = field(default_factory=list)


@dataclass(frozen=True)
class NextDate:
    """One of the next occurrences of a stored series."""

    id: int
    start_at: str
    end_at: str


@dataclass(frozen=True)
class SeriesFacts:
    """The series of an occurrence: its rule, the occurrence's place in it (``total`` 0: without end), what comes next.

    ``differs`` names what was changed on this occurrence alone.
    """

    sentence: str = ""
    number: int = 0
    total: int = 0
    upcoming: list[NextDate] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)


def preview(
    tx: Tx,
    actor: Actor,
    form: Mapping[str, object],
    *,
    start_at: datetime,
    minutes: int,
    staff_ids: tuple[int, ...],
    zone: str,
    own: Stored | None,
) -> Preview:
    """Return what the recurring part of a form means; ``own`` is the appointment that the form changes."""
    row = series_in_form(tx, own) if own else None
    zone = row.time_zone if row else zone
    wall = to_wall(start_at, zone).replace(tzinfo=None)
    monthly = [Choice(each.value, _days(actor, each, wall)) for each in monthly_choices(wall.date())]
    try:
        repeat = read_change(form, start_at, own, row, zone)[0] if own else read_repeat(form, start_at, zone)
        if repeat is None:
            return Preview(monthly=monthly)
        if row is None:
            check_beginning(repeat, now=tx.now)
    except Invalid as refusal:
        return Preview(errors=refusal.fields, monthly=monthly)
    sentence = runtime.describe_rule(actor.language, repeat.rule, repeat.dtstart)
    rule = repeat.rule
    if row and own and rule.count:  # it counts from the first occurrence, the dates begin at this one
        ahead = number_of(row.rrule, row.dtstart, row.time_zone, read_local(own.recurrence_id)) - 1
        rule = replace(rule, count=max(1, rule.count - ahead))
    known = _as_stored(tx, actor, replace(repeat, rule=rule), row, own)
    found = _dates(tx, known, minutes, staff_ids, row.id if row else None)
    return Preview(sentence, found, monthly=monthly)


def _as_stored(tx: Tx, actor: Actor, repeat: Repeat, row: SeriesRow | None, own: Stored | None) -> Repeat:
    """Return the repetition with the dates that a stored series leaves out or has moved already."""
    if row is None or own is None:
        return repeat
    others = [
        one for one in occurrences.members(tx, actor, row.id) if one.id != own.id and (one.deleted or one.by_hand)
    ]
    at = repeat.dtstart.time()
    gone = {datetime.combine(one.recurrence_id.date(), at) for one in others if one.deleted}
    elsewhere = {
        datetime.combine(one.recurrence_id.date(), at): to_wall(one.start_at, row.time_zone).replace(tzinfo=None)
        for one in others
        if not one.deleted
    }
    return replace(repeat, gone=frozenset(gone), moved={**elsewhere, **repeat.moved})


def _dates(tx: Tx, repeat: Repeat, minutes: int, staff_ids: tuple[int, ...], series_id: int | None) -> list[PreviewRow]:
    rrule, zone = repeat.rule.to_rrule(repeat.dtstart, repeat.time_zone), repeat.time_zone
    first = to_instant(repeat.dtstart.date(), repeat.dtstart.time(), zone)
    found = upcoming(rrule, repeat.dtstart, zone, since=first, limit=DATES, exdates=repeat.gone)
    lasting, spans = timedelta(minutes=minutes), []
    for one in found:
        at = repeat.moved.get(one.recurrence_id)
        start_at = to_instant(at.date(), at.time(), zone) if at else one.start_at
        spans.append((start_at, start_at + lasting))
    busy = overlaps.busy_spans(tx, staff_ids, spans, series_id=series_id)
    days = [to_wall(start_at, zone).date() for start_at, _ in spans]
    closed = closed_days.names_of(tx, days)
    return [
        PreviewRow(
            local(one.recurrence_id),
            iso(start_at),
            iso(end_at),
            place in busy,
            days[place] in closed,
            one.recurrence_id in repeat.skipped,
            one.recurrence_id in repeat.moved,
        )
        for place, (one, (start_at, end_at)) in enumerate(zip(found, spans, strict=True))
    ]


def _days(actor: Actor, by: MonthlyBy, wall: datetime) -> str:
    nth = {MonthlyBy.DAY: 0, MonthlyBy.LAST_WEEKDAY: LAST}.get(by, nth_of(wall.date()))
    return runtime.days_of_rule(actor.language, Rule(Frequency.MONTHLY, nth=nth), wall)


def series_facts(tx: Tx, actor: Actor, old: Stored) -> SeriesFacts:
    """Return what the page of an occurrence says of its series; nothing for a single appointment."""
    row = series_of(tx, old)
    if row is None:
        return SeriesFacts()
    wall = read_local(old.recurrence_id)
    following = occurrences.following(tx, actor, row.id, after=old.booking.start_at, limit=NEXT)
    return SeriesFacts(
        runtime.describe_rule(actor.language, known_rule_of(row, old), wall),
        number_of(row.rrule, row.dtstart, row.time_zone, wall),
        total(row.rrule, row.dtstart, row.time_zone) or 0,
        [NextDate(one, iso(start_at), iso(end_at)) for one, start_at, end_at in following],
        _differs(row, old, wall) if old.by_hand else [],
    )


def _differs(row: SeriesRow, old: Stored, wall: datetime) -> list[str]:
    """Return the fields in which an occurrence differs from its series, as the audit trail names them."""
    planned = to_instant(wall.date(), wall.time(), row.time_zone)
    mine, theirs = asdict(template_of(old.booking)), asdict(row.template)
    names = {"minutes": "duration"}
    text = [names.get(name, name) for name in mine if mine[name] != theirs[name]]
    return ["start_at", *text] if old.booking.start_at != planned else text
