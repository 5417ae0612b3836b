"""Use-cases of the booking form: open it, warn early, book, edit."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from appointments_app.db.queries import (
    booking,
    bookings,
    closed_days,
    drafts,
    history,
    notices,
    occurrences,
    sign_ins,
    work_orders,
)
from appointments_app.db.queries import series as series_rows
from appointments_app.db.queries.appointments import AppointmentRow
from appointments_app.db.queries.booking import Stored
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.queries.reach import reached_clients
from appointments_app.db.queries.work_orders import Linked
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.appointment import Status
from appointments_app.domain.booking import USUAL, Booking, asked_for, form_of, read_form, read_staff, read_times
from appointments_app.domain.change import Author, Verb, differences
from appointments_app.domain.errors import Conflict, Invalid, NotFound
from appointments_app.domain.listing import is_id
from appointments_app.domain.series import NO_REPEAT, Include, Range, read_repeat
from appointments_app.domain.times import iso, to_wall
from appointments_app.domain.words import N_
from appointments_app.features.appointments.service import clashes, repeats, series
from appointments_app.features.appointments.service.drafts import restored, token_for
from appointments_app.features.appointments.service.facts import changes_of
from appointments_app.features.appointments.service.known import to_change, to_read
from appointments_app.features.appointments.service.preview import Preview, preview
from appointments_app.features.appointments.service.references import check_references
from appointments_app.features.appointments.service.repeats import business_zone
from appointments_app.features.appointments.service.series import Answer


@dataclass(frozen=True)
class Outlook:
    """What can be said of a form before it is saved."""

    in_past: bool = False
    end_at: str = ""
    clashes: tuple[AppointmentRow, ...] = ()
    preview: Preview = field(default_factory=Preview)
    closed: list[str] = field(default_factory=list)
    """The name of the closed day on which it begins, if it does."""


@dataclass(frozen=True)
class OpenForm:
    """A form as it opens: its values, the names behind its ids, and for an old appointment what it stands on."""

    form: dict[str, object]
    client: Choice | None
    action: Choice | None
    staff: list[Choice]
    business_zone: str
    linked: Linked = field(default_factory=Linked)
    was_restored: bool = False
    saved_id: int | None = None
    version: int = 0
    since: int = 0


def open_new(uow: UnitOfWork, *, actor: Actor, token: str, query: Mapping[str, str] | None = None) -> OpenForm:
    """Return the form of a new appointment: what was typed under ``token``, else what the address asks for."""
    actor.require(Permission.ADD)
    token_for(actor, None, token)
    with uow.read() as tx:
        typed, saved_id = restored(tx, actor, token)
        today = to_wall(tx.now, actor.time_zone).strftime("%Y-%m-%d")
        empty = {
            "client": "",
            "work_order": "",
            "action": "",
            "date": today,
            "time": "",
            "duration": str(USUAL),
            "staff": [],
            "notes": "",
            "shared": False,
            **NO_REPEAT,
        }
        return _open(
            tx,
            actor,
            {**empty, **(_asked_for(tx, actor, query or {}) if typed is None else typed)},
            was_restored=typed is not None,
            saved_id=saved_id,
        )


def _asked_for(tx: Tx, actor: Actor, query: Mapping[str, str]) -> dict[str, object]:
    """Return what the address of a new form decides; a work order brings its client and its staff along."""
    wanted = asked_for(query)
    order_id = int(str(wanted.get("work_order", 0)))
    order = work_orders.linked(tx, actor, order_id) if order_id else None
    if order is None or not order.takes_more:
        return {name: value for name, value in wanted.items() if name != "work_order"}
    staff = [str(one) for one in work_orders.staff_of(tx, [order.id]).get(order.id, ())]
    return {"client": str(order.client_id), "staff": staff, **wanted}


def open_one(uow: UnitOfWork, *, actor: Actor, appointment_id: int, theirs: bool = False) -> OpenForm:
    """Return the form of an appointment with what the actor typed into it lately; ``theirs``: as it is stored."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        old = to_read(tx, actor, appointment_id)
        changes = changes_of(tx, actor, old, limit=1)
        typed, _ = (None, None) if theirs else restored(tx, actor, token_for(actor, appointment_id, ""))
        newest = {"version": old.version, "since": changes[0].change_id if changes else 0}
        stands = {
            **form_of(old.booking, zone_name=actor.time_zone),
            **repeats.form_of(repeats.series_in_form(tx, old), old),
        }
        form = {**stands, **newest, **(typed or {})}
        return replace(
            _open(tx, actor, form, old=old, was_restored=typed is not None),
            version=int(str(form["version"])),
            since=int(str(form["since"])),
        )


def outlook(uow: UnitOfWork, *, actor: Actor, form: Mapping[str, object], appointment_id: int | None = None) -> Outlook:
    """Return what to warn of while the form is being filled in: a start in the past, staff who are busy."""
    actor.require(Permission.VIEW)
    try:
        start_at, end_at = read_times(form, zone_name=actor.time_zone)
        staff_ids = read_staff(form)
    except Invalid:
        return Outlook()
    with uow.read() as tx:
        found = clashes.busy(tx, actor, staff_ids, start_at, end_at, appointment_id) if staff_ids else []
        own = booking.stored(tx, actor, appointment_id) if appointment_id else None
        zone = business_zone(tx, actor)
        will_be = preview(
            tx,
            actor,
            form,
            start_at=start_at,
            minutes=int((end_at - start_at).total_seconds() // 60),
            staff_ids=staff_ids,
            zone=zone,
            own=own,
        )
        day = to_wall(start_at, zone).date()
        closed = list(closed_days.names_of(tx, [day]).values())
        return Outlook(start_at < tx.now, iso(end_at), tuple(found), will_be, closed)


def book(
    uow: UnitOfWork,
    *,
    actor: Actor,
    form: Mapping[str, object],
    token: str,
    reason: str = "",
    accepted: Collection[int] = (),
) -> int:
    """Book an appointment, or a series; return the id of the first one, also when this form was saved before.

    Raises Invalid, or Clash when staff are busy, unless all that is in the way is ``accepted`` with a ``reason``.
    """
    actor.require(Permission.ADD)
    with uow.begin() as tx:
        if actor.staff_id is not None:
            owner, saved_id = drafts.hold(tx, token_for(actor, None, token), actor.staff_id)
            if owner != actor.staff_id:
                raise NotFound()
            if saved_id is not None:
                return saved_id
        wanted = read_form(form, zone_name=actor.time_zone)
        check_references(tx, actor, wanted, None)
        if repeat := read_repeat(form, wanted.start_at, business_zone(tx, actor)):
            answer = Answer(reason=reason, accepted=frozenset(accepted))
            appointment_id = series.begin(tx, actor, wanted, repeat, answer)
        else:
            over = clashes.reason_for(tx, actor, wanted, wanted.staff_ids, reason, accepted, None)
            appointment_id = add(tx, actor, wanted, over)
        if actor.staff_id is not None:
            drafts.mark_saved(tx, token, appointment_id)
        return appointment_id


def add(tx: Tx, author: Author, wanted: Booking, over: str = "", *, booking_id: int | None = None) -> int:
    """Store a new appointment, of a booking if given, and that it was made; return its id. A step."""
    appointment_id = booking.add(tx, author, wanted, over, booking_id)
    created = {"": ("", ""), **({"overlap_reason": ("", over)} if over else {})}
    history.record(tx, author, Verb.CREATED, "appointment", appointment_id, created)
    return appointment_id


def edit(
    uow: UnitOfWork,
    *,
    actor: Actor,
    appointment_id: int,
    form: Mapping[str, object],
    version: int,
    since: int = 0,
    reason: str = "",
    accepted: Collection[int] = (),
    reach: str = "",
    settled: bool = False,
    by_hand: bool = False,
) -> bool:
    """Store what differs; return whether anything did. A new time takes the client's confirmation back.

    ``reach`` says how much of a series changes (domain.series.Range), ``settled`` and ``by_hand`` what else goes along.
    Raises Conflict with what others changed ``since`` when ``version`` is not the present one; Repeats while ``reach``
    is to be asked; Invalid; Clash.
    """
    actor.require(Permission.EDIT)
    with uow.begin() as tx:
        old = held(tx, actor, appointment_id)
        if actor.staff_id is not None:
            drafts.forget(tx, token_for(actor, appointment_id, ""))
        include = Include(settled is True, by_hand is True)
        answer = Answer(series.read_reach(reach) if reach else None, include, reason, frozenset(accepted))
        return change(tx, actor, old, form, answer, version=version, since=since) is not None


def held(tx: Tx, actor: Actor, appointment_id: int) -> Stored:
    """Return an appointment that nobody else changes until this transaction ends; raise NotFound for none."""
    series_rows.hold_of(tx, appointment_id)
    return to_change(tx, actor, Permission.EDIT, appointment_id)


def change(
    tx: Tx,
    actor: Actor,
    old: Stored,
    form: Mapping[str, object],
    answer: Answer,
    *,
    version: int,
    since: int = 0,
    verb: Verb = Verb.EDITED,
) -> int | None:
    """Store what of a form differs; return the change that Undo takes back, 0 when it can't, None for no change."""
    wanted = read_form(form, zone_name=actor.time_zone, kept=old.booking)
    row = repeats.series_in_form(tx, old)
    repeat, is_same_rule = repeats.read_change(form, wanted.start_at, old, row, business_zone(tx, actor))
    if wanted == old.booking and is_same_rule and not (repeat and repeat.has_exceptions):
        return None
    _check_up_to_date(tx, actor, old, version, since)
    check_references(tx, actor, wanted, old)
    if repeat is not None and old.booking_id is not None:
        raise Invalid(fields={"frequency": N_("The appointment of a booking can't repeat.")})
    if row is not None:
        is_of_series = not is_same_rule or (repeat is not None and repeat.has_exceptions)
        series.ask_reach(tx, actor, old, answer, only_series=is_of_series)
    if row is not None and repeat is not None and answer.reach is not Range.THIS:
        within = actor.within(Permission.EDIT)
        return series.change(tx, within, old, wanted, repeat, answer, verb, is_same_rule=is_same_rule)
    if row is not None and repeat is None:
        series.end(tx, actor.within(Permission.EDIT), old, answer)
    if row is None and repeat is not None:
        wanted = series.at_first_date(wanted, repeat)
    is_single = repeat is not None if row is not None else repeat is None and repeats.series_of(tx, old) is not None
    changed = store(tx, actor, old, wanted, answer, verb, is_single=is_single) if wanted != old.booking else 0
    if is_single:
        occurrences.set_by_hand(tx, [old.id], True)
    elif row is None and repeat is not None:
        series.begin(tx, actor, wanted, repeat, answer, first_id=old.id)
    return changed


def _check_up_to_date(tx: Tx, actor: Actor, old: Stored, version: int, since: int) -> None:
    """Raise Conflict when the appointment is not as the form found it, or the rule of its series is another one."""
    if version == old.version and not (since and old.series_id):
        return
    changes = changes_of(tx, actor, old, since=since)
    if version != old.version or any(one.entity == "series" for one in changes):
        raise Conflict(changes=changes, version=old.version)


def store(
    tx: Tx,
    actor: Actor,
    old: Stored,
    wanted: Booking,
    answer: Answer,
    verb: Verb = Verb.EDITED,
    *,
    is_single: bool = False,
) -> int:
    """Write what differs, with the time that its booking takes, if it has one; return the change. A step.

    ``is_single``: an occurrence was changed alone. Raises Clash, Taken.
    """
    before = old.booking
    moved = (before.start_at, before.end_at) != (wanted.start_at, wanted.end_at)
    newly_busy = wanted.staff_ids if moved else tuple(set(wanted.staff_ids) - set(before.staff_ids))
    over = "" if moved else old.overlap_reason
    if old.status != Status.DISMISSED:
        over = clashes.reason_for(tx, actor, wanted, newly_busy, answer.reason, answer.accepted, old.id) or over
    unconfirm = old.confirmed_at is not None and (moved or before.client_id != wanted.client_id)
    confirmed = {name: getattr(old, name) for name in ("confirmed_at", "confirmed_by", "confirmed_how")}
    changes = differences(
        {**_fields(before), "overlap_reason": old.overlap_reason, **confirmed},
        {**_fields(wanted), "overlap_reason": over, **(dict.fromkeys(confirmed) if unconfirm else confirmed)},
    )
    booking.change(tx, old, wanted, overlap_reason=over, unconfirm=unconfirm)
    if old.booking_id is not None:
        bookings.take_time(tx, old.booking_id, wanted, active=old.status != Status.DISMISSED)
    if before.notes != wanted.notes and "notes" not in changes:  # they differ behind what the audit trail keeps
        changes["notes"] = (before.notes[:100], wanted.notes[:100])
    if is_single and not old.by_hand:
        changes |= differences({"by_hand": False}, {"by_hand": True})
    change_id = history.record(tx, actor, verb, "appointment", old.id, changes)
    if before.start_at != wanted.start_at:
        notices.note(tx, change_id)
    return change_id


def _fields(one: Booking) -> dict[str, object]:
    return {
        "client_id": one.client_id,
        "action_id": one.action_id,
        "start_at": one.start_at,
        "end_at": one.end_at,
        "staff_ids": ",".join(map(str, one.staff_ids)),
        "notes": one.notes,
        "shared": one.shared,
        "time_zone": one.time_zone,
        "work_order_id": one.work_order_id,
    }


def _open(
    tx: Tx,
    actor: Actor,
    form: Mapping[str, object],
    *,
    old: Stored | None = None,
    was_restored: bool,
    saved_id: int | None = None,
) -> OpenForm:
    business = sign_ins.business(tx)
    client_id, action_id = str(form.get("client", "")), str(form.get("action", ""))
    theirs = old is not None and client_id == old.client.id
    may_know = is_id(client_id) and (theirs or reached_clients(tx, actor, [int(client_id)]))
    client = booking.client_choice(tx, int(client_id)) if may_know else None
    action = booking.action_choice(tx, int(action_id)) if is_id(action_id) else None
    several = form.get("staff")
    ids = [int(one) for one in several if is_id(one)] if isinstance(several, list) else []
    staff = booking.staff_choices(tx, ids)
    order_id = str(form.get("work_order", ""))
    linked = (work_orders.linked(tx, actor, int(order_id)) if is_id(order_id) else None) or Linked()
    known = {
        "client": client.id if client else "",
        "action": action.id if action else "",
        "staff": [one.id for one in staff],
        "work_order": str(linked.id or ""),
    }
    zone = business.time_zone if business else "UTC"
    return OpenForm({**form, **known}, client, action, staff, zone, linked, was_restored, saved_id)
