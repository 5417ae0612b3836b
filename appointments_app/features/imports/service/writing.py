"""Storing what was planned, a chunk at a time."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

from appointments_app import runtime
from appointments_app.db.models import ImportRun, Staff
from appointments_app.db.queries import actions, client_access, history, import_writes, imports, sign_ins
from appointments_app.db.queries.import_writes import NewAppointment
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor, Role
from appointments_app.domain.change import Verb, as_text, differences
from appointments_app.domain.importing import AppointmentRecord, Kind, Outcome
from appointments_app.domain.text import fold
from appointments_app.domain.words import N_
from appointments_app.features.imports.service.planning import Added, Planned, Planner
from appointments_app.features.imports.service.series import begin_series

OVER = N_("It was imported at this time.")
_REACHED_BY = ("email", "phone")


class Writer:
    """Writes chunk by chunk under one change for what is new and one for what is updated."""

    def __init__(self, tx: Tx, actor: Actor, run: ImportRun, planner: Planner) -> None:
        self.tx, self.actor, self.run, self.planner = tx, actor, run, planner
        self.added: Counter[str] = Counter()
        self.change_id = history.open_change(tx, actor, Verb.CREATED)
        self._edit_id = 0
        self._ids: dict[int, int] = {}
        self._before: list[Any] = []
        import_writes.add_lines(tx, self.change_id, [("import", run.id or 0, "", "", "")])

    def write(self, planned: Sequence[Planned]) -> None:
        """Store what was planned for some rows."""
        self._store_added(self.planner.take_added())
        updates = [one for one in planned if one.outcome is Outcome.UPDATE]
        if self.run.kind == Kind.CLIENTS:
            self._update_clients(updates)
        else:
            self._create_appointments([one for one in planned if one.outcome is Outcome.CREATE])
            self._update_appointments(updates)

    def finish(self) -> int:
        """Explain what was booked over others; return the change under which everything was created."""
        import_writes.index_texts(self.tx)
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

    def _store_added(self, added: Added) -> None:
        keys = list(added.clients)
        ids = import_writes.reserve_ids(self.tx, "client", len(keys))
        self._ids.update(zip(keys, ids, strict=True))
        new = {self._ids[key]: fields for key, fields in added.clients.items()}
        import_writes.add_clients(self.tx, self.change_id, new)
        self.planner.stored(ids)
        for key, name in added.actions.items():
            self._ids[key] = self._new_action(name)
        for key, name in added.staff.items():
            self._ids[key] = self._new_staff(name)
        self.added += added.counts(self.planner.kind)

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

    def _create_appointments(self, planned: Sequence[Planned]) -> None:
        single = [one for one in planned if one.row.repeating is None]
        new = [self._new(one) for one in single]
        import_writes.add_appointments(self.tx, self.change_id, new, self.actor.staff_id)
        for one in planned:
            if one.row.repeating is not None:
                begin_series(self.tx, self.actor, self.change_id, self._new(one), one.row.repeating)

    def _new(self, one: Planned) -> NewAppointment:
        record = one.row.record
        assert isinstance(record, AppointmentRecord)
        return NewAppointment(
            client_id=self._id(one.client),
            action_id=None if one.action is None else self._id(one.action),
            start_at=record.start_at,
            end_at=record.start_at + timedelta(minutes=self.planner.minutes_of(one)),
            time_zone=record.time_zone,
            status=self.planner.status_of(one).value,
            notes=record.notes,
            shared=bool(record.shared),
            confirmed_at=record.confirmed_at,
            staff_ids=tuple(sorted({self._id(key) for key in one.staff})),
            created_at=record.created_at or self.tx.now,
        )

    def _edit(self) -> int:
        self._edit_id = self._edit_id or history.open_change(self.tx, self.actor, Verb.EDITED)
        return self._edit_id

    def _update_clients(self, planned: Sequence[Planned]) -> None:
        import_writes.change_clients(self.tx, {one.target: one.changes["fields"] for one in planned})
        for one in planned:
            self._note("client", one, one.lines, one.before)
        elsewhere = [one.target for one in planned if any(one.lines.get(name, ("", ""))[0] for name in _REACHED_BY)]
        client_access.end_of_many(self.tx, elsewhere)  # whoever was reached there may be somebody else

    def _update_appointments(self, planned: Sequence[Planned]) -> None:
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

    def _note(self, entity: str, one: Planned, lines: dict[str, tuple[str, str]], before: dict[str, Any]) -> None:
        rows = [(entity, one.target, name, old, new) for name, (old, new) in lines.items()]
        import_writes.add_lines(self.tx, self._edit(), rows)
        self._before.append([one.target, one.version, before])


def _recorded(values: dict[str, Any]) -> dict[str, Any]:
    return {name: ",".join(map(str, value)) if name == "staff_ids" else value for name, value in values.items()}
