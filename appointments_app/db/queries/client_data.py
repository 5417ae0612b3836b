"""Everything that is held about one client, as plain values."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, String, cast, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from appointments_app.db.models import (
    Action,
    Appointment,
    AppointmentStaff,
    Booking,
    Change,
    ChangeLine,
    Client,
    ClientAccess,
    ClientRequest,
    ClientSignIn,
    Draft,
    Message,
    OptOut,
    Series,
    Service,
    Staff,
    WorkOrder,
    WorkOrderStaff,
)
from appointments_app.db.queries.clients import tags_of
from appointments_app.db.queries.erasing import holdings
from appointments_app.db.queries.prepared import among
from appointments_app.db.queries.work_orders import tags_of as tags_of_orders
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.change import WHOLE
from appointments_app.domain.client import ClientFields
from appointments_app.domain.message import Channel
from appointments_app.domain.times import iso

Record = dict[str, Any]


def everything(tx: Tx, client: Client) -> Record:
    """Return all of it, by kind: names and values as they stand in the file that the client gets."""
    client_id = client.id or 0
    return {
        "client": _client(tx, client),
        "portal": _portal(tx, client_id),
        "consents": _consents(tx, client_id),
        "appointments": _appointments(tx, client_id),
        "recurring": _series(tx, client_id),
        "bookings": _bookings(tx, client_id),
        "work_orders": _orders(tx, client_id),
        "messages": _messages(tx, client_id),
        "requests": _requests(tx, client_id),
        "half_filled_forms": _forms(tx, client_id),
        "history": _history(tx, client_id),
    }


def _client(tx: Tx, client: Client) -> Record:
    fields = {name: getattr(client, name) for name in ("id", *ClientFields("").columns())}
    dates = {"created_at": client.created_at, "archived_at": client.archived_at}
    return _plain({**fields, "tags": tags_of(tx, [client.id or 0]).get(client.id or 0, []), **dates})


def _portal(tx: Tx, client_id: int) -> Record:
    access = tx.get(ClientAccess, client_id)
    columns = ClientSignIn.created_at, ClientSignIn.last_seen_at, Staff.name
    visits = select(*columns).outerjoin(Staff, Staff.id == ClientSignIn.staff_id)
    rows = tx.execute(visits.where(ClientSignIn.client_id == client_id).order_by(ClientSignIn.created_at))
    names = ("signed_in_at", "last_seen_at", "looked_on_by")
    return {
        "has_password": bool(access and access.password_hash),
        "suspended_at": iso(access.suspended_at) if access and access.suspended_at else "",
        "sign_ins": [_plain(dict(zip(names, row, strict=True))) for row in rows],
    }


def _consents(tx: Tx, client_id: int) -> list[Record]:
    refused = {row.channel: row for row in tx.execute(select(OptOut).where(OptOut.client_id == client_id)).scalars()}
    return [
        {
            "channel": channel.value,
            "wants_messages": channel.value not in refused,
            "said_how": refused[channel.value].how if channel.value in refused else "",
            "said_at": iso(refused[channel.value].at) if channel.value in refused else "",
        }
        for channel in Channel
    ]


def _appointments(tx: Tx, client_id: int) -> list[Record]:
    a = Appointment
    statement = select(
        a.id, a.start_at, a.end_at, a.time_zone, a.status, a.outcome, Action.name.label("action"), a.notes, a.shared,
        a.confirmed_at, a.confirmed_by, a.confirmed_how, a.overlap_reason.label("booked_over_others_because"),
        WorkOrder.number.label("work_order"), a.booking_id.label("booking"), a.series_id.label("recurring"),
        a.created_at, a.deleted_at,
    )  # fmt: skip
    statement = statement.outerjoin(Action, Action.id == a.action_id)
    statement = statement.outerjoin(WorkOrder, WorkOrder.id == a.work_order_id).where(a.client_id == client_id)
    who = select(AppointmentStaff.appointment_id, Staff.name).join(Staff, Staff.id == AppointmentStaff.staff_id)
    staff = _grouped(tx, who.join(a, a.id == AppointmentStaff.appointment_id).where(a.client_id == client_id))
    return [{**row, "staff": staff.get(row["id"], [])} for row in _rows(tx, statement.order_by(a.start_at, a.id))]


def _series(tx: Tx, client_id: int) -> list[Record]:
    s = Series
    statement = select(
        s.id, s.dtstart, s.time_zone, s.rrule, s.minutes, Action.name.label("action"), s.notes, s.shared, s.created_at
    ).outerjoin(Action, Action.id == s.action_id)
    return _rows(tx, statement.where(s.client_id == client_id).order_by(s.id))


def _bookings(tx: Tx, client_id: int) -> list[Record]:
    b = Booking
    statement = select(
        b.id, Service.name.label("service"), b.price, b.currency, Appointment.id.label("appointment"),
        Appointment.start_at, b.by_client.label("booked_by_client"), b.confirmed_at, b.created_at, b.deleted_at,
    ).join(Service, Service.id == b.service_id).join(Appointment, Appointment.booking_id == b.id)  # fmt: skip
    return _rows(tx, statement.where(Appointment.client_id == client_id).order_by(b.id))


def _orders(tx: Tx, client_id: int) -> list[Record]:
    w = WorkOrder
    statement = select(
        w.id, w.number, w.title, w.status, w.starts_on, w.ends_on, w.description, w.budget, w.currency, w.created_at,
        w.deleted_at,
    )  # fmt: skip
    rows = _rows(tx, statement.where(w.client_id == client_id).order_by(w.id))
    ids = [row["id"] for row in rows]
    who = select(WorkOrderStaff.work_order_id, Staff.name).join(Staff, Staff.id == WorkOrderStaff.staff_id)
    staff, tags = _grouped(tx, who.where(WorkOrderStaff.work_order_id.in_(ids))), tags_of_orders(tx, ids)
    return [{**row, "tags": tags.get(row["id"], []), "staff": staff.get(row["id"], [])} for row in rows]


def _messages(tx: Tx, client_id: int) -> list[Record]:
    """Return messages to the client, and those to staff about the client's appointments; secrets without their text."""
    m = Message
    statement = select(
        m.id, m.channel, m.state, m.reason, Staff.name.label("to_staff"), m.address, m.subject, m.body.label("text"),
        m.appointment_id.label("appointment"), m.due_at, m.sent_at, m.error, m.created_at, m.secret,
    ).outerjoin(Staff, Staff.id == m.staff_id).outerjoin(Appointment, Appointment.id == m.appointment_id)  # fmt: skip
    mine = or_(m.client_id == client_id, Appointment.client_id == client_id)
    rows = _rows(tx, statement.where(mine).order_by(m.due_at, m.id))
    return [{**row, "text": "" if row["secret"] else row["text"]} for row in rows]


def _requests(tx: Tx, client_id: int) -> list[Record]:
    r = ClientRequest
    statement = select(r.appointment_id.label("appointment"), r.kind, r.message, r.created_at, r.settled_at)
    return _rows(tx, statement.where(r.client_id == client_id).order_by(r.id))


def _forms(tx: Tx, client_id: int) -> list[Record]:
    """Return forms about the client's appointments that somebody has not saved yet."""
    edited = literal("edit-").concat(cast(Draft.staff_id, String)).concat("-").concat(cast(Appointment.id, String))
    own = exists().where(Appointment.client_id == client_id, Draft.token == edited).correlate(Draft)
    new = Draft.payload.like(f'%"client": "{client_id}"%')
    return _rows(tx, select(Draft.payload.label("form"), Draft.updated_at).where(Draft.payload != "", or_(own, new)))


def _history(tx: Tx, client_id: int) -> list[Record]:
    by = aliased(Client)
    line = ChangeLine
    columns = select(
        Change.at, func.coalesce(Staff.name, by.name, "").label("who"), Change.verb.label("did"),
        line.entity.label("about"), line.entity_id.label("id"), line.field, line.old, line.new,
    )  # fmt: skip
    joined = columns.join(Change, Change.id == line.change_id).outerjoin(Staff, Staff.id == Change.staff_id)
    joined = joined.outerjoin(by, by.id == Change.client_id)
    rows: list[Record] = []
    for entity, ids in holdings(tx, [client_id]).by_entity().items():
        own = among(line.entity_id, "ids", is_sqlite=tx.is_sqlite, values=ids)
        rows += _rows(tx, joined.where(line.entity == entity, own, line.field != WHOLE))
    return sorted(rows, key=lambda row: (row["at"], row["about"], row["id"], row["field"]))


def _rows(tx: Tx, statement: Select[Any]) -> list[Record]:
    return [_plain(dict(row)) for row in tx.execute(statement).mappings()]


def _grouped(tx: Tx, statement: Select[Any]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for key, name in tx.execute(statement):
        found.setdefault(key, []).append(name)
    return found


def _plain(values: Record) -> Record:
    """Return values as JSON holds them: instants in UTC, '' for what is not there."""
    return {name: _value(value) for name, value in values.items()}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return list(value)
    return "" if value is None else value
