"""One page of rows, found by the key of a neighbouring row: page 10,000 costs what page 1 costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, tuple_
from sqlalchemy.types import TypeEngine

from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.listing import Place


@dataclass(frozen=True)
class Found:
    """The rows of a page in their order, and whether there are any before and after them."""

    rows: list[Any]
    has_previous: bool
    has_next: bool


def rows_by_key(
    tx: Tx,
    statement: Select[Any],
    pair: tuple[ColumnElement[Any], ColumnElement[int]],
    key: tuple[Any, int] | None,
    place: Place,
    *,
    kind: TypeEngine[Any],
    descending: bool,
) -> Found:
    """Return the page of ``statement`` that begins behind ``key``, or ends before it; in the order of ``pair``.

    ``pair`` is a value, of the type ``kind``, and the id. No key: the first page.
    """
    first, own_id = pair
    backwards = bool(place.before) and key is not None
    descending = descending != backwards
    if key is not None:
        at, here = tuple_(literal(key[0], kind), literal(key[1])), tuple_(first, own_id)
        statement = statement.where(here < at if descending else here > at)
    order = (first.desc(), own_id.desc()) if descending else (first, own_id)
    found = list(tx.execute(statement.order_by(*order).limit(place.size + 1)).all())
    more, found = len(found) > place.size, found[: place.size]
    if backwards:
        found.reverse()
    return Found(found, more if backwards else key is not None and bool(found), bool(found) if backwards else more)
