"""The calendar by hand: drag, resize, draw, undo, what stands in the way, and the same by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Locator, Page, expect

from appointments_app.domain.access import Actor
from tests.browser.conftest import Desk
from tests.browser.eyes import violations
from tests.browser.form import box, type_time
from tests.services import screens

IN_TEN_WEEKS = datetime.now(UTC).date() + timedelta(weeks=10)
_weeks = count()


def open_calendar(page: Page, day: date, view: str = "week", **query: str) -> None:
    """Open the calendar and wait for its grid."""
    more = "".join(f"&{name}={value}" for name, value in query.items())
    page.goto(f"/calendar?view={view}&date={day.isoformat()}{more}")
    page.locator(".fc-view").wait_for()
    page.wait_for_timeout(300)  # until it has scrolled to the morning


def entry(page: Page, text: str) -> Locator:
    """Return an appointment on the grid."""
    return page.locator(".fc-event:not(.fc-event-mirror)").filter(has_text=text).first


def y_of(page: Page, time: str) -> float:
    """Return where a time stands on the grid, a little inside."""
    place = page.locator(f"[data-time='{time}:00'].fc-timegrid-slot-lane").bounding_box()
    assert place
    return place["y"] + 6


def drag(page: Page, from_x: float, from_y: float, to_x: float, to_y: float, *, release: bool = True) -> None:
    """Drag from one point to another, with stops on the way as a hand makes them."""
    page.mouse.move(from_x, from_y)
    page.mouse.down()
    for step in range(1, 6):
        page.mouse.move(from_x + (to_x - from_x) * step / 5, from_y + (to_y - from_y) * step / 5)
    if release:
        page.mouse.up()


def middle(box: Locator) -> tuple[float, float]:
    """Return the middle of the upper edge of something, a little inside."""
    place = box.bounding_box()
    assert place
    return place["x"] + place["width"] / 2, place["y"] + 6


def times(desk: Desk, client: str) -> tuple[str, int]:
    """Return when a client's only appointment begins in Cairo, and its minutes."""
    one = desk.booking_of(client)
    wall = one.start_at.astimezone(ZoneInfo("Africa/Cairo"))
    return f"{wall:%a %H:%M}", int((one.end_at - one.start_at).total_seconds() // 60)


@pytest.fixture
def saturday() -> date:
    """The first day of a week in which nothing is booked."""
    return IN_TEN_WEEKS + timedelta(days=(5 - IN_TEN_WEEKS.weekday()) % 7, weeks=next(_weeks))


@pytest.fixture
def at_ten(booked: Callable[..., int], saturday: date) -> int:
    """An appointment of Cleo on that Saturday at ten."""
    return booked(date=saturday.isoformat(), time="10:00", duration="60")


@pytest.mark.parametrize("reader", ["ada", "arabic"])
def test_an_appointment_is_dragged_resized_and_put_back(
    request: pytest.FixtureRequest, desk: Desk, cleo: str, saturday: date, at_ten: int, reader: str
) -> None:
    page: Page = request.getfixturevalue(reader)
    open_calendar(page, saturday)
    one = entry(page, "Cleo")
    x, y = middle(one)
    drag(page, x, y, x, y_of(page, "12:00"))
    page.get_by_role("button", name="Undo" if reader == "ada" else "تراجع").wait_for()
    assert times(desk, cleo) == ("Sat 12:00", 60)
    page.get_by_role("button", name="Undo" if reader == "ada" else "تراجع").click()
    expect(entry(page, "10:00" if reader == "ada" else "١٠:٠٠")).to_be_visible(timeout=4_000)
    assert times(desk, cleo) == ("Sat 10:00", 60)
    columns = page.locator(".fc-timegrid-col[data-date]")
    (sunday,) = [columns.nth(place).bounding_box() for place in (1,)]
    assert sunday
    x, y = middle(entry(page, "Cleo"))
    drag(page, x, y, sunday["x"] + sunday["width"] / 2, y)
    expect(page.get_by_role("button", name="Undo" if reader == "ada" else "تراجع").last).to_be_visible()
    page.wait_for_timeout(300)
    assert times(desk, cleo) == ("Sun 10:00", 60)
    one = entry(page, "Cleo")
    one.hover()
    place = one.bounding_box()
    assert place
    x, y = place["x"] + place["width"] / 2, place["y"] + place["height"] - 3
    drag(page, x, y, x, y_of(page, "11:15"))
    page.wait_for_timeout(1_000)
    assert times(desk, cleo) == ("Sun 10:00", 90)


def test_free_time_is_drawn_and_the_form_knows_it(ada: Page, saturday: date) -> None:
    open_calendar(ada, saturday, "day")
    column = ada.locator(".fc-timegrid-col[data-date]").bounding_box()
    assert column
    x = column["x"] + column["width"] / 2
    drag(ada, x, y_of(ada, "10:00"), x, y_of(ada, "11:15"))
    box(ada, "Client").wait_for()
    assert f"date={saturday.isoformat()}" in ada.url
    expect(ada.get_by_role("group", name="Time").get_by_role("spinbutton").first).to_have_text("10")
    expect(ada.get_by_label("Duration")).to_have_value("90")


def test_who_is_busy_is_said_on_the_way_and_asked_on_dropping(
    ada: Page, desk: Desk, cleo: str, worker: Actor, booked: Callable[..., int], saturday: date, at_ten: int
) -> None:
    staff = [str(worker.staff_id)]
    other = str(desk.a_client("Omar Sharif"))
    booked(client=other, date=saturday.isoformat(), time="14:00", duration="60", staff=staff)
    booked(client=str(desk.a_client("Nadia Hassan")), date=saturday.isoformat(), time="10:00", staff=staff)
    open_calendar(ada, saturday, "day", staff=str(worker.staff_id))
    x, y = middle(entry(ada, "Nadia"))
    drag(ada, x, y, x, y_of(ada, "14:00"), release=False)
    expect(ada.get_by_text(f"Already booked at that time: {worker.name}")).to_be_visible()
    screens.shoot(ada, "calendar-busy")
    ada.mouse.move(x, y_of(ada, "14:00") + 1)
    ada.mouse.up()
    dialog = ada.get_by_role("dialog")
    expect(dialog).to_contain_text("Omar Sharif")
    screens.shoot_all(ada, "calendar-booked-twice")
    assert violations(ada) == []
    dialog.get_by_role("button", name="Book anyway").click()
    expect(dialog.get_by_text("Enter a reason.")).to_be_visible()
    dialog.get_by_role("button", name="Leave it where it was").click()
    expect(dialog).to_have_count(0)
    expect(entry(ada, "Nadia")).to_contain_text("10:00")
    x, y = middle(entry(ada, "Nadia"))
    drag(ada, x, y, x, y_of(ada, "14:00"))
    ada.get_by_label("Why do you book it all the same?").fill("Twins")
    ada.get_by_role("button", name="Book anyway").click()
    expect(entry(ada, "Nadia")).to_contain_text("14:00")


def test_the_card_says_what_it_is_and_moves_it_by_keyboard(
    ada: Page, desk: Desk, cleo: str, saturday: date, at_ten: int
) -> None:
    open_calendar(ada, saturday)
    entry(ada, "Cleo").focus()
    ada.keyboard.press("Enter")
    dialog = ada.get_by_role("dialog")
    expect(dialog).to_contain_text("Scheduled")
    screens.shoot_all(ada, "calendar-card")
    assert violations(ada) == []
    dialog.get_by_role("button", name="Move to…").press("Enter")
    type_time(ada, "1545")
    dialog.get_by_label("Minutes").fill("3")
    dialog.get_by_role("button", name="Move", exact=True).press("Enter")
    expect(dialog.get_by_text("Between 5 minutes and 24 hours.")).to_be_visible()
    screens.shoot_all(ada, "calendar-move")
    assert violations(ada) == []
    dialog.get_by_label("Minutes").fill("45")
    dialog.get_by_role("button", name="Move", exact=True).press("Enter")
    expect(entry(ada, "15:45")).to_be_visible()
    assert times(desk, cleo) == ("Sat 15:45", 45)
    entry(ada, "Cleo").click()
    ada.get_by_role("button", name="Actions for Cleo").click()
    ada.get_by_role("menuitem", name="Mark done").click()
    expect(ada.locator(".cal-entry.is-done").filter(has_text="Cleo")).to_be_visible()


def test_an_occurrence_asks_how_far_the_move_reaches(
    ada: Page, desk: Desk, booked: Callable[..., int], saturday: date
) -> None:
    name = "Weekly Wanda"
    booked(
        client=str(desk.a_client(name)), date=saturday.isoformat(), time="10:00", recurring=True, frequency="daily",
        ends="after", count="4",
    )  # fmt: skip
    open_calendar(ada, saturday)
    expect(ada.locator(".fc-event").filter(has_text=name)).to_have_count(4)
    x, y = middle(ada.locator(".fc-event").filter(has_text=name).nth(1))
    drag(ada, x, y, x, y_of(ada, "11:00"))
    dialog = ada.get_by_role("dialog")
    dialog.get_by_label("This one and those that follow").check()
    dialog.get_by_role("button", name="Save").click()
    expect(ada.locator(".fc-event").filter(has_text=name).filter(has_text="11:00 –")).to_have_count(3)
    x, y = middle(ada.locator(".fc-event").filter(has_text=name).first)
    drag(ada, x, y, x, y_of(ada, "11:00"))
    ada.get_by_role("dialog").get_by_role("button", name="Cancel").click()
    expect(ada.locator(".fc-event").filter(has_text=name).first).to_contain_text("10:00")


def test_views_keys_and_what_others_do(
    ada: Page, as_ben: Page, desk: Desk, booked: Callable[..., int], saturday: date, at_ten: int
) -> None:
    open_calendar(ada, saturday)
    title = ada.get_by_role("heading", level=1)
    before = title.inner_text()
    ada.keyboard.press("j")
    expect(title).not_to_have_text(before)
    ada.keyboard.press("k")
    expect(title).to_have_text(before)
    for key, view in (("m", "month"), ("a", "agenda"), ("d", "day"), ("w", "week")):
        ada.keyboard.press(key)
        expect(ada.locator(f".cal[data-view={view}]")).to_be_visible()
        expect(ada.locator(".fc-event").filter(has_text="Cleo").first).to_be_visible()
        assert f"view={view}" in ada.url
        assert violations(ada) == []
    with ada.expect_response("**/api/live*"):
        ada.reload()
    expect(entry(ada, "Cleo")).to_be_visible()
    name = str(desk.a_client("Late Larry"))
    booked(client=name, date=saturday.isoformat(), time="12:00")
    expect(entry(ada, "Late Larry")).to_be_visible(timeout=2_500)
