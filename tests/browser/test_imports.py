"""Moving in, in a real browser: a CSV, a workbook and a calendar; on a phone and in Arabic."""

from __future__ import annotations

import base64
import io
import re
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from appointments_app.db.models import Client
from tests.browser.conftest import TOMORROW, Desk
from tests.browser.eyes import open_settled, violations
from tests.services import screens


def _drop(page: Page, name: str, content: bytes) -> None:
    """Let go of a file over the page's drop zone, as the mouse does."""
    page.evaluate(
        """([name, text]) => {
            const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
            const carried = new DataTransfer();
            carried.items.add(new File([bytes], name));
            const zone = document.querySelector('.ap-drop');
            zone.dispatchEvent(new DragEvent('dragover', { bubbles: true, cancelable: true, dataTransfer: carried }));
            zone.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: carried }));
        }""",
        [name, base64.b64encode(content).decode()],
    )


def _choose(page: Page, name: str, content: bytes) -> None:
    """Choose a file with the button."""
    page.locator("input[type=file]").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


def _named(desk: Desk, name: str) -> list[Client]:
    with desk.uow.read() as tx:
        return list(tx.execute(select(Client).where(Client.name == name)).scalars())


def test_clients_are_dropped_matched_checked_imported_and_taken_back(ada: Page, desk: Desk, tmp_path: Path):
    one, mail = f"Zara {uuid4().hex[:6]}", f"{uuid4().hex[:8]}@example.com"
    file = f"Whom,E-mail,Phone,Birth date\r\n{one},{mail},,09/07/1988\r\nWrong,nowhere,12,\r\n".encode()
    open_settled(ada, "/settings")
    ada.get_by_role("link", name="Import", exact=True).click()
    expect(ada.get_by_role("heading", name="Bring your data along")).to_be_visible()
    screens.shoot_all(ada, "imports")
    _drop(ada, "clients.csv", file)
    expect(ada.get_by_role("heading", name="clients.csv")).to_be_visible()
    expect(ada.get_by_role("button", name="Check the file")).to_be_disabled()
    expect(ada.get_by_text("Choose the column that holds the client's name.")).to_be_visible()
    ada.get_by_label("Whom is taken for").select_option(label="Name")
    ada.get_by_role("button", name="Check the file").click()
    expect(ada.get_by_text("Choose how dates are written in this file.")).to_be_visible()
    ada.get_by_label("Dates are written").select_option("dmy")
    ada.get_by_role("button", name="Check the file").click()
    expect(ada.get_by_text("This is not an e-mail address.")).to_be_visible()
    expect(ada.get_by_text("This is not a phone number.")).to_be_visible()
    screens.shoot_all(ada, "import-checked")
    assert violations(ada) == []
    ada.reload()
    expect(ada.get_by_text("This is not an e-mail address.")).to_be_visible()
    ada.get_by_role("link", name=re.compile("Will be created")).click()
    expect(ada.get_by_role("cell", name=one, exact=True)).to_be_visible()
    assert _named(desk, one) == []
    ada.get_by_role("button", name="Import 1 row").click()
    expect(ada.get_by_text("1 row was imported.")).to_be_visible()
    expect(ada.get_by_text("Imported", exact=True)).to_be_visible()
    assert (_named(desk, one)[0].email, _named(desk, one)[0].birth_date) == (mail, "1988-07-09")
    ada.get_by_role("link", name=re.compile("Refused")).click()
    with ada.expect_download() as download:
        ada.get_by_role("link", name="Download the refused rows").click()
    assert "Wrong,nowhere,12,,E-mail:" in download.value.path().read_text("utf-8-sig")
    screens.shoot_all(ada, "import-done")
    assert violations(ada) == []
    ada.get_by_role("button", name="Undo the import").click()
    ada.get_by_role("dialog").get_by_role("button", name="Undo the import").click()
    expect(ada.get_by_text("The import was undone.")).to_be_visible()
    assert _named(desk, one) == []


def test_a_workbook_of_appointments_asks_for_the_order_of_its_dates(ada: Page, desk: Desk):
    name = f"Yara {uuid4().hex[:6]}"
    book = openpyxl.Workbook()
    for row in (["Date", "Time", "Client", "Service", "Duration"], ["03/04/2026", "10:00", name, "Massage", 45]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    open_settled(ada, "/settings/import?kind=appointments")
    _choose(ada, "diary.xlsx", file.getvalue())
    ada.get_by_role("button", name="Check the file").click()
    expect(ada.get_by_text("Choose how dates are written in this file.")).to_be_visible()
    ada.get_by_label("Dates are written").select_option("dmy")
    ada.get_by_role("button", name="Check the file").click()
    screens.shoot_all(ada, "import-appointments")
    ada.get_by_role("button", name="Import 1 row").click()
    expect(ada.get_by_text("Imported", exact=True)).to_be_visible()
    booked = desk.booking_of(_named(desk, name)[0].id or 0)
    assert booked.start_at.isoformat() == "2026-04-03T08:00:00+00:00"
    ada.get_by_role("link", name="See the appointments").click()
    ada.wait_for_url(re.compile("/appointments"))


def test_a_calendar_brings_a_series(ada: Page, desk: Desk):
    name = f"Vera {uuid4().hex[:6]}"
    day = f"{TOMORROW:%Y%m%d}"
    lines = (
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//test//EN",
        "BEGIN:VEVENT",
        "UID:1",
        f"SUMMARY:{name} – Training",
        f"DTSTART;TZID=Africa/Cairo:{day}T100000",
        "DURATION:PT1H",
        "RRULE:FREQ=WEEKLY;COUNT=5",
        "END:VEVENT",
        "END:VCALENDAR",
        "",
    )
    open_settled(ada, "/settings/import?kind=appointments")
    _choose(ada, "calendar.ics", "\r\n".join(lines).encode())
    ada.get_by_role("button", name="Check the file").click()
    ada.get_by_role("button", name="Import 1 row").click()
    expect(ada.get_by_text("Imported", exact=True)).to_be_visible()
    assert desk.booked_for(_named(desk, name)[0].id or 0) == 5


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("clients.xlsx", b"MZ\x90" + bytes(100), "This is no table"), ("empty.csv", b"", "The file is empty.")],
)
def test_what_is_no_table_is_said_at_once(ada: Page, name: str, content: bytes, said: str):
    open_settled(ada, "/settings/import")
    _choose(ada, name, content)
    expect(ada.get_by_role("alert").filter(has_text=said)).to_be_visible()
    _choose(ada, "good.csv", b"Name\r\nCleo\r\n")
    expect(ada.get_by_role("heading", name="good.csv")).to_be_visible()
    ada.get_by_role("button", name="Discard the file").click()
    expect(ada.get_by_role("heading", name="Bring your data along")).to_be_visible()
    expect(ada.get_by_text("good.csv")).to_have_count(0)


def test_imports_in_arabic(arabic: Page):
    open_settled(arabic, "/settings/import")
    expect(arabic.locator("html")).to_have_attribute("dir", "rtl")
    screens.shoot(arabic, "imports", "arabic")
    file = "الاسم;الهاتف;البريد الإلكتروني\r\nسلمى;غير معروف;salma@example.com\r\n".encode("cp1256")
    _choose(arabic, "عملاء.csv", file)
    arabic.get_by_role("button", name="فحص الملف").click()
    expect(arabic.get_by_role("link", name="مرفوض ١")).to_be_visible()
    expect(arabic.locator("td[data-wrong=true]")).to_have_count(1)
    screens.shoot(arabic, "import-checked", "arabic")
    with screens.size(arabic, screens.PHONE):
        arabic.evaluate("window.scrollTo(0, document.body.scrollHeight)")  # down, never sideways
        expect(arabic.locator("td[data-wrong=true] .field-error")).to_be_in_viewport(ratio=1)
        screens.shoot(arabic, "import-checked", "arabic-phone")
    assert violations(arabic) == []
    arabic.get_by_role("button", name="حذف الملف").click()
