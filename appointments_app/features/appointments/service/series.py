"""Recurring appointments: begin a series, change or end it from one occurrence on, look at what it will be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from appointments_app.db.queries import appointments, bulk, history, occurrences, series_undo
from appointments_app.db.queries import series as queries
from appointments_app.db.queries.booking import Stored
from appointments_app.db.queries.series import SeriesRow, Template
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.booking import Booking
from appointments_app.domain.change import Verb, differences
from appointments_app.domain.errors import Invalid, NotAllowed
from appointments_app.domain.listing import record_id
from appointments_app.domain.recurrence import Rule, between, ends_before, number_of
from appointments_app.domain.series import (
    HORIZON,
    Fate,
    Include,
    LeftAlone,
    Member,
    Range,
    Repeat,
    Repeats,
    begins_at,
    begun_earlier,
    check_beginning,
    fates,
    left_alone,
    moved_to,
    reached,
)
from appointments_app.domain.times import to_instant
from appointments_app.domain.words import N_
from appointments_app.features.appointments.service import clashes
from appointments_app.features.appointments.service.known import to_change, to_read
from appointments_app.features.appointments.service.list import BulkResult
from appointments_app.features.appointments.service.repeats import rule_at, rule_of, series_of, wall_of


@dataclass(frozen=True)
class Answer:
    """What the person answered to what a save asked: how far it reaches, and what is accepted of what is in the way."""

    reach: Range | None = None
    include: Include = field(default_factory=Include)
    reason: str = ""
    accepted: frozenset[int] = frozenset()


def begin(tx: Tx, actor: Actor, wanted: Booking, repeat: Repeat, answer: Answer, first_id: int | None = None) -> int:
    """Store a series with its occurrences as far as the horizon; return the id of the first.

    ``first_id``: an appointment that becomes the first one. Raises Clash when staff are busy and that is not accepted.
    """
    check_beginning(repeat, now=tx.now)
    rrule = repeat.rule.to_rrule(repeat.dtstart, repeat.time_zone)
    start_at = _instant(repeat.dtstart, repeat.time_zone)
    row = queries.add(
        tx,
        template_of(wanted),
        dtstart=repeat.dtstart,
        time_zone=repeat.time_zone,
        rrule=rrule,
        filled_until=start_at,
        created_by=actor.staff_id,
    )
    if first_id is not None:
        occurrences.attach(tx, row.id, {first_id: repeat.dtstart})
    ids = fill(tx, row, max(tx.now + HORIZON, start_at + timedelta(seconds=1)))
    history.record(tx, actor, Verb.CREATED, "series", row.id, {"rrule": ("", rrule)})
    moved = except_for(tx, actor, row, repeat)
    _accept(tx, actor, {*ids, *moved, *([first_id] if first_id else [])}, answer)
    if first_id is not None:
        return first_id
    alive = occurrences.following(tx, actor, row.id, after=start_at - timedelta(seconds=1), limit=1)
    return alive[0][0] if alive else ids[0]


def at_first_date(wanted: Booking, repeat: Repeat) -> Booking:
    """Return an appointment at the first date of the series that it becomes."""
    start_at = _instant(repeat.dtstart, repeat.time_zone)
    return replace(wanted, start_at=start_at, end_at=start_at + (wanted.end_at - wanted.start_at))


def fill(tx: Tx, row: SeriesRow, until: datetime) -> list[int]:
    """Make rows of the occurrences up to ``until``; return the ids of the new ones."""
    if not row.rrule:
        return []
    found = between(row.rrule, row.dtstart, row.time_zone, row.filled_until, until)
    ids = occurrences.add(tx, [(row, one) for one in found])
    queries.filled(tx, [row.id], until)
    return ids


def except_for(tx: Tx, actor: Actor, row: SeriesRow, repeat: Repeat) -> list[int]:
    """Leave out and move the dates that the form skips and moves; return the ids of the moved ones."""
    names = [*repeat.skipped, *repeat.moved]
    if not names:
        return []
    minutes = timedelta(minutes=row.template.minutes)
    first, last = _instant(min(names), row.time_zone), _instant(max(names), row.time_zone) + timedelta(seconds=1)
    named = [one for one in between(row.rrule, row.dtstart, row.time_zone, first, last) if one.recurrence_id in names]
    occurrences.add(tx, [(row, one) for one in named])
    ids = occurrences.ids_of(tx, row.id, [one.recurrence_id for one in named])
    skipped = [ids[name] for name in repeat.skipped if name in ids]
    if skipped:
        change_id = history.open_change(tx, actor, Verb.DELETED)
        bulk.delete(tx, change_id, appointments.with_ids(skipped))
    moved = {ids[name]: _instant(wall, row.time_zone) for name, wall in repeat.moved.items() if name in ids}
    if moved:
        times = {one: (start_at, start_at + minutes) for one, start_at in moved.items()}
        occurrences.write(tx, history.open_change(tx, actor, Verb.EDITED), list(moved), {}, times)
        occurrences.set_by_hand(tx, list(moved), True)
    return list(moved)


def change(
    tx: Tx,
    actor: Actor,
    old: Stored,
    wanted: Booking,
    repeat: Repeat,
    answer: Answer,
    verb: Verb = Verb.EDITED,
    *,
    is_same_rule: bool,
) -> int:
    """Change a series from ``old`` on as far as the answer says; return the change that Undo takes back, 0 for none.

    Raises Clash. Not for this occurrence alone.
    """
    affected = _affected(tx, actor, old, answer, verb)
    before = series_undo.picture(tx, [affected.row.id]) if verb is Verb.MOVED else None
    if is_same_rule and wanted.start_at == old.booking.start_at:
        change_id = _change_text(tx, affected, wanted, repeat)
    else:
        change_id = _change_times(tx, affected, wanted, repeat, is_same_rule=is_same_rule)
    if before is None or not change_id:
        return 0
    series_undo.remember(tx, change_id, affected.row.id, old.id, before)
    return change_id


def end(tx: Tx, actor: Actor, old: Stored, answer: Answer) -> None:
    """End a series at ``old``, which becomes a single appointment; what was left alone stays, the rest goes."""
    affected = _affected(tx, actor, old, answer)
    change_id = history.open_change(tx, actor, Verb.EDITED)
    _cut(tx, change_id, affected, {one.id for one in affected.reached} - {old.id})
    occurrences.detach(tx, [old.id])


def delete(
    uow: UnitOfWork, *, actor: Actor, appointment_id: int, reach: object, settled: bool = False, by_hand: bool = False
) -> BulkResult:
    """Delete one occurrence, it and those that follow, or all; Undo brings them back. Raises NotFound, Invalid."""
    actor.require(Permission.DELETE)
    answer = Answer(read_reach(reach), Include(settled is True, by_hand is True))
    with uow.begin() as tx:
        queries.hold_of(tx, record_id(appointment_id))
        old = to_change(tx, actor, Permission.DELETE, appointment_id)
        change_id = history.open_change(tx, actor, Verb.DELETED)
        if series_of(tx, old) is None or answer.reach is Range.THIS:
            return BulkResult(bulk.delete(tx, change_id, appointments.with_ids([old.id])), 0, change_id)
        affected = _affected(tx, actor.within(Permission.DELETE), old, answer)
        return BulkResult(_cut(tx, change_id, affected, {one.id for one in affected.reached}), 0, change_id)


def ask_delete(uow: UnitOfWork, *, actor: Actor, appointment_id: int) -> dict[str, LeftAlone]:
    """Return what deleting an occurrence would leave alone, by range; {} for a single appointment."""
    actor.require(Permission.DELETE)
    with uow.read() as tx:
        old = to_read(tx, actor, record_id(appointment_id))
        return left_by(tx, actor, old) if series_of(tx, old) else {}


def ask_reach(tx: Tx, actor: Actor, old: Stored, answer: Answer, *, only_series: bool) -> None:
    """Raise Repeats unless the answer says how far a change of this occurrence reaches."""
    if answer.reach is None or (only_series and answer.reach is Range.THIS):
        raise Repeats(left=left_by(tx, actor, old), only_series=only_series)


def left_by(tx: Tx, actor: Actor, old: Stored) -> dict[str, LeftAlone]:
    """Return how many occurrences each range leaves as they are, by the range's name."""
    members, _ = _members(tx, actor, queries.get(tx, _series_id(old)))
    chosen = next(one for one in members if one.id == old.id)
    return {each.value: left_alone(members, chosen, each, now=tx.now) for each in (Range.FOLLOWING, Range.ALL)}


def read_reach(text: object) -> Range:
    """Return the range a browser sent; raise Invalid for an unknown one."""
    if not isinstance(text, str) or text not in Range._value2member_map_:
        raise Invalid(N_("Choose what to change."))
    return Range(text)


def template_of(wanted: Booking) -> Template:
    """Return what the occurrences of a series begin with."""
    return Template(
        wanted.client_id,
        wanted.action_id,
        wanted.minutes,
        wanted.notes,
        wanted.shared,
        wanted.staff_ids,
        wanted.work_order_id,
    )


@dataclass(frozen=True)
class _Affected:
    """A series under change: its occurrences, the chosen one, and those the change reaches, from ``since`` on."""

    actor: Actor
    old: Stored
    row: SeriesRow
    members: list[Member]
    left_over: list[Member]
    chosen: Member
    since: datetime
    reached: list[Member]
    answer: Answer
    verb: Verb


def _affected(tx: Tx, actor: Actor, old: Stored, answer: Answer, verb: Verb = Verb.EDITED) -> _Affected:
    row = queries.get(tx, _series_id(old), to_change=True)
    if not row.is_within_reach(actor):
        raise NotAllowed()
    members, left_over = _members(tx, actor, row)
    chosen = next(one for one in members if one.id == old.id)
    since = begins_at(members, chosen, answer.reach or Range.FOLLOWING, answer.include, now=tx.now)
    changed = reached(members, chosen, since, answer.include, now=tx.now)
    return _Affected(actor, old, row, members, left_over, chosen, since, changed, answer, verb)


def _members(tx: Tx, actor: Actor, row: SeriesRow) -> tuple[list[Member], list[Member]]:
    """Return the occurrences of a series, and what is left over of dates that its rule has no more."""
    every = occurrences.members(tx, actor, row.id)
    if not every or not row.rrule:
        return [], every
    last = _instant(every[-1].recurrence_id, row.time_zone) + timedelta(seconds=1)
    found = between(row.rrule, row.dtstart, row.time_zone, _instant(row.dtstart, row.time_zone), last)
    dates = {one.recurrence_id for one in found}
    return [one for one in every if one.recurrence_id in dates], [
        one for one in every if one.recurrence_id not in dates
    ]


def _change_text(tx: Tx, affected: _Affected, wanted: Booking, repeat: Repeat) -> int:
    """Change what does not touch the rule: no occurrence moves but for those named, the series is not split.

    Return the change, 0 when nothing beside those differs.
    """
    fields = _different(affected.old.booking, wanted)
    ids, template = [one.id for one in affected.reached], replace(affected.row.template, **fields)
    change_id = history.open_change(tx, affected.actor, affected.verb) if fields else 0
    if fields:
        occurrences.write(tx, change_id, ids, fields, {})
        queries.change(tx, affected.row.id, template)
    moved = except_for(tx, affected.actor, replace(affected.row, template=template), repeat)
    newly_busy = set(wanted.staff_ids) - set(affected.old.booking.staff_ids)
    checked = {*moved, *(ids if newly_busy or "minutes" in fields else ())}
    staff_ids = None if moved or "minutes" in fields else newly_busy
    _accept(tx, affected.actor, checked, affected.answer, staff_ids=staff_ids)
    return change_id


def _change_times(tx: Tx, affected: _Affected, wanted: Booking, repeat: Repeat, *, is_same_rule: bool) -> int:
    """Give the occurrences from the change on new dates: in place when it reaches the first, else in a new series.

    Return the change.
    """
    row, chosen, since, zone = affected.row, affected.chosen, affected.since, affected.row.time_zone
    is_moved = wanted.start_at != affected.old.booking.start_at
    shift = wall_of(wanted.start_at, zone) - chosen.recurrence_id if is_moved else timedelta()
    before, after = ends_before(row.rrule, row.dtstart, zone, since)
    dtstart = since + shift
    if is_same_rule and dtstart.date() == since.date():
        rrule = rule_at(after, since, zone).to_rrule(dtstart, zone)
    else:
        rule, dtstart = _new_rule(affected, after, repeat, shift, is_same_rule=is_same_rule)
        rrule = rule.to_rrule(dtstart, zone)
    return _renew(tx, affected, wanted, before=before, rrule=rrule, dtstart=dtstart, shift=shift, repeat=repeat)


def _new_rule(
    affected: _Affected, after: str, repeat: Repeat, shift: timedelta, *, is_same_rule: bool
) -> tuple[Rule, datetime]:
    """Return the rule from the change on and its DTSTART: the form's, or the old one moved along with its day."""
    row, old_wall, since = affected.row, affected.chosen.recurrence_id, affected.since
    new_wall = old_wall + shift
    if is_same_rule:
        shown = rule_of(replace(row, rrule=after), affected.old)
        rule, wall = moved_to(shown, old_wall.date(), new_wall.date()), new_wall
    else:
        rule, wall = repeat.rule, repeat.dtstart
        ahead = number_of(row.rrule, row.dtstart, row.time_zone, since) - 1
        if rule.count is not None:
            if rule.count <= ahead:
                raise Invalid(fields={"count": N_("More than that have been booked before this one.")})
            rule = replace(rule, count=rule.count - ahead)
    earliest = datetime.combine(min(since, since + shift).date(), wall.time())
    return begun_earlier(rule, wall, earliest) if earliest < wall and since < old_wall else (rule, wall)


def _renew(
    tx: Tx,
    affected: _Affected,
    wanted: Booking,
    *,
    before: str,
    rrule: str,
    dtstart: datetime,
    shift: timedelta,
    repeat: Repeat,
) -> int:
    row, actor = affected.row, affected.actor
    fields = _different(affected.old.booking, wanted)
    template = replace(row.template, **fields)
    tail = [one for one in affected.members if one.recurrence_id >= affected.since or one.id == affected.chosen.id]
    start_at = _instant(dtstart, row.time_zone)
    furthest = max(row.filled_until, tx.now + HORIZON, *(one.start_at for one in tail)) + abs(shift) + timedelta(days=2)
    dates = [one.recurrence_id for one in between(rrule, dtstart, row.time_zone, start_at, furthest)]
    if not dates:
        raise Invalid(fields={"ends": N_("This rule has no date.")})
    fate = fates(tail, affected.chosen, {one.id for one in affected.reached}, shift, dates, now=tx.now)
    change_id = history.open_change(tx, actor, affected.verb)
    occurrences.detach(tx, [one.id for one in (*tail, *affected.left_over)])
    if before:
        queries.change(tx, row.id, rrule=before)
        history.add_lines(tx, change_id, "series", row.id, differences({"rrule": row.rrule}, {"rrule": before}))
        target = queries.add(
            tx,
            template,
            dtstart=dtstart,
            time_zone=row.time_zone,
            rrule=rrule,
            filled_until=start_at,
            created_by=row.created_by,
        )
    else:
        queries.change(tx, row.id, template, dtstart=dtstart, rrule=rrule, filled_until=start_at)
        target = replace(row, template=template, dtstart=dtstart, rrule=rrule, filled_until=start_at)
    history.add_lines(tx, change_id, "series", target.id, differences({"rrule": row.rrule}, {"rrule": rrule}))
    occurrences.attach(tx, target.id, dict([*fate.moved, *fate.carried]))
    _move(tx, change_id, affected, fate, fields, target)
    new = fill(tx, target, max(row.filled_until, tx.now + HORIZON, start_at + timedelta(seconds=1)))
    excepted = except_for(tx, actor, target, repeat)
    _accept(tx, affected.actor, {*(one for one, _ in fate.moved), *new, *excepted}, affected.answer)
    return change_id


def _move(
    tx: Tx, change_id: int, affected: _Affected, fate: Fate, fields: dict[str, object], target: SeriesRow
) -> None:
    """Give the occurrences the times of their new dates, and remove those that have none."""
    lasting = {one.id: one.end_at - one.start_at for one in affected.members}
    if "minutes" in fields:
        lasting = dict.fromkeys(lasting, timedelta(minutes=target.template.minutes))
    starts = {one: _instant(date, target.time_zone) for one, date in fate.moved}
    times = {one: (start_at, start_at + lasting[one]) for one, start_at in starts.items()}
    occurrences.write(tx, change_id, list(times), fields, times)
    occurrences.set_by_hand(tx, list(times), False)
    if fate.removed:
        bulk.delete(tx, history.open_change(tx, affected.actor, Verb.DELETED), appointments.with_ids(fate.removed))


def _cut(tx: Tx, change_id: int, affected: _Affected, ids: set[int]) -> int:
    """End the series before the change and delete ``ids``; return how many went."""
    row = affected.row
    before, _ = ends_before(row.rrule, row.dtstart, row.time_zone, affected.since)
    queries.change(tx, row.id, rrule=before)
    history.add_lines(tx, change_id, "series", row.id, differences({"rrule": row.rrule}, {"rrule": before}))
    return bulk.delete(tx, change_id, appointments.with_ids(sorted(ids))) if ids else 0


def _accept(
    tx: Tx, actor: Actor, ids: Collection[int], answer: Answer, *, staff_ids: Collection[int] | None = None
) -> None:
    clashes.accept(tx, actor, ids, answer.reason, answer.accepted, staff_ids=staff_ids)


def _different(before: Booking, after: Booking) -> dict[str, object]:
    """Return the fields beside the time that the person changed, as the template names them."""
    old, new = asdict(template_of(before)), asdict(template_of(after))
    return {name: value for name, value in new.items() if value != old[name]}


def _series_id(old: Stored) -> int:
    assert old.series_id is not None
    return old.series_id


def _instant(wall: datetime, zone_name: str) -> datetime:
    return to_instant(wall.date(), wall.time(), zone_name)
