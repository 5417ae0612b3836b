"""What rows bring, ready to be stored: worked out by lots, before the transaction that stores them where that helps."""

from __future__ import annotations

import pickle
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from appointments_app.db.models import ImportRun
from appointments_app.db.queries import import_lookups as lookups
from appointments_app.db.queries.import_writes import NewAppointment
from appointments_app.db.queries.series import Template
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.importing import Kind, Outcome, Repeating, columns_of
from appointments_app.features.imports.service.files import mapping_of, options_of
from appointments_app.features.imports.service.planning import Added, Planned, Planner, Read, record_of
from appointments_app.features.imports.service.report import Report
from appointments_app.features.imports.service.series import NewSeries

Walk = Callable[[], Iterator[list[Read]]]


@dataclass(frozen=True)
class Update:
    """What a row changes of a record, and what stood there before."""

    target: int
    version: int
    changes: dict[str, Any]
    lines: dict[str, tuple[str, str]]
    before: dict[str, Any]


@dataclass(frozen=True)
class Lot:
    """What some rows bring. Keys are ids, or negative for what is stored along with them."""

    rows: int
    added: Added
    new: Sequence[NewAppointment]
    series: Sequence[NewSeries]
    updates: Sequence[Update]


class Plan:
    """Plans the rows of a file within a transaction; knows what becomes of each."""

    def __init__(self, tx: Tx, run: ImportRun) -> None:
        self.planner = Planner(tx, Kind(run.kind), columns_of(mapping_of(run)), options_of(run))
        self.report, self.added = Report(), Counter[str]()

    def plan(self, rows: Sequence[Read]) -> list[Planned]:
        """Return what becomes of the next rows; ``take_added`` has what they need besides."""
        planned = self.planner.plan(rows)
        for one in planned:
            self.report.add(one)
        return planned

    def take_added(self) -> Added:
        """Return what must be stored before the rows that were planned last."""
        added = self.planner.take_added()
        self.added += added.counts(self.planner.kind)
        return added

    def lot(self, rows: Sequence[Read]) -> Lot:
        """Return what the next rows bring."""
        planned = self.plan(rows)
        of_appointments = self.planner.kind is Kind.APPOINTMENTS
        created = [one for one in planned if one.outcome is Outcome.CREATE] if of_appointments else []
        return Lot(
            len(rows),
            self.take_added(),
            [self._new(one) for one in created if one.row.repeating is None],
            [self._new_series(one, one.row.repeating) for one in created if one.row.repeating is not None],
            [
                Update(one.target, one.version, one.changes, one.lines, one.before)
                for one in planned
                if one.outcome is Outcome.UPDATE
            ],
        )

    def _new(self, one: Planned) -> NewAppointment:
        record = record_of(one)
        return NewAppointment.of(
            client=one.client,
            action=one.action,
            start_at=record.start_at,
            end_at=record.start_at + timedelta(minutes=self.planner.minutes_of(one)),
            time_zone=record.time_zone,
            status=self.planner.status_of(one).value,
            outcome=record.outcome,
            notes=record.notes,
            shared=bool(record.shared),
            confirmed_at=record.confirmed_at,
            staff=one.staff,
            created_at=record.created_at or self.planner.tx.now,
            now=self.planner.tx.now,
        )

    def _new_series(self, one: Planned, repeating: Repeating) -> NewSeries:
        record, minutes = record_of(one), self.planner.minutes_of(one)
        template = Template(one.client, one.action, minutes, record.notes, bool(record.shared), one.staff)
        return NewSeries(template, record.start_at, record.time_zone, self.planner.status_of(one).value, repeating)


class Prepared:
    """A plan that was made before the transaction, with its lots."""

    def __init__(self, plan: Plan, mark: int, lots: Iterator[Lot]) -> None:
        self.plan, self.lots, self._mark = plan, lots, mark

    def still_holds(self, tx: Tx) -> bool:
        """Whether nothing that the plan knew, or would have had to know, was changed since it was made."""
        changed = lookups.changed_since(tx, self._mark)
        if changed is None:
            return False
        people, starts = lookups.facts_of(tx, changed.get("client", ())), lookups.starts_of(tx, changed)
        return not self.plan.planner.is_about(people, starts)


@contextmanager
def prepared(uow: UnitOfWork, run: ImportRun, walk: Walk, tell: Callable[[int], object]) -> Iterator[Prepared]:
    """Plan every row in a transaction that only reads, so that the one that writes is short; lots wait in a file.

    ``tell`` hears how many rows each lot was made of.
    """
    with tempfile.TemporaryFile() as spool:
        count = 0
        with uow.read() as tx:
            mark, plan = lookups.last_change(tx), Plan(tx, run)
            for rows in walk():
                pickle.dump(plan.lot(rows), spool, pickle.HIGHEST_PROTOCOL)
                count += 1
                tell(len(rows))

        def lots() -> Iterator[Lot]:
            spool.seek(0)
            for _ in range(count):
                yield pickle.load(spool)  # noqa: S301  written just above, by this very function

        yield Prepared(plan, mark, lots())
