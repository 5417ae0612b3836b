"""Taking a whole import back."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from appointments_app.db.queries import client_access, history, import_lookups, import_undo, import_writes, imports
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.change import Verb, differences
from appointments_app.domain.client import ClientFields, reached_elsewhere
from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing import Kind, State
from appointments_app.domain.words import N_
from appointments_app.features.imports.service.files import Progress, keep_going, run_in, step


@dataclass(frozen=True)
class Undone:
    """How many clients and appointments went, how many are as they were, and how many were changed since and stay."""

    removed: int = 0
    restored: int = 0
    kept: int = 0


def undo(uow: UnitOfWork, *, actor: Actor, run_id: object, progress: Progress = keep_going) -> Undone:
    """Take an import back: what it created goes, what it updated is as it was, unless somebody changed it since.

    One transaction: progress that returns False leaves the import as it is. Raises Cancelled then.
    """
    actor.require(Permission.SETTINGS)
    with uow.begin() as tx:
        run = run_in(tx, run_id, to_change=True)
        if run.state != State.DONE:
            raise Invalid(N_("Only an import that is done can be undone."))
        undo_id = history.open_change(tx, actor, Verb.UNDONE)
        import_writes.add_lines(tx, undo_id, [("import", run.id or 0, "", "", "")])
        restored = kept = 0
        total = run.created + run.updated
        for body in imports.parts(tx, run.id or 0, imports.BEFORE):
            entries = json.loads(zlib.decompress(body))
            back = _restore_clients if run.kind == Kind.CLIENTS else _restore_appointments
            done = back(tx, undo_id, entries)
            restored, kept = restored + done, kept + len(entries) - done
            step(progress, restored + kept, total)
        gone, stays = import_undo.remove_created(tx, run, lambda done: step(progress, restored + kept + done, total))
        import_undo.mark_undone(tx, run.change_id, undo_id)
        imports.drop_parts(tx, run.id or 0)
        imports.change(tx, run.id or 0, state=State.UNDONE)
        whose = ("client", "appointment")
        removed, stay = (sum(counts[name] for name in whose) for counts in (gone, stays))
        return Undone(removed, restored, kept + stay)


Entries = Sequence[tuple[int, int, dict[str, Any]]]


def _restore_clients(tx: Tx, undo_id: int, entries: Entries) -> int:
    known = import_lookups.client_fields(tx, [one for one, _, _ in entries])
    back: dict[int, ClientFields] = {}
    elsewhere = []
    for one, version, before in entries:
        if one in known and known[one][0] == version:
            former = ClientFields(**{**before, "tags": tuple(before["tags"])})
            back[one] = former
            lines = differences(known[one][1].as_recorded(), former.as_recorded())
            _note(tx, undo_id, "client", one, lines)
            elsewhere += [one] if reached_elsewhere(lines) else []
    import_writes.change_clients(tx, back)
    client_access.end_of_many(tx, elsewhere)  # whoever was reached there may be somebody else
    return len(back)


def _restore_appointments(tx: Tx, undo_id: int, entries: Entries) -> int:
    known = import_lookups.appointments(tx, [one for one, _, _ in entries])
    back: dict[int, dict[str, Any]] = {}
    for one, version, before in entries:
        if one in known and known[one].version == version:
            back[one] = {name: _value(name, value) for name, value in before.items()}
            now = {name: known[one].values[name] for name in before}
            _note(tx, undo_id, "appointment", one, differences(_recorded(now), _recorded(back[one])))
    import_writes.change_appointments(tx, back)
    return len(back)


def _value(name: str, stored: Any) -> Any:
    if name.endswith("_at"):
        return datetime.fromisoformat(stored) if stored else None
    return tuple(stored) if name == "staff_ids" else stored


def _recorded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: ",".join(map(str, value)) if name == "staff_ids" else value for name, value in values.items()}


def _note(tx: Tx, change_id: int, entity: str, one: int, lines: dict[str, tuple[str, str]]) -> None:
    import_writes.add_lines(tx, change_id, [(entity, one, name, old, new) for name, (old, new) in lines.items()])
