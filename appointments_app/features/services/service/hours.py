"""Use-cases of working hours: of the business, and of each person with leave and days that differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from appointments_app.db.models import Leave, Staff
from appointments_app.db.queries import history, hours, pickers, sign_ins
from appointments_app.db.queries.hours import DayOff
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.queries.staff import one_at_a_time
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.availability import Span
from appointments_app.domain.change import Verb, differences
from appointments_app.domain.errors import Invalid, NotFound
from appointments_app.domain.listing import is_id
from appointments_app.domain.service import MOST_SPANS, WEEK, clock, read_days, read_hours, read_note, read_spans
from appointments_app.domain.times import to_wall
from appointments_app.domain.words import N_

_BUSINESS = "business"


@dataclass(frozen=True)
class DayHours:
    """One weekday of the form, 0 is Monday: from and to of each span as ``HH:MM``, '' where there is none."""

    day: int
    times: list[str]


@dataclass(frozen=True)
class Off:
    """A leave, or a day with other hours, in the list. Days are ``YYYY-MM-DD``."""

    id: int
    first_day: str
    last_day: str
    hours: str = ""
    note: str = ""


@dataclass(frozen=True)
class HoursView:
    """What the page shows: whose hours, the week, whether it is the business's own, and what differs from it."""

    who: str
    zone: str
    week: list[DayHours]
    is_own: bool
    people: list[Choice]
    leave: list[Off] = field(default_factory=list)
    others: list[Off] = field(default_factory=list)


def open_hours(uow: UnitOfWork, *, actor: Actor, who: object) -> HoursView:
    """Return the hours of one person, or of the business for ''. Raises NotFound."""
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        staff = _person(tx, who)
        business = sign_ins.business(tx)
        zone = (staff.time_zone if staff else "") or (business.time_zone if business else "UTC")
        own = hours.week_of(tx, staff.id if staff else None)
        week = own or hours.week_of(tx, None)
        today = to_wall(tx.now, zone).date()
        leave, others = hours.days_off(tx, staff.id or 0, since=today) if staff else ([], [])
        return HoursView(
            who=str(staff.id) if staff else "",
            zone=zone,
            week=[DayHours(day, _times(week.get(day, ()))) for day in WEEK],
            is_own=bool(own) or staff is None,
            people=pickers.staff(tx),
            leave=[_off(one) for one in leave],
            others=[_off(one) for one in others],
        )


def save_week(uow: UnitOfWork, *, actor: Actor, who: object, week: object, is_own: bool = True) -> None:
    """Store the weekly hours; ``is_own`` False: the business's count for this person. What is booked stays."""
    actor.require(Permission.SETTINGS)
    wanted: Mapping[int, Sequence[Span]] = read_hours(week) if is_own else {}
    if is_own and not wanted:
        raise Invalid(fields={"day-0": N_("Enter the hours of at least one day.")})
    with uow.begin() as tx:
        one_at_a_time(tx)
        staff = _person(tx, who)
        staff_id = staff.id if staff else None
        before, after = _as_text(hours.week_of(tx, staff_id)), _as_text(wanted)
        changed = differences({"hours": before}, {"hours": after})
        if changed:
            hours.write_week(tx, staff_id, wanted)
            history.record(tx, actor, Verb.EDITED, *_record(staff), changed)


def add_leave(uow: UnitOfWork, *, actor: Actor, who: object, first_day: object, last_day: object, note: object) -> None:
    """Let a person be away on these days. What is booked stays. Raises Invalid."""
    actor.require(Permission.SETTINGS)
    begins, ends = read_days(first_day, last_day)
    with uow.begin() as tx:
        staff = _somebody(tx, who)
        tx.add(Leave(staff_id=staff.id or 0, first_day=begins, last_day=ends, note=read_note(note)))
        tx.flush()
        history.record(tx, actor, Verb.EDITED, *_record(staff), {"leave": ("", f"{begins} – {ends}")})


def remove_leave(uow: UnitOfWork, *, actor: Actor, who: object, leave_id: object) -> None:
    """Take a leave back."""
    actor.require(Permission.SETTINGS)
    with uow.begin() as tx:
        staff = _somebody(tx, who)
        found = tx.get(Leave, leave_id) if isinstance(leave_id, int) else None
        if found is None or found.staff_id != staff.id:
            raise NotFound()
        history.record(
            tx, actor, Verb.EDITED, *_record(staff), {"leave": (f"{found.first_day} – {found.last_day}", "")}
        )
        tx.delete(found)
        tx.flush()


def set_day(uow: UnitOfWork, *, actor: Actor, who: object, day: object, opens: object, closes: object) -> None:
    """Let a person work these hours on one day instead of the usual ones. Raises Invalid."""
    actor.require(Permission.SETTINGS)
    (wanted, _), spans = read_days(day, ""), read_spans([(opens, closes)], "opens")
    with uow.begin() as tx:
        one_at_a_time(tx)
        staff = _somebody(tx, who)
        hours.write_day(tx, staff.id or 0, wanted, spans)
        said = f"{wanted} {_spans(spans)}"
        history.record(tx, actor, Verb.EDITED, *_record(staff), {"other_hours": ("", said)})


def clear_day(uow: UnitOfWork, *, actor: Actor, who: object, day: object) -> None:
    """Let the usual hours count again on a day."""
    actor.require(Permission.SETTINGS)
    wanted, _ = read_days(day, "")
    with uow.begin() as tx:
        staff = _somebody(tx, who)
        hours.write_day(tx, staff.id or 0, wanted, ())
        history.record(tx, actor, Verb.EDITED, *_record(staff), {"other_hours": (str(wanted), "")})


def _person(tx: Tx, who: object) -> Staff | None:
    """Return a person, None for the business; raise NotFound."""
    if who == "":
        return None
    staff = tx.get(Staff, int(str(who))) if is_id(who) else None
    if staff is None:
        raise NotFound()
    return staff


def _somebody(tx: Tx, who: object) -> Staff:
    staff = _person(tx, who)
    if staff is None:
        raise NotFound()
    return staff


def _record(staff: Staff | None) -> tuple[str, int]:
    return ("staff", staff.id or 0) if staff else (_BUSINESS, 1)


def _times(spans: Sequence[Span]) -> list[str]:
    shown = [clock(minute) for span in spans[:MOST_SPANS] for minute in span]
    return shown + [""] * (2 * MOST_SPANS - len(shown))


def _off(one: DayOff) -> Off:
    said = _spans([(one.opens, one.closes)]) if one.closes else ""
    return Off(one.id, one.first_day.isoformat(), one.last_day.isoformat(), said, one.note)


def _spans(spans: Sequence[Span]) -> str:
    return ", ".join(f"{clock(opens)}–{clock(closes)}" for opens, closes in spans)


def _as_text(week: Mapping[int, Sequence[Span]]) -> str:
    return "; ".join(f"{day + 1}: {_spans(week[day])}" for day in sorted(week))
