"""Use-cases of the wizard: what each step shows, from what the address has decided so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from appointments_app.db.queries import booking, bookings, drafts, services
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.queries.reach import reached_clients
from appointments_app.db.queries.services import ServiceRow
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.booking import is_form_token
from appointments_app.domain.errors import NotFound
from appointments_app.domain.listing import is_id
from appointments_app.domain.text import many_lines
from appointments_app.domain.times import iso
from appointments_app.features.bookings.service.book import NOTES_LIMIT
from appointments_app.features.bookings.service.free import (
    FreeDay,
    Search,
    day_of,
    days_from,
    need_of,
    read_start,
    staff_of,
)

ANYONE = "any"


class Step(StrEnum):
    """The steps, in their order."""

    SERVICE = "service"
    STAFF = "staff"
    TIME = "time"
    CLIENT = "client"
    COMPLETE = "complete"


@dataclass(frozen=True)
class WizardView:
    """What the wizard shows. Choices that the address does not hold, or that are not possible, are empty."""

    step: Step
    services: list[ServiceRow] = field(default_factory=list)
    service: ServiceRow | None = None
    staff: str = ""
    staff_name: str = ""
    start_at: str = ""
    end_at: str = ""
    client: Choice | None = None
    notes: str = ""
    saved_id: int = 0
    days: list[FreeDay] = field(default_factory=list)
    first_day: str = ""
    later_day: str = ""


def open_wizard(uow: UnitOfWork, *, actor: Actor, query: Mapping[str, str]) -> WizardView:
    """Return the step that the address asks for, or the first one whose choice is still open."""
    actor.require(Permission.ADD)
    with uow.read() as tx:
        offered = services.rows(tx, active=True)
        service = next((one for one in offered if str(one.id) == query.get("service", "")), None)
        staff = staff_choice(service, query.get("staff", ""))
        start = _start(tx, query.get("start", "")) if service and staff else None
        client_id = query.get("client", "")
        may_know = is_id(client_id) and reached_clients(tx, actor, [int(client_id)])
        client = booking.client_choice(tx, int(client_id)) if may_know else None
        step = _step(query.get("step", ""), service, staff, start, client)
        days, first, later = (
            _days(tx, actor, service, staff, query.get("day", "")) if step is Step.TIME else ([], "", "")
        )
        notes, saved_id = _kept(tx, actor, query.get("form", ""))
        return WizardView(
            step=step,
            services=offered if step is Step.SERVICE else [],
            service=service,
            staff=staff,
            staff_name=next((one.name for one in service.staff if one.id == staff), "") if service else "",
            start_at=iso(start) if start else "",
            end_at=iso(start + timedelta(minutes=service.minutes)) if start and service else "",
            client=client,
            notes=notes,
            saved_id=saved_id,
            days=days,
            first_day=first,
            later_day=later,
        )


def keep_notes(uow: UnitOfWork, *, actor: Actor, token: object, notes: object) -> None:
    """Keep the notes as far as they are typed, for a reload or another step."""
    actor.require(Permission.ADD)
    if not is_form_token(token) or actor.staff_id is None or not isinstance(notes, str):
        return
    with uow.begin() as tx:
        before = drafts.get(tx, str(token))
        if before is not None and (before.staff_id != actor.staff_id or before.saved_id is not None):
            return
        drafts.write(tx, str(token), actor.staff_id, many_lines(notes, NOTES_LIMIT))


def _kept(tx: Tx, actor: Actor, token: str) -> tuple[str, int]:
    made = bookings.made_with(tx, token) if is_form_token(token) else None
    if made is not None:
        return "", made[0] if made[1] == actor.staff_id else 0
    before = drafts.get(tx, token) if is_form_token(token) else None
    if before is None or before.staff_id != actor.staff_id:
        return "", 0
    return before.payload, 0


def staff_choice(service: ServiceRow | None, wanted: str) -> str:
    """Return the staff member an address names, or ANYONE; '' for what is not possible."""
    if service is None or wanted == ANYONE:
        return wanted if service and service.staff else ""
    return wanted if is_id(wanted) and staff_of(service, wanted) else ""


def _start(tx: Tx, text: str) -> datetime | None:
    try:
        start = read_start(text)
    except NotFound:
        return None
    return start if start > tx.now else None


def _step(asked: str, service: ServiceRow | None, staff: str, start: datetime | None, client: Choice | None) -> Step:
    """Return the step asked for, unless an earlier one is still open."""
    chosen = (service is not None, bool(staff), start is not None, client is not None)
    still_open = next((step for step, is_chosen in zip(Step, chosen, strict=False) if not is_chosen), Step.COMPLETE)
    if asked not in Step._value2member_map_:
        return still_open
    order = list(Step)
    return min(Step(asked), still_open, key=order.index)


def _days(tx: Tx, actor: Actor, service: ServiceRow | None, staff: str, day: str) -> tuple[list[FreeDay], str, str]:
    assert service is not None
    first = day_of(day, actor.time_zone, tx.now)
    search = Search(need_of(service), staff_of(service, staff), tx.now, tx.now)
    found = days_from(tx, actor.time_zone, service, search, first)
    return found.days, found.first_day, found.later_day
