"""The choices of drop-downs: actions, staff, clients found by what was typed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Dialect, literal_column, not_, select, union_all
from sqlmodel import col

from appointments_app.db.models import Action, Client, Staff
from appointments_app.db.models.staff import address_of
from appointments_app.db.queries.prepared import Prepared, prepare, run
from appointments_app.db.queries.reach import clients_in_reach
from appointments_app.db.queries.search import client_ids
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.contact import phone_as_read
from appointments_app.domain.text import fold

SHOWN = 20


@dataclass(frozen=True)
class Choice:
    """One entry of a drop-down. ``id`` is text, as the browser holds it."""

    id: str
    name: str
    detail: str = ""
    colour: str = ""


def of_filters(tx: Tx) -> tuple[list[Choice], list[Choice]]:
    """Return the active actions in their order and the active staff by name, in one statement."""
    choices: tuple[list[Choice], list[Choice]] = [], []
    for is_person, _place, row_id, name, detail, colour in run(tx, _filters_statement(tx.get_bind().dialect), {}):
        choices[is_person].append(Choice(str(row_id), name, address_of(detail), colour))
    return choices


@lru_cache(maxsize=8)
def _filters_statement(dialect: Dialect) -> Prepared:
    kind, nothing = literal_column("0").label("kind"), literal_column("''")
    offered = select(kind, Action.position.label("place"), Action.id, Action.name, nothing, Action.colour)
    people = select(literal_column("1"), literal_column("0"), Staff.id, Staff.name, Staff.email, Staff.colour)
    both = union_all(offered.where(Action.active.is_(True)), people.where(Staff.active.is_(True)))
    return prepare(both.order_by("kind", "place", "name", "id"), dialect)


def staff(tx: Tx, search: str = "") -> list[Choice]:
    """Return the active staff whose name contains ``search``, by name."""
    rows = run(tx, _staff_statement(tx.get_bind().dialect), {})
    found = [Choice(str(row[0]), row[1], address_of(row[2]), row[3]) for row in rows]
    wanted = search.casefold()
    return [choice for choice in found if wanted in choice.name.casefold()] if wanted else found


@lru_cache(maxsize=8)
def _staff_statement(dialect: Dialect) -> Prepared:
    columns = select(Staff.id, Staff.name, Staff.email, Staff.colour)
    return prepare(columns.where(Staff.active.is_(True)).order_by(Staff.name, Staff.id), dialect)


def clients(tx: Tx, actor: Actor, search: str) -> list[Choice]:
    """Return the first clients that ``search`` finds, those with it in their name first; archived ones are left out."""
    on_offer = Client.archived_at.is_(None), *clients_in_reach(tx, actor)
    statement = select(Client.id, Client.name, Client.business_name, Client.phone).where(*on_offer)
    if search.strip():
        statement = statement.where(Client.id.in_(client_ids(tx, search)))
        statement = statement.order_by(not_(col(Client.sort_name).contains(fold(search), autoescape=True)))
    rows = tx.execute(statement.order_by(Client.sort_name, Client.id).limit(SHOWN))
    return [
        Choice(str(row_id), name, " · ".join(filter(None, (business, phone_as_read(phone)))))
        for row_id, name, business, phone in rows
    ]
