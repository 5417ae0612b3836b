"""What a template says to one person about one appointment, for whoever sends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from appointments_app import runtime
from appointments_app.db.queries import recipients, templates
from appointments_app.db.queries.templates import Loaded
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.appointment import Status
from appointments_app.domain.message import Channel, Outgoing
from appointments_app.domain.ready_made import BY_SLUG, FORMER
from appointments_app.domain.template import Slug
from appointments_app.features.templates.service.compose import Occasion, compose


def render(
    tx: Tx,
    template: int | Slug,
    *,
    appointment_id: int,
    staff_id: int | None = None,
    key: str,
    cancelled_at: datetime | None = None,
    others: int = 0,
) -> Outgoing | None:
    """Return the message of a template about an appointment, as things stand now; None when either is gone.

    ``template`` is an id or a ready-made one. It goes to the client, or to the staff member ``staff_id``, who must be
    assigned. ``to`` is '' when the channel does not reach them. In the recipient's language and zone; an e-mail has a
    text and an HTML part, the .ics file and, for clients, the address to unsubscribe at. ``key`` becomes its ``key``.
    ``cancelled_at``: it tells that this start was cancelled, though the appointment be deleted; ``others``: how many
    further appointments it speaks of.
    """
    loaded, visit = load(tx, template), recipients.visit(tx, appointment_id, deleted=cancelled_at is not None)
    if visit and cancelled_at:
        until = cancelled_at + (visit.end_at - visit.start_at)
        visit = replace(visit, start_at=cancelled_at, end_at=until, status=Status.DISMISSED.value)
    if loaded is None or visit is None:
        return None
    people = [visit.client] if staff_id is None else [each for each in visit.staff if each.id == staff_id]
    if not people:
        return None
    occasion = Occasion(recipients.house(tx), people[0], visit, to_client=staff_id is None, now=tx.now, others=others)
    return compose(dict(loaded.texts), Channel(loaded.channel), occasion, key=key)


def load(tx: Tx, template: int | Slug) -> Loaded | None:
    """Return a template, None when there is none; a ready-made one that was never changed, as it comes."""
    found = templates.load(tx, template)
    if found is None and isinstance(template, Slug):
        made = BY_SLUG[template]
        return Loaded(0, made.channel.value, made.name, made.slug.value, 0, made.texts)
    return found


def make_ready(uow: UnitOfWork) -> None:
    """Have the ready-made templates there; writes nothing, and waits for nobody who does, once they are."""
    with uow.read() as tx:
        if not templates.lacks(tx, BY_SLUG):
            return
    with uow.begin() as tx:
        add_missing(tx)


def add_missing(tx: Tx) -> None:
    """Add the ready-made templates, named in the language of the business, where they are missing."""
    language = recipients.house(tx).language
    named = {slug: (runtime.translate(language, each.name), each) for slug, each in BY_SLUG.items()}
    templates.add_missing(tx, named, FORMER)
