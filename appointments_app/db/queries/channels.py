"""How channels are set up."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from appointments_app.db.models import ChannelSetup
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.message import Channel


@dataclass(frozen=True)
class Stored:
    """A channel as it is stored: ``settings`` is JSON, ``secret`` encrypted."""

    means: str
    active: bool
    settings: str
    secret: str
    version: int


def stored(tx: Tx, channel: Channel) -> Stored | None:
    """Return how a channel is set up, None when it is not."""
    columns = (
        ChannelSetup.means,
        ChannelSetup.active,
        ChannelSetup.settings,
        ChannelSetup.secret,
        ChannelSetup.version,
    )
    row = tx.execute(select(*columns).where(ChannelSetup.channel == channel.value)).first()
    return Stored(*row) if row else None


def store(tx: Tx, channel: Channel, means: str, active: bool, settings: str, secret: str) -> None:
    """Set a channel up, or anew."""
    known = tx.get(ChannelSetup, channel.value)
    setup = known or ChannelSetup(channel=channel.value, version=0, created_at=tx.now)
    setup.means, setup.active, setup.settings, setup.secret = means, active, settings, secret
    setup.version += 1
    tx.add(setup)
    tx.flush()


def remove(tx: Tx, channel: Channel) -> bool:
    """Forget how a channel sends, with its secret; return whether there was anything."""
    setup = tx.get(ChannelSetup, channel.value)
    if setup is not None:
        tx.delete(setup)
        tx.flush()
    return setup is not None
