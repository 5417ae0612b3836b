"""``appointments import``: the use-cases of imports, from the command line."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from appointments_app import runtime
from appointments_app.db.queries import sign_ins
from appointments_app.domain.access import Actor, program
from appointments_app.domain.errors import Invalid
from appointments_app.features.imports import service
from appointments_app.integrations import processes
from appointments_app.integrations.imports import error_file

SAID = 20
"""So many refused rows are printed."""


def bring(
    path: Path,
    kind: str,
    mapping: Mapping[str, str],
    options: Mapping[str, object],
    *,
    dry_run: bool = False,
    errors: Path | None = None,
) -> service.Result:
    """Import a file, or try it; print what became of its rows. Raises Invalid."""
    processes.settle_down()
    uow, actor = runtime.uow(), _actor()
    run_id = service.take_in(uow, actor=actor, path=path, name=path.name, kind=kind)
    try:
        _match(actor, run_id, mapping)
        for name, value in options.items():
            service.choose_option(uow, actor=actor, run_id=run_id, name=name, value=value)
        work = service.check if dry_run else service.carry_out
        result = work(uow, actor=actor, run_id=run_id, progress=_report)
        print(f"{'Would be: ' if dry_run else ''}{_said(result)}")
        _show_refused(actor, run_id, result, errors)
    finally:
        if service.open_run(uow, actor=actor, run_id=run_id).state == "open":
            service.forget(uow, actor=actor, run_id=run_id)
    return result


def _actor() -> Actor:
    with runtime.uow().read() as tx:
        business = sign_ins.business(tx)
    return program(time_zone=business.time_zone) if business else program()


def _match(actor: Actor, run_id: int, mapping: Mapping[str, str]) -> None:
    columns = service.open_run(runtime.uow(), actor=actor, run_id=run_id).columns
    places = {one.title: one.place for one in columns}
    for title, field in mapping.items():
        if title not in places:
            raise Invalid(f"There is no column {title!r}. There are: {', '.join(title for title in places if title)}.")
        service.choose_field(runtime.uow(), actor=actor, run_id=run_id, place=places[title], field=field)


def _report(done: int, total: int) -> bool:
    if sys.stderr.isatty():
        share = f"{100 * done // total} %" if total else f"{done:,} rows read"
        print(f"\r{share:<24}", end="\r", file=sys.stderr, flush=True)
    return True


def _said(result: service.Result) -> str:
    names = ("created", "updated", "skipped", "refused")
    counts = ", ".join(f"{getattr(result, name):,} {name}" for name in names)
    added = (
        (result.clients, "client", ""),
        (result.actions, "action", ""),
        (result.staff, "staff member", " without an e-mail address, who can't sign in yet"),
    )
    along = ", ".join(f"{count:,} {what}{'s' * (count != 1)}{more}" for count, what, more in added if count)
    return f"{counts}; added on the way: {along}." if along else f"{counts}."


def _show_refused(actor: Actor, run_id: int, result: service.Result, errors: Path | None) -> None:
    if not result.refused:
        return
    titles = [column.title for column in service.open_run(runtime.uow(), actor=actor, run_id=run_id).columns]
    for row in service.rows(runtime.uow(), actor=actor, run_id=run_id, outcome="refuse")[:SAID]:
        print(f"  row {row.number}: {service.in_words(row.reasons, titles, actor.language)}")
    if result.refused > SAID:
        print(f"  and {result.refused - SAID:,} more")
    if errors:
        found = service.refusals(runtime.uow(), actor=actor, run_id=run_id)
        _, pieces = error_file(found.file_kind, found.delimiter, found.titles, found.why, found.rows)
        with errors.open("wb") as file:
            file.writelines(pieces)
        print(f"The refused rows are in {errors}.")
