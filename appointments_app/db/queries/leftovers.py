"""Traces of clients in what belongs to no client: half-filled forms, and files that were brought along."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Collection, Iterable
from typing import Any

from sqlalchemy import delete, select, update

from appointments_app.db.models import Draft, ImportPart, ImportRun
from appointments_app.db.queries.imports import BEFORE, FILE
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.importing import Kind, State
from appointments_app.domain.privacy import Traces

_LOT = 100


def remove(tx: Tx, clients: Collection[int], appointments: Collection[int], traces: Traces) -> None:
    """Remove forms that name these clients, the rows of imports that hold them, and files that still might."""
    _forget_forms(tx, clients, appointments, traces)
    for run in tx.execute(select(ImportRun)).scalars().all():
        _clean_run(tx, run, set(clients), set(appointments), traces)
    tx.flush()


def _forget_forms(tx: Tx, clients: Collection[int], appointments: Collection[int], traces: Traces) -> None:
    own = {str(one) for one in clients}
    edited = {f"-{one}" for one in appointments}
    gone = []
    for token, payload in tx.execute(select(Draft.token, Draft.payload).where(Draft.payload != "")):
        form = _form_in(payload)
        is_edit = token.startswith("edit-") and token[token.rindex("-") :] in edited
        if is_edit or str(form.get("client", "")) in own or traces.are_in(" ".join(_texts(form))):
            gone.append(token)
    for begin in range(0, len(gone), _LOT):
        tx.execute(delete(Draft).where(Draft.token.in_(gone[begin : begin + _LOT])))


def _form_in(payload: str) -> dict[str, Any]:
    """Return a form as it was kept; text that is none, such as the notes of a booking, under one name."""
    try:
        form = json.loads(payload)
    except ValueError:
        form = None
    return form if isinstance(form, dict) else {"notes": payload}


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, dict):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    else:
        yield str(value)


def _clean_run(tx: Tx, run: ImportRun, clients: set[int], appointments: set[int], traces: Traces) -> None:
    if run.state == State.OPEN:  # its rows are whatever the file holds: who wants it brings it again
        tx.execute(delete(ImportPart).where(ImportPart.run_id == run.id))
        samples = "[]"
    else:
        tx.execute(delete(ImportPart).where(ImportPart.run_id == run.id, ImportPart.kind == FILE))
        samples = json.dumps(_without(json.loads(run.samples), traces))
        changed = clients if run.kind == Kind.CLIENTS else appointments
        _clean_parts(tx, run.id or 0, lambda entry: entry[0] in changed, traces)
    name = "file" if traces.are_in(run.file_name) else run.file_name
    titles = json.dumps(["" if traces.are_in(str(title)) else title for title in json.loads(run.titles)])
    cleaned = {"samples": samples, "file_name": name, "titles": titles}
    if any(getattr(run, column) != value for column, value in cleaned.items()):
        changed_run = update(ImportRun).where(ImportRun.id == run.id).values(**cleaned)
        tx.execute(changed_run.execution_options(synchronize_session=False))


def _clean_parts(tx: Tx, run_id: int, is_theirs: Callable[[Any], bool], traces: Traces) -> None:
    """Take rows out of the pages of a run: those before an update by their id, the others by what stands in them."""
    named = select(ImportPart.kind, ImportPart.number).where(ImportPart.run_id == run_id)
    for kind, number in tx.execute(named).all():
        which = ImportPart.run_id == run_id, ImportPart.kind == kind, ImportPart.number == number
        entries = json.loads(zlib.decompress(tx.execute(select(ImportPart.body).where(*which)).scalar_one()))
        kept = [one for one in entries if not is_theirs(one)] if kind == BEFORE else _without(entries, traces)
        if len(kept) < len(entries):
            body = zlib.compress(json.dumps(kept).encode())
            stored = update(ImportPart).where(*which).values(body=body)
            tx.execute(stored.execution_options(synchronize_session=False))


def _without(rows: list[Any], traces: Traces) -> list[Any]:
    return [row for row in rows if not traces.are_in(" ".join(_texts(row)))]
