"""Use-cases of one's own account."""

from __future__ import annotations

from dataclasses import dataclass

from appointments_app.db.models import Staff
from appointments_app.db.queries import history, sign_ins
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor
from appointments_app.domain.change import Verb, differences
from appointments_app.domain.contact import required_name
from appointments_app.domain.errors import NotFound
from appointments_app.domain.times import zone


@dataclass(frozen=True)
class AccountForm:
    """One's own account as the page shows it. ``time_zone`` and ``language`` '' mean the business's."""

    name: str = ""
    email: str = ""
    role: str = ""
    time_zone: str = ""
    language: str = ""
    business_time_zone: str = ""


def open_account(uow: UnitOfWork, *, actor: Actor) -> AccountForm:
    """Return the actor's own account."""
    with uow.read() as tx:
        staff = _own(tx, actor)
        business = sign_ins.business(tx)
        return AccountForm(
            staff.name, staff.email, staff.role, staff.time_zone, staff.language, business.time_zone if business else ""
        )


def save_details(uow: UnitOfWork, *, actor: Actor, name: object, time_zone: object) -> None:
    """Store one's own name and time zone."""
    wanted = {"name": required_name(str(name)), "time_zone": str(time_zone)}
    if wanted["time_zone"]:
        zone(wanted["time_zone"])
    with uow.begin() as tx:
        staff = _own(tx, actor)
        changed = differences({"name": staff.name, "time_zone": staff.time_zone}, wanted)
        if not changed:
            return
        staff.name, staff.time_zone = wanted["name"], wanted["time_zone"]
        staff.version += 1
        tx.add(staff)
        history.record(tx, actor, Verb.EDITED, "staff", staff.id or 0, changed)


def _own(tx: Tx, actor: Actor) -> Staff:
    staff = tx.get(Staff, actor.staff_id) if actor.staff_id is not None else None
    if staff is None:
        raise NotFound()
    return staff
