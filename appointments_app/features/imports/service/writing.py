"""Storing what was planned, a lot at a time."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from appointments_app import runtime
from appointments_app.db.models import ImportRun, Staff
from appointments_app.db.queries import actions, client_access, history, import_writes, imports, sign_ins, trigrams
from appointments_app.db.queries.series import Template
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor, Role
from appointments_app.domain.change import Verb, as_text, differences
from appointments_app.domain.client import reached_elsewhere
from appointments_app.domain.importing import Kind
from appointments_app.domain.text import fold
from appointments_app.domain.words import N_
from appointments_app.features.imports.service.lots import Lot, Update
from appointments_app.features.imports.service.planning import Added
from appointments_app.features.imports.service.series import begin_series

OVER = N_("It was imported at this time.")


class Writer:
    """Writes lot by lot under one change for what is new and one for what is updated."""

    def __init__(self, tx: Tx, actor: Actor, run: ImportRun) -> None:
        self.tx, self.actor, self.run = tx, actor, run
        self.change_id = history.open_change(tx, actor, Verb.CREATED)
        self._edit_id = 0
        self._ids: dict[int, int] = {}
        self._before: list[Any] = []
        import_writes.add_lines(tx, self.change_id, [("import", run.id or 0, "", "", "")])

    def write(self, lot: Lot) -> Sequence[int]:
        """Store what some rows bring; return the ids of the clients among it."""
        ids = self._store_added(lot.added)
        if self.run.kind == Kind.CLIENTS:
            self._update_clients(lot.updates)
        else:
            import_writes.add_appointments(self.tx, self.change_id, lot.new, self._ids, self.actor.staff_id)
            for new in lot.series:
                template = replace(new.template, **self._stored(new.template))
                begin_series(self.tx, self.actor, self.change_id, replace(new, template=template))
            self._update_appointments(lot.updates)
        return ids

    def finish(self) -> int:
        """Explain what was booked over others; return the change under which everything was created."""
        trigrams.index_texts(self.tx)
        if self.run.kind == Kind.APPOINTMENTS:
            business = sign_ins.business(self.tx)
            language = business.language if business else "en"
            import_writes.tell_nobody_of_creation(self.tx, self.change_id)
            for change_id in filter(None, (self.change_id, self._edit_id)):
                import_writes.explain_overlaps(self.tx, change_id, runtime.translate(language, OVER))
        return self.change_id

    def before_parts(self) -> Iterator[tuple[str, int, bytes]]:
        """Yield what updates replaced, as pieces to keep."""
        for number in range(0, len(self._before), 1_000):
            body = json.dumps(self._before[number : number + 1_000]).encode()
            yield imports.BEFORE, number // 1_000, zlib.compress(body)

    def _id(self, key: int) -> int:
        return self._ids[key] if key < 0 else key

    def _stored(self, template: Template) -> dict[str, Any]:
        """Return the ids behind the keys of a series."""
        return {
            "client_id": self._id(template.client_id),
            "action_id": None if template.action_id is None else self._id(template.action_id),
            "staff_ids": tuple(sorted({self._id(key) for key in template.staff_ids})),
        }

    def _store_added(self, added: Added) -> Sequence[int]:
        keys = list(added.clients)
        ids = import_writes.reserve_ids(self.tx, "client", len(keys))
        self._ids.update(zip(keys, ids, strict=True))
        new = {self._ids[key]: fields for key, fields in added.clients.items()}
        import_writes.add_clients(self.tx, self.change_id, new)
        for key, name in added.actions.items():
            self._ids[key] = self._new_action(name)
        for key, name in added.staff.items():
            self._ids[key] = self._new_staff(name)
        return ids

    def _new_action(self, name: str) -> int:
        actions.lock(self.tx)
        action_id = actions.id_of_name(self.tx, fold(name)) or actions.add(self.tx, name, fold(name), "gray", 0)
        import_writes.add_lines(self.tx, self.change_id, [("action", action_id, "", "", "")])
        return action_id

    def _new_staff(self, name: str) -> int:
        """Store somebody who has no e-mail address, and so can't sign in until somebody gives them one."""
        staff = Staff(name=name, email="", role=Role.STAFF, created_at=self.tx.now)
        self.tx.add(staff)
        self.tx.flush()
        import_writes.add_lines(self.tx, self.change_id, [("staff", staff.id or 0, "", "", "")])
        return staff.id or 0

    def _edit(self) -> int:
        self._edit_id = self._edit_id or history.open_change(self.tx, self.actor, Verb.EDITED)
        return self._edit_id

    def _update_clients(self, planned: Sequence[Update]) -> None:
        import_writes.change_clients(self.tx, {one.target: one.changes["fields"] for one in planned})
        for one in planned:
            self._note("client", one, one.lines, one.before)
        elsewhere = [one.target for one in planned if reached_elsewhere(one.lines)]
        client_access.end_of_many(self.tx, elsewhere)  # whoever was reached there may be somebody else

    def _update_appointments(self, planned: Sequence[Update]) -> None:
        changed: dict[int, dict[str, Any]] = {}
        for one in planned:
            values = dict(one.changes)
            if values.get("action_id"):
                values["action_id"] = self._id(values["action_id"])
            if "staff_ids" in values:
                values["staff_ids"] = tuple(sorted({self._id(key) for key in values["staff_ids"]}))
            changed[one.target] = values
            before = {name: as_text(value) if name.endswith("_at") else value for name, value in one.before.items()}
            self._note("appointment", one, differences(_recorded(one.before), _recorded(values)), before)
        import_writes.change_appointments(self.tx, changed)

    def _note(self, entity: str, one: Update, lines: dict[str, tuple[str, str]], before: dict[str, Any]) -> None:
        rows = [(entity, one.target, name, old, new) for name, (old, new) in lines.items()]
        import_writes.add_lines(self.tx, self._edit(), rows)
        self._before.append([one.target, one.version, before])


def _recorded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: ",".join(map(str, value)) if name == "staff_ids" else value for name, value in values.items()}
