"""The one appointment a use-case is about: to read it or to change it, as far as the actor's permission reaches."""

from __future__ import annotations

from appointments_app.db.queries import booking
from appointments_app.db.queries.booking import Stored
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.errors import NotAllowed, NotFound


def to_read(tx: Tx, actor: Actor, appointment_id: int) -> Stored:
    """Return an appointment; raise NotFound when there is none that the actor may see."""
    found = booking.stored(tx, actor, appointment_id)
    if found is None:
        raise NotFound()
    return found


def to_change(tx: Tx, actor: Actor, permission: Permission, appointment_id: int) -> Stored:
    """Return an appointment that others can't change meanwhile; raise NotAllowed when it may only be seen."""
    found = booking.stored(tx, actor.within(permission), appointment_id, to_change=True)
    if found is None:
        to_read(tx, actor, appointment_id)
        raise NotAllowed()
    return found
