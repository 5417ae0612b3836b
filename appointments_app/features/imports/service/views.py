"""What the screens of imports show, and what is chosen on them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from appointments_app import runtime
from appointments_app.db.models import ImportRun
from appointments_app.db.queries import imports
from appointments_app.db.queries.imports import RunRow
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing import FIELDS, Cell, FileKind, Kind, Outcome, State, as_text, missing
from appointments_app.domain.times import iso
from appointments_app.domain.words import N_
from appointments_app.features.imports.service.cells import as_cell
from appointments_app.features.imports.service.files import mapping_of, needs_order, options_of, run_in, stored_options
from appointments_app.features.imports.service.report import PAGE, ReportRow, unpacked

SAMPLES = 3
PACE = 25_000
"""So many rows are written in a second on SQLite, where nobody else can write meanwhile."""


@dataclass(frozen=True)
class ColumnView:
    """One column of the file: its title, its first values, and what it is taken for ('' : left out)."""

    place: int
    number: int
    title: str
    samples: list[str]
    field: str


@dataclass(frozen=True)
class RunView:
    """An import as its page shows it. ``lacking`` says what must be chosen yet, '' when nothing."""

    id: int = 0
    kind: str = ""
    state: str = ""
    file_name: str = ""
    file_kind: str = ""
    size: int = 0
    sheets: int = 1
    columns: list[ColumnView] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    ticks: dict[str, bool] = field(default_factory=dict)
    needs_order: bool = False
    lacking: str = ""
    checked: bool = False
    counts: dict[str, int] = field(default_factory=dict)
    added: dict[str, int] = field(default_factory=dict)
    finished_at: str = ""
    blocks: int = 0
    """About so many seconds nobody else can save while it is written; 0 where they can."""


def list_runs(uow: UnitOfWork, *, actor: Actor) -> list[RunRow]:
    """Return the newest imports."""
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        return imports.latest(tx)


def open_run(uow: UnitOfWork, *, actor: Actor, run_id: object) -> RunView:
    """Return one import."""
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        return _view(tx, run_in(tx, run_id))


def choose_field(uow: UnitOfWork, *, actor: Actor, run_id: object, place: object, field: object) -> RunView:
    """Take a column for something else, '' to leave it out; a field that one column only may have moves there."""
    actor.require(Permission.SETTINGS)
    with uow.begin() as tx:
        run = _open(run_in(tx, run_id, to_change=True))
        known = {one.key: one for one in FIELDS[Kind(run.kind)]}
        wide = len(json.loads(run.titles))
        if not (isinstance(place, int) and 0 <= place < wide) or (field and field not in known):
            raise Invalid(N_("Choose one of the list."))
        mapping = mapping_of(run)
        mapping.pop(place, None)
        if field:
            one = known[str(field)]
            mapping = {at: key for at, key in mapping.items() if key != one.key or one.several} | {place: one.key}
        _choose(tx, run, mapping=json.dumps(dict(sorted(mapping.items()))))
        return _view(tx, run)


def choose_option(uow: UnitOfWork, *, actor: Actor, run_id: object, name: object, value: object) -> RunView:
    """Change one of the options. Raises Invalid at its field."""
    actor.require(Permission.SETTINGS)
    with uow.begin() as tx:
        run = _open(run_in(tx, run_id, to_change=True))
        options = options_of(run).as_stored()
        if name not in options or name == "region":
            raise Invalid(N_("Choose one of the list."))
        _choose(tx, run, options=stored_options({**options, str(name): value}))
        return _view(tx, run)


def _open(run: ImportRun) -> ImportRun:
    if run.state != State.OPEN:
        raise Invalid(N_("This file was imported already."))
    return run


def _choose(tx: Any, run: ImportRun, **values: str) -> None:
    """Store a choice; what was found out before does not hold any more."""
    for name, value in {**values, "checked_at": None}.items():
        setattr(run, name, value)
    tx.add(run)
    tx.flush()
    imports.drop_parts(tx, run.id or 0, but=[imports.FILE])


def forget(uow: UnitOfWork, *, actor: Actor, run_id: object) -> None:
    """Remove a file that was not imported."""
    actor.require(Permission.SETTINGS)
    with uow.begin() as tx:
        run = _open(run_in(tx, run_id, to_change=True))
        imports.drop_parts(tx, run.id or 0)
        tx.delete(run)


def rows(uow: UnitOfWork, *, actor: Actor, run_id: object, outcome: object, page: int = 0) -> list[ReportRow]:
    """Return one page of the rows with an outcome; none beyond the last."""
    actor.require(Permission.SETTINGS)
    if outcome not in Outcome._value2member_map_ or not isinstance(page, int) or page < 0:
        return []
    with uow.read() as tx:
        body = imports.part(tx, run_in(tx, run_id).id or 0, str(outcome), min(page, 10**6))
    return list(unpacked(body)) if body else []


@dataclass(frozen=True)
class Refusals:
    """The rows that were refused, as they were, each with its reasons in words; can be walked again and again."""

    file_name: str
    file_kind: FileKind
    delimiter: str
    titles: list[str]
    why: str
    rows: Callable[[], Iterator[tuple[list[Cell], str]]]


def refusals(uow: UnitOfWork, *, actor: Actor, run_id: object) -> Refusals:
    """Return what the error file holds."""
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        run = run_in(tx, run_id)
        pages = -(-run.refused // PAGE)
        titles = [title or f"#{place + 1}" for place, title in enumerate(json.loads(run.titles))]

    def walk() -> Iterator[tuple[list[Cell], str]]:
        for number in range(pages):
            for row in rows(uow, actor=actor, run_id=run_id, outcome=Outcome.REFUSE, page=number):
                yield row.cells, in_words(row.reasons, titles, actor.language)

    why = runtime.translate(actor.language, N_("Why it was not imported"))
    return Refusals(run.file_name, FileKind(run.file_kind), run.delimiter, titles, why, walk)


def in_words(reasons: Mapping[int, str], titles: Sequence[str], language: str) -> str:
    """Return the reasons as text: the title of each column, and what is wrong there."""
    said = (
        (titles[at] if 0 <= at < len(titles) else "", runtime.translate(language, why)) for at, why in reasons.items()
    )
    return " ".join(f"{title}: {why}" if title else why for title, why in said)


def _view(tx: Tx, run: ImportRun) -> RunView:
    mapping, samples = mapping_of(run), json.loads(run.samples)
    columns = [
        ColumnView(place, place + 1, title, _samples(samples, place), mapping.get(place, ""))
        for place, title in enumerate(json.loads(run.titles))
    ]
    options = options_of(run)
    stored = options.as_stored()
    return RunView(
        id=run.id or 0,
        kind=run.kind,
        state=run.state,
        file_name=run.file_name,
        file_kind=run.file_kind,
        size=run.size,
        sheets=run.sheets,
        columns=columns,
        options={name: str(value) for name, value in stored.items() if not isinstance(value, bool)},
        ticks={name: value for name, value in stored.items() if isinstance(value, bool)},
        needs_order=needs_order(run),
        lacking=missing(Kind(run.kind), set(mapping.values())),
        checked=run.checked_at is not None,
        counts={name: getattr(run, name) for name in ("total", "created", "updated", "skipped", "refused")},
        added=json.loads(run.added),
        finished_at=iso(run.finished_at) if run.finished_at else "",
        blocks=-(-(run.created + run.updated) // PACE) if tx.is_sqlite and run.checked_at else 0,
    )


def _samples(rows: list[list[Any]], place: int) -> list[str]:
    values = (shown(as_cell(row[place])) for row in rows if place < len(row))
    return list(dict.fromkeys(text for text in values if text))[:SAMPLES]


def shown(cell: Cell) -> str:
    """Return a cell as text for the screen."""
    text = " ".join(as_text(cell).split())
    if isinstance(cell, datetime):
        zone = f" {cell:%Z}" if cell.tzinfo is not None else ""
        text = f"{cell:%Y-%m-%d %H:%M}{zone}"
    return text if len(text) <= 80 else f"{text[:79]}…"
