"""What clients may do, and their sign-ins to the portal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import and_, delete, func, select, update

from appointments_app.db.models import Business, Client, ClientAccess, ClientLink, ClientSettings, ClientSignIn
from appointments_app.db.queries.prepared import among
from appointments_app.db.queries.staff import one_at_a_time
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.portal import ClientActor, ClientRules

MOST_SHARING = 5
"""So many clients who share an address may sign in with it; of more, nobody is asked which one they are."""


def settings(tx: Tx) -> ClientSettings:
    """Return the settings to read or change; a new row with the defaults when nobody has saved any."""
    return tx.get(ClientSettings, 1) or ClientSettings()


def settings_to_change(tx: Tx) -> ClientSettings:
    """Return the settings, locked by way of the business: two who save at once wait for each other."""
    one_at_a_time(tx)
    return settings(tx)


def rules_of(row: ClientSettings) -> ClientRules:
    """Return what the settings let clients do."""
    return ClientRules(**{each.name: getattr(row, each.name) for each in fields(ClientRules)})


def rules(tx: Tx) -> ClientRules:
    """Return what clients may do."""
    return rules_of(settings(tx))


def actor_by_token(tx: Tx, token_hash: str) -> tuple[ClientActor, datetime] | None:
    """Return the client who is signed in with this token, and when last seen; None when suspended or signed out."""
    statement = (
        select(
            Client.id, Client.name, Client.language, Client.time_zone, Business.language, Business.time_zone,
            ClientSignIn.staff_id, ClientSignIn.last_seen_at,
        )
        .select_from(ClientSignIn)
        .join(Client, Client.id == ClientSignIn.client_id)
        .join(Business, Business.id == 1)
        .outerjoin(ClientAccess, ClientAccess.client_id == Client.id)
        .where(
            ClientSignIn.token_hash == token_hash,
            ClientSignIn.expires_at > tx.now,
            Client.archived_at.is_(None),
            ClientAccess.suspended_at.is_(None),
        )
    )  # fmt: skip
    row = tx.execute(statement).first()
    if row is None:
        return None
    actor = ClientActor(row[0], row[1], row[2] or row[4], row[3] or row[5], rules(tx), seen_by=row[6])
    return actor, row[7]


def begin(tx: Tx, token_hash: str, client_id: int, *, expires_at: datetime, staff_id: int | None = None) -> None:
    """Sign a client in; with ``staff_id``, let a staff member look on."""
    tx.add(
        ClientSignIn(
            token_hash=token_hash,
            client_id=client_id,
            staff_id=staff_id,
            created_at=tx.now,
            last_seen_at=tx.now,
            expires_at=expires_at,
        )
    )


def touch(tx: Tx, token_hash: str, expires_at: datetime) -> None:
    """Note that a sign-in was used and prolong it."""
    used = update(ClientSignIn).where(ClientSignIn.token_hash == token_hash)
    tx.execute(used.values(last_seen_at=tx.now, expires_at=expires_at))


def last_seen(tx: Tx, client_id: int) -> datetime | None:
    """Return when a client was last in the portal, as far as their sign-ins tell."""
    own = (ClientSignIn.client_id == client_id, ClientSignIn.staff_id.is_(None))
    return tx.execute(select(func.max(ClientSignIn.last_seen_at)).where(*own)).scalar_one()


def end(tx: Tx, token_hash: str) -> None:
    """End one sign-in; nothing when there is none."""
    tx.execute(delete(ClientSignIn).where(ClientSignIn.token_hash == token_hash))


def end_all(tx: Tx, client_id: int, *, but: str = "") -> None:
    """End every sign-in of a client but one, and make links that were sent worthless."""
    tx.execute(delete(ClientSignIn).where(ClientSignIn.client_id == client_id, ClientSignIn.token_hash != but))
    tx.execute(delete(ClientLink).where(ClientLink.client_id == client_id))


def end_of_many(tx: Tx, client_ids: Sequence[int]) -> None:
    """End every sign-in of these clients, and make links that were sent to them worthless."""
    if not client_ids:
        return
    for table in (ClientSignIn, ClientLink):
        theirs = among(table.client_id, "ids", is_sqlite=tx.is_sqlite, values=client_ids)
        tx.execute(delete(table).where(theirs).execution_options(synchronize_session=False))


def forget_expired(tx: Tx) -> None:
    """Remove sign-ins and links that have ended by themselves."""
    tx.execute(delete(ClientSignIn).where(ClientSignIn.expires_at <= tx.now))
    tx.execute(delete(ClientLink).where(ClientLink.expires_at <= tx.now))


def add_link(tx: Tx, token_hash: str, client_id: int, expires_at: datetime) -> None:
    """Keep a link that signs a client in."""
    tx.add(ClientLink(token_hash=token_hash, client_id=client_id, expires_at=expires_at))


def language_of_link(tx: Tx, token_hash: str) -> str | None:
    """Return the language of the client a link would sign in, '' for the business's; None when it is not good."""
    found = (
        select(Client.language)
        .join(ClientLink, ClientLink.client_id == Client.id)
        .where(ClientLink.token_hash == token_hash, ClientLink.expires_at > tx.now)
    )
    return tx.execute(found).scalar()


def use_link(tx: Tx, token_hash: str) -> int | None:
    """Use a link up and return whose it was; None when it is used, old or unknown: of two at once, one is first."""
    used = delete(ClientLink).where(ClientLink.token_hash == token_hash, ClientLink.expires_at > tx.now)
    row = tx.execute(used.returning(ClientLink.client_id)).first()
    return row[0] if row else None


def who_has(tx: Tx, *, email: str = "", phone: str = "") -> list[Client]:
    """Return the clients with this address or number who may sign in; none when too many share it."""
    same = Client.email == email if email else Client.phone == phone
    statement = (
        select(Client)
        .outerjoin(ClientAccess, ClientAccess.client_id == Client.id)
        .where(and_(same, Client.archived_at.is_(None), ClientAccess.suspended_at.is_(None)))
        .order_by(Client.id)
        .limit(MOST_SHARING + 1)
    )
    found = list(tx.execute(statement).scalars()) if email or phone else []
    return found if len(found) <= MOST_SHARING else []


def passwords_of(tx: Tx, clients: Collection[Client]) -> dict[int, str]:
    """Return the hash of each client who has set a password."""
    of_them = ClientAccess.client_id.in_([each.id for each in clients])
    rows = tx.execute(select(ClientAccess.client_id, ClientAccess.password_hash).where(of_them))
    return {row[0]: row[1] for row in rows if row[1]}


def access(tx: Tx, client_id: int) -> ClientAccess:
    """Return how a client may sign in, to read or change; a new row when nothing was ever set."""
    return tx.get(ClientAccess, client_id) or ClientAccess(client_id=client_id)
