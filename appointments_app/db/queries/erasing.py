"""Erasing clients: what is personal goes from every table, what counts stays under a name that is nobody's."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, func, insert, literal, or_, select, text, update

from appointments_app.db.models import (
    Appointment,
    AppointmentText,
    ChangeLine,
    Client,
    ClientAccess,
    ClientLink,
    ClientRequest,
    ClientSignIn,
    ClientTag,
    ClientText,
    Message,
    OptOut,
    Series,
    SignInFailure,
    WorkOrder,
    WorkOrderTag,
    WorkOrderText,
)
from appointments_app.db.queries import bulk, leftovers
from appointments_app.db.queries import series as all_series
from appointments_app.db.queries.prepared import among
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.appointment import Status
from appointments_app.domain.change import WHOLE
from appointments_app.domain.client import ClientFields
from appointments_app.domain.outbox import Reason, State
from appointments_app.domain.portal import How
from appointments_app.domain.privacy import KEPT_OF_HISTORY, Traces
from appointments_app.domain.recurrence import ends_before, upcoming
from appointments_app.domain.sign_in import failure_key
from appointments_app.domain.text import fold
from appointments_app.domain.work_order import OrderStatus

_OPEN_ORDERS = (OrderStatus.DRAFT.value, OrderStatus.OPEN.value)


@dataclass(frozen=True)
class Holdings:
    """The records that belong to some clients, deleted ones too."""

    clients: list[int]
    appointments: list[int] = field(default_factory=list)
    series: list[int] = field(default_factory=list)
    orders: list[int] = field(default_factory=list)
    bookings: list[int] = field(default_factory=list)
    messages: list[int] = field(default_factory=list)

    def by_entity(self) -> dict[str, list[int]]:
        """Return the ids by the name under which the audit trail knows them."""
        return {
            "client": self.clients,
            "appointment": self.appointments,
            "series": self.series,
            "work_order": self.orders,
            "booking": self.bookings,
            "message": self.messages,
        }


def holdings(tx: Tx, ids: Collection[int]) -> Holdings:
    """Return every record of these clients."""

    def found(statement: Any) -> list[int]:
        return list(tx.execute(statement).scalars())

    own = found(select(Appointment.id).where(Appointment.client_id.in_(ids)))
    about = or_(
        Message.client_id.in_(ids),
        Message.appointment_id.in_(select(Appointment.id).where(Appointment.client_id.in_(ids))),
    )
    booked = select(Appointment.booking_id).where(Appointment.client_id.in_(ids), Appointment.booking_id.is_not(None))
    return Holdings(
        list(ids),
        own,
        found(select(Series.id).where(Series.client_id.in_(ids))),
        found(select(WorkOrder.id).where(WorkOrder.client_id.in_(ids))),
        found(booked),
        found(select(Message.id).where(about)),
    )


def ahead(tx: Tx, client_id: int) -> int:
    """Return how many scheduled appointments of a client lie ahead."""
    return tx.execute(select(func.count()).select_from(Appointment).where(*_ahead(tx, [client_id]))).scalar_one()


def erase(tx: Tx, change_id: int, ids: Sequence[int], *, name: str) -> None:
    """Remove what is personal of these clients, under an open change; ``name`` stands in place of theirs.

    What lies ahead of them is dismissed, series and open work orders end, and what waits to be sent is cancelled.
    """
    if tx.is_sqlite:
        tx.execute(text("PRAGMA secure_delete = ON"))  # what is freed in the file is overwritten
    columns = Client.id, Client.name, Client.email, Client.phone
    known = [tuple(row) for row in tx.execute(select(*columns).where(Client.id.in_(ids)))]
    traces = Traces.of([*((row[1], row[2], row[3]) for row in known), *_former(tx, ids)])
    theirs = holdings(tx, ids)
    _end_series(tx, change_id, theirs.series)
    bulk.set_status(tx, change_id, _ahead(tx, ids), Status.DISMISSED)
    _end_orders(tx, change_id, theirs.orders)
    _clear_messages(tx, theirs)
    _clear_records(tx, theirs, name)
    _clear_portal(tx, ids, known)
    _clear_history(tx, theirs)
    leftovers.remove(tx, theirs.clients, theirs.appointments, traces)


def _former(tx: Tx, ids: Collection[int]) -> list[tuple[str, str, str]]:
    """Return the names, addresses and numbers that these clients had before, as the audit trail tells."""
    lines = select(ChangeLine.field, ChangeLine.old, ChangeLine.new).where(
        ChangeLine.entity == "client",
        ChangeLine.entity_id.in_(ids),
        ChangeLine.field.in_(("name", "email", "phone")),
    )
    places = {"name": 0, "email": 1, "phone": 2}
    found = []
    for name, *values in tx.execute(lines):
        for value in values:
            known = ["", "", ""]
            known[places[name]] = value
            found.append((known[0], known[1], known[2]))
    return found


def _ahead(tx: Tx, ids: Collection[int]) -> list[ColumnElement[bool]]:
    return [
        Appointment.client_id.in_(ids),
        Appointment.deleted_at.is_(None),
        Appointment.status == Status.SCHEDULED,
        Appointment.start_at > tx.now,
    ]


def _end_series(tx: Tx, change_id: int, ids: Collection[int]) -> None:
    """Let the rules of series end with what has begun; their rows ahead are dismissed like all others."""
    for row in all_series.some(tx, ids, to_change=True) if ids else ():
        if not row.rrule:
            continue
        following = upcoming(row.rrule, row.dtstart, row.time_zone, since=tx.now, limit=1)
        if following:
            before, _ = ends_before(row.rrule, row.dtstart, row.time_zone, following[0].recurrence_id)
            all_series.change(tx, row.id, rrule=before)
            _note(tx, change_id, "series", row.id, "rrule", row.rrule, before)


def _end_orders(tx: Tx, change_id: int, ids: Collection[int]) -> None:
    open_ones = select(WorkOrder.id, WorkOrder.status).where(
        _among(tx, WorkOrder.id, ids), WorkOrder.status.in_(_OPEN_ORDERS)
    )
    for order_id, status in tx.execute(open_ones).all():
        _note(tx, change_id, "work_order", order_id, "status", status, OrderStatus.CANCELLED.value)
    _set(
        tx,
        WorkOrder,
        and_(_among(tx, WorkOrder.id, ids), WorkOrder.status.in_(_OPEN_ORDERS)),
        status=OrderStatus.CANCELLED,
    )


def _clear_messages(tx: Tx, theirs: Holdings) -> None:
    mine = _among(tx, Message.id, theirs.messages)
    waits = and_(mine, Message.state == State.PLANNED)
    _set(tx, Message, waits, state=State.SKIPPED, reason=Reason.CANCELLED)
    _set(tx, Message, mine, address="", subject="", body="", html="", provider_id="", error="")


def _clear_records(tx: Tx, theirs: Holdings, name: str) -> None:
    empty = dict.fromkeys((name for name in ClientFields("").columns() if name != "name"), "")
    archived = func.coalesce(Client.archived_at, tx.now)
    values = {"name": name, "sort_name": fold(name), "archived_at": archived, "erased_at": tx.now}
    _set(tx, Client, Client.id.in_(theirs.clients), **empty, **values, version=Client.version + 1)
    tx.execute(delete(ClientTag).where(ClientTag.client_id.in_(theirs.clients)))
    tx.execute(delete(ClientText).where(ClientText.client_id.in_(theirs.clients)))
    by_staff = case((Appointment.confirmed_how == How.PHONE.value, Appointment.confirmed_by), else_="")
    mine = _among(tx, Appointment.id, theirs.appointments)
    _set(tx, Appointment, mine, notes="", overlap_reason="", confirmed_by=by_staff, version=Appointment.version + 1)
    tx.execute(delete(AppointmentText).where(_among(tx, AppointmentText.appointment_id, theirs.appointments)))
    _set(tx, Series, _among(tx, Series.id, theirs.series), notes="")
    orders = _among(tx, WorkOrder.id, theirs.orders)
    _set(tx, WorkOrder, orders, title=name, description="", version=WorkOrder.version + 1)
    tx.execute(delete(WorkOrderTag).where(_among(tx, WorkOrderTag.work_order_id, theirs.orders)))
    tx.execute(delete(WorkOrderText).where(_among(tx, WorkOrderText.work_order_id, theirs.orders)))


def _clear_portal(tx: Tx, ids: Sequence[int], known: Sequence[tuple[Any, ...]]) -> None:
    for table in (ClientAccess, ClientLink, ClientSignIn, OptOut):
        tx.execute(delete(table).where(table.client_id.in_(ids)))
    settled_at = func.coalesce(ClientRequest.settled_at, tx.now)
    _set(tx, ClientRequest, ClientRequest.client_id.in_(ids), message="", settled_at=settled_at)
    keys = [failure_key(kind, value) for row in known for value in row[2:] for kind in ("client", "link") if value]
    tx.execute(delete(SignInFailure).where(SignInFailure.key.in_(keys)))


def _clear_history(tx: Tx, theirs: Holdings) -> None:
    """Empty what was typed in the audit trail of these records; that it was done, when and by whom, stays."""
    whole = ChangeLine.entity == "appointment", ChangeLine.field == WHOLE
    tx.execute(delete(ChangeLine).where(*whole, _among(tx, ChangeLine.entity_id, theirs.appointments)))
    for entity, ids in theirs.by_entity().items():
        about = (
            ChangeLine.entity == entity,
            _among(tx, ChangeLine.entity_id, ids),
            ChangeLine.field.not_in(KEPT_OF_HISTORY),
        )
        _set(tx, ChangeLine, and_(*about), old="", new="")


def note_erased(tx: Tx, change_id: int, ids: Collection[int]) -> None:
    """Write into the audit trail which clients were erased."""
    client_id = Client.id.label("entity_id")
    lines = select(literal(change_id), literal("client"), client_id, literal(""), literal(""), literal(""))
    tx.execute(insert(ChangeLine).from_select(bulk.LINE_COLUMNS, lines.where(Client.id.in_(ids))))


def _note(tx: Tx, change_id: int, entity: str, entity_id: int, name: str, old: str, new: str) -> None:
    tx.add(ChangeLine(change_id=change_id, entity=entity, entity_id=entity_id, field=name, old=old, new=new))
    tx.flush()


def _set(tx: Tx, table: Any, condition: Any, **values: Any) -> None:
    tx.execute(update(table).where(condition).values(**values).execution_options(synchronize_session=False))


def _among(tx: Tx, column: Any, ids: Collection[int]) -> ColumnElement[bool]:
    return among(column, "ids", is_sqlite=tx.is_sqlite, values=list(ids))
