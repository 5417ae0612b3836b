"""What a message says, at the moment of sending."""

from __future__ import annotations

from dataclasses import dataclass

from appointments_app import runtime
from appointments_app.db.queries import sign_ins
from appointments_app.db.queries.deliveries import Claimed
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.message import Outgoing
from appointments_app.domain.outbox import Reason
from appointments_app.domain.times import to_wall
from appointments_app.domain.words import N_

SUBJECT = N_("Reminder: {day} at {time}")
TEXT = N_("{business}: your appointment is on {day} at {time}.")


@dataclass(frozen=True)
class Rendered:
    """What a message says, or why it is not sent."""

    outgoing: Outgoing | None
    reason: Reason | None = None


def render(tx: Tx, claimed: Claimed) -> Rendered:
    """Return a posted message as it was posted, and a reminder in the words of its recipient's language and zone."""
    live = claimed.live
    if live is None:
        posted = Outgoing(
            claimed.channel, claimed.address, claimed.body, claimed.subject, claimed.html, key=claimed.key
        )
        return Rendered(posted) if claimed.address else Rendered(None, Reason.NO_ADDRESS)
    business = sign_ins.business(tx)
    wall = to_wall(live.start_at, live.recipient_zone)
    values = {
        "business": business.name if business else "",
        "day": f"{wall:%Y-%m-%d}",
        "time": f"{wall:%H:%M}",
    }
    subject, text = (runtime.translate(claimed.language, words, **values) for words in (SUBJECT, TEXT))
    return Rendered(Outgoing(claimed.channel, live.address, text, subject, key=claimed.key))
