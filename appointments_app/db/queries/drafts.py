"""Half-filled forms, and the tokens that make saving one twice harmless."""

from __future__ import annotations

from datetime import timedelta
from functools import lru_cache

from sqlalchemy import Dialect, Integer, String, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from appointments_app.db.models import Draft
from appointments_app.db.queries.prepared import Prepared, prepare, run
from appointments_app.db.unit_of_work import Tx

KEPT = timedelta(days=30)


def get(tx: Tx, token: str) -> Draft | None:
    """Return the draft behind a token."""
    return tx.get(Draft, token)


def hold(tx: Tx, token: str, staff_id: int) -> tuple[int, int | None]:
    """Take the token for this transaction, made if need be; return whose it is and the appointment it became.

    One statement, so that of two savings with one token the second waits for the first and then sees its result.
    """
    return _put(tx, token, staff_id, payload="", update_payload=False)


def write(tx: Tx, token: str, staff_id: int, payload: str) -> tuple[int, int | None]:
    """Keep the half-filled form; return whose it is and the appointment it became. Both must fit, else take it back."""
    return _put(tx, token, staff_id, payload=payload, update_payload=True)


def _put(tx: Tx, token: str, staff_id: int, *, payload: str, update_payload: bool) -> tuple[int, int | None]:
    values = {"token": token, "staff_id": staff_id, "payload": payload, "updated_at": tx.now}
    return tuple(run(tx, _put_statement(tx.get_bind().dialect, update_payload), values)[0])


@lru_cache(maxsize=8)
def _put_statement(dialect: Dialect, update_payload: bool) -> Prepared:
    insert = sqlite.insert if dialect.name == "sqlite" else postgresql.insert
    table = Draft.__table__  # type: ignore[attr-defined]
    statement = insert(table).values(dict.fromkeys(("token", "staff_id", "payload", "updated_at")))
    changes = {"updated_at": statement.excluded.updated_at}
    if update_payload:
        changes["payload"] = statement.excluded.payload
    kept = statement.on_conflict_do_update(index_elements=["token"], set_=changes)
    return prepare(kept.returning(table.c.staff_id, table.c.saved_id), dialect)


def mark_saved(tx: Tx, token: str, appointment_id: int) -> None:
    """Note what the form became; what was typed is not needed any more."""
    run(tx, _saved_statement(tx.get_bind().dialect), {"key": token, "saved": appointment_id})


@lru_cache(maxsize=8)
def _saved_statement(dialect: Dialect) -> Prepared:
    saved = {"saved_id": bindparam("saved", type_=Integer()), "payload": ""}
    change = update(Draft).where(Draft.token == bindparam("key", type_=String())).values(saved)
    return prepare(change.returning(Draft.token), dialect)


def forget(tx: Tx, token: str) -> None:
    """Remove a draft."""
    tx.execute(delete(Draft).where(Draft.token == token))


def purge(tx: Tx) -> int:
    """Remove drafts nobody touched for 30 days; return how many."""
    return tx.execute(delete(Draft).where(Draft.updated_at < tx.now - KEPT)).rowcount


def count(tx: Tx) -> int:
    """Return how many drafts there are."""
    return tx.execute(select(func.count()).select_from(Draft)).scalar_one()
