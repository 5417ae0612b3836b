"""The world that messages are sent to, as a sender's interface shows it."""

from __future__ import annotations

from dataclasses import dataclass, field

from appointments_app.db.queries.deliveries import Claimed
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.message import Channel, DeliveryError, Outgoing, Receipt
from appointments_app.features.messages.service.sending import Lane, Rendered
from tests.appointments.conftest import Practice


@dataclass
class World:
    """Keeps what it was sent; ``refusals`` are raised first, one at a time."""

    got: list[Outgoing] = field(default_factory=list)
    refusals: list[Exception] = field(default_factory=list)

    def send(self, outgoing: Outgoing) -> Receipt:
        """Take one message."""
        if self.refusals:
            raise self.refusals.pop(0)
        self.got.append(outgoing)
        return Receipt(f"id-{len(self.got)}")


def busy() -> DeliveryError:
    """Return what a server that is busy for the moment says."""
    return DeliveryError("Try later.", permanent=False)


def plainly(_tx: Tx, claimed: Claimed) -> Rendered:
    """Say what is known of a message."""
    to = claimed.live.address if claimed.live else claimed.address
    return Rendered(Outgoing(claimed.channel, to, claimed.body or "Soon.", claimed.subject, key=claimed.key))


def lane(practice: Practice, world: World, channel: Channel = Channel.EMAIL, worker: str = "one") -> Lane:
    """Return the lane of a worker that sends to this world."""
    return Lane(practice.uow, channel, worker, lambda: world, plainly, chance=lambda: 0.5)
