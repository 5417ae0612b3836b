"""Text of any kind goes in, comes out the same on screen and in exports, and does nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from appointments_app.features.clients import service as clients
from tests.browser.conftest import Desk
from tests.browser.eyes import ROWS
from tests.browser.form import CLIENTS_LIST, box, keep, open_form, save

MARK = "\u200f"
ODD = f"😀 👩‍👩‍👧 {MARK}شهلا{MARK} <script>document.title='run'</script> <b>bold</b> &amp; \\ % {{}} \"quoted\""


def test_r10_text_of_any_kind_is_typed_kept_and_shown_as_it_is(ada: Page, desk: Desk, cleo: str) -> None:
    notes = f"{ODD}\n=HYPERLINK(1)\n" + "ن0123456789" * 900
    notes = notes[:10_000].ljust(10_000, "x")
    open_form(ada, f"/appointments/new?client={cleo}&action=1")
    ada.get_by_role("group", name="Time").get_by_role("spinbutton").first.click()
    ada.keyboard.type("0900")
    ada.get_by_label("Notes").fill(notes)
    expect(ada.get_by_text("10,000 of 10,000 characters")).to_be_visible()
    keep(ada)
    ada.reload()
    expect(ada.get_by_label("Notes")).to_have_value(notes)
    save(ada)
    ada.wait_for_url(CLIENTS_LIST)
    booked = desk.booking_of(cleo)
    assert booked.notes == notes
    open_form(ada, f"/appointments/{booked.id}")
    expect(ada.get_by_label("Notes")).to_have_value(notes)
    expect(ada.get_by_role("region", name="History")).to_contain_text("created")
    assert ada.title() != "run"


@pytest.mark.parametrize("name", [ODD, '=HYPERLINK("http://evil.example","x")'])
def test_r36_a_name_of_any_kind_is_the_same_in_lists_files_and_exports(
    ada: Page, desk: Desk, cleo: str, booked: Callable[..., int], name: str
) -> None:
    number = booked(notes="=1+1")
    clients.update_client(desk.uow, actor=desk.ada, client_id=int(cleo), version=1, name=name)
    ada.goto(f"/clients/{cleo}?show=appointments")
    expect(ada.get_by_role("heading", level=1)).to_have_text(name)
    expect(ada.locator(f'{ROWS}[data-row="{number}"]')).to_be_visible()
    open_form(ada, f"/appointments/{number}")
    expect(box(ada, "Client")).to_have_value(name)
    assert ada.title() != "run"
    assert ada.locator("main b, main script").count() == 0
    query = f"ids={number}&fields=client,notes"
    text = ada.request.get(f"/api/export?{query}&type=csv-comma").body().decode("utf-8-sig")
    (row,) = list(csv.reader(io.StringIO(text)))[1:]
    assert [cell.removeprefix("'") for cell in row] == [name, "=1+1"]
    assert not any(cell.startswith("=") for cell in row)
    sheet = openpyxl.load_workbook(io.BytesIO(ada.request.get(f"/api/export?{query}&type=xlsx").body())).active
    assert sheet is not None
    assert [(cell.value, cell.data_type) for cell in sheet[2]] == [(name, "s"), ("=1+1", "s")]
