"""Use-cases of confirming (R30, R31): by the client's link, in the portal, or by phone through the staff."""

from __future__ import annotations

from datetime import datetime

from appointments_app import runtime
from appointments_app.db.queries import client_requests, history, visits
from appointments_app.db.queries.booking import Stored
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.appointment import is_active
from appointments_app.domain.change import Author, Verb, as_text
from appointments_app.domain.errors import Invalid, NotFound
from appointments_app.domain.listing import record_id
from appointments_app.domain.portal import How, may_confirm
from appointments_app.domain.words import N_
from appointments_app.features.appointments.service.known import to_change


def confirm(
    tx: Tx, author: Author, appointment_id: int, start_at: datetime, *, by: str, how: How, only_shared: bool = True
) -> bool:
    """Confirm as a step of a use-case, with its entry in the audit trail; False when somebody was first or it moved."""
    if not visits.confirm(tx, appointment_id, start_at, by=by, how=how, only_shared=only_shared):
        return False
    fields = {"confirmed_at": ("", as_text(tx.now)), "confirmed_how": ("", how.value)}
    history.record(tx, author, Verb.CONFIRMED, "appointment", appointment_id, fields)
    return True


def confirm_by_phone(uow: UnitOfWork, *, actor: Actor, appointment_id: object) -> None:
    """Note that the client confirmed on the phone. Harmless when it is confirmed already."""
    with uow.begin() as tx:
        old = _to_change(tx, actor, appointment_id)
        if not is_active(old.status, old.booking.end_at, now=tx.now):
            raise Invalid(N_("Only a scheduled appointment that is not over can be confirmed."))
        confirm(tx, actor, old.id, old.booking.start_at, by=actor.name, how=How.PHONE, only_shared=False)


def take_confirmation_back(uow: UnitOfWork, *, actor: Actor, appointment_id: object) -> None:
    """Make an appointment unconfirmed again; harmless when it is."""
    with uow.begin() as tx:
        old = _to_change(tx, actor, appointment_id)
        if visits.unconfirm(tx, old.id):
            fields = {"confirmed_at": (as_text(old.confirmed_at), "")}
            history.record(tx, actor, Verb.EDITED, "appointment", old.id, fields)


def confirm_link(uow: UnitOfWork, *, actor: Actor, appointment_id: object) -> str:
    """Return the link under which the client confirms; raise Invalid when nothing could be confirmed with it."""
    with uow.begin() as tx:
        linked = visits.linked(tx, _to_change(tx, actor, appointment_id).id)
        now = tx.now
    if linked is None:
        raise NotFound()
    if not linked.shared:
        raise Invalid(N_("Share the appointment with the client first."))
    if not may_confirm(linked.status, linked.start_at, shared=True, now=now):
        raise Invalid(N_("Only a scheduled appointment that has not begun can be confirmed by link."))
    return runtime.confirm_link(
        appointment_id=linked.id,
        client_id=linked.client_id,
        start_at=linked.start_at,
        links_revoked=linked.links_revoked,
    )


def revoke_links(uow: UnitOfWork, *, actor: Actor, appointment_id: object) -> None:
    """Make every link that was given out for an appointment worthless."""
    with uow.begin() as tx:
        old = _to_change(tx, actor, appointment_id)
        visits.revoke_links(tx, old.id)
        history.record(tx, actor, Verb.EDITED, "appointment", old.id, {"links_revoked": ("", "1")})


def settle_request(uow: UnitOfWork, *, actor: Actor, appointment_id: object) -> None:
    """Take what the client asked off the list; harmless when somebody did already."""
    with uow.begin() as tx:
        old = _to_change(tx, actor, appointment_id)
        if client_requests.settle(tx, [old.id], actor.staff_id):
            history.record(tx, actor, Verb.SETTLED, "appointment", old.id)


def _to_change(tx: Tx, actor: Actor, appointment_id: object) -> Stored:
    actor.require(Permission.STATUS)
    return to_change(tx, actor, Permission.STATUS, record_id(appointment_id))
