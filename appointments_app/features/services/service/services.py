"""Use-cases of services: what can be booked, how long it takes, what it costs, who does it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from appointments_app.db.models import Service
from appointments_app.db.queries import actions, booking, history, pickers, services, sign_ins
from appointments_app.db.queries.actions import ActionRow
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.queries.services import ServiceRow
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.booking import USUAL
from appointments_app.domain.change import Verb, differences
from appointments_app.domain.errors import Conflict, Invalid, NotFound
from appointments_app.domain.listing import is_id
from appointments_app.domain.money import amount_text
from appointments_app.domain.service import ServiceFields, read_service
from appointments_app.domain.words import N_


@dataclass(frozen=True)
class ServiceForm:
    """One service as its form shows it. ``staff`` are the ids of those who perform it."""

    id: int = 0
    version: int = 0
    last_change: int = 0
    name: str = ""
    description: str = ""
    minutes: str = str(USUAL)
    before: str = "0"
    after: str = "0"
    price: str = ""
    currency: str = "USD"
    action: str = ""
    colour: str = "indigo"
    staff: list[str] = field(default_factory=list)
    active: bool = True
    clients_book: bool = True
    people: list[Choice] = field(default_factory=list)
    actions: list[Choice] = field(default_factory=list)


def list_services(uow: UnitOfWork, *, actor: Actor) -> list[ServiceRow]:
    """Return every service, those on offer first."""
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        return sorted(services.rows(tx), key=lambda row: not row.active)


def open_service(uow: UnitOfWork, *, actor: Actor, service_id: object) -> ServiceForm:
    """Return the form of one service; '' opens an empty one, which everybody performs."""
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        people = pickers.staff(tx)
        every = actions.all_rows(tx)
        if service_id == "":
            business = sign_ins.business(tx)
            usual = business.currency if business else "USD"
            everybody = [one.id for one in people]
            return ServiceForm(currency=usual, staff=everybody, people=people, actions=_choices(every, None))
        row = _existing(tx, service_id)
        return ServiceForm(
            id=row.id or 0,
            version=row.version,
            last_change=history.last_change_id(tx),
            name=row.name,
            description=row.description,
            minutes=str(row.minutes),
            before=str(row.before),
            after=str(row.after),
            price=amount_text(row.price, row.currency),
            currency=row.currency,
            action=str(row.action_id or ""),
            colour=row.colour,
            staff=[str(one) for one in services.staff_ids(tx, row.id or 0)],
            active=row.active,
            clients_book=row.clients_book,
            people=people,
            actions=_choices(every, row.action_id),
        )


def _choices(every: list[ActionRow], own: int | None) -> list[Choice]:
    """Return the actions on offer, and the service's own one though it is not any more."""
    return [Choice(str(one.id), one.name, "", one.colour) for one in every if one.active or one.id == own]


def save(
    uow: UnitOfWork, *, actor: Actor, service_id: object, form: Mapping[str, object], version: object, since: int = 0
) -> int:
    """Store a service, a new one for ''; return its id. What is booked already keeps its price and length.

    Raises Invalid at the fields, and Conflict with the changes ``since`` when ``version`` is not the present one.
    """
    actor.require(Permission.SETTINGS)
    wanted = read_service(form)
    with uow.begin() as tx:
        is_new = service_id == ""
        row = _blank() if is_new else _existing(tx, service_id, to_change=True)
        if not is_new and row.version != version:
            raise Conflict(changes=history.of_record(tx, "service", row.id or 0, since=since), version=row.version)
        if services.name_in_use(tx, wanted.name, but=row.id):
            raise Invalid(fields={"name": N_("There is a service with this name already.")})
        _check_references(tx, wanted)
        before = {**{name: getattr(row, name) for name in services.FIELDS}, "staff_ids": _listed(tx, row)}
        after = {**{name: getattr(wanted, name) for name in services.FIELDS}, "staff_ids": _joined(wanted)}
        changed = {} if is_new else differences(before, after)
        if is_new or changed:
            row.version += not is_new
            services.write(tx, row, wanted)
            history.record(tx, actor, Verb.CREATED if is_new else Verb.EDITED, "service", row.id or 0, changed)
        return row.id or 0


def _check_references(tx: Tx, wanted: ServiceFields) -> None:
    """Refuse an action and staff that are not there any more."""
    wrong = {}
    if wanted.action_id is not None:
        actions.lock(tx)  # so that it is not deleted meanwhile
        if actions.one(tx, wanted.action_id) is None:
            wrong["action"] = N_("This action is not on offer any more. Choose another one.")
    if len(booking.staff_choices(tx, wanted.staff_ids)) < len(wanted.staff_ids):
        wrong["staff"] = N_("One of them does not work here any more. Choose somebody else.")
    if wrong:
        raise Invalid(fields=wrong)


def set_active(uow: UnitOfWork, *, actor: Actor, service_id: object, is_active: bool) -> str:
    """Offer a service again, or no more; return its name. Bookings of it stay."""
    actor.require(Permission.SETTINGS)
    with uow.begin() as tx:
        row = _existing(tx, str(service_id), to_change=True)
        if row.active != is_active:
            changed = differences({"active": row.active}, {"active": is_active})
            row.active, row.version = is_active, row.version + 1
            tx.add(row)
            tx.flush()
            history.record(tx, actor, Verb.EDITED, "service", row.id or 0, changed)
        return row.name


def _blank() -> Service:
    return Service(name="", name_key="", minutes=USUAL, currency="USD")


def _existing(tx: Tx, service_id: object, *, to_change: bool = False) -> Service:
    row = tx.get(Service, int(str(service_id)), with_for_update=to_change) if is_id(service_id) else None
    if row is None:
        raise NotFound()
    return row


def _listed(tx: Tx, row: Service) -> str:
    return ",".join(map(str, services.staff_ids(tx, row.id))) if row.id else ""


def _joined(wanted: ServiceFields) -> str:
    return ",".join(map(str, wanted.staff_ids))
