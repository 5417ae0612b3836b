"""XLSX written straight into the stream: no temporary file, nothing kept but the lot of rows in hand.

Why not a library: docs/decisions/0004-spreadsheet-writers.md.
"""

from __future__ import annotations

import zipfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from itertools import chain, repeat
from typing import Any

from appointments_app.integrations.spreadsheets import parts
from appointments_app.integrations.spreadsheets.cells import CELLS, header_cells
from appointments_app.integrations.spreadsheets.columns import Column
from appointments_app.integrations.spreadsheets.layout import column_widths, letters, sheet_name

SHEET_ROWS = 1_048_576
# A part of 2 GiB or more needs zip64, which Excel greets with an offer to repair the file.
SHEET_BYTES = 1_900_000_000
FAST_COMPRESSION = 1

Lot = list[tuple[Any, ...]]


class _Outbox:
    """What zipfile has written and the stream has not yet handed on."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing to do: zipfile asks for it."""

    def taken(self) -> Iterator[bytes]:
        """Yield what is waiting, if anything."""
        if self._pieces:
            waiting = b"".join(self._pieces)
            self._pieces.clear()
            yield waiting


class _SheetWriter:
    """One sheet being written: knows its next row and when it is full."""

    def __init__(self, columns: Sequence[Column], part: Any, opening: str) -> None:
        self.next_row = 1
        self.size = 0
        self._part = part
        self._columns = columns
        self._last = letters(len(columns))
        self._put(opening)
        self._rows([[cell] for cell in header_cells([column.title for column in columns])], 1)

    @property
    def room(self) -> int:
        """How many more rows fit."""
        return SHEET_ROWS - self.next_row + 1 if self.size < SHEET_BYTES else 0

    @property
    def filtered(self) -> str:
        """The cells under the filter."""
        return f"$A$1:${self._last}${self.next_row - 1}"

    def add(self, lot: Lot) -> None:
        """Write a lot of rows."""
        values = zip(*lot, strict=True)
        cells = [CELLS[column.kind](of_column) for column, of_column in zip(self._columns, values, strict=True)]
        self._rows(cells, len(lot))

    def finish(self) -> None:
        """Write what follows the rows."""
        self._put(f'</sheetData><autoFilter ref="{self.filtered.replace("$", "")}"/></worksheet>')

    def _rows(self, cells: list[list[str]], count: int) -> None:
        numbers = list(map(str, range(self.next_row, self.next_row + count)))
        pieces: list[Iterable[str]] = [repeat('<row r="'), numbers, repeat('">')]
        for number, of_column in enumerate(cells, 1):
            pieces += repeat(f'<c r="{letters(number)}'), numbers, of_column
        self._put("".join(chain.from_iterable(zip(*pieces, repeat("</row>"), strict=False))))
        self.next_row += count

    def _put(self, markup: str) -> None:
        data = markup.encode()
        self.size += len(data)
        self._part.write(data)


def workbook_chunks(
    columns: Sequence[Column], lots: Iterable[Lot], *, right_to_left: bool, title: str
) -> Generator[bytes]:
    """Yield the workbook piece by piece; a full sheet is followed by another."""
    outbox = _Outbox()
    sheets: list[parts.Sheet] = []
    with zipfile.ZipFile(outbox, "w", zipfile.ZIP_DEFLATED, compresslevel=FAST_COMPRESSION) as archive:  # pyright: ignore[reportArgumentType, reportCallIssue]
        archive.writestr("[Content_Types].xml", parts.CONTENT_TYPES)
        archive.writestr("_rels/.rels", parts.RELATIONSHIPS)
        archive.writestr("xl/styles.xml", parts.STYLES)
        yield from outbox.taken()
        waiting = iter(lots)
        lot = next(waiting, [])
        widths = column_widths(columns, lot)
        while lot or not sheets:
            number = len(sheets) + 1
            with archive.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
                sheet = _SheetWriter(columns, part, _opening(widths, right_to_left, selected=number == 1))
                while lot and sheet.room:
                    fitting, lot = lot[: sheet.room], lot[sheet.room :]
                    sheet.add(fitting)
                    yield from outbox.taken()
                    lot = lot or next(waiting, [])
                sheet.finish()
            sheets.append(parts.Sheet(sheet_name(title, number), sheet.filtered))
        archive.writestr("xl/workbook.xml", parts.workbook(sheets))
        archive.writestr("xl/_rels/workbook.xml.rels", parts.workbook_relationships(len(sheets)))
    yield from outbox.taken()


def _opening(widths: Sequence[int], right_to_left: bool, *, selected: bool) -> str:
    columns = "".join(
        f'<col min="{n}" max="{n}" width="{width}" customWidth="1"/>' for n, width in enumerate(widths, 1)
    )
    direction = ' rightToLeft="1"' if right_to_left else ""
    tab = ' tabSelected="1"' if selected else ""
    return (
        f'{parts.XML}<worksheet xmlns="{parts.MAIN}"><sheetViews><sheetView{direction}{tab} workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        '<selection pane="bottomLeft" activeCell="A2" sqref="A2"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData>'
    )
