"""Sending, as the database sees it: messages are claimed by one worker, begun, and what became of them is kept.

A claim puts the time of the next attempt off by a lease: what a dead worker had claimed becomes due again by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Integer,
    String,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal_column,
    or_,
    select,
    update,
)
from sqlmodel import col
from sqlmodel.sql.sqltypes import UTCDateTime

from appointments_app.db.models import (
    Appointment,
    AppointmentStaff,
    Business,
    Client,
    Message,
    OptOut,
    ReminderRule,
    Staff,
)
from appointments_app.db.queries import planning
from appointments_app.db.queries.planning import known, read_instant
from appointments_app.db.queries.prepared import Prepared, among, prepare, run, written
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.message import Channel
from appointments_app.domain.outbox import MOST_ATTEMPTS, Reason, State
from appointments_app.domain.reminder import Anchor, Live


@dataclass(frozen=True)
class Claimed:
    """A message that its worker is about to send. ``live``: what is true of a reminder now; None if posted.

    ``opted_out``: its client wants nothing by this channel by now, and it is no secret such as a code.
    """

    id: int
    key: str
    channel: Channel
    due_at: datetime
    attempts: int
    address: str
    subject: str
    body: str
    html: str
    client_id: int | None
    staff_id: int | None
    appointment_id: int | None
    rule_id: int | None
    notice: str
    template_id: int | None
    live: Live | None
    opted_out: bool = False
    others: int = 0
    """Of how many further appointments it tells."""


def _instant(name: str) -> Any:
    return bindparam(name, type_=UTCDateTime())


def _to_do() -> list[ColumnElement[bool]]:
    """What a worker may take; the state is written out, so that the partial index fits."""
    planned = Message.state == literal_column("'planned'", String())
    return [planned, Message.channel == bindparam("channel"), Message.try_at <= _instant("now")]


def any_due(tx: Tx, channel: Channel) -> bool:
    """Whether a message of this channel is to be sent now."""
    return bool(run(tx, _due_statement(tx.get_bind().dialect), {"now": tx.now, "channel": channel.value}))


@lru_cache(maxsize=8)
def _due_statement(dialect: Dialect) -> Prepared:
    return prepare(select(Message.id).where(*_to_do()).limit(written(1)), dialect)


def claim(tx: Tx, channel: Channel, worker: str, lease: timedelta, limit: int) -> list[int]:
    """Take the messages that have been due longest, and no other worker has; return their ids in order."""
    values = {"now": tx.now, "channel": channel.value, "worker": worker, "until": tx.now + lease, "limit": limit}
    rows = run(tx, _claim_statement(tx.get_bind().dialect), values)
    return [row[0] for row in sorted(rows, key=lambda row: (row[1], row[0]))]


@lru_cache(maxsize=8)
def _claim_statement(dialect: Dialect) -> Prepared:
    first = select(Message.id).where(*_to_do()).order_by(Message.try_at, Message.id)
    first = first.limit(bindparam("limit", type_=Integer())).with_for_update(skip_locked=True)
    taken = update(Message).where(Message.id.in_(first))
    taken = taken.values(try_at=_instant("until"), worker=bindparam("worker"))
    return prepare(taken.returning(Message.id, Message.due_at), dialect)


def release(tx: Tx, ids: Sequence[int], worker: str) -> None:
    """Give back what was claimed and not begun."""
    run(tx, _release_statement(tx.get_bind().dialect), {"ids": list(ids), "worker": worker, "now": tx.now})


@lru_cache(maxsize=8)
def _release_statement(dialect: Dialect) -> Prepared:
    mine = among(Message.id, "ids", is_sqlite=dialect.name == "sqlite"), Message.worker == bindparam("worker")
    given_back = update(Message).where(*mine, Message.state == literal_column("'planned'", String()))
    return prepare(given_back.values(try_at=_instant("now")).returning(Message.id), dialect)


def look_at(tx: Tx, message_id: int, worker: str) -> Claimed | None:
    """Return a claimed message with what is true now; None when it was withdrawn, or another worker has it."""
    rows = run(tx, _look_statement(tx.get_bind().dialect), {"id": message_id, "worker": worker})
    return _claimed(rows[0]) if rows else None


def led_by(tx: Tx, message_id: int) -> list[Claimed]:
    """Return the notices that a message speaks of beside its own, with what is true now, the earliest first."""
    rows = run(tx, _look_statement(tx.get_bind().dialect, of_followers=True), {"id": message_id})
    return sorted((_claimed(row) for row in rows), key=lambda each: each.id)


def skip_led(tx: Tx, reasons: Mapping[int, Reason]) -> None:
    """Keep of notices that a message does not speak of any more, and why."""
    for reason in set(reasons.values()):
        ids = [one for one, why in reasons.items() if why is reason]
        mine = among(Message.id, "ids", is_sqlite=tx.is_sqlite, values=ids)
        change = update(Message).where(mine).values(state=State.SKIPPED.value, reason=reason.value)
        tx.execute(change.execution_options(synchronize_session=False))


def lead(tx: Tx, former_id: int, message_id: int) -> None:
    """Let another message speak of what one spoke of that does not go."""
    led = Message.leader_id == former_id, Message.state == State.TOGETHER.value
    for change in (
        update(Message).where(Message.id == message_id).values(state=State.PLANNED.value, leader_id=None),
        update(Message).where(*led).values(leader_id=message_id),
    ):
        tx.execute(change.execution_options(synchronize_session=False))


_MESSAGE = (
    "id", "key", "channel", "due_at", "attempts", "address", "subject", "body", "html", "client_id", "staff_id",
    "appointment_id", "rule_id", "notice",
)  # fmt: skip


@lru_cache(maxsize=8)
def _look_statement(dialect: Dialect, *, of_followers: bool = False) -> Prepared:
    assigned = exists().where(
        AppointmentStaff.appointment_id == Message.appointment_id, AppointmentStaff.staff_id == Message.staff_id
    )
    is_client = Message.client_id.is_not(None)
    refuses = exists().where(OptOut.client_id == Message.client_id, OptOut.channel == Message.channel)
    by_phone = Message.channel == literal_column("'sms'", String())
    applies = or_(and_(is_client, *planning.for_client()), and_(~is_client, *planning.for_staff(Message.staff_id)))
    columns = (
        *(getattr(Message, name) for name in _MESSAGE),
        ReminderRule.template_id,
        *planning.TIMING,
        case((applies, 1), else_=0),
        Appointment.status,
        Appointment.deleted_at,
        Message.start_at,
        Appointment.start_at,
        Appointment.created_at,
        Appointment.time_zone,
        func.coalesce(
            case((Client.time_zone != "", Client.time_zone), (Staff.time_zone != "", Staff.time_zone)),
            Business.time_zone,
        ),
        case(
            (and_(is_client, Appointment.client_id == Message.client_id), 1), (and_(~is_client, assigned), 1), else_=0
        ),
        case(
            (and_(is_client, Client.archived_at.is_(None)), 1), (and_(~is_client, Staff.active.is_(True)), 1), else_=0
        ),
        case((by_phone, func.coalesce(Client.phone, Staff.phone)), else_=func.coalesce(Client.email, Staff.email)),
        case((and_(refuses, Message.secret.is_(False)), 1), else_=0),
    )
    statement = (
        select(*columns)
        .select_from(Message)
        .outerjoin(Client, Client.id == Message.client_id)
        .outerjoin(Staff, Staff.id == Message.staff_id)
        .outerjoin(Appointment, Appointment.id == Message.appointment_id)
        .outerjoin(ReminderRule, ReminderRule.id == Message.rule_id)
        .outerjoin(Business, Business.id == literal_column("1"))
    )
    number = bindparam("id", type_=Integer())
    if of_followers:
        led = Message.leader_id == number, Message.state == literal_column("'together'", String())
        return prepare(statement.where(*led).order_by(Message.id).with_for_update(of=Message), dialect)
    planned = Message.state == literal_column("'planned'", String())
    statement = statement.where(Message.id == number, Message.worker == bindparam("worker"), planned)
    return prepare(statement.with_for_update(of=Message), dialect)


def _claimed(row: Sequence[Any]) -> Claimed:
    of_message = dict(zip(_MESSAGE, row, strict=False))
    template_id, *rest = row[len(_MESSAGE) :]
    timing, rest = rest[: len(planning.TIMING)], rest[len(planning.TIMING) :]
    (
        applies,
        status,
        deleted_at,
        planned_for,
        start_at,
        created_at,
        zone,
        own_zone,
        is_theirs,
        is_active,
        address,
        opted_out,
    ) = rest
    live, notice, planned = None, of_message["notice"], read_instant(planned_for) if planned_for else None
    if of_message["rule_id"] is not None:
        known_start = planned if notice == Anchor.CANCELLED else None
        live = Live(
            timing=planning.timing_of(*timing),
            rule_applies=bool(applies),
            status=status,
            is_deleted=deleted_at is not None,
            planned_for=planned,
            start_at=known_start or read_instant(start_at),
            created_at=read_instant(of_message["due_at"] if notice else created_at),
            zone=known(zone),
            recipient_zone=known(own_zone or "UTC"),
            is_recipient=bool(is_theirs),
            is_active=bool(is_active),
            address=address or "",
            opted_out=bool(opted_out),
            notice=notice,
        )
    given = {**of_message, "channel": Channel(of_message["channel"]), "due_at": read_instant(of_message["due_at"])}
    return Claimed(**given, template_id=template_id, live=live, opted_out=bool(opted_out))


def put_off(tx: Tx, message_id: int, until: datetime) -> None:
    """Keep a message until then."""
    _set(tx, message_id, {"try_at": until})


def skip(tx: Tx, message_id: int, reason: Reason) -> None:
    """Keep that a message is not sent, and why."""
    _set(tx, message_id, {"state": State.SKIPPED.value, "reason": reason.value})


def begin(tx: Tx, message_id: int, lease: timedelta, values: Mapping[str, Any]) -> None:
    """Keep what is handed over now: from here on nobody can be sure, until its end is kept too."""
    begun = {"state": State.IN_FLIGHT.value, "reason": "", "begun_at": tx.now, "lease_until": tx.now + lease}
    _set(tx, message_id, {**begun, **values})


def finish(tx: Tx, message_id: int, worker: str, values: Mapping[str, Any]) -> None:
    """Keep how an attempt ended, unless another worker has begun one; a secret is wiped once that is final."""
    names = tuple(sorted(values))
    given = {**values, "id": message_id, "by": worker}
    run(tx, _finish_statement(tx.get_bind().dialect, names, values["state"] != State.PLANNED.value), given)


@lru_cache(maxsize=16)
def _finish_statement(dialect: Dialect, names: tuple[str, ...], is_final: bool) -> Prepared:
    is_open = or_(Message.state == State.IN_FLIGHT.value, Message.reason == Reason.INTERRUPTED.value)
    mine = Message.id == bindparam("id", type_=Integer()), Message.worker == bindparam("by"), is_open
    values: dict[str, Any] = dict.fromkeys(names)
    if is_final:
        values |= wiped()
    return prepare(update(Message).where(*mine).values(**values).returning(Message.id), dialect)


def wiped() -> dict[str, Any]:
    """Return what is left of the texts of a message: nothing of a secret."""
    return {name: case((Message.secret.is_(True), ""), else_=getattr(Message, name)) for name in ("body", "html")}


def _set(tx: Tx, message_id: int, values: Mapping[str, Any]) -> None:
    statement = _set_statement(tx.get_bind().dialect, tuple(sorted(values)))
    run(tx, statement, {**values, "id": message_id})


@lru_cache(maxsize=16)
def _set_statement(dialect: Dialect, names: tuple[str, ...]) -> Prepared:
    change = update(Message).where(Message.id == bindparam("id", type_=Integer())).values(dict.fromkeys(names))
    return prepare(change.returning(Message.id), dialect)


def expire(tx: Tx, *, again: bool) -> int:
    """Settle what was in flight when its worker died: unknown, or sent ``again``, not endlessly; return how many."""
    goes_again = case((Message.attempts < MOST_ATTEMPTS, State.PLANNED.value), else_=State.UNKNOWN.value)
    state = goes_again if again else State.UNKNOWN.value
    values = {"state": state, "reason": Reason.INTERRUPTED.value, "try_at": tx.now, **({} if again else wiped())}
    left = Message.state == literal_column("'in_flight'", String()), col(Message.lease_until) < tx.now
    in_order = select(Message.id).where(*left).order_by(Message.id).with_for_update()  # nobody waits in a circle
    given_up = update(Message).where(Message.id.in_(in_order)).values(**values)
    return tx.execute(given_up.execution_options(synchronize_session=False)).rowcount
