"""What is a client's own: their shared appointments (R11), and what they may do about them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from appointments_app.db.queries import appointments, bulk, client_requests, history, visits
from appointments_app.db.queries.visits import Key, Visit
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.appointment import Status
from appointments_app.domain.change import Verb
from appointments_app.domain.errors import Invalid, NotFound
from appointments_app.domain.event import Event
from appointments_app.domain.listing import record_id
from appointments_app.domain.portal import LONGEST_MESSAGE, ClientActor, How, Request, may_ask, may_confirm
from appointments_app.domain.text import many_lines
from appointments_app.domain.times import to_wall
from appointments_app.domain.words import N_
from appointments_app.features.appointments.service.confirmation import confirm as confirm_step
from appointments_app.features.portal.service.facts import facts_in

SIZE = 20
_TOO_LATE = N_("It is too late to change this online. Please call us.")


@dataclass(frozen=True)
class Page:
    """Some appointments and the key of the last one when there are more."""

    visits: list[Visit]
    next: Key | None
    now: datetime


def upcoming(uow: UnitOfWork, *, actor: ClientActor, after: Key | None = None) -> Page:
    """Return what lies ahead of the client, soonest first."""
    with uow.read() as tx:
        return _paged(tx, visits.ahead(tx, actor.client_id, after=after, size=SIZE)) if _sees(actor) else _none(tx)


def past(uow: UnitOfWork, *, actor: ClientActor, after: Key | None = None) -> Page:
    """Return what is over or was called off, latest first."""
    with uow.read() as tx:
        return _paged(tx, visits.behind(tx, actor.client_id, after=after, size=SIZE)) if _sees(actor) else _none(tx)


def open_one(uow: UnitOfWork, *, actor: ClientActor, appointment_id: int) -> Visit:
    """Return one of the client's appointments; raise NotFound for any other."""
    with uow.read() as tx:
        return _one(tx, actor, appointment_id)


def confirm(uow: UnitOfWork, *, actor: ClientActor, appointment_id: int) -> bool:
    """Confirm an appointment; False when it was confirmed already. Raises NotFound, or Invalid when it is too late."""
    actor.require_self()
    actor.require("confirm")
    with uow.begin() as tx:
        visit = _one(tx, actor, appointment_id)
        if not may_confirm(visit.status, visit.start_at, shared=True, now=tx.now):
            raise Invalid(_TOO_LATE)
        return confirm_step(tx, actor, visit.id, visit.start_at, by=actor.name, how=How.PORTAL)


def cancel(uow: UnitOfWork, *, actor: ClientActor, appointment_id: int, message: str) -> None:
    """Call an appointment off: it is dismissed, and staff are told. Raises NotFound, or Invalid when it is too late."""
    actor.require_self()
    actor.require("cancel")
    text = _message(message)
    with uow.begin() as tx:
        visit = _in_time(tx, actor, appointment_id)
        change_id = history.open_change(tx, actor, Verb.DISMISSED)
        bulk.set_status(tx, change_id, appointments.with_ids([visit.id]), Status.DISMISSED, bulk.keep_going)
        client_requests.ask(tx, appointment_id=visit.id, client_id=actor.client_id, kind=Request.CANCEL, message=text)


def ask_other_time(uow: UnitOfWork, *, actor: ClientActor, appointment_id: int, message: str) -> None:
    """Ask for another time in the client's own words. Raises NotFound, or Invalid when it is too late."""
    actor.require_self()
    actor.require("ask_other_time")
    text = _message(message)
    if not text:
        raise Invalid(fields={"message": N_("Tell us which times would suit you.")})
    with uow.begin() as tx:
        visit = _in_time(tx, actor, appointment_id)
        client_requests.ask(
            tx, appointment_id=visit.id, client_id=actor.client_id, kind=Request.OTHER_TIME, message=text
        )
        history.record(tx, actor, Verb.ASKED, "appointment", visit.id, {"message": ("", text)})


def calendar_event(uow: UnitOfWork, *, actor: ClientActor, appointment_id: int) -> Event:
    """Return an appointment for the client's own calendar: when, where and what, without notes."""
    with uow.read() as tx:
        visit, business = _one(tx, actor, appointment_id), facts_in(tx)
    summary = f"{business.name} – {visit.action}" if visit.action else business.name
    start = to_wall(visit.start_at, actor.time_zone).replace(tzinfo=None)
    about = "\n".join(part for part in (", ".join(visit.staff), business.address, business.phone_read) if part)
    return Event(
        visit.uid,
        start,
        actor.time_zone,
        visit.end_at - visit.start_at,
        summary,
        description=about,
        sequence=visit.version - 1,
    )


def _sees(actor: ClientActor) -> bool:
    return actor.rules.portal_on and actor.rules.view_appointments


def _one(tx: Tx, actor: ClientActor, appointment_id: int) -> Visit:
    visit = visits.one(tx, actor.client_id, record_id(appointment_id)) if _sees(actor) else None
    if visit is None:
        raise NotFound()
    return visit


def _in_time(tx: Tx, actor: ClientActor, appointment_id: int) -> Visit:
    visit = _one(tx, actor, appointment_id)
    if not may_ask(actor.rules, visit.status, visit.start_at, now=tx.now):
        raise Invalid(_TOO_LATE)
    return visit


def _message(text: str) -> str:
    message = many_lines(text, LONGEST_MESSAGE + 1).strip()
    if len(message) > LONGEST_MESSAGE:
        raise Invalid(fields={"message": N_("This is too long.")})
    return message


def _paged(tx: Tx, found: list[Visit]) -> Page:
    shown = found[:SIZE]
    return Page(shown, shown[-1].key if len(found) > SIZE else None, tx.now)


def _none(tx: Tx) -> Page:
    return Page([], None, tx.now)
