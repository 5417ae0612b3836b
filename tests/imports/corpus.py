"""Awkward files, made here: each ends in data or in a message that says what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from appointments_app.features.imports import service
from tests.imports.making import (
    ARABIC,
    FAR,
    FRENCH,
    HEAD,
    ICS_HEAD,
    RICH,
    SHARED,
    WIDE,
    bomb,
    book,
    cached_formula,
    csv,
    encrypted_zip,
    formulas,
    ics,
    laughing,
    laughing_sheet,
    long_cell,
    mac,
    merged,
    noise,
    old_excel,
    repacked,
    two_sheets,
)

FOLDER = Path(__file__).parents[1] / "data" / "import"


@dataclass(frozen=True)
class Case:
    """One file: how it is made, what it holds, and what comes of it: so many rows, or words of a message."""

    name: str
    make: Callable[[], bytes]
    kind: str = "clients"
    expect: service.Result | str = field(default_factory=lambda: service.Result(created=1))
    options: dict[str, Any] = field(default_factory=dict)
    sees: Callable[[list[Any]], object] = bool
    """What must be true of the stored records."""
    big: bool = False


def _started_at(hour: int, minute: int = 0) -> Callable[[list[Any]], object]:
    return lambda rows: (rows[0].start_at.hour, rows[0].start_at.minute) == (hour, minute)


CASES = [
    Case("utf8.csv", csv(HEAD + "Zoë Kämpf,zoe@example.com,,\r\n"), sees=lambda rows: rows[0].name == "Zoë Kämpf"),
    Case("utf8-mark.csv", csv(HEAD + "Zoë,,,\r\n", "utf-8-sig"), sees=lambda rows: rows[0].name == "Zoë"),
    Case("windows-1252.csv", csv(FRENCH, "cp1252"), sees=lambda rows: rows[0].name == "Zoë Lefèvre"),
    Case(
        "windows-1256.csv",
        csv(ARABIC.replace("٠١٠٠١٢٣٤٥٦٧", "01001234567"), "cp1256"),
        sees=lambda rows: rows[0].name == "عمر حسن",
    ),
    Case("arabic-digits.csv", csv(ARABIC), sees=lambda rows: rows[0].phone == "+201001234567"),
    Case(
        "utf16.csv", csv(HEAD.replace(",", "\t") + "عمر\t\t\t\r\n", "utf-16"), sees=lambda rows: rows[0].name == "عمر"
    ),
    Case("utf16-no-mark.csv", csv(HEAD + "Cleo,cleo@example.com,,\r\n", "utf-16-le")),
    Case("semicolons.csv", csv("Name;Notes\r\nCleo;a, b, c\r\n"), sees=lambda rows: rows[0].notes == "a, b, c"),
    Case("tabs.csv", csv("Name\tNotes\r\nCleo\ta;b\r\n"), sees=lambda rows: rows[0].notes == "a;b"),
    Case("pipes.csv", csv("Name|E-mail\r\nCleo|cleo@example.com\r\n")),
    Case("says-its-separator.csv", csv("sep=;\r\nName;Notes\r\nCleo;x\r\n"), sees=lambda rows: rows[0].notes == "x"),
    Case("old-mac-lines.csv", csv("Name,Notes\rCleo,x\r"), sees=lambda rows: rows[0].notes == "x"),
    Case(
        "quoted-line-breaks.csv",
        csv('Name,Notes\r\nCleo,"one\r\ntwo ""quoted"", three"\r\n'),
        sees=lambda rows: rows[0].notes == 'one\ntwo "quoted", three',
    ),
    Case("quote-never-closed.csv", csv('Name,Notes\r\n"Cleo,x\r\nDina,y\r\n'), expect="never closed"),
    Case("titles-only.csv", csv(HEAD), expect="no rows below its titles"),
    Case(
        "no-titles.csv",
        csv("Cleo Karim,cleo@example.com\r\nDina Aziz,dina@example.com\r\n"),
        expect="Choose the column that holds the client's name.",
    ),
    Case("empty.csv", csv(""), expect="The file is empty."),
    Case("only-blanks.csv", csv("\r\n \r\n\r\n"), expect="The file is empty."),
    Case("only-commas.csv", csv(",,,\r\n,,,\r\n"), expect="no rows below its titles"),
    Case("empty-columns.csv", csv(",Name,,E-mail,\r\n,Cleo,,cleo@example.com,\r\n,,,,\r\n")),
    Case("200-columns.csv", csv(WIDE), sees=lambda rows: rows[0].name == "Cleo"),
    Case(
        "ragged.csv",
        csv("Name,E-mail\r\nCleo\r\nDina,dina@example.com,more,and more\r\n"),
        expect=service.Result(created=2),
    ),
    Case(
        "same-title-twice.csv",
        csv("Name,Phone,Phone\r\nCleo,01001234567,01001234568\r\n"),
        sees=lambda rows: rows[0].phone == "+201001234567",
    ),
    Case("nul-bytes.csv", lambda: HEAD.encode() + b"Cl\x00eo,,,\x00\r\n", expect="This is no table"),
    Case(
        "formulas.csv",
        csv('Name,Notes\r\nCleo,"=HYPERLINK(""http://evil.example"")"\r\n'),
        sees=lambda rows: rows[0].notes.startswith("=HYPERLINK"),
    ),
    Case("half-characters.csv", lambda: HEAD.encode() + b"Cleo \xed\xa0\x80 \xff,,,\r\n"),
    Case(
        "29-february.csv",
        csv("Date,Time,Client\r\n29/02/2025,10:00,Cleo\r\n29/02/2028,10:00,Cleo\r\n"),
        kind="appointments",
        expect=service.Result(created=1, refused=1, clients=1),
    ),
    Case(
        "year-9999.csv",
        csv("Date,Time,Client\r\n9999-12-31,23:59,Cleo\r\n0001-01-01,00:00,Cleo\r\n"),
        kind="appointments",
        expect=service.Result(refused=2),
    ),
    Case(
        "hour-that-never-was.csv",
        csv("Start,Client\r\n2026-03-29 02:30,Cleo\r\n"),
        kind="appointments",
        options={"time_zone": "Europe/Berlin"},
        expect=service.Result(created=1, clients=1),
        sees=_started_at(1, 30),
    ),
    Case(
        "with-zones.csv",
        csv("Start,Client\r\n2026-03-24T10:00:00+05:30,Cleo\r\n2026-03-25T10:00:00Z,Cleo\r\n"),
        kind="appointments",
        expect=service.Result(created=2, clients=1),
        sees=_started_at(4, 30),
    ),
    Case(
        "mixed-orders.csv",
        csv("Date,Time,Client\r\n13/01/2026,10:00,Cleo\r\n01/13/2026,10:00,Cleo\r\n"),
        kind="appointments",
        expect="Choose how dates are written",
    ),
    Case(
        "month-names.csv",
        csv("Date,Time,Client\r\n24 Mar 2026,2pm,Cleo\r\n٢٥ مارس ٢٠٢٦,٢:٣٠ م,Cleo\r\n"),
        kind="appointments",
        expect=service.Result(created=2, clients=1),
        sees=_started_at(12),
    ),
    Case(
        "plain.xlsx", book(["Name", "Phone"], ["Cleo", 1001234567]), sees=lambda rows: rows[0].phone == "+201001234567"
    ),
    Case(
        "titles-further-down.xlsx", book(["Client list of 2026"], [], ["Name", "E-mail"], ["Cleo", "cleo@example.com"])
    ),
    Case(
        "merged-titles.xlsx",
        book(["All clients", None, None], ["Name", "Notes", None], ["Cleo", "a", "b"], change=merged),
        sees=lambda rows: rows[0].notes == "a",
    ),
    Case(
        "formulas-without-values.xlsx",
        book(["Name", "E-mail"], ["x", "cleo@example.com"], change=formulas),
        expect=service.Result(refused=1),
    ),
    Case(
        "formulas-with-values.xlsx",
        cached_formula,
        sees=lambda rows: (rows[0].name, rows[0].notes) == ("CLEO", "#DIV/0!"),
    ),
    Case(
        "rich-text.xlsx",
        repacked(
            book(["Name"], ["x"]),
            xl__sharedStrings_dot_xml=RICH.encode(),
            xl__worksheets__sheet1_dot_xml=SHARED.encode(),
        ),
        sees=lambda rows: rows[0].name == "Cleo Karim",
    ),
    Case(
        "dates.xlsx",
        book(["Start", "Client"], [datetime.fromisoformat("2026-03-24T10:30"), "Cleo"]),
        kind="appointments",
        expect=service.Result(created=1, clients=1),
        sees=_started_at(8, 30),
    ),
    Case(
        "dates-of-1904.xlsx",
        book(["Start", "Client"], ["", "Cleo"], change=mac),
        kind="appointments",
        expect=service.Result(created=1, clients=1),
        sees=_started_at(8, 30),
    ),
    Case(
        "dates-as-numbers.xlsx",
        book(["Start", "Client"], [46105.4375, "Cleo"]),
        kind="appointments",
        expect=service.Result(created=1, clients=1),
        sees=_started_at(8, 30),
    ),
    Case(
        "day-and-time.xlsx",
        book(["Date", "Time", "Duration", "Client"], [date(2026, 3, 24), time(10, 30), time(0, 45), "Cleo"]),
        kind="appointments",
        expect=service.Result(created=1, clients=1),
        sees=_started_at(8, 30),
    ),
    Case("hidden-sheet-first.xlsx", book(["Name"], ["Cleo"], change=two_sheets)),
    Case("no-rows.xlsx", book(), expect="no rows below its titles"),
    Case(
        "far-row.xlsx",
        repacked(book(["Name"]), xl__worksheets__sheet1_dot_xml=FAR.encode()),
        expect="no rows below its titles",
    ),
    Case("laughing.xlsx", laughing, expect="unpacks to far more"),
    Case("laughing-sheet.xlsx", laughing_sheet, expect="unpacks to far more"),
    Case("truncated.xlsx", lambda: book(["Name"], ["Cleo"])()[:2000], expect="damaged"),
    Case(
        "broken-xml.xlsx",
        repacked(book(["Name"], ["Cleo"]), xl__worksheets__sheet1_dot_xml=b"<worksheet><row>"),
        expect="damaged",
    ),
    Case(
        "without-its-sheet.xlsx",
        repacked(book(["Name"], ["Cleo"]), xl__worksheets__sheet1_dot_xml=None),
        expect="has no sheet",
    ),
    Case("password.xlsx", old_excel("EncryptionInfo", "EncryptedPackage"), expect="protected by a password"),
    Case("password-zip.xlsx", encrypted_zip, expect="protected by a password"),
    Case("old.xls", old_excel("Workbook"), expect="old Excel file"),
    Case("program.xlsx", lambda: b"MZ\x90\x00" + noise(), expect="This is no table"),
    Case("picture.csv", lambda: b"\x89PNG\r\n\x1a\n" + noise(), expect="This is no table"),
    Case("noise.csv", noise, expect="This is no table"),
    Case(
        "other-package.xlsx",
        repacked(book(["x"]), xl__workbook_dot_xml=None),
        expect="packed file without a spreadsheet",
    ),
    Case(
        "plain.ics",
        ics(
            "BEGIN:VEVENT",
            "UID:1",
            "SUMMARY:Cleo – Haircut",
            "DTSTART:20260324T080000Z",
            "DURATION:PT45M",
            "END:VEVENT",
        ),
        kind="appointments",
        expect=service.Result(created=1, clients=1, actions=1),
        sees=_started_at(8),
    ),
    Case(
        "all-day.ics",
        ics("BEGIN:VEVENT", "UID:1", "SUMMARY:Cleo", "DTSTART;VALUE=DATE:20260324", "END:VEVENT"),
        kind="appointments",
        expect=service.Result(created=1, clients=1),
        sees=_started_at(7),
    ),
    Case(
        "cancelled.ics",
        ics(
            "BEGIN:VEVENT",
            "UID:1",
            "SUMMARY:Cleo",
            "STATUS:CANCELLED",
            "DTSTART:20260326T080000Z",
            "DTEND:20260326T090000Z",
            "END:VEVENT",
        ),
        kind="appointments",
        expect=service.Result(created=1, clients=1),
        sees=lambda rows: rows[0].status == "dismissed",
    ),
    Case(
        "truncated.ics",
        lambda: (ICS_HEAD + "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:2026").encode(),
        kind="appointments",
        expect="damaged",
    ),
    Case("calendar-of-clients.ics", ics("BEGIN:VEVENT", "UID:1", "END:VEVENT"), expect="appointments, not clients"),
    Case(
        "10-mb-cell.csv",
        lambda: HEAD.encode() + b"Cleo,,," + b"x" * 10_000_000 + b"\r\n",
        expect="100,000 characters",
        big=True,
    ),
    Case("10-mb-cell.xlsx", long_cell, expect="100,000 characters", big=True),
    Case("bomb.xlsx", bomb, expect="unpacks to far more", big=True),
]


def main() -> None:
    """Write the small files into ``tests/data/import``."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for case in CASES:
        if not case.big:
            (FOLDER / case.name).write_bytes(case.make())


if __name__ == "__main__":
    main()
