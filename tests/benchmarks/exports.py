"""Rows 11 and 12 of the performance table: exports of N rows × 12 columns, with the csv module and rustpy-xlsxwriter.

Rows are made in memory, the same for program and yardstick, and each runs in a fresh process so that memory can be
read.
"""

from __future__ import annotations

import csv
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from appointments_app.integrations.spreadsheets import Column, FileType, Kind, write
from tests.benchmarks.measure import Result

COLUMNS = [
    Column("number", "No", Kind.NUMBER),
    Column("start", "Start", Kind.DATETIME),
    Column("end", "End", Kind.DATETIME),
    Column("client", "Client"),
    Column("business", "Business"),
    Column("phone", "Phone"),
    Column("email", "E-mail"),
    Column("staff", "Staff"),
    Column("action", "Action"),
    Column("status", "Status"),
    Column("created", "Created on", Kind.DATE),
    Column("notes", "Notes"),
]
NAMES = ["Ahmed Hassan", "Maria Müller", "أحمد حسن", "John Smith-Jones", "Li Wei", "O'Brien & Sons"]
MEMORY_LIMIT_MB = 60
FIRST_BYTE_LIMIT_MS = 100
XLSX_LIMIT_MS = {100_000: 2_000, 1_000_000: 20_000}
CSV_LEAST_RATIO = 0.8
ROUNDS = 3


def appointments(count: int) -> Iterator[tuple[Any, ...]]:
    """Believable rows, made as they are asked for."""
    first = datetime.fromisoformat("2024-01-01T08:00")
    for number in range(count):
        start = first + timedelta(minutes=15 * (number % 200_000))
        yield (
            number,
            start,
            start + timedelta(minutes=30),
            NAMES[number % 6],
            "Acme Ltd" if number % 3 else None,
            f"+2010{number % 100_000_000:08d}",
            f"client{number % 50_000}@example.org",
            NAMES[(number + 3) % 6],
            "Consultation",
            "Scheduled" if number % 2 else "Done",
            start.date(),
            "" if number % 4 else "Bring the X-ray pictures, please; call before",
        )


def csv_module(path: Path, count: int) -> None:
    """The yardstick for CSV."""
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(file)
        writer.writerow([column.title for column in COLUMNS])
        writer.writerows(appointments(count))


def rust_library(path: Path, count: int) -> None:
    """The yardstick for XLSX: the fastest library for Python."""
    from rustpy_xlsxwriter import Format, write_worksheet

    titles = [column.title for column in COLUMNS]
    moment, day = Format().set_num_format("yyyy-mm-dd hh:mm"), Format().set_num_format("yyyy-mm-dd")
    rows = (dict(zip(titles, row, strict=True)) for row in appointments(count))
    write_worksheet(
        rows,
        str(path.with_suffix(".xlsx")),
        freeze_row=1,
        autofilter=True,
        header_format=Format().set_bold(),
        column_formats={"Start": moment, "End": moment, "Created on": day},
        sheet_view={"right_to_left": True},
    )


def ours(kind: FileType) -> Callable[[Path, int], float]:
    """The program's writer for this file type; it answers with the milliseconds to the first byte."""

    def run(path: Path, count: int) -> float:
        began = time.perf_counter()
        pieces = write(kind, COLUMNS, appointments(count), right_to_left=True)
        with path.open("wb") as file:
            file.write(next(pieces))
            first = (time.perf_counter() - began) * 1000
            for piece in pieces:
                file.write(piece)
        return first

    return run


ENGINES: dict[str, Callable[[Path, int], float | None]] = {
    "csv": ours(FileType.CSV_COMMA),
    "xlsx": ours(FileType.XLSX),
    "csv module": csv_module,
    "rustpy-xlsxwriter": rust_library,
}


def measured(engine: str, count: int) -> dict[str, float]:
    """One run in a fresh process: milliseconds, milliseconds to the first byte, megabytes of growth."""
    command = [sys.executable, "-m", __name__, engine, str(count)]
    return json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def one(engine: str, count: int) -> dict[str, float]:
    """The measurement itself, after a small warm-up that loads what the engine needs."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export"
        ENGINES[engine](path, 100)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        first = ENGINES[engine](path, count)
        spent = (time.perf_counter() - began) * 1000
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    return {"ms": spent, "first_byte_ms": first or spent, "grown_mb": grown}


def compared(kind: str, yardstick: str, count: int) -> Result:
    """Program against yardstick, interleaved, as one line of the table."""
    rounds = [(measured(kind, count), measured(yardstick, count)) for _ in range(ROUNDS)]
    program, other = (median(run[side]["ms"] for run in rounds) for side in (0, 1))
    first = median(run[0]["first_byte_ms"] for run in rounds)
    grown = max(run[0]["grown_mb"] for run in rounds)
    limit = XLSX_LIMIT_MS.get(count)
    if kind == "csv":
        fast, wanted = other / program >= CSV_LEAST_RATIO, f"≤ {1 / CSV_LEAST_RATIO:g}×"
    else:
        fast, wanted = limit is None or program <= limit, f"≤ {limit} ms" if limit else "–"
    return Result(
        name=f"{'11' if kind == 'csv' else '12'} export {kind} beside {yardstick}: first byte {first:.1f} ms, "
        f"{grown:.0f} MB",
        engine="memory",
        rows=count,
        program_ms=round(program, 1),
        yardstick_ms=round(other, 1),
        ratio=round(program / other, 2),
        target=f"{wanted}, first byte < {FIRST_BYTE_LIMIT_MS} ms, ≤ {MEMORY_LIMIT_MB} MB",
        ok=fast and first < FIRST_BYTE_LIMIT_MS and grown <= MEMORY_LIMIT_MB,
    )


def measure(counts: Sequence[int] = (100_000, 1_000_000)) -> Iterator[Result]:
    """Measure each file type with each number of rows."""
    for count in counts:
        yield compared("csv", "csv module", count)
        yield compared("xlsx", "rustpy-xlsxwriter", count)


if __name__ == "__main__":
    print(json.dumps(one(sys.argv[1], int(sys.argv[2]))))
