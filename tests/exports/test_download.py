"""The export as a browser gets it: the right rows, columns and file, or a refusal that says why."""

# Exports hold wall-clock times, which have no time zone.
# ruff: noqa: DTZ001

from __future__ import annotations

import asyncio
import csv
import io
import threading
import time
from dataclasses import replace
from datetime import datetime
from typing import Any

import openpyxl
import pytest
from starlette.applications import Starlette

from appointments_app.api import auth
from appointments_app.api import exports as route
from appointments_app.db.models import Staff
from appointments_app.domain.access import Permission, Scope
from appointments_app.domain.errors import NotAllowed
from appointments_app.domain.listing import AppointmentFilter, Selection
from appointments_app.features.exports import service
from appointments_app.features.exports.schemas import FIELD_TITLES, FILE_TYPES, Wanted
from appointments_app.integrations.spreadsheets import FileType
from tests.exports.conftest import FORMULA, PHONE, Browser, Counter

SEPARATORS = {"csv-comma": ",", "csv-semicolon": ";", "tsv": "\t"}


def lines(answer: Any, separator: str = ",") -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""), delimiter=separator))


def sheet(answer: Any) -> Any:
    return openpyxl.load_workbook(io.BytesIO(answer.content)).active


def starts(client: Browser, **query: str) -> list[str]:
    return [line[0] for line in lines(client.get(fields="start", type="csv-comma", **query))[1:]]


ALL_STARTS = ["2026-03-23 14:00:00", "2026-03-24 15:00:00", "2026-03-25 14:00:00", "2026-07-02 15:00:00"]
"""In Cairo: two hours ahead of UTC in March, three in July."""


def test_r34_without_a_selection_all_that_match_are_exported(browser_of_ada: Browser):
    assert starts(browser_of_ada) == ALL_STARTS
    assert starts(browser_of_ada, tab="done") == ALL_STARTS[:1]
    assert starts(browser_of_ada, q="cleo") == [ALL_STARTS[0], *ALL_STARTS[2:]]
    assert starts(browser_of_ada, since="2026-03-24", until="2026-03-25") == ALL_STARTS[1:3]


def test_r34_only_the_selected_rows_are_exported(browser_of_ada: Browser, counter: Counter):
    chosen = f"{counter.booked[3]},{counter.booked[0]}"
    assert starts(browser_of_ada, ids=chosen) == [ALL_STARTS[0], ALL_STARTS[3]]
    assert starts(browser_of_ada, ids=chosen, tab="scheduled") == [ALL_STARTS[0], ALL_STARTS[3]]


def test_r34_the_total_is_told_before_the_rows_come(browser_of_ada: Browser):
    answer = browser_of_ada.get(tab="scheduled")
    assert answer.headers["x-total-rows"] == "2"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="appointments-2026-03-24.xlsx"'


def test_r35_every_field_is_exported_unless_fields_are_chosen(browser_of_ada: Browser):
    assert lines(browser_of_ada.get(type="csv-comma"))[0] == list(FIELD_TITLES.values())
    chosen = lines(browser_of_ada.get(type="csv-comma", fields="status,client,minutes,staff"))
    assert chosen == [
        ["Status", "Client", "Duration (minutes)", "Staff"],
        ["Done", "Cleo", "30", "Ada, Ben"],
        ["Scheduled", "عمر", "90", "Ben"],
        ["Scheduled", "Cleo", "30", ""],
        ["Dismissed", "Cleo", "30", "Ada"],
    ]


def test_r35_the_order_is_by_date_ascending_or_descending(browser_of_ada: Browser):
    assert starts(browser_of_ada, order="asc") == ALL_STARTS
    assert starts(browser_of_ada, order="desc") == ALL_STARTS[::-1]


def test_r35_every_field_on_offer_can_be_read(browser_of_ada: Browser):
    for field in FIELD_TITLES:
        assert len(lines(browser_of_ada.get(type="tsv", fields=field), "\t")) >= 5


def test_r36_an_excel_file_has_real_dates_and_numbers_under_a_frozen_header(browser_of_ada: Browser):
    got = sheet(browser_of_ada.get(type="xlsx"))
    titles = [cell.value for cell in got[1]]
    assert titles == list(FIELD_TITLES.values())
    row = dict(zip(titles, [cell.value for cell in got[4]], strict=True))
    assert row["Date and time"] == datetime(2026, 3, 25, 14)
    assert row["End"] == datetime(2026, 3, 25, 14, 30)
    assert row["Confirmed at"] == datetime(2026, 3, 24, 14)
    assert row["Duration (minutes)"] == 30
    assert row["Shared with client"] is True
    assert row["Notes"] == 'two\nlines, "quoted"; \ttab'
    assert got.max_row == 5
    assert got.freeze_panes == "A2"
    assert got["A1"].font.b
    assert got.auto_filter.ref == "A1:P5"


@pytest.mark.parametrize("file_type", SEPARATORS)
def test_r36_text_files_are_utf_8_with_a_mark_and_come_out_as_they_went_in(browser_of_ada: Browser, file_type: str):
    answer = browser_of_ada.get(type=file_type, fields="client,notes,business,start")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert lines(answer, SEPARATORS[file_type])[2:4] == [
        ["عمر", "", "", ALL_STARTS[1]],
        ["Cleo", 'two\nlines, "quoted"; \ttab', "Needle & Co", ALL_STARTS[2]],
    ]
    ending = FileType(file_type.replace("-", "_")).extension
    assert answer.headers["content-disposition"].endswith(f'.{ending}"')


def test_r36_a_note_that_is_a_formula_never_runs(browser_of_ada: Browser):
    assert lines(browser_of_ada.get(type="csv-comma", fields="notes"))[1] == ["'" + FORMULA]
    cell = sheet(browser_of_ada.get(type="xlsx", fields="notes"))["A2"]
    assert (cell.value, cell.data_type) == (FORMULA, "s")


def test_r36_phone_numbers_stay_readable(browser_of_ada: Browser):
    assert lines(browser_of_ada.get(type="csv-comma", fields="phone"))[1] == [PHONE]
    assert sheet(browser_of_ada.get(type="xlsx", fields="phone"))["A2"].value == PHONE


def test_r36_who_reads_arabic_gets_a_sheet_from_right_to_left(browser_of_ada: Browser, counter: Counter):
    assert not sheet(browser_of_ada.get()).sheet_view.rightToLeft
    with counter.desk.uow.begin() as tx:
        staff = tx.get(Staff, counter.ada.staff_id)
        assert staff is not None
        staff.language = "ar"
        tx.add(staff)
    assert sheet(browser_of_ada.get()).sheet_view.rightToLeft


def test_r36_the_file_types_on_offer_are_those_that_can_be_written():
    assert [name.replace("-", "_") for name in FILE_TYPES] == [kind.value for kind in FileType]


def test_r36_who_may_see_only_their_own_gets_only_their_own(counter: Counter):
    own = replace(counter.ben, scope=Scope.OWN)
    for selection in (Selection(ids=tuple(counter.booked)), Selection(matching=AppointmentFilter())):
        with service.opened(counter.desk.uow, actor=own, wanted=Wanted(selection, ("staff",))) as export:
            assert export.total == 2
            assert list(export.rows) == [("Ada, Ben",), ("Ben",)]


def test_r38_without_the_permission_nothing_is_read(counter: Counter):
    without = replace(counter.ada, permissions=counter.ada.permissions - {Permission.EXPORT})
    opened = service.opened(counter.desk.uow, actor=without, wanted=Wanted(Selection(ids=tuple(counter.booked))))
    with pytest.raises(NotAllowed), opened:
        pass


def test_r38_a_person_without_the_permission_is_told_so(
    browser_of_ada: Browser, counter: Counter, monkeypatch: pytest.MonkeyPatch
):
    without = replace(counter.ada, permissions=frozenset({Permission.VIEW}))
    monkeypatch.setattr(auth, "known_actor", lambda _session: without)
    answer = browser_of_ada.ask()
    assert (answer.status_code, answer.json()["error"]) == (403, "You may not do this.")


@pytest.mark.parametrize("token", ["", "nobody's"])
def test_a_stranger_gets_no_file(counter: Counter, token: str):
    answer = Browser(token).ask()
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert not answer.headers.get("content-disposition")


@pytest.mark.parametrize(
    "query",
    [
        {"fields": ""},
        {"fields": "start,password_hash"},
        {"fields": "start,start"},
        {"order": "id; drop table"},
        {"type": "exe"},
        {"ids": ""},
        {"ids": "1,x"},
        {"ids": "-1"},
        {"ids": "99999999999"},
        {"ids": ",".join(map(str, range(1, 1002)))},
    ],
)
def test_what_is_not_on_offer_is_refused(browser_of_ada: Browser, query: dict[str, str]):
    answer = browser_of_ada.ask(**query)
    assert answer.status_code == 422
    assert answer.json()["fields"].keys() == query.keys()
    assert route._Work.running == 0


def test_a_thousand_ids_fit_into_one_address(browser_of_ada: Browser, counter: Counter):
    ids = ",".join(map(str, [*counter.booked, *range(2_000_000_000, 2_000_000_996)]))
    assert starts(browser_of_ada, ids=ids) == ALL_STARTS


def test_too_many_exports_at_once_are_turned_away(browser_of_ada: Browser, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(route._Work, "running", route.MOST_AT_ONCE)
    assert browser_of_ada.ask().status_code == 503


def threads() -> list[str]:
    return [each.name for each in threading.enumerate() if each.name.startswith("export")]


async def test_r36_when_the_browser_goes_away_the_work_stops(counter: Counter, monkeypatch: pytest.MonkeyPatch):
    def endless(*_: Any, **__: Any) -> Any:
        try:
            while True:
                made.append(1)
                yield (datetime(2026, 1, 1), "x" * 1000)
        finally:
            ended.set()

    made: list[int] = []
    ended = threading.Event()
    monkeypatch.setattr("appointments_app.db.queries.exports.rows", endless)
    gone = asyncio.Event()
    sent: list[Any] = []

    async def receive() -> Any:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        sent.append(message)
        if len(sent) > 20:
            gone.set()
        await asyncio.sleep(0)

    cookie = (b"cookie", f"sid={counter.token}".encode())
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/api/export",
        "query_string": b"fields=start,notes&type=csv-comma",
        "headers": [cookie],
    }
    await asyncio.wait_for(Starlette(routes=route.EXPORT_ROUTES)(scope, receive, send), 10)
    left = time.monotonic()
    assert await asyncio.to_thread(ended.wait, 1)
    assert time.monotonic() - left < 1
    after = len(made)
    await asyncio.sleep(0.2)
    assert (len(made), route._Work.running) == (after, 0)
    assert threads() == []
    assert counter.desk.uow.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


async def test_a_reader_who_stops_reading_is_left(counter: Counter, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(route, "PATIENCE", 0.1)

    async def receive() -> Any:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()

    headers = [(b"cookie", f"sid={counter.token}".encode())]
    scope = {"type": "http", "method": "GET", "path": "/api/export", "query_string": b"", "headers": headers}
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(Starlette(routes=route.EXPORT_ROUTES)(scope, receive, send), 10)
    assert route._Work.running == 0
