"""The complete list in the browser: tabs, search, filters, menus, bulk changes, undo, live rows, keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import quote_plus
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from appointments_app.domain.appointment import Tab
from appointments_app.domain.listing import AppointmentFilter, Place, Selection
from appointments_app.features.appointments import service
from tests.browser.conftest import Desk
from tests.browser.eyes import ROWS, hearing_changes
from tests.services import screens


def open_list(page: Page, query: str = "") -> None:
    """Open the list and wait for its rows."""
    page.goto(f"/appointments/{query}")
    expect(page.locator(ROWS).first.or_(page.locator(".empty"))).to_be_visible()


def test_r25_tabs_show_counts_and_stand_in_the_address(ada: Page) -> None:
    open_list(ada)
    tabs = ada.get_by_role("navigation", name="Status").get_by_role("link")
    expect(tabs).to_have_count(5)
    expect(tabs.nth(1)).to_have_text(re.compile(r"Scheduled\s*[\d,+]+"))
    tabs.nth(2).click()
    expect(ada).to_have_url(re.compile("tab=done"))
    expect(ada.locator(f"{ROWS} .chip[data-tone=done]").first).to_be_visible()
    expect(ada.locator(f"{ROWS} .chip[data-tone=scheduled]")).to_have_count(0)
    ada.go_back()
    expect(tabs.first).to_have_attribute("aria-current", "page")


def test_r25_search_and_filters_restore_from_a_link(ada: Page, desk: Desk) -> None:
    found = service.list_rows(desk.uow, actor=desk.ada, wanted=AppointmentFilter(tab=Tab.ALL), place=Place(size=25))
    name = found.rows[0].client
    open_list(ada)
    ada.keyboard.press("/")
    ada.keyboard.type(name, delay=5)
    expect(ada).to_have_url(re.compile(f"q=.*{re.escape(quote_plus(name.split()[-1]))}"))
    expect(ada.locator(f"{ROWS}").first).to_contain_text(name)
    expect(ada.locator("[data-search]")).to_have_value(name)
    address = ada.url
    ada.goto("/clients/")
    ada.goto(address)
    expect(ada.locator("[data-search]")).to_have_value(name)
    expect(ada.locator(ROWS).first).to_contain_text(name)
    ada.get_by_role("link", name="Clear filters").first.click()
    expect(ada.locator("[data-search]")).to_have_value("")


def test_a_search_that_finds_nothing_says_so_and_offers_a_way_back(ada: Page) -> None:
    open_list(ada, "?q=zzzzqqq")
    expect(ada.get_by_text("Nothing matches")).to_be_visible()
    screens.shoot(ada, "list-nothing")
    ada.locator(".empty").get_by_role("link", name="Clear filters").click()
    expect(ada.locator(ROWS).first).to_be_visible()


def test_r25_pages_go_forth_and_back(ada: Page) -> None:
    open_list(ada, "?size=25&sort=start")
    first = ada.locator(ROWS).first.get_attribute("data-row")
    ada.get_by_role("link", name="Later page").click()
    expect(ada).to_have_url(re.compile("after="))
    expect(ada.locator(f'{ROWS}[data-row="{first}"]')).to_have_count(0)
    ada.get_by_role("link", name="Earlier page").click()
    expect(ada.locator(ROWS).first).to_have_attribute("data-row", first or "")


def test_r25_sort_and_page_size_stand_in_the_address_and_back_restores_them(ada: Page) -> None:
    open_list(ada, "?tab=done&size=25")
    client = ada.get_by_role("columnheader", name="Client", exact=True)
    client.get_by_role("link").click()
    expect(client).to_have_attribute("aria-sort", "ascending")
    names = ada.locator(f"{ROWS} td:nth-child(3)").all_inner_texts()
    assert len(names) == 25
    ada.get_by_label("Rows").select_option("100")
    expect(ada.locator(ROWS)).to_have_count(100)
    expect(ada).to_have_url(re.compile(r"size=100"))
    expect(ada).to_have_url(re.compile(r"tab=done"))
    ada.goto("/clients")
    expect(ada.get_by_role("heading", level=1)).to_have_text("Manage Clients")
    ada.go_back()
    expect(ada.locator(ROWS)).to_have_count(100)
    expect(client).to_have_attribute("aria-sort", "ascending")
    expect(ada.get_by_label("Rows")).to_have_value("100")
    client.get_by_role("link").click()
    expect(client).to_have_attribute("aria-sort", "descending")
    ada.go_back()
    expect(client).to_have_attribute("aria-sort", "ascending")


def test_r24_the_three_dots_menu_marks_done_and_undo_takes_it_back(ada: Page) -> None:
    open_list(ada, "?tab=scheduled")
    row = ada.locator(ROWS).first
    number = row.get_attribute("data-row")
    row.get_by_role("button", name=re.compile("Actions for")).click()
    ada.get_by_role("menuitem", name="Mark done").click()
    expect(ada.get_by_text("1 appointment marked done.")).to_be_visible()
    expect(ada.locator(f'{ROWS}[data-row="{number}"]')).to_have_count(0)
    ada.get_by_role("link", name="Calendar", exact=True).click()  # the message goes along
    ada.get_by_role("button", name="Undo").click()
    expect(ada.get_by_text("1 record is as it was.")).to_be_visible()
    ada.reload()
    expect(ada.get_by_text("1 record is as it was.")).to_be_visible()
    ada.clock.set_fixed_time(datetime.now(UTC) + timedelta(minutes=1))
    open_list(ada, "?tab=scheduled")
    expect(ada.locator(f'{ROWS}[data-row="{number}"]')).to_be_visible()
    expect(ada.locator(".ap-toast")).to_have_count(0)  # its time was over on another page


def test_r26_r28_bulk_delete_asks_with_the_count_and_can_be_undone(ada: Page) -> None:
    open_list(ada, "?tab=dismissed&size=25")
    for index in range(3):
        ada.locator(f"{ROWS} input[type=checkbox]").nth(index).check()
    number = ada.locator(ROWS).first.get_attribute("data-row")
    ada.get_by_role("button", name="Actions", exact=True).click()
    ada.get_by_role("menuitem", name="Delete").click()
    dialog = ada.get_by_role("dialog")
    expect(dialog).to_contain_text("3 appointments will be deleted")
    screens.shoot(ada, "list-delete")
    dialog.get_by_role("button", name="Delete").click()
    expect(ada.get_by_text("3 appointments deleted.")).to_be_visible()
    expect(ada.locator(f'{ROWS}[data-row="{number}"]')).to_have_count(0)
    ada.get_by_role("button", name="Undo").click()
    expect(ada.get_by_text("3 records are as they were.")).to_be_visible()
    expect(ada.locator(f'{ROWS}[data-row="{number}"]')).to_be_visible()


def test_r27_select_all_that_match_works_on_the_server_with_progress(ada: Page, desk: Desk) -> None:
    open_list(ada, "?size=25")
    ada.get_by_label("Select this page").check()
    expect(ada.get_by_text("25 selected")).to_be_visible()
    ada.get_by_role("button", name=re.compile("Select all")).click()
    total = service.exact_count(desk.uow, actor=desk.ada, wanted=AppointmentFilter())
    assert total > 1_000
    expect(ada.get_by_text(f"{total:,} selected")).to_be_visible()
    screens.shoot(ada, "list-selected")
    ada.get_by_role("button", name="Actions", exact=True).click()
    ada.get_by_role("menuitem", name="Dismiss").click()
    expect(ada.get_by_text(re.compile(r"[\d,]+ appointments dismissed\."))).to_be_visible(timeout=20_000)
    assert service.exact_count(desk.uow, actor=desk.ada, wanted=AppointmentFilter(tab=Tab.DISMISSED)) == total
    ada.get_by_role("button", name="Undo").click()
    expect(ada.get_by_text(re.compile(r"[\d,]+ records are as they were\."))).to_be_visible(timeout=20_000)
    assert service.exact_count(desk.uow, actor=desk.ada, wanted=AppointmentFilter(tab=Tab.DONE)) > 0


def test_a_row_that_somebody_else_changes_changes_here_within_two_seconds(ada: Page, desk: Desk) -> None:
    with hearing_changes(ada):
        open_list(ada, "?tab=yet-to-mark")
    row = ada.locator(ROWS).first
    number = int(row.get_attribute("data-row") or 0)
    service.set_status(desk.uow, actor=desk.ada, selection=Selection(ids=(number,)), status="done")
    expect(ada.locator(f'{ROWS}[data-row="{number}"]')).to_have_count(0, timeout=2_500)


def test_the_list_works_by_keyboard(ada: Page) -> None:
    open_list(ada, "?tab=scheduled")
    ada.keyboard.press("j")
    ada.keyboard.press("j")
    ada.keyboard.press("x")
    expect(ada.get_by_text("1 selected")).to_be_visible()
    ada.keyboard.press("?")
    expect(ada.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    ada.keyboard.press("Escape")
    expect(ada.get_by_role("dialog")).to_have_count(0)
    expect(ada.locator(ROWS).nth(1)).to_be_focused()
    ada.keyboard.press("n")
    expect(ada).to_have_url(re.compile("/appointments/new"))


def test_r25_columns_can_be_hidden_and_the_address_remembers_it(ada: Page) -> None:
    open_list(ada)
    ada.get_by_role("button", name="Columns").click()
    ada.get_by_role("checkbox", name="Notes").check()
    expect(ada.get_by_role("columnheader", name="Notes")).to_be_visible()
    ada.get_by_role("checkbox", name="Staff").uncheck()
    expect(ada.get_by_role("columnheader", name="Staff")).to_have_count(0)
    ada.reload()
    expect(ada.get_by_role("columnheader", name="Notes")).to_be_visible()
    expect(ada.get_by_role("columnheader", name="Staff")).to_have_count(0)


def test_r25_the_usual_days_are_one_press_away_and_filters_are_counted(ada: Page, booked: Callable[..., int]) -> None:
    booked(date=datetime.now(ZoneInfo("Africa/Cairo")).date().isoformat(), time="23:50", duration="5")
    open_list(ada)
    filters = ada.get_by_role("button", name="Filters")
    expect(filters).to_have_text("Filters")
    filters.click()
    ada.get_by_role("button", name="Today").click()
    expect(ada).to_have_url(re.compile("since=.*until="))
    expect(ada.get_by_role("button", name="Today")).to_have_attribute("aria-pressed", "true")
    ada.get_by_label("Shared with client").select_option("no")
    expect(ada).to_have_url(re.compile("shared=no"))
    expect(ada.locator(f"{ROWS} [data-open]").first).to_contain_text("Today")
    ada.get_by_role("button", name="Today").click()
    expect(ada).not_to_have_url(re.compile("since="))
    ada.keyboard.press("Escape")
    expect(filters).to_have_text("Filters1")
    expect(filters).to_be_focused()


def test_on_a_phone_a_press_anywhere_on_a_row_opens_it_and_beside_the_box_ticks_it(ada: Page) -> None:
    ada.set_viewport_size(screens.PHONE)
    open_list(ada)
    row = ada.locator(ROWS).first
    number = row.get_attribute("data-row")
    row.locator(".tick-target").click(position={"x": 4, "y": 40})
    expect(ada.get_by_text("1 selected")).to_be_visible()
    row.click()
    expect(ada).to_have_url(re.compile(f"/appointments/{number}"))


def test_an_address_that_leads_nowhere_says_so_and_leads_on(ada: Page) -> None:
    ada.goto("/nowhere")
    expect(ada.get_by_role("heading", name="Page not found")).to_be_visible()
    ada.get_by_role("link", name="Appointments").click()
    expect(ada.locator(ROWS).first).to_be_visible()


def test_a_dialog_ends_with_the_page_that_opened_it(ada: Page) -> None:
    open_list(ada)
    ada.keyboard.press("?")
    expect(ada.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    ada.goto("/clients/")
    expect(ada.locator(ROWS).first).to_be_visible()
    expect(ada.get_by_role("dialog")).to_have_count(0)


def test_r2_an_independent_appointment_shows_its_action_beside_the_name(ada: Page) -> None:
    open_list(ada)
    expect(ada.locator(f"{ROWS} .dot").first).to_be_visible()


def test_the_list_is_looked_at_in_light_dark_phone_and_arabic(ada: Page, arabic: Page) -> None:
    open_list(ada)
    screens.shoot_all(ada, "list")
    open_list(arabic)
    expect(arabic.locator("html")).to_have_attribute("dir", "rtl")
    screens.shoot(arabic, "list", "arabic")
