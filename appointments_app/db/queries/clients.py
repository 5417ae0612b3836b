"""Reading clients: pages by key, capped counts, tags, twins; and writing what goes with a client's row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, insert, or_, select

from appointments_app.db.models import Client, ClientTag, ClientText
from appointments_app.db.queries.appointments import make_key, read_key
from appointments_app.db.queries.by_key import rows_by_key
from appointments_app.db.queries.nearest import Nearest, nearest_active
from appointments_app.db.queries.reach import clients_in_reach, reached_clients
from appointments_app.db.queries.search import FEW, client_body, client_ids
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.client import ClientFields, ClientFilter, ClientTab
from appointments_app.domain.contact import phone_as_read
from appointments_app.domain.listing import COUNT_CAP, Place, Sort
from appointments_app.domain.text import fold
from appointments_app.domain.times import iso

TAGS_SHOWN = 200


@dataclass(frozen=True)
class ClientRow:
    """One line of the list. ``nearest`` are the facts of the nearest active appointment, empty when there is none."""

    id: int
    name: str
    business: str
    email: str
    phone: str
    phone_read: str
    archived: bool
    created_at: str
    tags: list[str] = field(default_factory=list)
    nearest_id: int = 0
    nearest_at: str = ""
    nearest_action: str = ""
    nearest_colour: str = ""


@dataclass(frozen=True)
class ClientPage:
    """One page: its rows and the keys to its neighbours, '' where there is none."""

    rows: list[ClientRow]
    previous: str
    next: str


@dataclass(frozen=True)
class Twin:
    """Another client with the same e-mail address or phone number; ``same`` says which."""

    id: int
    name: str
    same: str


_ROW = (Client.id, Client.name, Client.business_name, Client.email, Client.phone, Client.archived_at, Client.created_at)


def page(tx: Tx, actor: Actor, wanted: ClientFilter, place: Place) -> ClientPage:
    """Return one page of clients, found by key."""
    by_date = place.sort is Sort.CREATED
    first = Client.created_at if by_date else Client.sort_name
    key = read_key(place.before or place.after, Sort.CREATED if by_date else Sort.CLIENT)
    statement = select(*_ROW, first).where(*_conditions(tx, actor, wanted))
    pair, descending = (first, Client.id), bool(place.descending)
    found = rows_by_key(tx, statement, pair, key, place, kind=first.type, descending=descending)
    return ClientPage(
        _rows(tx, actor, found.rows),
        make_key(found.rows[0][-1], found.rows[0][0]) if found.has_previous else "",
        make_key(found.rows[-1][-1], found.rows[-1][0]) if found.has_next else "",
    )


def _rows(tx: Tx, actor: Actor, found: Sequence[Any]) -> list[ClientRow]:
    ids = [row[0] for row in found]
    tags, nearest = tags_of(tx, ids), nearest_active(tx, actor, ids)
    return [
        ClientRow(
            id=row[0],
            name=row[1],
            business=row[2],
            email=row[3],
            phone=row[4],
            phone_read=phone_as_read(row[4]),
            archived=row[5] is not None,
            created_at=iso(row[6]),
            tags=tags.get(row[0], []),
            **_nearest(nearest.get(row[0])),
        )
        for row in found
    ]


def _nearest(row: Nearest | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "nearest_id": row.id,
        "nearest_at": row.start_at,
        "nearest_action": row.action,
        "nearest_colour": row.action_colour,
    }


def _conditions(tx: Tx, actor: Actor, wanted: ClientFilter) -> list[ColumnElement[bool]]:
    is_active = Client.archived_at.is_(None)
    shown = [is_active] if wanted.tab is ClientTab.ACTIVE else [~is_active, Client.erased_at.is_(None)]
    conditions = [*shown, *clients_in_reach(tx, actor)]
    if wanted.tag:
        conditions.append(_tagged(tx, wanted.tag))
    if wanted.search:
        conditions.append(Client.id.in_(client_ids(tx, wanted.search)))
    return conditions


def _tagged(tx: Tx, tag: str) -> ColumnElement[bool]:
    """Return the condition for a tag: few clients are looked up by id, many are met while walking the list in order."""
    having = select(ClientTag.client_id).where(ClientTag.tag == tag)
    if tx.execute(select(func.count()).select_from(having.limit(FEW + 1).subquery())).scalar_one() <= FEW:
        return Client.id.in_(having)
    return exists().where(ClientTag.client_id == Client.id, ClientTag.tag == tag)


def capped_counts(tx: Tx, actor: Actor, wanted: ClientFilter) -> dict[str, int]:
    """Return how many clients each tab would show, counted up to COUNT_CAP + 1, in one statement."""
    counts = [
        select(func.count())
        .select_from(
            select(Client.id).where(*_conditions(tx, actor, replace(wanted, tab=tab))).limit(COUNT_CAP + 1).subquery()
        )
        .scalar_subquery()
        for tab in ClientTab
    ]
    return dict(zip((tab.value for tab in ClientTab), tx.execute(select(*counts)).one(), strict=True))


def exact_count(tx: Tx, actor: Actor, wanted: ClientFilter) -> int:
    """Return how many clients match; grows with the table, so never on a page's path."""
    return tx.execute(select(func.count()).select_from(Client).where(*_conditions(tx, actor, wanted))).scalar_one()


def tags_of(tx: Tx, ids: Sequence[int]) -> dict[int, list[str]]:
    """Return each client's tags, by name."""
    tags: dict[int, list[str]] = {}
    if ids:
        statement = (
            select(ClientTag.client_id, ClientTag.tag).where(ClientTag.client_id.in_(ids)).order_by(ClientTag.tag)
        )
        for client_id, tag in tx.execute(statement):
            tags.setdefault(client_id, []).append(tag)
    return tags


def all_tags(tx: Tx, actor: Actor) -> list[str]:
    """Return the tags in use, by name, hopping along the index from tag to tag; to others those of their clients."""
    if theirs := clients_in_reach(tx, actor):
        known = select(ClientTag.tag).join(Client, Client.id == ClientTag.client_id).where(*theirs).distinct()
        return list(tx.execute(known.order_by(ClientTag.tag).limit(TAGS_SHOWN)).scalars())
    first = select(func.min(ClientTag.tag).label("tag")).cte("tags", recursive=True)
    following = select(func.min(ClientTag.tag)).where(ClientTag.tag > first.c.tag).correlate(first).scalar_subquery()
    tags = first.union_all(select(following).where(first.c.tag.is_not(None)))
    return list(tx.execute(select(tags.c.tag).where(tags.c.tag.is_not(None)).limit(TAGS_SHOWN)).scalars())


def one(tx: Tx, actor: Actor, client_id: int, *, to_change: bool = False) -> Client | None:
    """Return a client, or None when there is none that the actor may know of; ``to_change`` makes others wait."""
    client = tx.get(Client, client_id, with_for_update=to_change or None)
    return client if client is None or reached_clients(tx, actor, [client_id]) else None


def twins(tx: Tx, actor: Actor, email: str, phone: str, *, apart_from: int) -> list[Twin]:
    """Return other clients with this e-mail address or phone number, at most five."""
    same = [column == value for column, value in ((Client.email, email), (Client.phone, phone)) if value]
    if not same:
        return []
    statement = (
        select(Client.id, Client.name, Client.email)
        .where(or_(*same), Client.id != apart_from, *clients_in_reach(tx, actor))
        .limit(5)
    )
    return [Twin(row[0], row[1], "email" if email and row[2] == email else "phone") for row in tx.execute(statement)]


def fields_of(tx: Tx, client: Client) -> ClientFields:
    """Return a client's data."""
    tags = tags_of(tx, [client.id or 0]).get(client.id or 0, [])
    columns = {name: getattr(client, name) for name in ClientFields("").columns()}
    return ClientFields(**columns, tags=tuple(tags))


def write(tx: Tx, client: Client, fields: ClientFields) -> int:
    """Put the fields into the client's row, its tags and the text it is found by; return the id."""
    for name, value in fields.columns().items():
        setattr(client, name, value)
    client.sort_name = fold(fields.name)
    tx.add(client)
    tx.flush()
    assert client.id is not None
    _write_tags(tx, client.id, fields.tags)
    body = client_body(fields.name, fields.business_name, fields.email, fields.phone, fields.tags)
    text = tx.get(ClientText, client.id)
    if text is None or text.body != body:
        tx.merge(ClientText(client_id=client.id, body=body))
    tx.flush()
    return client.id


def _write_tags(tx: Tx, client_id: int, tags: Iterable[str]) -> None:
    before, after = set(tags_of(tx, [client_id]).get(client_id, [])), set(tags)
    if before - after:
        tx.execute(delete(ClientTag).where(ClientTag.client_id == client_id, ClientTag.tag.in_(before - after)))
    if after - before:
        tx.execute(insert(ClientTag), [{"client_id": client_id, "tag": tag} for tag in sorted(after - before)])
