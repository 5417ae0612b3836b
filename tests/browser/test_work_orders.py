"""Work orders, as a receptionist walks through them: from the list to a record, its appointments, and its end."""

from __future__ import annotations

import re
from functools import partial
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from appointments_app.db.models import Appointment, WorkOrder
from appointments_app.domain.listing import Selection
from appointments_app.features.appointments import service as appointments
from appointments_app.features.work_orders import service
from appointments_app.features.work_orders.state.life import MANY
from appointments_app.integrations.catalogs import translate
from tests.browser.conftest import TOMORROW, Desk
from tests.browser.eyes import ROWS, open_settled, violations
from tests.browser.form import CLIENTS_LIST, box, keep, pick, save, save_again, type_date, type_time
from tests.conftest import browser_settings
from tests.services import screens

RECORD = re.compile(r"/work-orders/\d+/?$")


@pytest.fixture
def order(desk: Desk, cleo: str) -> int:
    """An open work order of Cleo's."""
    blank = dict.fromkeys(("number", "starts_on", "description"), "")
    form = blank | {
        "title": "Repair the lift", "client": cleo, "currency": "EUR", "budget": "1250.50", "tags": "urgent",
        "ends_on": "2026-01-31", "staff": [],
    }  # fmt: skip
    return service.create(desk.uow, actor=desk.ada, form=form, token=str(uuid4()))


def schedule(desk: Desk, cleo: str, order: int, day: int, status: str = "") -> int:
    """Schedule an appointment for a work order."""
    form = {"client": cleo, "work_order": str(order or ""), "date": TOMORROW.isoformat(), "time": f"{10 + day}:00"}
    form |= {} if order else {"action": "1"}
    one = appointments.book(desk.uow, actor=desk.ada, form={**form, "duration": "30"}, token=str(uuid4()))
    if status:
        use_case, values = appointments.bulk_action(status)
        use_case(desk.uow, actor=desk.ada, selection=Selection(ids=(one,)), **values)
    return one


def statuses(desk: Desk, cleo: str) -> list[str]:
    """Return what became of a client's appointments, in the order they begin."""
    with desk.uow.read() as tx:
        mine = select(Appointment).where(Appointment.client_id == int(cleo)).order_by(Appointment.start_at)
        return ["deleted" if one.deleted_at else one.status for one in tx.execute(mine).scalars()]


def choose(page: Page, entry: str) -> None:
    """Take an entry of the work order's own menu."""
    page.locator(".page-head").get_by_role("button", name="Actions for work order").click()
    page.get_by_role("menuitem", name=entry).click()


def test_a_work_order_is_made_scheduled_for_and_closed(ada: Page, desk: Desk, cleo: str) -> None:
    ada.goto("/")
    ada.get_by_role("navigation", name="Main menu").get_by_role("link", name="Work orders").click()
    ada.get_by_role("main").get_by_role("link", name="New work order").first.click()
    ada.wait_for_url(re.compile("draft="))
    save(ada)
    expect(ada.get_by_text("Enter a title.")).to_be_visible()
    expect(ada.get_by_text("Choose a client.")).to_be_visible()
    ada.get_by_label("Title").fill("Repair the lift")
    box(ada, "Client").fill("Nobody Yet")
    ada.get_by_role("option", name="New client").click()
    expect(ada.get_by_role("dialog").get_by_label("Name")).to_have_value("Nobody Yet")
    ada.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(box(ada, "Client")).to_have_value("Nobody Yet")
    expect(ada.get_by_label("Title")).to_have_value("Repair the lift")
    pick(ada, "Client", "Cleo")
    ada.get_by_label("Budget").fill("1.250,505")
    ada.get_by_label("Currency").select_option("EUR")
    ada.get_by_label("Tags").fill("urgent, house")
    save_again(ada)
    expect(ada.get_by_text("This currency has fewer decimal places.")).to_be_visible()
    screens.shoot_all(ada, "work-order-form-wrong")
    ada.get_by_label("Budget").fill("1.250,50")
    ada.get_by_label("Description").fill("Two floors <script>alert(1)</script>")
    keep(ada)
    ada.reload()
    expect(ada.get_by_label("Title")).to_have_value("Repair the lift")
    save_again(ada)
    ada.wait_for_url(RECORD)
    expect(ada.get_by_role("heading", name="Repair the lift")).to_be_visible()
    expect(ada.get_by_text("€1,250.50")).to_be_visible()
    screens.shoot_all(ada, "work-order")
    ada.get_by_role("link", name="Schedule appointment").click()
    ada.wait_for_url(re.compile("work_order="))
    expect(box(ada, "Client")).to_have_value(re.compile("Cleo"))
    expect(ada.get_by_role("link", name=re.compile("Work order #"))).to_be_visible()
    type_date(ada, TOMORROW)
    type_time(ada, "1430")
    keep(ada)
    screens.shoot_all(ada, "new-appointment-linked")
    save(ada)
    ada.wait_for_url(CLIENTS_LIST)
    ada.locator(ROWS).get_by_role("link", name=re.compile("Work order #")).first.click()
    ada.wait_for_url(RECORD)
    expect(ada.locator(ROWS)).to_have_count(1)
    choose(ada, "Close work order")
    dialog = ada.get_by_role("dialog")
    expect(dialog.get_by_text("1 appointment is still scheduled.")).to_be_visible()
    screens.shoot_all(ada, "work-order-close")
    assert violations(ada) == []
    dialog.get_by_label("Mark them done").check()
    dialog.get_by_role("button", name="Close work order").click()
    expect(ada.locator(".contact").get_by_text("Closed")).to_be_visible()
    expect(ada.locator(ROWS).get_by_text("Done")).to_be_visible()
    expect(ada.get_by_role("link", name="Schedule appointment")).to_have_count(0)
    ada.get_by_role("button", name="Undo").click()
    expect(ada.locator(".contact").get_by_text("Open")).to_be_visible()
    expect(ada.locator(ROWS).get_by_text("Scheduled")).to_be_visible()


def test_appointments_that_exist_are_linked_and_given_back(ada: Page, desk: Desk, cleo: str, order: int) -> None:
    schedule(desk, cleo, 0, 1)
    schedule(desk, cleo, 0, 2)
    open_settled(ada, f"/work-orders/{order}")
    ada.get_by_role("button", name="Link appointments").click()
    dialog = ada.get_by_role("dialog")
    expect(dialog.get_by_role("checkbox")).to_have_count(2)
    screens.shoot_all(ada, "work-order-link")
    assert violations(ada) == []
    dialog.get_by_role("button", name="Link", exact=True).click()
    expect(ada.get_by_text("Choose at least one appointment.")).to_be_visible()
    dialog.get_by_role("checkbox").first.check()
    dialog.get_by_role("button", name="Link", exact=True).click()
    expect(ada.locator(ROWS)).to_have_count(1)
    ada.get_by_role("button", name="Undo").click()
    expect(ada.locator(ROWS)).to_have_count(0)


def test_closing_with_very_many_appointments_shows_how_far_it_is(ada: Page, desk: Desk, cleo: str, order: int) -> None:
    form = {"client": cleo, "work_order": str(order), "date": TOMORROW.isoformat(), "time": "10:00", "duration": "30"}
    daily = {"recurring": True, "frequency": "daily", "ends": "after", "count": str(MANY + 1)}
    appointments.book(desk.uow, actor=desk.ada, form=form | daily, token=str(uuid4()))
    open_settled(ada, f"/work-orders/{order}")
    choose(ada, "Close work order")
    ada.get_by_label("Dismiss them").check()
    ada.get_by_role("dialog").get_by_role("button", name="Close work order").click()
    expect(ada.get_by_text(re.compile(r"appointments dismissed"))).to_be_visible()
    expect(ada.get_by_role("dialog")).to_have_count(0)
    expect(ada.locator(".contact").get_by_text("Closed")).to_be_visible()
    assert set(statuses(desk, cleo)) == {"dismissed"}


def test_r3_deleting_asks_what_becomes_of_the_appointments_and_done_ones_stay(
    ada: Page, desk: Desk, cleo: str, order: int
) -> None:
    for day, status in enumerate(("", "done", "dismissed")):
        schedule(desk, cleo, order, day, status)
    open_settled(ada, f"/work-orders/{order}")
    choose(ada, "Delete")
    dialog = ada.get_by_role("dialog")
    expect(dialog.get_by_text("Those that are done always stay.")).to_be_visible()
    dialog.get_by_label("Delete those that are not done").check()
    dialog.get_by_role("button", name="Delete").click()
    ada.wait_for_url(re.compile(r"/work-orders/?$"))
    expect(ada.get_by_text("2 appointments deleted.")).to_be_visible()
    assert statuses(desk, cleo) == ["deleted", "done", "deleted"]
    ada.get_by_role("button", name="Undo").click()
    expect(ada.get_by_text("records are as they were.")).to_be_visible()
    assert statuses(desk, cleo) == ["scheduled", "done", "dismissed"]
    open_settled(ada, f"/work-orders/{order}")
    expect(ada.locator(ROWS)).to_have_count(3)


def test_the_list_is_narrowed_and_its_address_brings_it_back(ada: Page, desk: Desk, order: int) -> None:
    with desk.uow.read() as tx:
        number = tx.execute(select(WorkOrder.number).where(WorkOrder.id == order)).scalar_one()
    open_settled(ada, "/work-orders")
    screens.shoot_all(ada, "work-orders")
    ada.locator("[data-search]").fill(f"#{number}")
    expect(ada.locator(ROWS)).to_have_count(1)
    expect(ada.locator(ROWS)).to_contain_text("Overdue")
    expect(ada.locator(ROWS)).to_contain_text("Repair the lift")
    ada.reload()
    expect(ada.locator(ROWS)).to_have_count(1)
    ada.get_by_role("button", name="Actions for work order").click()
    ada.get_by_role("menuitem", name="Cancel work order").click()
    expect(ada.get_by_text("Nothing matches")).to_be_visible()
    ada.get_by_role("link", name=re.compile("^Cancelled")).click()
    expect(ada.locator(ROWS)).to_have_count(1)
    expect(ada.locator(ROWS)).not_to_contain_text("Overdue")


def test_a_clients_file_holds_its_work_orders(ada: Page, cleo: str, order: int) -> None:
    open_settled(ada, f"/clients/{cleo}")
    ada.get_by_role("link", name="Work orders").last.click()
    expect(ada).to_have_url(re.compile("show=work-orders"))
    expect(ada.locator(ROWS)).to_have_count(1)
    screens.shoot_all(ada, "client-work-orders")
    ada.get_by_role("link", name=re.compile("^Closed")).click()
    expect(ada.locator(ROWS)).to_have_count(0)
    expect(ada.get_by_text("Nothing here")).to_be_visible()


def test_r2_the_list_is_filtered_by_kind(ada: Page, desk: Desk, cleo: str, order: int) -> None:
    schedule(desk, cleo, order, 1)
    open_settled(ada, f"/appointments?client={cleo}")
    ada.get_by_role("button", name="Filters").click()
    ada.get_by_label("Kind").select_option("independent")
    expect(ada).to_have_url(re.compile("kind=independent"))
    expect(ada.get_by_text("Nothing matches")).to_be_visible()
    ada.get_by_label("Kind").select_option("work-order")
    expect(ada.locator(ROWS)).to_have_count(1)
    expect(ada.locator(ROWS).get_by_role("link", name=re.compile("Work order #"))).to_be_visible()


@pytest.mark.parametrize("wrong", ["999999", "abc", "0"])
def test_an_unknown_work_order_is_not_found(ada: Page, wrong: str) -> None:
    for address in (f"/work-orders/{wrong}", f"/work-orders/{wrong}/edit"):
        ada.goto(address)
        expect(ada.get_by_role("heading", name="Not found")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_work_order_on_a_phone(browser: Browser, desk: Desk, cleo: str, order: int, language: str) -> None:
    t = partial(translate, language)
    profile = browser.new_context(**browser_settings(desk.url, viewport=screens.PHONE, has_touch=True))
    desk.enter(profile, language)
    page = profile.new_page()
    schedule(desk, cleo, order, 1)
    variant = "arabic-phone" if language == "ar" else "light-phone"
    walk = {"work-orders": "/work-orders", "work-order": f"/work-orders/{order}"}
    walk["work-order-form"] = f"/work-orders/{order}/edit"
    for name, address in walk.items():
        open_settled(page, address)
        screens.shoot(page, name, variant)
        with screens.dark(page):
            screens.shoot(page, name, f"{variant}-dark")
        assert page.evaluate("document.documentElement.scrollWidth") <= screens.PHONE["width"], name
    page.locator("#field-title").fill("Two lifts")
    page.get_by_role("main").get_by_role("button", name=t("Save"), exact=True).click()
    page.wait_for_url(RECORD)
    expect(page.get_by_role("heading", name="Two lifts")).to_be_visible()
    page.locator(".page-head").get_by_role("button").last.click()
    page.get_by_role("menuitem", name=t("Close work order")).click()
    dialog = page.get_by_role("dialog")
    screens.shoot(page, "work-order-close", variant)
    dialog.get_by_label(t("Mark them done")).check()
    dialog.get_by_role("button", name=t("Close work order")).click()
    expect(page.locator(".contact").get_by_text(t("Closed"))).to_be_visible()
    assert statuses(desk, cleo) == ["done"]
    profile.close()
