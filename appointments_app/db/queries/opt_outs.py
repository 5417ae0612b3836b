"""Clients who want no messages by a channel."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from appointments_app.db.models import Client, OptOut
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.message import Channel
from appointments_app.domain.opt_out import How
from appointments_app.domain.times import iso


@dataclass(frozen=True)
class OptOutRow:
    """One channel by which a client wants nothing: since when, and how they said so."""

    channel: str
    how: str
    at: str


def of_client(tx: Tx, client_id: int) -> list[OptOutRow]:
    """Return by which channels a client wants nothing."""
    rows = select(OptOut.channel, OptOut.how, OptOut.at).where(OptOut.client_id == client_id)
    return [OptOutRow(channel, how, iso(at)) for channel, how, at in tx.execute(rows)]


def channels_wanted(tx: Tx, client_id: int) -> set[Channel]:
    """Return by which channels a client wants messages: all but those opted out of."""
    return set(Channel) - {Channel(row.channel) for row in of_client(tx, client_id)}


def add(tx: Tx, client_id: int, channel: Channel, how: How) -> bool:
    """Note that a client wants nothing by a channel; return whether that is new."""
    upsert = sqlite.insert if tx.is_sqlite else postgresql.insert
    values = {"client_id": client_id, "channel": channel.value, "how": how.value, "at": tx.now}
    added = upsert(OptOut).values(values).on_conflict_do_nothing().returning(OptOut.client_id)
    return tx.execute(added).first() is not None


def remove(tx: Tx, client_id: int, channel: Channel) -> bool:
    """Note that a client wants messages by a channel again; return whether they did not."""
    gone = delete(OptOut).where(OptOut.client_id == client_id, OptOut.channel == channel.value)
    return tx.execute(gone).rowcount > 0


def with_phone(tx: Tx, phone: str) -> list[int]:
    """Return the clients with this number."""
    return list(tx.execute(select(Client.id).where(Client.phone == phone).order_by(Client.id)).scalars())
