"""Planning reminders: what the active rules want for some appointments becomes rows of the outbox, the rest goes.

Every statement that writes appointments ends here, so that none can be forgotten.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Integer,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    or_,
    select,
    text,
)
from sqlalchemy.sql import Select
from sqlmodel.sql.sqltypes import UTCDateTime

from appointments_app.db.models import (
    Appointment,
    AppointmentStaff,
    Business,
    ChangeLine,
    Client,
    ReminderRule,
    ReminderRuleAction,
    ReminderRuleStaff,
    Series,
    Staff,
)
from appointments_app.db.queries.filters import of_kind
from appointments_app.db.queries.prepared import Prepared, among, prepare, run
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.appointment import Kind, Status
from appointments_app.domain.outbox import Reason, State
from appointments_app.domain.reminder import NOTICES, Anchor, Quiet, QuietWay, Recipient, Timing, Unit
from appointments_app.domain.times import zone_names

LOT = 2_000
"""So many appointments are planned by one statement."""
_LOCK = 727_2027
"""PostgreSQL's number for: what the rules say."""


def rules_stay(tx: Tx) -> None:
    """Have nobody change a rule until this transaction ends; any number may plan at a time.

    What is booked while a rule changes is either planned by the new rule, or stored when planning anew begins. SQLite
    has one writer anyway.
    """
    if not tx.is_sqlite:
        run(tx, _SHARED, {})


def rules_change(tx: Tx) -> None:
    """Wait until nobody plans, and let nobody plan until this transaction ends; comes before any other lock."""
    if not tx.is_sqlite:
        run(tx, _ALONE, {})


_SHARED = Prepared(f"SELECT pg_advisory_xact_lock_shared({_LOCK})", (), {})
_ALONE = Prepared(f"SELECT pg_advisory_xact_lock({_LOCK})", (), {})


def plan(tx: Tx, ids: Collection[int], *, rule_id: int | None = None, is_new: bool = False) -> None:
    """Make the planned reminders of these appointments what the rules want now; ``rule_id``: only those of one rule.

    ``is_new``: the appointments have just been made, so that nothing can be planned for them yet.
    """
    every = list(ids)
    if every:
        rules_stay(tx)
    for begin in range(0, len(every), LOT):
        _plan_lot(tx, every[begin : begin + LOT], rule_id, is_new=is_new)


def plan_change(tx: Tx, change_id: int) -> None:
    """Do the same for all appointments that a change touched, however many; ``notices.follow`` also tells clients."""
    changed = "SELECT entity_id FROM change_line WHERE change_id = :change AND entity = 'appointment'"
    gone = "AND EXISTS (SELECT 1 FROM appointment a WHERE a.id = appointment_id AND ({}))".format(
        "a.deleted_at IS NOT NULL OR a.status <> 'scheduled'"
    )
    tx.execute(text(_WITHDRAW.format(ids=changed, more=gone)), {"change": change_id})
    last: int | None = 0
    while last is not None:
        alive = select(Appointment.id).join(ChangeLine, ChangeLine.entity_id == Appointment.id)
        mine = ChangeLine.change_id == change_id, ChangeLine.entity == "appointment", ChangeLine.entity_id > last
        live = Appointment.deleted_at.is_(None), Appointment.status == Status.SCHEDULED
        ids = list(tx.execute(alive.where(*mine, *live).distinct().order_by(Appointment.id).limit(LOT)).scalars())
        plan(tx, ids)
        last = ids[-1] if len(ids) == LOT else None


def _plan_lot(tx: Tx, ids: Sequence[int], rule_id: int | None, *, is_new: bool) -> None:
    if not ids:
        return
    statement = _wanted_statement(tx.get_bind().dialect, rule_id is not None)
    rows = [_planned(row, tx.now) for row in run(tx, statement, {"ids": list(ids), "rule": rule_id, "now": tx.now})]
    if not is_new:
        given = {"ids": list(ids), "keys": [row["key"] for row in rows], "rule": rule_id}
        run(tx, _withdraw_statement(tx.get_bind().dialect, rule_id is not None), given)
    _store(tx, [row for row in rows if row["is_told"] or not is_new], tells=rule_id is None)


@lru_cache(maxsize=8)
def _withdraw_statement(dialect: Dialect, of_one_rule: bool) -> Prepared:
    """The statement that takes back what is planned for some appointments and wanted no more."""
    ids, keys = "SELECT value FROM json_each(:ids)", "SELECT value FROM json_each(:keys)"
    if dialect.name != "sqlite":
        ids, keys = "SELECT unnest(CAST(:ids AS int[]))", "SELECT unnest(CAST(:keys AS text[]))"
    more = f"AND key NOT IN ({keys})" + (" AND rule_id = :rule" if of_one_rule else "")
    return prepare(text(_WITHDRAW.format(ids=ids, more=more) + "RETURNING id"), dialect)


_WITHDRAW = """
    UPDATE message SET state = 'skipped', reason = (
        SELECT CASE
            WHEN a.deleted_at IS NOT NULL THEN 'deleted'
            WHEN a.status <> 'scheduled' THEN a.status
            WHEN message.start_at <> a.start_at THEN 'moved'
            WHEN message.client_id <> a.client_id THEN 'not_assigned'
            WHEN message.staff_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM appointment_staff s WHERE s.appointment_id = a.id AND s.staff_id = message.staff_id
            ) THEN 'not_assigned'
            ELSE 'rule_off' END
        FROM appointment a WHERE a.id = message.appointment_id
    )
    WHERE appointment_id IN ({ids}) AND rule_id IS NOT NULL AND notice = '' AND state = 'planned' {more}
"""


def about() -> list[ColumnElement[bool]]:
    """Return the conditions under which a rule is about an appointment, and its recipient gets the message."""
    action = exists().where(
        ReminderRuleAction.rule_id == ReminderRule.id, ReminderRuleAction.action_id == Appointment.action_id
    )
    return [
        ReminderRule.active.is_(True),
        ReminderRule.deleted_at.is_(None),
        _is_of_its_kinds(),
        or_(ReminderRule.shared_only.is_(False), Appointment.shared.is_(True), Appointment.booking_id.is_not(None)),
        or_(ReminderRule.every_action.is_(True), action),
        or_(ReminderRule.anchor != Anchor.AFTER_CREATION.value, _is_first()),
    ]


_KINDS = {
    Kind.INDEPENDENT: ReminderRule.independent,
    Kind.WORK_ORDER: ReminderRule.work_orders,
    Kind.BOOKING: ReminderRule.bookings,
}
"""The column by which a rule says that it is about a kind."""


def _is_of_its_kinds() -> ColumnElement[bool]:
    """Whether an appointment is of a kind that a rule is about."""
    return or_(*(and_(chosen.is_(True), of_kind(kind)) for kind, chosen in _KINDS.items()))


def _is_first() -> ColumnElement[bool]:
    """Whether an appointment is no later occurrence of a series: what follows creation is told once for all of them."""
    first = exists().where(Series.id == Appointment.series_id, Series.dtstart == Appointment.recurrence_id)
    return or_(Appointment.series_id.is_(None), first)


def for_client() -> list[ColumnElement[bool]]:
    """Return the conditions under which a rule's client gets its message."""
    chosen = exists().where(
        ReminderRuleStaff.rule_id == ReminderRule.id,
        AppointmentStaff.appointment_id == Appointment.id,
        ReminderRuleStaff.staff_id == AppointmentStaff.staff_id,
    )
    return [
        ReminderRule.recipient == Recipient.CLIENT.value,
        *about(),
        or_(ReminderRule.every_staff.is_(True), chosen),
    ]


def for_staff(staff_id: Any) -> list[ColumnElement[bool]]:
    """Return the conditions under which an assigned staff member gets its message."""
    chosen = exists().where(ReminderRuleStaff.rule_id == ReminderRule.id, ReminderRuleStaff.staff_id == staff_id)
    return [ReminderRule.recipient == Recipient.STAFF.value, *about(), or_(ReminderRule.every_staff.is_(True), chosen)]


TIMING = (
    ReminderRule.amount,
    ReminderRule.unit,
    ReminderRule.anchor,
    ReminderRule.quiet_from,
    ReminderRule.quiet_until,
    ReminderRule.quiet_way,
)


def timing_of(amount: int, unit: str, anchor: str, quiet_from: str, quiet_until: str, quiet_way: str) -> Timing:
    """Return the timing that a rule's row holds."""
    hours = (time.fromisoformat(quiet_from), time.fromisoformat(quiet_until)) if quiet_from and quiet_until else None
    return Timing(amount, Unit(unit), Anchor(anchor), Quiet(*hours, QuietWay(quiet_way)) if hours else None)


_timing = lru_cache(maxsize=256)(timing_of)


@lru_cache(maxsize=8)
def _wanted_statement(dialect: Dialect, of_one_rule: bool) -> Prepared:
    """The statement for every message that the active rules want: appointment × rule × recipient."""
    ours = select(Business.time_zone).where(Business.id == 1).scalar_subquery()
    live: list[Any] = [
        among(Appointment.id, "ids", is_sqlite=dialect.name == "sqlite"),
        Appointment.deleted_at.is_(None),
        Appointment.status == literal("scheduled"),
        *(ReminderRule.anchor != literal(each.value) for each in NOTICES),
        or_(
            ReminderRule.anchor != Anchor.BEFORE_START.value,
            Appointment.start_at > bindparam("now", type_=UTCDateTime()),
        ),
    ]
    if of_one_rule:
        live.append(ReminderRule.id == bindparam("rule", type_=Integer()))

    def columns(client: Any, staff: Any, own_zone: Any) -> Select[Any]:
        zone = func.coalesce(case((own_zone != "", own_zone)), ours, literal("UTC"))
        when = Appointment.start_at, Appointment.created_at, Appointment.time_zone, zone
        return select(Appointment.id, ReminderRule.id, client, staff, *when, *TIMING, ReminderRule.channel)

    clients = columns(Appointment.client_id, cast(null(), Integer), Client.time_zone).join_from(
        Appointment, Client, Client.id == Appointment.client_id
    )
    clients = clients.join(ReminderRule, and_(*for_client()))
    staff = columns(cast(null(), Integer), Staff.id, Staff.time_zone).join_from(
        Appointment, AppointmentStaff, AppointmentStaff.appointment_id == Appointment.id
    )
    staff = staff.join(Staff, Staff.id == AppointmentStaff.staff_id).join(ReminderRule, and_(*for_staff(Staff.id)))
    return prepare(clients.where(*live).union_all(staff.where(*live)), dialect)


def key_of(
    rule_id: int, appointment_id: int, client_id: int | None, staff_id: int | None, start: datetime | None
) -> str:
    """Return the key of a reminder: occurrence × rule × recipient × start; without start when it follows creation."""
    recipient = f"c{client_id}" if client_id else f"s{staff_id}"
    key = f"r{rule_id}.{appointment_id}.{recipient}"
    return f"{key}.{int(start.timestamp())}" if start else key


def _planned(row: Sequence[Any], now: datetime) -> dict[str, Any]:
    """Return the message that a wanted row becomes; ``is_told`` is False when a new one would tell nobody anything."""
    appointment_id, rule_id, client_id, staff_id, start, created, zone, own_zone, *rule = row
    start_at, created_at = read_instant(start), read_instant(created)
    *when, channel = rule
    timing = _timing(*when)
    due = timing.due(start_at=start_at, created_at=created_at, zone=known(zone), recipient_zone=known(own_zone))
    counted_from = None if timing.anchor is Anchor.AFTER_CREATION else start_at
    missed = Reason.PAST if due < now else None if timing.fits(due, start_at) else Reason.QUIET
    is_told = missed is None or (timing.anchor is Anchor.BEFORE_START and start_at > now)
    return {
        "key": key_of(rule_id, appointment_id, client_id, staff_id, counted_from),
        "is_told": is_told,
        "state": State.SKIPPED if missed else State.PLANNED,
        "reason": missed or "",
        "channel": channel,
        "client_id": client_id,
        "staff_id": staff_id,
        "appointment_id": appointment_id,
        "rule_id": rule_id,
        "start_at": counted_from and (start if isinstance(start, str) else stored(start_at)),
        "due_at": stored(due),
    }


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(zone_names())


def known(zone_name: str) -> str:
    """Return the zone, or UTC for one that this machine does not know."""
    return zone_name if zone_name in _zones() else "UTC"


def read_instant(value: str | datetime) -> datetime:
    """Return an instant as a prepared statement gives it."""
    return datetime.fromisoformat(f"{value}+00:00") if isinstance(value, str) else value


def stored(value: datetime) -> str:
    """Return an instant as SQLite stores it and PostgreSQL reads it."""
    return (value if value.tzinfo is UTC else value.astimezone(UTC)).isoformat(" ", "microseconds")[:26]


def _store(tx: Tx, rows: list[dict[str, Any]], *, tells: bool) -> None:
    """Add what is new, and bring what is planned or was skipped up to date; what was tried already stays.

    ``tells``: also add what comes too late, so that whoever books late sees it; a rule that changed need not say so.
    """
    if rows:
        given = {"rows": json.dumps(rows), "now": tx.now, "tells": tells}
        run(tx, _store_statement(tx.get_bind().dialect), given)


@lru_cache(maxsize=8)
def _store_statement(dialect: Dialect) -> Prepared:
    listed = _LISTED_SQLITE if dialect.name == "sqlite" else _LISTED_POSTGRESQL
    return prepare(text(_STORE.format(listed=listed) + "RETURNING id"), dialect)


_LISTED_SQLITE = """
    SELECT value ->> 'key' AS key, value ->> 'is_told' AS is_told, value ->> 'state' AS state,
           value ->> 'reason' AS reason, value ->> 'channel' AS channel, value ->> 'client_id' AS client_id,
           value ->> 'staff_id' AS staff_id, value ->> 'appointment_id' AS appointment_id,
           value ->> 'rule_id' AS rule_id, value ->> 'start_at' AS start_at, value ->> 'due_at' AS due_at
    FROM json_each(:rows)
"""
_LISTED_POSTGRESQL = """
    SELECT * FROM json_to_recordset(CAST(:rows AS json)) AS listed (
        key text, is_told boolean, state text, reason text, channel text, client_id int, staff_id int,
        appointment_id int, rule_id int, start_at timestamptz, due_at timestamptz
    )
"""
_STORE = """
    INSERT INTO message (
        key, state, reason, channel, client_id, staff_id, appointment_id, rule_id, start_at, due_at, try_at, created_at,
        address, subject, body, html, secret, late, attempts, worker, provider_id, error, notice
    )
    SELECT key, state, reason, channel, client_id, staff_id, appointment_id, rule_id, start_at, due_at, due_at, :now,
           '', '', '', '', false, false, 0, '', '', '', ''
    FROM ({listed}) AS listed
    WHERE (CAST(:tells AS boolean) AND listed.is_told) OR listed.state = 'planned'
       OR EXISTS (SELECT 1 FROM message known WHERE known.key = listed.key)
    ON CONFLICT (key) DO UPDATE SET
        state = excluded.state, reason = excluded.reason, channel = excluded.channel,
        due_at = excluded.due_at, try_at = excluded.try_at
    WHERE (message.state = 'planned' AND (message.due_at <> excluded.due_at OR message.channel <> excluded.channel))
       OR (message.state = 'skipped' AND message.reason <> 'cancelled' AND excluded.state = 'planned')
"""
