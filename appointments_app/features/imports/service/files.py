"""A file from its upload to its rows: kept in the database in pieces, read anew whenever its rows are needed."""

from __future__ import annotations

import json
import pickle
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path, PurePath
from typing import Any

from appointments_app import runtime
from appointments_app.db.models import ImportRun
from appointments_app.db.queries import hours, imports, sign_ins
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.errors import Cancelled, Invalid, NotFound
from appointments_app.domain.importing import (
    Cell,
    FileKind,
    Kind,
    Options,
    Order,
    Refused,
    Row,
    Shape,
    State,
    columns_of,
    forget_seen,
    match,
    missing,
    order_in,
    read_row,
    shape_of,
)
from appointments_app.domain.listing import record_id
from appointments_app.domain.text import one_line
from appointments_app.domain.times import to_wall
from appointments_app.domain.words import N_
from appointments_app.features.imports.service.cells import as_stored
from appointments_app.features.imports.service.planning import Read

LARGEST = 60_000_000
"""Bytes of a file."""
SAMPLE = 500
"""So many rows are looked at to tell what the columns are."""
SHOWN = 20
"""So many of them are kept, for the screen."""
CHUNK = 1_000
GONE = N_("The file is not kept any more. Upload it again.")

Progress = Callable[[int, int], bool]
"""Told (done, total), total 0 while unknown; returns False to stop."""


def keep_going(_done: int, _total: int) -> bool:
    """The progress of nobody: never stops."""
    return True


def step(progress: Progress, done: int, total: int) -> int:
    """Report progress; return how much is done, or raise Cancelled."""
    if not progress(done, total):
        raise Cancelled()
    return done


def take_in(
    uow: UnitOfWork, *, actor: Actor, path: Path, name: str, kind: object, progress: Progress = keep_going
) -> int:
    """Keep a file that was uploaded, with its columns matched; return the id of its import. Raises Invalid."""
    actor.require(Permission.SETTINGS)
    wanted = read_kind(kind)
    if path.stat().st_size > LARGEST:
        raise Invalid(N_("The file is larger than 60 MB. Split it into smaller ones."))
    with runtime.imported_table(path) as table:
        sample = [row.cells for row in islice(table.rows, SAMPLE)]
    if table.kind is FileKind.ICS and wanted is Kind.CLIENTS:
        raise Invalid(N_("A calendar file holds appointments, not clients."))
    shape = shape_of(sample, wanted)
    if len(sample) <= shape.head + 1:
        raise Invalid(N_("The file has no rows below its titles."))
    rows = sample[shape.head + 1 :]
    with uow.begin() as tx:
        imports.purge(tx, tx.now)
        mapping, options = _beginning(tx, actor, wanted, shape, rows)
        run_id = imports.add(
            tx,
            kind=wanted.value,
            file_name=one_line(PurePath(name.replace("\\", "/")).name, 200) or "file",
            file_kind=table.kind.value,
            delimiter=table.delimiter,
            sheets=table.sheets,
            size=path.stat().st_size,
            head=shape.head,
            titles=json.dumps(shape.titles),
            samples=json.dumps([[as_stored(cell) for cell in row] for row in rows[:SHOWN]]),
            mapping=json.dumps(mapping),
            options=json.dumps(options.as_stored()),
            staff_id=actor.staff_id,
        )
        with path.open("rb") as file:
            pieces = iter(lambda: file.read(imports.PIECE), b"")
            imports.put_parts(tx, run_id, ((imports.FILE, number, piece) for number, piece in enumerate(pieces)))
        return run_id


def _beginning(
    tx: Tx, actor: Actor, kind: Kind, shape: Shape, rows: Sequence[Sequence[Cell]]
) -> tuple[dict[int, str], Options]:
    """Return mapping and options to begin with: those of the last file with these columns, else what can be told."""
    business = sign_ins.business(tx)
    region = business.phone_region if business else ""
    mapping = match(kind, shape, rows)
    begins = opening(tx)
    options = Options(time_zone=actor.time_zone, region=region, day_begins=begins)
    if known := imports.shape(tx, shape.fingerprint(kind)):
        mapping = {int(place): key for place, key in known[0].items()}
        options = Options.of({"day_begins": begins, **known[1], "region": region})
    places = [place for place, key in mapping.items() if key in DATE_FIELDS]
    found = order_in(rows, places)
    return mapping, Options.of({**options.as_stored(), "order": Order.DAY_FIRST if found == "any" else found or ""})


def opening(tx: Tx) -> str:
    """Return when the business opens, as HH:MM: the earliest time of its week, 09:00 where no hours are set."""
    opens = hours.earliest(tx)
    return "09:00" if opens is None else f"{opens // 60:02}:{opens % 60:02}"


DATE_FIELDS = ("start", "date", "end", "confirmed", "created", "birth_date")


def read_kind(kind: object) -> Kind:
    """Return what the rows of a file are; raise Invalid."""
    if kind not in Kind._value2member_map_:
        raise Invalid(N_("Say first what the file holds: clients or appointments."))
    return Kind(str(kind))


def run_in(tx: Tx, run_id: object, *, to_change: bool = False) -> ImportRun:
    """Return an import; raise NotFound for an id that is none."""
    run = imports.one(tx, record_id(run_id), to_change=to_change)
    if run is None:
        raise NotFound()
    return run


def mapping_of(run: ImportRun) -> dict[int, str]:
    """Return the field of each column."""
    return {int(place): key for place, key in json.loads(run.mapping).items()}


def options_of(run: ImportRun) -> Options:
    """Return how the file is to be read."""
    return Options.of(json.loads(run.options))


def check_ready(run: ImportRun) -> None:
    """Raise Invalid unless the file is yet to be imported and its columns say enough."""
    if run.state != State.OPEN:
        raise Invalid(N_("This file was imported already."))
    if lacking := missing(Kind(run.kind), set(mapping_of(run).values())):
        raise Invalid(lacking)
    if needs_order(run) and not options_of(run).order:
        raise Invalid(fields={"order": N_("Choose how dates are written in this file.")})


def needs_order(run: ImportRun) -> bool:
    """Whether the dates of the first rows could be meant in either order."""
    places = [place for place, key in mapping_of(run).items() if key in DATE_FIELDS]
    return order_in(json.loads(run.samples), places) == ""


@contextmanager
def spooled(
    uow: UnitOfWork, run: ImportRun, progress: Progress, phases: int = 2
) -> Iterator[tuple[int, Callable[[], Iterator[list[Read]]]]]:
    """Read and understand every row, outside any transaction; yield how many there are and what walks them.

    They wait in a file of their own, so that memory stays flat whatever the size. Reading is one phase of several.
    """
    with tempfile.TemporaryFile() as spool, _rows_of(uow, run) as rows:
        total = sizes = 0
        while chunk := list(islice(rows, CHUNK)):
            pickle.dump(chunk, spool, pickle.HIGHEST_PROTOCOL)
            total, sizes = total + len(chunk), sizes + 1
            if not progress(total, phases * run.total if run.total >= total else 0):
                raise Cancelled()
        forget_seen()

        def walk() -> Iterator[list[Read]]:
            spool.seek(0)
            for _ in range(sizes):
                yield pickle.load(spool)  # noqa: S301  written just above, by this very function

        yield total, walk


@contextmanager
def _rows_of(uow: UnitOfWork, run: ImportRun) -> Iterator[Iterator[Read]]:
    kind, options, columns = Kind(run.kind), options_of(run), columns_of(mapping_of(run))
    today = to_wall(uow.clock(), options.time_zone).date()
    with _file_of(uow, run) as path, runtime.imported_table(path) as table:

        def read(row: Row) -> Read:
            try:
                record = read_row(
                    kind,
                    columns,
                    row.cells,
                    options,
                    today=today,
                    is_1904=table.is_1904,
                    is_calendar=table.kind is FileKind.ICS,
                )
            except Refused as refused:
                return Read(row.number, row.cells, None, refused.reasons)
            repeating = row.repeating and row.repeating.begun(options.all_day_at)
            return Read(row.number, row.cells, record, {}, repeating)

        yield map(read, islice(table.rows, run.head + 1, None))


@contextmanager
def _file_of(uow: UnitOfWork, run: ImportRun) -> Iterator[Path]:
    with tempfile.NamedTemporaryFile(prefix="import-") as file:
        with uow.read() as tx:
            for piece in imports.parts(tx, run.id or 0, imports.FILE):
                file.write(piece)
        file.flush()
        if file.tell() != run.size:
            raise Invalid(GONE)
        yield Path(file.name)


def stored_options(values: dict[str, Any]) -> str:
    """Return options as a run keeps them; raise Invalid."""
    return json.dumps(Options.of(values).as_stored())
