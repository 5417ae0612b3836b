"""Reading the outbox: pages by key, capped counts, one message; only what the actor may know of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select, true, tuple_, union, union_all, update
from sqlalchemy.orm import aliased

from appointments_app.db.models import Action, Appointment, AppointmentStaff, Client, Message, ReminderRule, Staff
from appointments_app.db.queries.appointments import make_key, read_key, within_reach
from appointments_app.db.queries.reach import has_few
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor, Permission, Scope
from appointments_app.domain.listing import COUNT_CAP, LARGEST_ID, Place, Sort
from appointments_app.domain.outbox import SHOWN, MessageFilter, Reason, Shelf, State
from appointments_app.domain.times import iso, to_instant


@dataclass(frozen=True)
class MessageRow:
    """One message as a list shows it. ``open_id`` is the id of its appointment, 0 when there is none to open."""

    id: int
    state: str
    reason: str
    channel: str
    due_at: str
    sent_at: str
    late: bool
    attempts: int
    error: str
    address: str
    subject: str
    recipient: str
    client_id: int
    open_id: int
    start_at: str
    action: str
    rule: str
    overdue: bool
    """Whether it could have gone by now."""
    secret: bool
    body: str = ""
    delivered_at: str = ""
    is_notice: bool = False
    """Whether it tells a client of what staff changed."""
    others: int = 0
    """Of how many further appointments it tells."""


@dataclass(frozen=True)
class MessagePage:
    """One page: its rows and the keys to its neighbours, '' where there is none."""

    rows: list[MessageRow]
    previous: str
    next: str


def within_sight(actor: Actor) -> list[ColumnElement[bool]]:
    """Return the conditions for messages the actor may know of: about their appointments, to clients, to themselves."""
    if actor.scope is Scope.ALL and actor.may(Permission.SETTINGS):
        return [true()]
    mine = [Message.staff_id == actor.staff_id]
    if actor.scope is Scope.ALL:
        return [or_(*mine, Message.client_id.is_not(None), Message.appointment_id.is_not(None))]
    theirs = select(Appointment.id).where(Appointment.id == Message.appointment_id, *within_reach(actor))
    return [or_(*mine, theirs.correlate(Message).exists())]


def _in_lists(tx: Tx, actor: Actor) -> list[ColumnElement[bool]]:
    """Return the same conditions as a list takes them: what few may know of is looked up by id."""
    if actor.scope is Scope.ALL or not has_few(tx, actor):
        return within_sight(actor)
    assigned = select(AppointmentStaff.appointment_id).where(AppointmentStaff.staff_id == actor.staff_id)
    made = select(Appointment.id).where(Appointment.created_by == actor.staff_id)
    about = select(Message.id).where(Message.appointment_id.in_(union(assigned, made)))
    return [Message.id.in_(union(about, select(Message.id).where(Message.staff_id == actor.staff_id)))]


_FOLLOWER = aliased(Message)
_OTHERS = (
    select(func.count())
    .where(_FOLLOWER.leader_id == Message.id, _FOLLOWER.state == State.TOGETHER.value)
    .correlate(Message)
    .scalar_subquery()
)
_ROW = (
    Message.id, Message.state, Message.reason, Message.channel, Message.due_at, Message.sent_at, Message.late,
    Message.attempts, Message.error, Message.address, Message.subject, Message.client_id, Message.try_at,
    Message.secret, Client.name, Staff.name, Appointment.id, Appointment.start_at, Appointment.deleted_at, Action.name,
    ReminderRule.name, Message.body, func.coalesce(Client.email, Staff.email), func.coalesce(Client.phone, Staff.phone),
    Message.delivered_at, Message.notice, _OTHERS,
)  # fmt: skip


def page(tx: Tx, actor: Actor, wanted: MessageFilter, place: Place) -> MessagePage:
    """Return one page, found by key: what is planned soonest first, the rest newest first.

    "All" opens at now; where less than a page came before, what comes next fills it.
    """
    descending = wanted.shelf is not Shelf.PLANNED
    key = read_key(place.before or place.after, Sort.START)
    if opens_at_now := key is None and wanted.shelf is Shelf.ALL:
        key = tx.now, LARGEST_ID
    backwards = bool(place.before) and key is not None
    is_down = descending != backwards
    conditions = _conditions(_in_lists(tx, actor), actor, wanted)
    found: list[Any] = list(_walk(tx, conditions, wanted, key, is_down, place.size + 1))
    more, found = len(found) > place.size, found[: place.size]
    if backwards:
        found.reverse()
    has_previous = more if backwards else key is not None and bool(found)
    has_next = bool(found) if backwards else more
    if opens_at_now and len(found) < place.size:
        room = place.size - len(found)
        coming = _walk(tx, conditions, wanted, key, False, room + 1)
        has_previous = len(coming) > room
        found = [*reversed(coming[:room]), *found]
    return MessagePage(
        [_row(row, tx.now) for row in found],
        make_key(found[0][4], found[0][0]) if has_previous else "",
        make_key(found[-1][4], found[-1][0]) if has_next else "",
    )


def _walk(
    tx: Tx,
    conditions: list[ColumnElement[bool]],
    wanted: MessageFilter,
    key: tuple[datetime, int] | None,
    is_down: bool,
    limit: int,
) -> Sequence[Any]:
    """Walk each state by itself where an index gives it in order: in a tab, and among those of one channel."""
    order = (Message.due_at.desc(), Message.id.desc()) if is_down else (Message.due_at, Message.id)

    def of(state: State | None) -> Select[Any]:
        ids = select(Message.id).where(*conditions)
        if state is not None:
            ids = ids.where(Message.state == state.value)
        if key is not None:
            pair, at = tuple_(Message.due_at, Message.id), tuple_(literal(key[0], Message.due_at.type), literal(key[1]))
            ids = ids.where(pair < at if is_down else pair > at)
        return ids.order_by(*order).limit(limit)

    states = wanted.shelf.states or (SHOWN if wanted.channel else (None,))
    found = of(states[0]) if len(states) == 1 else union_all(*(select(of(each).subquery().c.id) for each in states))
    return tx.execute(_joined().where(Message.id.in_(found)).order_by(*order).limit(limit)).all()


def _joined() -> Select[Any]:
    return (
        select(*_ROW)
        .select_from(Message)
        .outerjoin(Client, Client.id == Message.client_id)
        .outerjoin(Staff, Staff.id == Message.staff_id)
        .outerjoin(Appointment, Appointment.id == Message.appointment_id)
        .outerjoin(Action, Action.id == Appointment.action_id)
        .outerjoin(ReminderRule, ReminderRule.id == Message.rule_id)
    )


def _row(row: Any, now: datetime) -> MessageRow:
    address = row[9] or (row[23] if row[3] == "sms" else row[22]) or ""
    is_open = row[16] is not None and row[18] is None
    return MessageRow(
        id=row[0],
        state=row[1],
        reason=row[2],
        channel=row[3],
        due_at=iso(row[4]),
        sent_at=iso(row[5]) if row[5] else "",
        late=row[6],
        attempts=row[7],
        error=row[8],
        address=address,
        subject="" if row[13] else row[10],
        recipient=row[14] or row[15] or address,
        client_id=row[11] or 0,
        open_id=row[16] if is_open else 0,
        start_at=iso(row[17]) if row[17] else "",
        action=row[19] or "",
        rule=row[20] or "",
        overdue=row[1] == State.PLANNED and row[4] <= now,
        secret=row[13],
        body="" if row[13] else row[21],
        delivered_at=iso(row[24]) if row[24] else "",
        is_notice=bool(row[25]),
        others=row[26],
    )


def _conditions(seen: list[ColumnElement[bool]], actor: Actor, wanted: MessageFilter) -> list[ColumnElement[bool]]:
    found = [*seen, Message.leader_id.is_(None)]
    if wanted.channel:
        found.append(Message.channel == wanted.channel)
    if wanted.recipient:
        found.append(Message.client_id.is_not(None) if wanted.recipient == "client" else Message.staff_id.is_not(None))
    if wanted.client:
        found.append(Message.client_id == int(wanted.client))
    if wanted.rule:
        found.append(Message.rule_id == int(wanted.rule))
    if wanted.since:
        found.append(Message.due_at >= _midnight(wanted.since, actor))
    if wanted.until:
        found.append(Message.due_at < _midnight(wanted.until, actor, 1))
    return found


def _midnight(day: str, actor: Actor, later: int = 0) -> datetime:
    return to_instant(date.fromisoformat(day) + timedelta(days=later), time(), actor.time_zone)


def capped_counts(tx: Tx, actor: Actor, wanted: MessageFilter) -> dict[str, int]:
    """Return how many messages each tab would show, counted up to COUNT_CAP + 1, in one statement."""
    seen = _in_lists(tx, actor)
    counts = [_capped(seen, actor, replace(wanted, shelf=shelf)).scalar_subquery() for shelf in Shelf]
    return dict(zip((shelf.value for shelf in Shelf), tx.execute(select(*counts)).one(), strict=True))


def _capped(seen: list[ColumnElement[bool]], actor: Actor, wanted: MessageFilter) -> Select[Any]:
    ids = select(Message.id).where(*_conditions(seen, actor, wanted))
    if states := wanted.shelf.states:
        ids = ids.where(Message.state.in_([state.value for state in states]))
    return select(func.count()).select_from(ids.limit(COUNT_CAP + 1).subquery())


def of_appointment(tx: Tx, actor: Actor, appointment_id: int, *, limit: int = 50) -> list[MessageRow]:
    """Return the messages about one appointment, newest first; of several told together, the one that speaks of it."""
    one = case((Message.state == State.TOGETHER.value, Message.leader_id), else_=Message.id)
    about = select(one).where(Message.appointment_id == appointment_id)
    newest = select(Message.id).where(Message.id.in_(about), *within_sight(actor))
    newest = newest.order_by(Message.due_at.desc(), Message.id.desc()).limit(limit)
    rows = tx.execute(_joined().where(Message.id.in_(newest)).order_by(Message.due_at.desc(), Message.id.desc()))
    return [_row(row, tx.now) for row in rows]


def next_of_rule(tx: Tx, rule_id: int, *, limit: int = 20) -> list[MessageRow]:
    """Return what a rule will send next, soonest first."""
    planned = select(Message.id).where(Message.rule_id == rule_id, Message.state == State.PLANNED.value)
    soonest = planned.order_by(Message.due_at, Message.id).limit(limit)
    rows = tx.execute(_joined().where(Message.id.in_(soonest)).order_by(Message.due_at, Message.id))
    return [_row(row, tx.now) for row in rows]


def one(tx: Tx, actor: Actor, message_id: int) -> MessageRow | None:
    """Return one message, or None when there is none that the actor may know of."""
    row = tx.execute(_joined().where(Message.id == message_id, *within_sight(actor))).first()
    return _row(row, tx.now) if row else None


def cancel(tx: Tx, message_id: int) -> bool:
    """Skip a message that is planned; whether it was."""
    planned = update(Message).where(Message.id == message_id, Message.state == State.PLANNED.value)
    values = {"state": State.SKIPPED.value, "reason": Reason.CANCELLED.value}
    return bool(tx.execute(planned.values(**values).execution_options(synchronize_session=False)).rowcount)


def again(tx: Tx, message_id: int) -> bool:
    """Plan a message that was not sent for now; whether it was not, and nobody else has done the same meanwhile."""
    values = {"state": State.PLANNED.value, "reason": "", "error": "", "attempts": 0, "try_at": tx.now}
    not_sent = Message.state.in_((State.FAILED.value, State.SKIPPED.value))
    change = update(Message).where(Message.id == message_id, not_sent).values(**values)
    return bool(tx.execute(change.execution_options(synchronize_session=False)).rowcount)


def copy(tx: Tx, message_id: int) -> Message | None:
    """Return a stored message, to post it once more."""
    return tx.get(Message, message_id)
