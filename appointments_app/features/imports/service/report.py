"""What became of the rows, as pages of rows with the same outcome."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from appointments_app.domain.importing import Cell, Outcome
from appointments_app.features.imports.service.cells import as_cell, as_stored
from appointments_app.features.imports.service.planning import Planned

PAGE = 50


@dataclass(frozen=True)
class ReportRow:
    """One row: its number in the file, its cells, and why it is where it is by column (-1: the row as a whole)."""

    number: int
    cells: list[Cell]
    reasons: dict[int, str]


class Report:
    """Collects rows; keeps whole pages packed."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.parts: list[tuple[str, int, bytes]] = []
        self._pages: dict[str, list[Any]] = {outcome: [] for outcome in Outcome}

    def add(self, planned: Planned) -> None:
        """Note what becomes of a row."""
        outcome = planned.outcome.value
        self.counts[outcome] += 1
        cells = [as_stored(cell) for cell in planned.row.cells]
        self._pages[outcome].append([planned.row.number, cells, planned.reasons])
        if len(self._pages[outcome]) == PAGE:
            self._pack(outcome)

    def finish(self) -> None:
        """Pack what is left."""
        for outcome in self._pages:
            self._pack(outcome)

    def columns(self) -> Mapping[str, int]:
        """Return how many rows there are of each outcome, by the column of the run that keeps it."""
        names = {"create": "created", "update": "updated", "skip": "skipped", "refuse": "refused"}
        return {column: self.counts[outcome] for outcome, column in names.items()} | {"total": self.counts.total()}

    def _pack(self, outcome: str) -> None:
        if page := self._pages[outcome]:
            number = (self.counts[outcome] - len(page)) // PAGE
            self.parts.append((outcome, number, zlib.compress(json.dumps(page).encode(), 1)))
            self._pages[outcome] = []


def unpacked(body: bytes) -> Iterator[ReportRow]:
    """Yield the rows of a page."""
    for number, cells, reasons in json.loads(zlib.decompress(body)):
        yield ReportRow(number, [as_cell(cell) for cell in cells], {int(place): why for place, why in reasons.items()})
