"""The calendar by hand: drag, resize, draw, undo, what stands in the way, and the same by keyboard."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import count
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from appointments_app.domain.access import Actor
from appointments_app.features.services import service as services
from tests.browser.conftest import Desk
from tests.browser.eyes import violations
from tests.browser.form import box, type_time
from tests.conftest import browser_settings
from tests.services import screens

IN_TEN_WEEKS = datetime.now(UTC).date() + timedelta(weeks=10)
_weeks = count()


def open_calendar(page: Page, day: date, view: str = "week", **query: str) -> None:
    """Open the calendar and wait for its grid."""
    more = "".join(f"&{name}={value}" for name, value in query.items())
    page.goto(f"/calendar?view={view}&date={day.isoformat()}{more}")
    page.locator(".fc-view").wait_for()
    page.wait_for_function(IN_THE_MORNING)


IN_THE_MORNING = """() => [...document.querySelectorAll(".fc-timegrid .fc-scroller, .board")].every(
    one => one.scrollHeight <= one.clientHeight + 1 || one.scrollTop > 0)"""
"""Whether it has scrolled there: before, nothing stands where it is going to stand."""


SHADE_BESIDE_TEN = """() => document.querySelector(".cal-off").getBoundingClientRect().bottom
    - document.querySelector("[data-time='10:00:00'].fc-timegrid-slot-lane").getBoundingClientRect().top"""
"""How many pixels the first shade ends below ten o'clock; both are read at one moment."""


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


@pytest.mark.usefixtures("browser")
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
    ada.get_by_role("button", name="Undo").click()
    expect(ada.get_by_text("3 records are as they were.")).to_be_visible()
    expect(ada.locator(".fc-event").filter(has_text=name).filter(has_text="10:00 –")).to_have_count(4)
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
    for key, name in (("w", "Late Larry"), ("b", "Later Lara")):
        ada.keyboard.press(key)
        expect(ada).to_have_url(re.compile(f"view={key}"))
        with ada.expect_response("**/api/live*"):
            ada.reload()
        expect(ada.locator(".cal-entry").filter(has_text="Cleo").first).to_be_visible()
        booked(client=str(desk.a_client(name)), date=saturday.isoformat(), time="12:00")
        expect(ada.locator(".cal-entry").filter(has_text=name)).to_be_visible(timeout=2_500)


def test_hours_leave_and_a_day_of_everything(ada: Page, desk: Desk, worker: Actor, booked: Callable[..., int]) -> None:
    """The day in 2027 on which Cairo's clocks go forward: over midnight, forty at once, five minutes, who is away."""
    day, staff = date(2027, 4, 30), str(worker.staff_id)
    booked(client=str(desk.a_client("Night Nora")), date="2027-04-29", time="23:30", duration="60", staff=[staff])
    booked(client=str(desk.a_client("Short Sam")), date="2027-04-30", time="14:00", duration="5", staff=[staff])
    for _ in range(40):
        booked(date="2027-04-30", time="11:00", duration="30")
    services.save_week(desk.uow, actor=desk.ada, who=staff, week={"4": [("10:00", "18:00")]}, is_own=True)
    open_calendar(ada, day, "day", staff=staff)
    expect(entry(ada, "Night Nora")).to_contain_text("23:30")
    expect(entry(ada, "Short Sam")).to_be_visible()
    expect(ada.locator(".cal-off")).to_have_count(2)
    assert abs(ada.evaluate(SHADE_BESIDE_TEN)) < 3
    services.add_leave(
        desk.uow, actor=desk.ada, who=staff, first_day="2027-04-30", last_day="2027-05-01", note="Wedding"
    )
    open_calendar(ada, day, "day")
    expect(ada.locator(".fc-col-header")).to_contain_text(worker.name)
    expect(ada.get_by_text(re.compile(r"^\+3\d more"))).to_be_visible()
    screens.shoot_all(ada, "calendar-everything")
    assert violations(ada) == []
    ada.keyboard.press("b")
    mine = ada.locator(".board-head").filter(has_text=worker.name)
    expect(mine).to_contain_text("Away: Wedding")
    nobodys = ada.get_by_role("region", name="Unassigned", exact=True)
    expect(nobodys.locator(".board-entry")).to_have_count(3)
    heap = nobodys.locator("summary")
    expect(heap).to_have_text("+37")
    heap.press("Enter")
    expect(nobodys.locator(".board-heap-list button")).to_have_count(37)
    screens.shoot_all(ada, "board-everything")
    assert violations(ada) == []


@pytest.fixture
def finger(browser: Browser, desk: Desk) -> Iterator[Page]:
    """A phone on which Ada reads Arabic in the dark."""
    given = {"viewport": screens.PHONE, "has_touch": True, "locale": "ar-EG", "color_scheme": "dark"}
    profile = browser.new_context(**browser_settings(desk.url, **given))
    profile.set_default_timeout(10_000)
    desk.enter(profile, "ar")
    yield profile.new_page()
    profile.close()


def slide(page: Page, start: tuple[float, float], end: tuple[float, float], rests: int = 600) -> None:
    """Put a finger down, let it rest so many ms, and slide it."""
    cdp = page.context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        cdp.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in points]})

    touch("touchStart", start)
    page.wait_for_timeout(rests)
    for step in range(1, 9):
        touch("touchMove", tuple(a + (b - a) * step / 8 for a, b in zip(start, end, strict=True)))
        page.wait_for_timeout(16)
    touch("touchEnd")
    cdp.detach()


def test_a_finger_that_rests_drags_and_one_that_does_not_scrolls(
    finger: Page, desk: Desk, cleo: str, worker: Actor, saturday: date, at_ten: int
) -> None:
    open_calendar(finger, saturday, "day")
    x, y = middle(entry(finger, "Cleo"))
    slide(finger, (x, y + 10), (x, y + 10 - 120), rests=20)
    finger.wait_for_timeout(300)
    assert times(desk, cleo) == ("Sat 10:00", 60)
    assert middle(entry(finger, "Cleo"))[1] < y - 60
    finger.reload()
    finger.wait_for_function(IN_THE_MORNING)
    x, y = middle(entry(finger, "Cleo"))
    slide(finger, (x, y + 10), (x, y_of(finger, "12:00") + 10))
    undo = finger.get_by_role("button", name="تراجع")
    undo.wait_for()
    assert times(desk, cleo) == ("Sat 12:00", 60)
    screens.shoot(finger, "calendar-finger", "arabic-dark-phone")
    assert violations(finger) == []
    finger.goto(f"/calendar?view=agenda&date={saturday.isoformat()}")
    expect(entry(finger, "Cleo")).to_be_visible()
    assert finger.evaluate("document.documentElement.scrollWidth") == screens.PHONE["width"]
    screens.shoot(finger, "agenda-finger", "arabic-dark-phone")
    finger.goto(f"/calendar?view=board&date={saturday.isoformat()}&staff={worker.staff_id},none")
    finger.locator(".board-grid").wait_for()
    finger.wait_for_function(IN_THE_MORNING)
    one = finger.locator(".board-entry").filter(has_text="Cleo")
    one.scroll_into_view_if_needed()
    x, y = middle(one)
    target = finger.get_by_role("region", name=worker.name, exact=True).bounding_box()
    assert target
    slide(finger, (x, y + 20), (target["x"] + target["width"] / 2, y + 20 - 72))
    undo.last.wait_for()
    expect(finger.locator(".ghost.board-entry")).to_have_count(0)  # the answer is here
    mine = finger.get_by_role("region", name=worker.name, exact=True).locator(".board-entry")
    expect(mine).to_contain_text("Cleo")
    assert times(desk, cleo) == ("Sat 11:00", 60)
    screens.shoot(finger, "board-finger", "arabic-dark-phone")
    assert violations(finger) == []
    place = finger.get_by_role("region", name=worker.name, exact=True).bounding_box()
    assert place
    x, y = middle(mine)
    slide(finger, (x, y + 120), (x, y + 120 + 72))
    finger.wait_for_url(re.compile(f"/appointments/new.*staff={worker.staff_id}"))
