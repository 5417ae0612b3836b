"""What a message says, at the moment of sending."""

from __future__ import annotations

from dataclasses import dataclass, replace

from appointments_app.db.queries.deliveries import Claimed
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.message import Channel, Outgoing
from appointments_app.domain.outbox import Reason
from appointments_app.domain.template import Slug
from appointments_app.features.templates import service as templates

TO_CLIENTS = {Channel.SMS: Slug.CLIENT_SMS, Channel.EMAIL: Slug.CLIENT_EMAIL}
TO_STAFF = {Channel.SMS: Slug.STAFF_SMS, Channel.EMAIL: Slug.STAFF_EMAIL}


@dataclass(frozen=True)
class Rendered:
    """What a message says, or why it is not sent."""

    outgoing: Outgoing | None
    reason: Reason | None = None


def render(tx: Tx, claimed: Claimed) -> Rendered:
    """Return a posted message as it was posted, and a reminder as its rule's template says it now."""
    if claimed.live is None:
        posted = Outgoing(
            claimed.channel, claimed.address, claimed.body, claimed.subject, claimed.html, key=claimed.key
        )
        return Rendered(posted) if claimed.address else Rendered(None, Reason.NO_ADDRESS)
    ready_made = (TO_STAFF if claimed.client_id is None else TO_CLIENTS)[claimed.channel]
    said = templates.render(
        tx,
        claimed.template_id or ready_made,
        appointment_id=claimed.appointment_id or 0,
        staff_id=claimed.staff_id,
        key=claimed.key,
    )
    if said is None or said.channel is not claimed.channel or not said.text:
        return Rendered(None, Reason.TEMPLATE)
    return Rendered(replace(said, to=claimed.live.address))
