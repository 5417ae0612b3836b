"""How an appointment repeats, as its form says it: read from what is stored, and compared with what is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from appointments_app.db.queries import series as queries
from appointments_app.db.queries import sign_ins
from appointments_app.db.queries.booking import Stored
from appointments_app.db.queries.series import SeriesRow
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.errors import Invalid, NotFound
from appointments_app.domain.recurrence import Rule, first, number_of, rule_form
from appointments_app.domain.series import NO_REPEAT, RULE_FIELDS, Repeat, moved_to, read_exceptions, read_repeat
from appointments_app.domain.times import read_local, to_wall


def series_of(tx: Tx, old: Stored) -> SeriesRow | None:
    """Return the series an appointment belongs to; None for a single one, and for one that its series has left."""
    if old.series_id is None:
        return None
    row = queries.get(tx, old.series_id)
    try:
        number_of(row.rrule, row.dtstart, row.time_zone, read_local(old.recurrence_id))
    except (NotFound, Invalid):
        return None
    return row


def series_in_form(tx: Tx, old: Stored) -> SeriesRow | None:
    """Return the series if the form can show its rule; None else: each of its dates is then changed alone."""
    row = series_of(tx, old)
    return row if row is not None and known_rule_of(row, old) is not None else None


def known_rule_of(row: SeriesRow, old: Stored) -> Rule | None:
    """Return the rule as one of its occurrences sees it, None for one that the form can't show."""
    return Rule.from_rrule(row.rrule, read_local(old.recurrence_id), row.time_zone)


def form_of(row: SeriesRow | None, old: Stored) -> dict[str, object]:
    """Return the recurring part of the form of an appointment."""
    if row is None:
        return NO_REPEAT
    return {**NO_REPEAT, "recurring": True, **rule_form(rule_of(row, old), read_local(old.recurrence_id))}


def read_change(
    form: Mapping[str, object], start_at: datetime, old: Stored, row: SeriesRow | None, zone: str
) -> tuple[Repeat | None, bool]:
    """Return how the form of an old appointment repeats, and whether that is as it was.

    A rule that nobody touched is no rule to check: one date of it may be moved behind its end.
    """
    if row is None:
        repeat = read_repeat(form, start_at, zone)
        return repeat, repeat is None
    stored, wall, present = form_of(row, old), wall_of(start_at, row.time_zone), rule_of(row, old)
    asked = {**stored, **form}
    rule = moved_to(present, read_local(old.recurrence_id).date(), wall.date())
    along = {**stored, **rule_form(rule, wall)}
    if all(asked[name] in (stored[name], along[name]) for name in ("recurring", *RULE_FIELDS)):
        return read_exceptions(asked, Repeat(rule, first(rule, wall), row.time_zone)), True
    repeat = read_repeat(asked, start_at, row.time_zone)
    return repeat, repeat is not None and _is_same(repeat.rule, present, old, wall)


def _is_same(asked: Rule, present: Rule, old: Stored, wall: datetime) -> bool:
    """Whether a rule asked for on the day of ``wall`` is the present one, or that moved along with its day."""
    if (asked.until, asked.count) != (present.until, present.count):
        return False
    name = read_local(old.recurrence_id)
    along = moved_to(present, name.date(), wall.date())
    said = _endless(asked, wall)
    return said in (_endless(along, wall), _endless(present, name))


def _endless(rule: Rule, wall: datetime) -> str:
    return replace(rule, until=None, count=None).to_rrule(wall, "UTC")


def rule_of(row: SeriesRow, old: Stored) -> Rule:
    """Return the rule as one of its occurrences sees it."""
    return rule_at(row.rrule, read_local(old.recurrence_id), row.time_zone)


def rule_at(rrule: str, wall: datetime, zone: str) -> Rule:
    rule = Rule.from_rrule(rrule, wall, zone)
    assert rule is not None, "a rule that the form does not know"
    return rule


def business_zone(tx: Tx, actor: Actor) -> str:
    """Return the zone in which series repeat: that of the business."""
    business = sign_ins.business(tx)
    return business.time_zone if business else actor.time_zone


def wall_of(instant: datetime, zone_name: str) -> datetime:
    """Return the naive wall time of an instant."""
    return to_wall(instant, zone_name).replace(tzinfo=None)
