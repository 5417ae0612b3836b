"""Use-cases of the half-filled form: kept at every change, found again after a reload, a reconnect or a restart."""

from __future__ import annotations

import json
from collections.abc import Mapping

from appointments_app.db.queries import drafts
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.booking import is_form_token
from appointments_app.domain.errors import Invalid, NotAllowed, NotFound
from appointments_app.domain.series import NO_REPEAT
from appointments_app.domain.words import N_
from appointments_app.features.appointments.service.known import to_read

LONGEST_DRAFT = 100_000
FIELDS = (
    "client", "work_order", "action", "date", "time", "duration", "duration_chosen", "staff", "notes", "shared",
    *NO_REPEAT,
)  # fmt: skip


def token_for(actor: Actor, appointment_id: int | None, token: str) -> str:
    """Return the token of a form: its own for a new appointment, one per person and appointment for an old one."""
    if appointment_id is not None:
        return f"edit-{actor.staff_id}-{appointment_id}"
    if not is_form_token(token):
        raise Invalid(N_("This form is not valid any more. Open a new one."))
    return token


def keep(
    uow: UnitOfWork,
    *,
    actor: Actor,
    token: str,
    form: Mapping[str, object],
    appointment_id: int | None = None,
    version: int = 0,
    since: int = 0,
) -> None:
    """Keep what is typed so far. Nothing happens once the form was saved."""
    actor.require(Permission.ADD if appointment_id is None else Permission.EDIT)
    staff_id = _person(actor)
    token = token_for(actor, appointment_id, token)
    payload = json.dumps({**_known(form), "version": version, "since": since})
    if len(payload) > LONGEST_DRAFT:
        return
    with uow.begin() as tx:
        if appointment_id is not None:
            to_read(tx, actor.within(Permission.EDIT), appointment_id)
        before = drafts.get(tx, token)
        if before is None:
            drafts.purge(tx)
        elif before.staff_id != staff_id:
            raise NotFound()
        elif before.saved_id is not None:
            return
        drafts.write(tx, token, staff_id, payload)


def discard(uow: UnitOfWork, *, actor: Actor, token: str, appointment_id: int | None = None) -> None:
    """Forget what was typed. A form that was saved stays known, so that it can't be saved again."""
    token = token_for(actor, appointment_id, token)
    with uow.begin() as tx:
        before = drafts.get(tx, token)
        if before is not None and before.staff_id == actor.staff_id and before.saved_id is None:
            drafts.forget(tx, token)


def restored(tx: Tx, actor: Actor, token: str) -> tuple[dict[str, object] | None, int | None]:
    """Return what was typed under a token, if anything, and the appointment it became. Others' drafts: NotFound."""
    before = drafts.get(tx, token)
    if before is None:
        return None, None
    if before.staff_id != actor.staff_id:
        raise NotFound()
    return (json.loads(before.payload) if before.payload else None), before.saved_id


def _known(form: Mapping[str, object]) -> dict[str, object]:
    return {name: form[name] for name in FIELDS if isinstance(form.get(name), (str, bool, list))}


def _person(actor: Actor) -> int:
    if actor.staff_id is None:
        raise NotAllowed()
    return actor.staff_id
