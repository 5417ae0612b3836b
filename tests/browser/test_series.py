"""Recurring appointments in a real browser: booking a series, changing and deleting parts of it; in Arabic too."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select

from appointments_app.db.models import Appointment
from appointments_app.features.appointments import service
from tests.browser.conftest import Desk
from tests.browser.eyes import violations
from tests.browser.form import CLIENTS_LIST, save, type_time
from tests.services import screens


def _next(weekday: int) -> date:
    """Return the next such weekday from tomorrow on."""
    day = datetime.now(UTC).date() + timedelta(days=1)
    return day + timedelta(days=(weekday - day.weekday()) % 7)


@pytest.fixture
def daily(desk: Desk, cleo: str) -> list[int]:
    """Six days in a row at ten, from next Monday on; the ids."""
    form = {
        "client": cleo, "action": "1", "date": _next(0).isoformat(), "time": "10:00", "duration": "30", "staff": [],
        "recurring": True, "frequency": "daily", "ends": "after", "count": "6",
    }  # fmt: skip
    service.book(desk.uow, actor=desk.ada, form=form, token=str(uuid4()))
    return [one.id for one in _rows(desk, cleo)]


def _rows(desk: Desk, client_id: str) -> list[Appointment]:
    with desk.uow.read() as tx:
        alive = select(Appointment).where(Appointment.client_id == int(client_id), Appointment.deleted_at.is_(None))
        return list(tx.execute(alive.order_by(Appointment.start_at)).scalars())


def _times(desk: Desk, client_id: str) -> list[int]:
    """Return the hour (UTC) at which each of a client's appointments begins."""
    return [one.start_at.hour for one in _rows(desk, client_id)]


def _dates(page: Page) -> Locator:
    return page.locator(".next-dates > li")


def _answer(page: Page, word: str, button: str = "Save") -> None:
    dialog = page.get_by_role("dialog")
    dialog.get_by_label(word, exact=True).check()
    dialog.get_by_role("button", name=button).click()


def test_r12_a_series_is_booked_from_the_form_with_a_date_skipped_and_one_moved(
    ada: Page, desk: Desk, cleo: str
) -> None:
    ada.goto(f"/appointments/new?client={cleo}&action=1")
    type_time(ada, "1430")
    monday = _next(0)
    ada.get_by_role("group", name="Date").get_by_role("spinbutton").first.click()
    ada.keyboard.type(monday.strftime("%d%m%Y"))
    ada.get_by_label("Recurring").check()
    expect(ada.get_by_role("button", name="Monday")).to_have_attribute("aria-pressed", "true")
    ada.get_by_role("button", name="Thursday").click()
    ada.get_by_label("Every", exact=True).fill("2")
    expect(ada.get_by_text("Every 2 weeks on Monday and Thursday, without end")).to_be_visible()
    expect(_dates(ada)).to_have_count(10)
    ada.get_by_label("Ends").select_option("after")
    ada.get_by_label("Number of times").fill("4")
    expect(_dates(ada)).to_have_count(4)
    ada.get_by_role("button", name="Skip:").nth(1).click()
    expect(ada.get_by_text("Skipped")).to_be_visible()
    ada.get_by_role("button", name="Move:").nth(1).click()
    moving = ada.locator(".inline-form")
    moving.get_by_role("group", name="Time").get_by_role("spinbutton").first.click()
    ada.keyboard.type("1600")
    ada.wait_for_timeout(300)
    moving.get_by_role("button", name="Move", exact=True).click()
    expect(ada.get_by_text("Moved", exact=True)).to_be_visible()
    screens.shoot_all(ada, "series-form")
    assert violations(ada) == []
    ada.reload()
    expect(ada.get_by_text("Skipped")).to_be_visible()
    save(ada)
    ada.wait_for_url(CLIENTS_LIST)
    expect(ada.get_by_text("Series booked.")).to_be_visible()
    local = [(one.start_at.astimezone(UTC).date() - monday).days for one in _rows(desk, cleo)]
    assert local == [0, 14, 17]
    assert [one.by_hand for one in _rows(desk, cleo)] == [False, True, False]
    expect(ada.locator("tr[data-row] .repeats")).to_have_count(3)


def test_r29_saving_asks_how_far_the_change_reaches(ada: Page, desk: Desk, cleo: str, daily: list[int]) -> None:
    before = _times(desk, cleo)
    service.edit(
        desk.uow,
        actor=desk.ada,
        appointment_id=daily[4],
        version=1,
        reach="this",
        form=_form(desk, daily[4], time="18:00"),
    )
    ada.goto(f"/appointments/{daily[2]}")
    expect(ada.get_by_text("Every day, 6 times").first).to_be_visible()
    type_time(ada, "1200")
    save(ada)
    dialog = ada.get_by_role("dialog")
    dialog.get_by_label("This one and those that follow").check()
    expect(dialog.get_by_text("1 that was changed alone")).to_be_visible()
    screens.shoot(ada, "series-reach")
    assert violations(ada) == []
    ada.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    assert _times(desk, cleo)[:4] == before[:4]
    save(ada)
    _answer(ada, "This one and those that follow")
    ada.wait_for_url(CLIENTS_LIST)
    hours = _times(desk, cleo)
    assert hours[:2] == before[:2]
    assert hours[2:4] + hours[5:] == [one + 2 for one in before[2:4] + before[5:]]
    assert hours[4] == before[4] + 8


def _form(desk: Desk, appointment_id: int, **changes: object) -> dict[str, object]:
    opened = service.open_one(desk.uow, actor=desk.ada, appointment_id=appointment_id, theirs=True)
    return {**opened.form, **changes}


def test_r29_text_of_one_occurrence_alone_is_named_on_its_page(
    ada: Page, desk: Desk, cleo: str, daily: list[int]
) -> None:
    ada.goto(f"/appointments/{daily[1]}")
    ada.get_by_label("Notes").fill("Bring the old papers")
    ada.wait_for_timeout(600)
    save(ada)
    _answer(ada, "This one only")
    ada.wait_for_url(CLIENTS_LIST)
    ada.goto(f"/appointments/{daily[1]}")
    card = ada.locator("section.card").filter(has=ada.get_by_role("heading", name="Series"))
    expect(card.get_by_text("2 of 6")).to_be_visible()
    expect(card.get_by_text("Changed on this one alone:")).to_be_visible()
    expect(card.locator(".chip", has_text="Notes")).to_be_visible()
    expect(card.get_by_role("listitem")).to_have_count(4)
    screens.shoot_all(ada, "series-occurrence")
    assert violations(ada) == []
    assert [one.notes != "" for one in _rows(desk, cleo)] == [False, True, False, False, False, False]


def test_r24_r29_deleting_from_the_list_asks_and_can_be_undone(
    ada: Page, desk: Desk, cleo: str, daily: list[int]
) -> None:
    ada.goto(f"/clients/{cleo}?show=appointments")
    ada.locator(f"tr[data-row='{daily[2]}']").get_by_role("button", name="Actions for").click()
    ada.get_by_role("menuitem", name="Delete").click()
    _answer(ada, "This one and those that follow", "Delete")
    expect(ada.get_by_text("4 appointments deleted.")).to_be_visible()
    expect(ada.locator("tr[data-row]")).to_have_count(2)
    ada.get_by_role("button", name="Undo").click()
    expect(ada.locator("tr[data-row]")).to_have_count(6)
    assert len(_rows(desk, cleo)) == 6


def test_an_appointment_becomes_a_series_and_ends_being_one(ada: Page, desk: Desk, cleo: str) -> None:
    form = {"client": cleo, "action": "1", "date": _next(1).isoformat(), "time": "09:00", "duration": "30", "staff": []}
    single = service.book(desk.uow, actor=desk.ada, form=form, token=str(uuid4()))
    ada.goto(f"/appointments/{single}")
    ada.get_by_label("Recurring").check()
    ada.get_by_label("Frequency").select_option("monthly")
    ada.get_by_label("Ends").select_option("after")
    ada.get_by_label("Number of times").fill("3")
    expect(_dates(ada)).to_have_count(3)
    save(ada)
    ada.wait_for_url(CLIENTS_LIST)
    rows = _rows(desk, cleo)
    assert [rows[0].id, len(rows)] == [single, 3]
    ada.goto(f"/appointments/{rows[1].id}")
    ada.get_by_label("Recurring").uncheck()
    save(ada)
    dialog = ada.get_by_role("dialog")
    expect(dialog.get_by_label("This one only")).to_have_count(0)
    expect(dialog.get_by_text("The others you choose here are deleted.")).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    ada.wait_for_url(CLIENTS_LIST)
    assert [one.series_id is None for one in _rows(desk, cleo)] == [False, True]


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(ada: Page, desk: Desk, cleo: str) -> None:
    ada.goto(f"/appointments/new?client={cleo}&action=1")
    type_time(ada, "1430")
    ada.get_by_label("Recurring").check()
    ada.get_by_label("Every", exact=True).fill("0")
    expect(ada.get_by_text("Enter a number from 1 to 999.")).to_be_visible()
    ada.get_by_label("Ends").select_option("after")
    save(ada)
    expect(ada.get_by_text("Enter a number from 1 to 9,999.")).to_be_visible()
    expect(ada.get_by_label("Every", exact=True)).to_have_value("0")
    assert not _rows(desk, cleo)


def test_enter_saves_what_was_typed_in_the_rule_a_moment_before(ada: Page, desk: Desk, cleo: str) -> None:
    ada.goto(f"/appointments/new?client={cleo}&action=1")
    type_time(ada, "1430")
    ada.get_by_label("Recurring").check()
    ada.get_by_label("Ends").select_option("after")
    ada.get_by_label("Number of times").fill("12")
    expect(_dates(ada)).to_have_count(10)
    ada.get_by_label("Every", exact=True).fill("2")
    ada.get_by_label("Number of times").fill("3")
    ada.keyboard.press("Enter")
    ada.wait_for_url(CLIENTS_LIST)
    first, second, third = (one.start_at for one in _rows(desk, cleo))
    assert [(second - first).days, (third - second).days] == [14, 14]


def test_skipping_and_moving_a_date_keep_the_focus_where_it_was(ada: Page, cleo: str) -> None:
    ada.goto(f"/appointments/new?client={cleo}&action=1")
    type_time(ada, "1430")
    ada.get_by_label("Recurring").check()
    ada.get_by_role("button", name="Skip:").nth(1).press("Enter")
    expect(ada.get_by_role("button", name="Restore:")).to_be_focused()
    ada.get_by_role("button", name="Move:").nth(1).press("Enter")
    ada.locator(".inline-form").get_by_role("button", name="Cancel").press("Enter")
    expect(ada.get_by_role("button", name="Move:").nth(1)).to_be_focused()


def test_r13_the_list_of_2040_shows_an_endless_series(ada: Page, desk: Desk, cleo: str) -> None:
    form = {
        "client": cleo, "action": "1", "date": _next(2).isoformat(), "time": "11:00", "duration": "30", "staff": [],
        "recurring": True, "frequency": "weekly",
    }  # fmt: skip
    service.book(desk.uow, actor=desk.ada, form=form, token=str(uuid4()))
    ada.goto(f"/appointments?client={cleo}&since=2040-03-01&until=2040-03-31")
    expect(ada.locator("tr[data-row]")).to_have_count(4)
    expect(ada.locator("tr[data-row]").first).to_contain_text("7 Mar 2040")


def test_a_closed_day_is_marked_where_somebody_books_on_it(ada: Page, desk: Desk, cleo: str) -> None:
    day = _next(3) + timedelta(days=7)
    ada.goto("/settings/closed-days")
    card = ada.locator("section.card").filter(has=ada.get_by_role("heading", name="Closed days"))
    card.get_by_role("group", name="Date").get_by_role("spinbutton").first.click()
    ada.keyboard.type(day.strftime("%d%m%Y"))
    card.get_by_label("Name").fill("Inventory")
    ada.wait_for_timeout(300)
    card.get_by_role("button", name="Add").click()
    expect(card.get_by_text("Inventory")).to_be_visible()
    screens.shoot_all(ada, "closed-days")
    assert violations(ada) == []
    ada.goto(f"/appointments/new?client={cleo}&action=1")
    ada.get_by_role("group", name="Date").get_by_role("spinbutton").first.click()
    ada.keyboard.type((day - timedelta(days=7)).strftime("%d%m%Y"))
    type_time(ada, "0900")
    ada.get_by_label("Recurring").check()
    expect(_dates(ada).nth(1).get_by_text("Closed")).to_be_visible()
    ada.get_by_role("group", name="Date").get_by_role("spinbutton").first.click()
    ada.keyboard.type(day.strftime("%d%m%Y"))
    expect(ada.get_by_text("The business is closed on this day: Inventory.")).to_be_visible()
    ada.goto("/settings/closed-days")
    card.get_by_role("button", name="Remove:").click()
    expect(card.get_by_text("No closed days yet.")).to_be_visible()


def test_a_series_in_arabic(arabic: Page, desk: Desk, cleo: str, daily: list[int]) -> None:
    page = arabic
    page.set_default_timeout(10_000)
    page.goto(f"/appointments/{daily[1]}")
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.get_by_role("button", name="تغيير التكرار").click()
    page.get_by_label("التكرار").select_option("weekly")
    expect(page.locator(".weekdays .btn").first).to_have_text("السبت")
    page.locator("html").evaluate("window.scrollTo(0, 200)")
    screens.shoot(page, "series-form", "arabic")
    _save_ar = page.get_by_role("main").get_by_role("button", name="حفظ", exact=True)
    _save_ar.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("هذا الموعد وما يليه")).to_be_checked()
    screens.shoot(page, "series-reach", "arabic")
    dialog.get_by_role("button", name="حفظ").click()
    page.wait_for_url(CLIENTS_LIST)
    assert (_rows(desk, cleo)[2].start_at - _rows(desk, cleo)[1].start_at).days == 7
