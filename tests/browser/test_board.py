"""The board of one day by hand: between columns, longer, drawn, given up; in English and Arabic, and on paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from playwright.sync_api import Locator, Page, expect

from appointments_app.domain.access import Actor
from tests.browser.conftest import Desk
from tests.browser.eyes import violations
from tests.browser.form import box
from tests.browser.test_calendar import IN_THE_MORNING, drag, times
from tests.services import screens

DAY = datetime.now(UTC).date() + timedelta(weeks=9)
SATURDAY = DAY + timedelta(days=(5 - DAY.weekday()) % 7)
HOUR = 72
"""Pixels."""


def open_board(page: Page, day: date, *people: int | None) -> None:
    """Open the board with the columns of some people."""
    page.goto(f"/calendar?view=board&date={day.isoformat()}&staff={','.join(map(str, people))},none")
    page.locator(".board-grid").wait_for()
    page.wait_for_function(IN_THE_MORNING)


def column(page: Page, name: str) -> Locator:
    """Return the column of one person."""
    return page.get_by_role("region", name=name, exact=True)


def point(box_of: Locator, down: float = 6) -> tuple[float, float]:
    """Return a point near the upper edge of something."""
    place = box_of.bounding_box()
    assert place
    return place["x"] + place["width"] / 2, place["y"] + down


@pytest.mark.usefixtures("browser")
@pytest.mark.parametrize("reader", ["ada", "arabic"])
def test_an_appointment_is_handed_on_made_longer_and_put_back(
    request: pytest.FixtureRequest, desk: Desk, cleo: str, worker: Actor, booked: Callable[..., int], reader: str
) -> None:
    page: Page = request.getfixturevalue(reader)
    nobody, undo = ("Unassigned", "Undo") if reader == "ada" else ("غير مُسند", "تراجع")
    day = SATURDAY if reader == "ada" else SATURDAY + timedelta(weeks=20)
    booked(date=day.isoformat(), time="10:00", duration="60")
    open_board(page, day, worker.staff_id)
    if reader == "ada":
        screens.shoot_all(page, "board")
        assert violations(page) == []
    else:
        screens.shoot(page, "board", "arabic")
    one = column(page, nobody).get_by_role("button").filter(has_text="Cleo")
    x, y = point(one)
    to_x, _ = point(column(page, worker.name))
    drag(page, x, y, to_x, y + HOUR)
    mine = column(page, worker.name).get_by_role("button").filter(has_text="Cleo")
    expect(mine).to_be_visible()
    page.get_by_role("button", name=undo).wait_for()
    assert times(desk, cleo) == ("Sat 11:00", 60)
    x, y = point(mine, HOUR - 4)
    drag(page, x, y, x, y + HOUR / 2)
    expect(page.get_by_role("button", name=undo)).to_have_count(2)
    assert times(desk, cleo) == ("Sat 11:00", 90)
    page.get_by_role("button", name=undo).last.click()
    expect(page.get_by_role("button", name=undo)).to_have_count(1)
    page.get_by_role("button", name=undo).click()
    expect(one).to_be_visible(timeout=4_000)
    assert times(desk, cleo) == ("Sat 10:00", 60)


def test_who_is_busy_is_said_and_escape_gives_up(
    ada: Page, desk: Desk, cleo: str, worker: Actor, booked: Callable[..., int]
) -> None:
    day = SATURDAY + timedelta(days=1)
    booked(date=day.isoformat(), time="10:00", duration="60")
    booked(client=str(desk.a_client("Omar Sharif")), date=day.isoformat(), staff=[str(worker.staff_id)])
    open_board(ada, day, worker.staff_id)
    x, y = point(column(ada, "Unassigned").get_by_role("button").filter(has_text="Cleo"))
    to_x, _ = point(column(ada, worker.name))
    drag(ada, x, y, to_x, y, release=False)
    expect(ada.get_by_text(f"Already booked at that time: {worker.name}")).to_be_visible()
    ada.keyboard.press("Escape")
    ada.mouse.up()
    expect(ada.locator(".board .ghost")).to_have_count(0)
    drag(ada, x, y, to_x, y)
    expect(ada.get_by_role("dialog")).to_contain_text("Omar Sharif")
    ada.get_by_role("button", name="Leave it where it was").click()
    expect(column(ada, "Unassigned").get_by_role("button").filter(has_text="Cleo")).to_be_visible()
    assert times(desk, cleo)[1] == 60
    ada.emulate_media(media="print")
    expect(ada.locator(".board-paper")).to_be_visible()
    expect(ada.locator(".board-paper table")).to_have_count(2)


def test_free_time_of_somebody_is_drawn(ada: Page, worker: Actor) -> None:
    open_board(ada, SATURDAY + timedelta(days=2), worker.staff_id)
    x, y = point(column(ada, worker.name), 8 * HOUR + 2)
    drag(ada, x, y, x, y + HOUR)
    box(ada, "Client").wait_for()
    assert f"staff={worker.staff_id}" in ada.url and "duration=60" in ada.url
    expect(ada.get_by_text(worker.name)).to_be_visible()
