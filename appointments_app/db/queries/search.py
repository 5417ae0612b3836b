"""Substring search over clients and appointments: any three letters, a million rows, both databases.

One word with fewer than three letters can't use a trigram index; such words are looked up as the beginning of a name.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, Select, bindparam, exists, literal_column, or_, select, text, union

from appointments_app.db.models import Action, Appointment, AppointmentText, Client, ClientText
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.text import digits, fold

FEW = 4_000
"""Up to so many matches are looked up by id; beyond, walking the list in order finds a page sooner."""


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


def _escaped(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def client_ids(tx: Tx, search: str) -> Select[tuple[int]]:
    """Return a SELECT of the ids of the clients that ``search`` finds."""
    found = _ids(tx, ClientText, "client_text", "client_id", words_of(search))
    return _by_beginning(search) if found is None else found


def _by_beginning(search: str) -> Select[tuple[int]]:
    start = fold(search)
    return select(Client.id).where(Client.sort_name >= start, Client.sort_name < start + "\U0010ffff")


def _ids(tx: Tx, table: type[ClientText] | type[AppointmentText], name: str, key: str, words: list[str]) -> Select[tuple[int]] | None:
    long = [word for word in words if len(word) >= 3]
    if not long:
        return None
    if tx.is_sqlite:
        phrase = " AND ".join('"' + word.replace('"', '""') + '"' for word in long)
        found = text(f"{name}_trigram MATCH :{name}_phrase").bindparams(bindparam(f"{name}_phrase", phrase))
        return select(literal_column("rowid")).select_from(text(f"{name}_trigram")).where(found)
    return select(getattr(table, key)).where(*(_like(table.body, word) for word in long))


def _like(column: ColumnElement[str], word: str) -> ColumnElement[bool]:
    return column.like(f"%{_escaped(word)}%", escape="\\")


def appointment_matches(tx: Tx, search: str) -> ColumnElement[bool]:
    """Return the condition that an appointment is found by its client, its notes or its action.

    Few matches: ``id IN (union of indexed id sets)``. Many: a test per row, cheap because a page fills at once.
    """
    words = words_of(search)
    clients = client_ids(tx, search)
    actions = [row for row, key in tx.execute(select(Action.id, Action.name_key)) if all(word in key for word in words)]
    notes = _ids(tx, AppointmentText, "appointment_text", "appointment_id", words)
    sets: list[Select[tuple[int]]] = [select(Appointment.id).where(Appointment.client_id.in_(clients), Appointment.deleted_at.is_(None))]
    if notes is not None:
        sets.append(notes)
    if actions:
        sets.append(select(Appointment.id).where(Appointment.action_id.in_(actions), Appointment.deleted_at.is_(None)))
    if not _many(tx, sets):
        return Appointment.id.in_(union(*sets))
    conditions: list[ColumnElement[bool]] = [Appointment.client_id.in_(clients), Appointment.action_id.in_(actions)]
    if notes is not None:
        noted = exists().where(AppointmentText.appointment_id == Appointment.id, *(_like(AppointmentText.body, word) for word in words))
        conditions.append(noted)
    return or_(*conditions)


def _many(tx: Tx, sets: list[Select[tuple[int]]]) -> bool:
    """Whether any of the sets holds more than FEW ids."""
    return any(len(tx.execute(one.limit(FEW + 1)).fetchall()) > FEW for one in sets)
