"""Exports from the list, in a real browser: what is chosen in the dialog is what the file holds."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from appointments_app.db.engine import engine_for
from appointments_app.db.sample import add_sample_data
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import Role
from appointments_app.features.session import service
from tests.conftest import browser_settings
from tests.services import databases, screens, server

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
APPOINTMENTS = 3_000


@pytest.fixture(scope="module")
def busy_server(
    built_frontend: Path, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[server.RunningServer]:
    """A program with a well-filled diary."""
    folder = tmp_path_factory.mktemp("busy")
    url = databases.sqlite_copy(sqlite_template, folder)
    engine = engine_for(url)
    service.add_user(UnitOfWork(engine), name="Ada", email=EMAIL, password=PASSWORD, role=Role.OWNER)
    add_sample_data(engine, clients=60, appointments=APPOINTMENTS, now=datetime.now(UTC))
    engine.dispose()
    with server.running(url, folder) as running:
        yield running


@pytest.fixture
def context(browser: Browser, busy_server: server.RunningServer) -> Iterator[BrowserContext]:
    """A browser profile in which Ada is signed in."""
    profile = browser.new_context(**browser_settings(busy_server.url), accept_downloads=True)
    profile.set_default_timeout(20_000)
    profile.request.post("/auth/sign-in", form={"email": EMAIL, "password": PASSWORD})
    yield profile
    profile.close()


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


def test_r34_r36_the_whole_list_arrives_as_an_excel_file(page: Page, tmp_path: Path):
    dialog = open_dialog(page)
    expect(dialog.get_by_text(f"All {APPOINTMENTS:,} appointments that match")).to_be_visible()
    sheet = openpyxl.load_workbook(save(page, dialog, tmp_path)).active
    assert sheet is not None
    assert sheet.max_row == APPOINTMENTS + 1
    assert isinstance(sheet["A2"].value, datetime)
    expect(dialog.get_by_text("Saved: appointments-")).to_be_visible()


def test_r34_r35_selected_rows_with_chosen_fields_newest_first_as_text(page: Page, tmp_path: Path):
    page.goto("/appointments?tab=done")
    rows = page.locator("[data-row]")
    expect(rows.first).to_be_visible()
    for place in (0, 2, 4):
        rows.nth(place).get_by_role("checkbox").click()
        expect(rows.nth(place)).to_have_attribute("data-selected", "true")
    page.locator("#export").click()
    dialog = page.get_by_role("dialog")
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
    text = save(page, dialog, tmp_path).read_text(encoding="utf-8-sig")
    header, *found = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert header == ["Date and time", "Status"]
    assert [status for _, status in found] == ["Done"] * 3
    assert found == sorted(found, reverse=True)


def test_r35_the_choices_stay_until_the_browser_is_closed(page: Page):
    dialog = open_dialog(page)
    dialog.get_by_label("File type").select_option("tsv")
    expect(dialog.get_by_label("File type")).to_have_value("tsv")
    dialog.get_by_label("Notes").click()
    expect(dialog.get_by_label("Notes")).not_to_be_checked()
    dialog.get_by_label("Date descending").click()
    expect(dialog.get_by_label("Date descending")).to_be_checked()
    dialog = open_dialog(page, "/appointments?tab=done")
    expect(dialog.get_by_label("File type")).to_have_value("tsv")
    expect(dialog.get_by_label("Date descending")).to_be_checked()
    expect(dialog.get_by_label("Notes")).not_to_be_checked()
    expect(dialog.get_by_label("Staff")).to_be_checked()


def test_r36_an_export_can_be_cancelled(page: Page):
    dialog = open_dialog(page)
    page.route("**/api/export?*", lambda _route: None)  # an answer that never comes
    dialog.get_by_role("button", name="Export", exact=True).click()
    dialog.get_by_role("button", name="Cancel").click()
    page.unroute_all(behavior="ignoreErrors")
    expect(dialog.get_by_text("Export cancelled.")).to_be_visible()
    expect(dialog.get_by_role("button", name="Export", exact=True)).to_be_enabled()


def test_the_dialog_looks_right_and_can_be_used_by_everybody(page: Page, context: BrowserContext):
    dialog = open_dialog(page)
    screens.shoot_all(page, "export")
    found = Axe().run(page, context="[role=dialog]")
    assert found.violations_count == 0, found.generate_report()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(page.locator("#export")).to_be_focused()
    context.request.post("/auth/language", form={"language": "ar"})
    dialog = open_dialog(page)
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    screens.shoot(page, "export", "arabic")
    context.request.post("/auth/language", form={"language": "en"})
