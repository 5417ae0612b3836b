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
    with _opened(path) as book:
        sheets = [each for each in book.worksheets if each.sheet_state == "visible"]
        if not sheets:
            raise unreadable(N_("The workbook has no sheet."))
        is_1904 = book.epoch.year == 1904
    return Table(FileKind.XLSX, _rows(path), is_1904=is_1904, sheets=len(sheets))


def _rows(path: Path) -> Iterator[Row]:
    with _opened(path) as book:
        sheet = next(each for each in book.worksheets if each.sheet_state == "visible")
        sheet.reset_dimensions()  # what a file says of its own size is often wrong
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
    """Yield the workbook; whatever openpyxl stumbles over in a file is said to be damage."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about looks and rules that are not read
        try:
            with path.open("rb") as file, Package(file) as package:
                _check_kind(set(package.namelist()))
                yield _workbook(package)
        except (Invalid, GeneratorExit):
            raise
        except DefusedXmlException as error:
            raise unreadable(TOO_LARGE) from error
        except Exception as error:
            raise unreadable(DAMAGED) from error


def _workbook(package: Package) -> Any:
    from openpyxl.reader.excel import ExcelReader  # only the process that reads a file needs it
    from openpyxl.reader.strings import read_string_table
    from openpyxl.styles.stylesheet import apply_stylesheet

    assert package.fp is not None
    reader = ExcelReader(package.fp, read_only=True, data_only=True, keep_links=False)
    reader.archive = package
    reader.read_manifest()
    reader.read_strings()
    if not reader.shared_strings and _TEXTS in package.namelist():  # some programs forget to list them
        with package.open(_TEXTS) as texts:
            reader.shared_strings = read_string_table(texts)
    reader.read_workbook()
    apply_stylesheet(package, reader.wb)
    reader.read_worksheets()
    return reader.wb


def _check_kind(names: set[str]) -> None:
    if "xl/workbook.xml" in names:
        return
    if "content.xml" in names:
        raise unreadable(N_("This is an OpenDocument file. Save it as XLSX or CSV and upload it again."))
    if any(name.endswith("workbook.bin") for name in names):
        raise unreadable(N_("This is a binary Excel file (.xlsb). Save it as .xlsx and upload it again."))
    raise unreadable(N_("This is a packed file without a spreadsheet in it. Unpack it first."))
