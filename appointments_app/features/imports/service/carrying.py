"""The dry run, and the import itself: one transaction, with progress, and nothing half done."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

from appointments_app.db.models import ImportRun
from appointments_app.db.queries import imports
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing import Kind, Shape, State, columns_of
from appointments_app.domain.words import N_
from appointments_app.features.imports.service.files import (
    Progress,
    check_ready,
    keep_going,
    mapping_of,
    options_of,
    run_in,
    spooled,
    step,
)
from appointments_app.features.imports.service.planning import Planner
from appointments_app.features.imports.service.report import Report
from appointments_app.features.imports.service.writing import Writer

CHANGED = N_("The columns were changed while they were being checked. Check again.")


@dataclass(frozen=True)
class Result:
    """How many rows had which outcome, and what came along with them."""

    created: int = 0
    updated: int = 0
    skipped: int = 0
    refused: int = 0
    clients: int = 0
    actions: int = 0
    staff: int = 0


def check(uow: UnitOfWork, *, actor: Actor, run_id: object, progress: Progress = keep_going) -> Result:
    """Find out what an import would do, and keep that for the screen; changes nothing else."""
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        run = run_in(tx, run_id)
        check_ready(run)
    report, added = Report(), Counter[str]()
    with spooled(uow, run, progress) as (total, walk), uow.read() as tx:
        planner = _planner(tx, run)
        done = total
        for chunk in walk():
            for planned in planner.plan(chunk):
                report.add(planned)
            added += planner.take_added().counts(planner.kind)
            done = step(progress, done + len(chunk), 2 * total)
    report.finish()
    with uow.begin() as tx:
        now = run_in(tx, run_id, to_change=True)
        if (now.state, now.mapping, now.options) != (run.state, run.mapping, run.options):
            raise Invalid(CHANGED)
        _keep(tx, run, report, added, checked_at=tx.now)
        return _result(report, added)


def carry_out(uow: UnitOfWork, *, actor: Actor, run_id: object, progress: Progress = keep_going) -> Result:
    """Import a file in one transaction; progress that returns False takes everything back."""
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        run = run_in(tx, run_id)
        check_ready(run)
    with spooled(uow, run, progress) as (total, walk), uow.begin() as tx:
        check_ready(run_in(tx, run_id, to_change=True))
        report = Report()
        planner = _planner(tx, run)
        writer = Writer(tx, actor, run, planner)
        done = total
        for chunk in walk():
            planned = planner.plan(chunk)
            writer.write(planned)
            for one in planned:
                report.add(one)
            done = step(progress, done + len(chunk), 2 * total)
        change_id = writer.finish()
        report.finish()
        _keep(tx, run, report, writer.added, state=State.DONE, finished_at=tx.now, change_id=change_id)
        imports.put_parts(tx, run.id or 0, writer.before_parts())
        shape = Shape(run.head, tuple(json.loads(run.titles)))
        imports.remember_shape(tx, shape.fingerprint(Kind(run.kind)), run.mapping, run.options)
        return _result(report, writer.added)


def _planner(tx: Tx, run: ImportRun) -> Planner:
    return Planner(tx, Kind(run.kind), columns_of(mapping_of(run)), options_of(run))


def _keep(tx: Tx, run: ImportRun, report: Report, added: Counter[str], **values: object) -> None:
    run_id = run.id or 0
    imports.drop_parts(tx, run_id, but=[] if values.get("state") else [imports.FILE])
    imports.put_parts(tx, run_id, report.parts)
    imports.change(tx, run_id, **report.columns(), added=json.dumps(added), **values)


def _result(report: Report, added: Counter[str]) -> Result:
    counts = {name: count for name, count in report.columns().items() if name != "total"}
    return Result(**counts, **{name: added[name] for name in ("clients", "actions", "staff")})
