"""Exports from the list, in a real browser: what is chosen in the dialog is what the file holds."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
from playwright.sync_api import Page, expect

from appointments_app.domain.listing import AppointmentFilter
from appointments_app.features.appointments import service
from tests.browser.conftest import Desk
from tests.browser.eyes import EVERY_RULE, violations
from tests.services import screens


def open_dialog(page: Page, address: str = "/appointments") -> Any:
    page.goto(address)
    expect(page.locator("[data-row]").first).to_be_visible()
    page.locator("#export").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    return dialog


def save(page: Page, dialog: Any, folder: Path) -> Path:
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Export", exact=True).click()
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return target


def test_r34_r36_the_whole_list_arrives_as_an_excel_file(ada: Page, desk: Desk, tmp_path: Path):
    dialog = open_dialog(ada)
    total = service.exact_count(desk.uow, actor=desk.ada, wanted=AppointmentFilter())
    assert total > 1_000
    expect(dialog.get_by_text(f"All {total:,} appointments that match")).to_be_visible()
    sheet = openpyxl.load_workbook(save(ada, dialog, tmp_path)).active
    assert sheet is not None
    assert sheet.max_row == total + 1
    assert isinstance(sheet["A2"].value, datetime)
    expect(dialog.get_by_text("Saved: appointments-")).to_be_visible()


def test_r34_r35_selected_rows_with_chosen_fields_newest_first_as_text(ada: Page, tmp_path: Path):
    ada.goto("/appointments?tab=done")
    rows = ada.locator("[data-row]")
    expect(rows.first).to_be_visible()
    for place in (0, 2, 4):
        rows.nth(place).get_by_role("checkbox").click()
        expect(rows.nth(place)).to_have_attribute("data-selected", "true")
    ada.locator("#export").click()
    dialog = ada.get_by_role("dialog")
    expect(dialog.get_by_text("3 selected appointments")).to_be_visible()
    dialog.get_by_role("button", name="No fields").click()
    expect(dialog.get_by_role("alert")).to_have_text("Choose at least one field.")
    expect(dialog.get_by_role("button", name="Export", exact=True)).to_be_disabled()
    for name in ("Status", "Date and time"):
        dialog.get_by_label(name).click()
        expect(dialog.get_by_label(name)).to_be_checked()
    dialog.get_by_label("Date descending").click()
    expect(dialog.get_by_label("Date descending")).to_be_checked()
    dialog.get_by_label("File type").select_option(label="CSV, separated by semicolons")
    expect(dialog.get_by_label("File type")).to_have_value("csv-semicolon")
    text = save(ada, dialog, tmp_path).read_text(encoding="utf-8-sig")
    header, *found = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert header == ["Date and time", "Status"]
    assert [status for _, status in found] == ["Done"] * 3
    assert found == sorted(found, reverse=True)


def test_r35_the_choices_stay_until_the_browser_is_closed(ada: Page):
    dialog = open_dialog(ada)
    dialog.get_by_label("File type").select_option("tsv")
    expect(dialog.get_by_label("File type")).to_have_value("tsv")
    dialog.get_by_label("Notes").click()
    expect(dialog.get_by_label("Notes")).not_to_be_checked()
    dialog.get_by_label("Date descending").click()
    expect(dialog.get_by_label("Date descending")).to_be_checked()
    dialog = open_dialog(ada, "/appointments?tab=done")
    expect(dialog.get_by_label("File type")).to_have_value("tsv")
    expect(dialog.get_by_label("Date descending")).to_be_checked()
    expect(dialog.get_by_label("Notes")).not_to_be_checked()
    expect(dialog.get_by_label("Staff")).to_be_checked()


def test_r36_an_export_can_be_cancelled(ada: Page):
    dialog = open_dialog(ada)
    ada.route("**/api/export?*", lambda _route: None)  # an answer that never comes
    dialog.get_by_role("button", name="Export", exact=True).click()
    dialog.get_by_role("button", name="Cancel").click()
    ada.unroute_all(behavior="ignoreErrors")
    expect(dialog.get_by_text("Export cancelled.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Export", exact=True)).to_be_enabled()


def test_the_dialog_looks_right_and_can_be_used_by_everybody(ada: Page, arabic: Page):
    dialog = open_dialog(ada)
    screens.shoot_all(ada, "export")
    assert violations(ada, EVERY_RULE) == []
    ada.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(ada.locator("#export")).to_be_focused()
    open_dialog(arabic)
    expect(arabic.locator("html")).to_have_attribute("dir", "rtl")
    screens.shoot(arabic, "export", "arabic")
