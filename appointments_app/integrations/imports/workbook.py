"""XLSX, read by openpyxl row by row; of the workbook nothing is kept but the shared texts.

openpyxl opens what it is given: ``Package`` sees to it that nothing grows beyond its limits. Of the workbook only what
its cells need is read: properties, themes, links and macros of other programs can't break an import.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree  # parts come through Package, which refuses document types

from defusedxml.common import DefusedXmlException

from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing.table import MOST_COLUMNS, Cell, FileKind, Row, Table
from appointments_app.domain.words import N_
from appointments_app.integrations.imports.package import Package
from appointments_app.integrations.imports.table import (
    CELL_TOO_LONG,
    DAMAGED,
    LONGEST_CELL,
    TOO_LARGE,
    unreadable,
)

_TEXTS = "xl/sharedStrings.xml"
_MIDNIGHT = datetime(1900, 1, 1)  # noqa: DTZ001  a wall time
_LAST_ROW = 1_048_576
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def workbook_table(path: Path) -> Table:
    """Return the first sheet of a workbook that anybody can see."""
    with _opened(path) as reader:
        sheets = _visible(reader)
        if not sheets:
            raise unreadable(N_("The workbook has no sheet."))
        is_1904 = reader.wb.epoch.year == 1904
    return Table(FileKind.XLSX, _rows(path), is_1904=is_1904, sheets=len(sheets))


def _visible(reader: Any) -> list[tuple[str, str]]:
    """Return name and place of every sheet of cells that can be seen."""
    return [
        (sheet.name, part.target)
        for sheet, part in reader.parser.find_sheets()
        if part.target in reader.valid_files and "chartsheet" not in part.Type and sheet.state == "visible"
    ]


def _rows(path: Path) -> Iterator[Row]:
    with _opened(path) as reader:
        sheet = _sheet(reader, *_visible(reader)[0])
        rows = sheet.iter_rows(max_row=_LAST_ROW, max_col=MOST_COLUMNS, values_only=True)
        for number, cells in enumerate(rows, 1):
            if cells.count(None) == len(cells):
                continue
            last = next(place for place in range(len(cells), 0, -1) if cells[place - 1] is not None)
            yield Row(number, [_cell(value) for value in cells[:last]])


def _cell(value: Any) -> Cell:
    if isinstance(value, str):
        if len(value) > LONGEST_CELL:
            raise unreadable(CELL_TOO_LONG)
        return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), value) if "_x" in value else value
    if isinstance(value, timedelta):  # a duration, or a time in a format such as [h]:mm
        if timedelta() <= value < timedelta(days=1):
            return (_MIDNIGHT + value).time()
        return value.total_seconds() / 86_400
    return value


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    """Yield the reader of a workbook; whatever openpyxl stumbles over in a file is said to be damage."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about looks and rules that are not read
        try:
            with path.open("rb") as file, Package(file) as package:
                _check_kind(set(package.namelist()))
                yield _reader(package)
        except (Invalid, GeneratorExit):
            raise
        except DefusedXmlException as error:
            raise unreadable(TOO_LARGE) from error
        except Exception as error:
            raise unreadable(DAMAGED) from error


def _reader(package: Package) -> Any:
    from openpyxl.reader.excel import ExcelReader  # only the process that reads a file needs it

    assert package.fp is not None
    reader = ExcelReader(package.fp, read_only=True, data_only=True, keep_links=False)
    reader.archive = package
    reader.read_manifest()
    reader.read_workbook()
    return reader


def _sheet(reader: Any, name: str, place: str) -> Any:
    """Return a sheet, with the texts and formats that its cells refer to."""
    from openpyxl.reader import strings
    from openpyxl.styles.stylesheet import apply_stylesheet
    from openpyxl.worksheet import _read_only
    from openpyxl.worksheet import _reader as cells

    class Sheet(_read_only.ReadOnlyWorksheet):
        def _get_size(self) -> None:
            """Leave it open: what a file says of its own size is often wrong, or to be found at its end only."""

    # The parser of defusedxml, written in Python, takes three times as long. What it refuses, ``Package`` refuses.
    strings.iterparse = cells.iterparse = ElementTree.iterparse  # type: ignore[attr-defined]
    reader.read_strings()
    if not reader.shared_strings and _TEXTS in reader.archive.namelist():  # some programs forget to list them
        with reader.archive.open(_TEXTS) as texts:
            reader.shared_strings = strings.read_string_table(texts)
    apply_stylesheet(reader.archive, reader.wb)
    return Sheet(reader.wb, name, place, reader.shared_strings)


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if "content.xml" in names:
        raise unreadable(N_("This is an OpenDocument file. Save it as XLSX or CSV and upload it again."))
    if any(name.endswith("workbook.bin") for name in names):
        raise unreadable(N_("This is a binary Excel file (.xlsb). Save it as .xlsx and upload it again."))
    raise unreadable(N_("This is a packed file without a spreadsheet in it. Unpack it first."))
