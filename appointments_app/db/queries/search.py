"""Substring search over clients and appointments: any three letters, a million rows, both databases.

Words stand all in the client's text, or all in the notes, or all in the action's name. Words of fewer than three
letters can't use a trigram index: alone they are looked up as the beginning of a client's name, beside longer ones
row by row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Integer,
    Select,
    String,
    bindparam,
    exists,
    false,
    literal_column,
    or_,
    select,
    text,
    union,
    union_all,
)  # fmt: skip

from appointments_app.db.models import (
    Action,
    Appointment,
    AppointmentText,
    Client,
    ClientText,
    WorkOrder,
    WorkOrderText,
)
from appointments_app.db.queries.prepared import Prepared, among, prepare, run
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.text import digits, fold

FEW = 8_000
"""Up to so many matches are looked up by id; beyond, walking the list in order finds a page sooner."""
LAST = "\U0010ffff"

Bind = Callable[[str, Any], Any]


@dataclass(frozen=True)
class Found:
    """How a search is carried out: by ``ids``, row by row (``rows``), or as a ``set`` of ids; '' when there is none."""

    kind: str = ""
    long: int = 0
    short: int = 0
    """How many long and short words."""


EVERYTHING = Found()


def words_of(search: str) -> list[str]:
    """Return the folded words to look for; a phone number becomes its digits without leading zeros."""
    folded = fold(search)
    number = digits(folded).lstrip("0")
    if number and not any(letter.isalpha() for letter in folded):
        return [number]
    return folded.split()


def client_body(name: str, business_name: str, email: str, phone: str, tags: Iterable[str]) -> str:
    """Return the text a client is found by, as ``ClientText.body`` holds it."""
    return fold(" ".join((name, business_name, email, digits(phone), *tags)))


def client_ids(tx: Tx, search: str) -> Select[tuple[int]]:
    """Return a SELECT of the ids of the clients that ``search`` finds."""
    found, values = _asked(search)

    def given(name: str, type_: Any) -> Any:
        return bindparam(name, values[name], type_=type_, unique=True)

    return _clients(found, given, is_sqlite=tx.is_sqlite)


def work_order_ids(tx: Tx, search: str) -> Any:
    """Return a SELECT of the ids of the work orders that ``search`` finds, by their own text or their client's."""
    found, values = _asked(search)

    def given(name: str, type_: Any) -> Any:
        return bindparam(name, values[name], type_=type_, unique=True)

    if found.long:
        key, body = WorkOrderText.work_order_id, WorkOrderText.body
        own = _texts(key, body, "work_order_text", found, given, tx.is_sqlite)
    else:
        own = select(WorkOrder.id).where(*_begins(given, WorkOrder.number_key))
    clients = _clients(found, given, is_sqlite=tx.is_sqlite)
    return union(own, select(WorkOrder.id).where(WorkOrder.client_id.in_(clients)))


def find(tx: Tx, search: str, *, for_page: bool) -> tuple[Found, dict[str, Any]]:
    """Return how to carry out ``search`` and the values for it; looked up once in a transaction."""
    if not search:
        return EVERYTHING, {}
    key = ("search", search)
    if key not in tx.info:
        tx.info[key] = _look_up(tx, search)
    asked, values, ids = tx.info[key]
    if ids is not None:
        return Found("ids"), {"found": ids}
    return replace(asked, kind="rows" if for_page else "set"), dict(values)


def _look_up(tx: Tx, search: str) -> tuple[Found, dict[str, Any], list[int] | None]:
    asked, values = _asked(search)
    rows = run(tx, _ids(tx.get_bind().dialect, asked, tx.is_sqlite), values | {"few": FEW + 1})
    ids = [row[0] for row in rows]
    return asked, values, ids if len(ids) <= FEW else None


def _asked(search: str) -> tuple[Found, dict[str, Any]]:
    words = words_of(search)
    long, short = [word for word in words if len(word) >= 3], [word for word in words if len(word) < 3]
    values: dict[str, Any] = {"begin": fold(search), "behind": fold(search) + LAST}
    values |= {f"long_{place}": f"%{_escaped(word)}%" for place, word in enumerate(long)}
    values |= {f"short_{place}": f"%{_escaped(word)}%" for place, word in enumerate(short)}
    values["phrase"] = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
    return Found("set", len(long), len(short)), values


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


@lru_cache(maxsize=64)
def _ids(dialect: Dialect, asked: Found, is_sqlite: bool) -> Prepared:
    sets = _sets(asked, _named, is_sqlite=is_sqlite)
    return prepare(union_all(*sets).limit(bindparam("few", type_=Integer())), dialect)


def _named(name: str, type_: Any) -> Any:
    return bindparam(name, type_=type_)


def conditions(
    found: Found, bind: Bind, *, is_sqlite: bool, values: dict[str, Any] | None
) -> list[ColumnElement[bool]]:
    """Return the condition that an appointment is found, if anything is searched for."""
    if not found.kind:
        return []
    if found.kind == "ids":
        return [among(Appointment.id, "found", is_sqlite=is_sqlite, values=values["found"] if values else None)]
    if found.kind == "set":
        return [Appointment.id.in_(union(*_sets(found, bind, is_sqlite=is_sqlite)))]
    return [or_(*_tests(found, bind))]


def _sets(found: Found, bind: Bind, *, is_sqlite: bool) -> list[Select[tuple[int]]]:
    clients = _clients(found, bind, is_sqlite=is_sqlite)
    is_live = Appointment.deleted_at.is_(None)
    sets = [
        select(Appointment.id).where(Appointment.client_id.in_(clients), is_live),
        select(Appointment.id).join_from(Action, Appointment).where(*_names(found, bind), is_live),
    ]
    if found.long:
        key, body = AppointmentText.appointment_id, AppointmentText.body
        sets.append(_texts(key, body, "appointment_text", found, bind, is_sqlite))
    return sets


def _names(found: Found, bind: Bind) -> list[ColumnElement[bool]]:
    """Return the conditions that an action's name holds every word; no words are in no name."""
    return [_like(Action.name_key, bind, word) for word in _words(found)] or [false()]


def _words(found: Found) -> list[str]:
    return [f"long_{place}" for place in range(found.long)] + [f"short_{place}" for place in range(found.short)]


def _clients(found: Found, bind: Bind, *, is_sqlite: bool) -> Select[tuple[int]]:
    if found.long:
        return _texts(ClientText.client_id, ClientText.body, "client_text", found, bind, is_sqlite)
    return select(Client.id).where(*_begins(bind))


def _begins(bind: Bind, column: Any = Client.sort_name) -> list[ColumnElement[bool]]:
    return [column >= bind("begin", String()), column < bind("behind", String())]


def _texts(key: Any, body: Any, table: str, found: Found, bind: Bind, is_sqlite: bool) -> Select[tuple[int]]:
    short = [_like(body, bind, f"short_{place}") for place in range(found.short)]
    if not is_sqlite:
        return select(key).where(*(_like(body, bind, f"long_{place}") for place in range(found.long)), *short)
    index = f"{table}_trigram"
    match = literal_column(index).op("MATCH")(bind("phrase", String()))
    rows = select(literal_column("rowid", Integer())).select_from(text(index)).where(match)
    return select(key).where(key.in_(rows), *short) if short else rows


def _like(body: Any, bind: Bind, name: str) -> ColumnElement[bool]:
    return body.like(bind(name, String()), escape="\\")


def _tests(found: Found, bind: Bind) -> list[ColumnElement[bool]]:
    tests = [Appointment.action_id.in_(select(Action.id).where(*_names(found, bind)))]
    if not found.long:
        return [*tests, exists().where(Client.id == Appointment.client_id, *_begins(bind)).correlate(Appointment)]
    for key, own, body in (
        (ClientText.client_id, Appointment.client_id, ClientText.body),
        (AppointmentText.appointment_id, Appointment.id, AppointmentText.body),
    ):
        tests.append(exists().where(key == own, *(_like(body, bind, name) for name in _words(found))))
    return tests
