"""A small diary on both databases, and the list's rules written a second time as plain Python."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine, text
from sqlmodel import col, select

from appointments_app.db.models import Action, Appointment, AppointmentStaff, Client, WorkOrder
from appointments_app.db.sample import add_sample_data
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import ROLES, Actor, Role, Scope
from appointments_app.domain.listing import UNASSIGNED, AppointmentFilter, Place, Sort
from appointments_app.domain.text import fold
from appointments_app.domain.times import to_instant

NOW = datetime(2026, 3, 25, 10, 17, tzinfo=UTC)
ZONE = "Africa/Cairo"
ADA = Actor(1, "Ada", Role.OWNER, "en", ZONE, ROLES[Role.OWNER])
BEN = Actor(2, "Ben", Role.RECEPTIONIST, "en", ZONE, ROLES[Role.RECEPTIONIST], Scope.OWN)


@dataclass(frozen=True)
class Fact:
    """One appointment with everything a filter may look at."""

    row: Appointment
    client: Client
    action: str
    staff: frozenset[int]
    order: str = ""
    """The number of its work order."""

    @property
    def kind(self) -> str:
        return "work-order" if self.order else "booking" if self.row.booking_id else "independent"


@dataclass(frozen=True)
class Diary:
    """A filled database and the facts in it, deleted appointments included."""

    uow: UnitOfWork
    facts: list[Fact]


def fill(engine: Engine, *, clients: int = 60, appointments: int = 400) -> Diary:
    """Add sample data, delete some, and make names and instants collide."""
    add_sample_data(engine, clients=clients, appointments=appointments, seed=7, now=NOW, staff=4)
    with engine.execution_options(writes=True).begin() as connection:
        for statement in (
            "UPDATE appointment SET deleted_at = created_at WHERE id % 19 = 0",
            "UPDATE appointment SET action_id = NULL WHERE id % 23 = 0",
            "UPDATE appointment SET created_at = (SELECT min(created_at) FROM appointment) WHERE id % 5 = 0",
            "UPDATE appointment SET work_order_id = 1 + id % 3 WHERE id % 11 = 0 AND booking_id IS NULL",
            "UPDATE client SET sort_name = 'same name', name = 'Same Name' WHERE id % 7 = 0",
            "UPDATE client_text SET body = 'same name 100% _under \"quoted\"' WHERE client_id % 7 = 0",
        ):
            connection.execute(text(statement))
    uow = UnitOfWork(engine, lambda: NOW)
    return Diary(uow, facts(uow))


def facts(uow: UnitOfWork) -> list[Fact]:
    """Read everything, without any of the queries under test."""
    with uow.read() as tx:
        staff: dict[int, set[int]] = {}
        for one in tx.exec(select(AppointmentStaff)):
            staff.setdefault(one.appointment_id, set()).add(one.staff_id)
        clients = {client.id: client for client in tx.exec(select(Client))}
        orders = {order.id: order.number for order in tx.exec(select(WorkOrder))}
        actions = {action.id: action.name for action in tx.exec(select(Action))}
        rows = tx.exec(select(Appointment).order_by(col(Appointment.id))).all()
        return [
            Fact(
                row,
                clients[row.client_id],
                actions.get(row.action_id, ""),
                frozenset(staff.get(row.id or 0, ())),
                orders.get(row.work_order_id, ""),
            )
            for row in rows
        ]


def may_see(actor: Actor, fact: Fact) -> bool:
    """Whether a fact is in anything this actor reads."""
    mine = actor.scope is Scope.ALL or fact.row.created_by == actor.staff_id or actor.staff_id in fact.staff
    return fact.row.deleted_at is None and mine


def matches(fact: Fact, wanted: AppointmentFilter) -> bool:
    """Whether a fact meets the filter."""
    row = fact.row
    over = row.end_at <= NOW
    by_tab = wanted.tab == "all" or row.status == wanted.tab
    if wanted.tab == "yet-to-mark":
        by_tab = row.status == "scheduled" and over
    by_staff = not wanted.staff or (not fact.staff if wanted.staff == UNASSIGNED else int(wanted.staff) in fact.staff)
    return (
        by_tab
        and by_staff
        and (not wanted.action or row.action_id == int(wanted.action))
        and (not wanted.client or row.client_id == int(wanted.client))
        and (not wanted.since or row.start_at >= _midnight(wanted.since))
        and (not wanted.until or row.start_at < _midnight(wanted.until, 1))
        and (not wanted.shared or row.shared == (wanted.shared == "yes"))
        and (not wanted.confirmed or (row.confirmed_at is not None) == (wanted.confirmed == "yes"))
        and (not wanted.kind or fact.kind == wanted.kind)
        and (not wanted.work_order or row.work_order_id == int(wanted.work_order))
    )


def _midnight(day: str, later: int = 0) -> datetime:
    return to_instant(date.fromisoformat(day) + timedelta(days=later), time(), ZONE)


def found_in(fact: Fact, body: str, words: list[str]) -> bool:
    """Whether every word stands in the client's text, or in the notes, or in the action's name."""
    places = (body, fold(fact.row.notes), fold(fact.action))
    return any(all(word in place for word in words) for place in places if place)


def key(fact: Fact, place: Place) -> tuple[Any, int]:
    """Return what a list in this order is sorted by."""
    columns = {Sort.START: fact.row.start_at, Sort.CLIENT: fact.client.sort_name, Sort.CREATED: fact.row.created_at}
    return columns[place.sort], fact.row.id or 0
