"""Reading and writing services and who performs them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete, insert, select

from appointments_app.db.models import Action, Service, ServiceStaff, Staff
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.money import amount_text
from appointments_app.domain.service import ServiceFields
from appointments_app.domain.text import fold


@dataclass(frozen=True)
class ServiceRow:
    """One service as lists and the wizard show it. ``price`` is an amount such as ``25.00``, '' when it is not said."""

    id: int
    name: str
    description: str
    minutes: int
    before: int
    after: int
    price: str
    currency: str
    colour: str
    active: bool
    clients_book: bool = True
    action_id: int = 0
    action: str = ""
    staff: list[Choice] = field(default_factory=list)


FIELDS = (
    "name", "description", "minutes", "before", "after", "price", "currency", "action_id", "colour", "clients_book",
)  # fmt: skip
"""What the form of a service decides, beside who performs it."""

_ROW = (
    Service.id,
    Service.name,
    Service.description,
    Service.minutes,
    Service.before,
    Service.after,
    Service.price,
    Service.currency,
    Service.colour,
    Service.active,
    Service.clients_book,
    Service.action_id,
    Action.name,
)


def rows(tx: Tx, *, active: bool | None = None, ids: Collection[int] | None = None) -> list[ServiceRow]:
    """Return services by name, each with the active people who perform it; ``ids``: only these."""
    statement = select(*_ROW).outerjoin(Action, Action.id == Service.action_id)
    if active is not None:
        statement = statement.where(Service.active.is_(active))
    if ids is not None:
        statement = statement.where(Service.id.in_(ids))
    found = tx.execute(statement).all()
    people = performers(tx, [row[0] for row in found])
    listed = [
        ServiceRow(
            *row[:6],
            amount_text(row[6], row[7]),
            *row[7:9],
            bool(row[9]),
            bool(row[10]),
            row[11] or 0,
            row[12] or "",
            people[row[0]],
        )
        for row in found
    ]
    return sorted(listed, key=lambda row: (fold(row.name), row.id))


def performers(tx: Tx, service_ids: Sequence[int]) -> dict[int, list[Choice]]:
    """Return the active people who perform each of these services, by name."""
    people: dict[int, list[Choice]] = {service_id: [] for service_id in service_ids}
    statement = (
        select(ServiceStaff.service_id, Staff.id, Staff.name, Staff.email, Staff.colour)
        .join(Staff, Staff.id == ServiceStaff.staff_id)
        .where(ServiceStaff.service_id.in_(service_ids), Staff.active.is_(True))
        .order_by(Staff.name, Staff.id)
    )
    for service_id, staff_id, name, email, colour in tx.execute(statement) if service_ids else ():
        people[service_id].append(Choice(str(staff_id), name, email, colour))
    return people


def staff_ids(tx: Tx, service_id: int) -> tuple[int, ...]:
    """Return everybody who performs a service, those too who no longer work here."""
    statement = select(ServiceStaff.staff_id).where(ServiceStaff.service_id == service_id)
    return tuple(sorted(tx.execute(statement).scalars()))


def name_in_use(tx: Tx, name: str, *, but: int | None) -> bool:
    """Whether another service has this name but for case and spaces."""
    conditions = [Service.name_key == fold(name)] + ([] if but is None else [Service.id != but])
    return tx.execute(select(Service.id).where(*conditions).limit(1)).first() is not None


def write(tx: Tx, service: Service, wanted: ServiceFields) -> None:
    """Give a service, new or known, these values."""
    for name in FIELDS:
        setattr(service, name, getattr(wanted, name))
    service.name_key = fold(wanted.name)
    tx.add(service)
    tx.flush()
    tx.execute(delete(ServiceStaff).where(ServiceStaff.service_id == service.id))
    for staff_id in wanted.staff_ids:
        tx.execute(insert(ServiceStaff).values(service_id=service.id, staff_id=staff_id))
