"""What a message says, at the moment of sending."""

from __future__ import annotations

from dataclasses import dataclass

from appointments_app import routes, runtime
from appointments_app.db.queries.deliveries import Claimed
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.message import Channel, Outgoing
from appointments_app.domain.outbox import Reason
from appointments_app.domain.reminder import Anchor
from appointments_app.domain.template import Slug, WrongTemplate
from appointments_app.features.templates import service as templates

_USUAL = {
    (Channel.SMS, True): Slug.CLIENT_SMS,
    (Channel.EMAIL, True): Slug.CLIENT_EMAIL,
    (Channel.SMS, False): Slug.STAFF_SMS,
    (Channel.EMAIL, False): Slug.STAFF_EMAIL,
}
"""What a reminder without a template of its own says, by channel and whether it goes to the client."""
_NOTICE = {
    (Channel.SMS, Anchor.MOVED): Slug.MOVED_SMS,
    (Channel.EMAIL, Anchor.MOVED): Slug.MOVED_EMAIL,
    (Channel.SMS, Anchor.CANCELLED): Slug.CANCELLED_SMS,
    (Channel.EMAIL, Anchor.CANCELLED): Slug.CANCELLED_EMAIL,
    (Channel.SMS, Anchor.CONFIRMED): Slug.BOOKED_SMS,
    (Channel.EMAIL, Anchor.CONFIRMED): Slug.BOOKED_EMAIL,
}
"""The same of what tells clients of changes."""


@dataclass(frozen=True)
class Rendered:
    """What a message says, or why it is not sent."""

    outgoing: Outgoing | None
    reason: Reason | None = None


def render(tx: Tx, claimed: Claimed) -> Rendered:
    """Return a posted message as it was posted, and a reminder as its template says it now."""
    if claimed.live is None:
        posted = Outgoing(
            claimed.channel,
            claimed.address,
            claimed.body,
            claimed.subject,
            claimed.html,
            key=claimed.key,
            unsubscribe=_way_out(claimed),
        )
        return Rendered(posted) if claimed.address else Rendered(None, Reason.NO_ADDRESS)
    live, channel = claimed.live, claimed.channel
    usual = _NOTICE[channel, Anchor(live.notice)] if live.notice else _USUAL[channel, claimed.client_id is not None]
    about = {
        "appointment_id": claimed.appointment_id or 0,
        "staff_id": claimed.staff_id,
        "key": claimed.key,
        "cancelled_at": live.start_at if live.notice == Anchor.CANCELLED else None,
        "others": claimed.others,
    }
    try:
        outgoing = templates.render(tx, claimed.template_id or usual, **about)
        if claimed.template_id and (outgoing is None or outgoing.channel is not claimed.channel):
            # It was deleted, or is one of the channel that the rule was changed to a moment ago.
            outgoing = templates.render(tx, usual, **about)
    except WrongTemplate:
        return Rendered(None, Reason.TEMPLATE)
    if outgoing is None:
        return Rendered(None, Reason.TEMPLATE)
    return Rendered(outgoing) if outgoing.to else Rendered(None, Reason.NO_ADDRESS)


def _way_out(claimed: Claimed) -> str:
    """Return the address that a posted letter's header names: of one that offers it in its text."""
    offers = claimed.client_id and f"{runtime.settings().origin}{routes.UNSUBSCRIBE}/" in claimed.body
    return runtime.unsubscribe_link(client_id=claimed.client_id) if claimed.client_id and offers else ""
