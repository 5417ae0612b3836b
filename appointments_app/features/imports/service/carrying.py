"""The dry run, and the import itself: one transaction, with progress, and nothing half done."""

from __future__ import annotations

import json
from contextlib import nullcontext
from dataclasses import dataclass

from appointments_app.db.models import ImportRun
from appointments_app.db.queries import imports
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing import Kind, Shape, State
from appointments_app.domain.words import N_
from appointments_app.features.imports.service.files import (
    Progress,
    check_ready,
    keep_going,
    run_in,
    spooled,
    step,
)
from appointments_app.features.imports.service.lots import Plan, prepared
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
    with spooled(uow, run, progress) as (total, walk), uow.read() as tx:
        plan = Plan(tx, run)
        done = total
        for rows in walk():
            plan.plan(rows)
            plan.take_added()
            done = step(progress, done + len(rows), 2 * total)
    with uow.begin() as tx:
        now = run_in(tx, run_id, to_change=True)
        if (now.state, now.mapping, now.options) != (run.state, run.mapping, run.options):
            raise Invalid(CHANGED)
        return _keep(tx, run, plan, checked_at=tx.now)


def carry_out(uow: UnitOfWork, *, actor: Actor, run_id: object, progress: Progress = keep_going) -> Result:
    """Import a file in one transaction; progress that returns False takes everything back.

    SQLite has one writer at a time: there, everything is planned before the transaction, which nobody waits for, and
    planned anew within it if somebody changed meanwhile what the plan is about.
    """
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        run, others_wait = run_in(tx, run_id), tx.is_sqlite
        check_ready(run)
    phases = 3 if others_wait else 2
    with spooled(uow, run, progress, phases) as (total, walk):
        done = total

        def tell(rows: int) -> None:
            nonlocal done
            done = step(progress, min(done + rows, phases * total), phases * total)

        with prepared(uow, run, walk, tell) if others_wait else nullcontext() as before, uow.begin() as tx:
            check_ready(run_in(tx, run_id, to_change=True))
            if before is not None and before.still_holds(tx):
                plan, lots = before.plan, before.lots
                plan.planner.forget()
            else:
                plan = Plan(tx, run)
                lots = map(plan.lot, walk())
            writer = Writer(tx, actor, run)
            for lot in lots:
                plan.planner.stored(writer.write(lot))
                tell(lot.rows)
            result = _keep(tx, run, plan, state=State.DONE, finished_at=tx.now, change_id=writer.finish())
            imports.put_parts(tx, run.id or 0, writer.before_parts())
            shape = Shape(run.head, tuple(json.loads(run.titles)))
            imports.remember_shape(tx, shape.fingerprint(Kind(run.kind)), run.mapping, run.options)
            return result


def _keep(tx: Tx, run: ImportRun, plan: Plan, **values: object) -> Result:
    """Keep what became of every row; return it in numbers."""
    run_id, report = run.id or 0, plan.report
    report.finish()
    imports.drop_parts(tx, run_id, but=[] if values.get("state") else [imports.FILE])
    imports.put_parts(tx, run_id, report.parts)
    imports.change(tx, run_id, **report.columns(), added=json.dumps(plan.added), **values)
    counts = {name: count for name, count in report.columns().items() if name != "total"}
    return Result(**counts, **{name: plan.added[name] for name in ("clients", "actions", "staff")})
