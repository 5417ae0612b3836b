"""Two people at once: busy staff, conflicting changes, what the other sees."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from appointments_app.db.queries import booking
from appointments_app.domain.access import Actor
from tests.browser.conftest import TOMORROW, Desk
from tests.browser.form import CLIENTS_LIST, keep, open_form, pick, save, type_date, type_time
from tests.services import screens


def test_r14_busy_staff_are_shown_and_booked_only_with_a_reason(
    ada: Page, desk: Desk, cleo: str, worker: Actor, booked: Callable[..., int]
) -> None:
    first = booked(staff=[str(worker.staff_id)])
    open_form(ada, f"/appointments/new?client={cleo}&action=1")
    type_date(ada, TOMORROW)
    type_time(ada, "1015")
    pick(ada, "Assign to staff members", worker.name)
    ada.keyboard.press("Escape")
    expect(ada.get_by_text("Already booked at that time:")).to_be_visible()
    expect(ada.get_by_role("button", name="Book anyway")).to_have_count(0)
    link = ada.get_by_role("main").locator(f"a[href='/appointments/{first}'], a[href='/appointments/{first}/']")
    expect(link).to_have_attribute("target", "_blank")
    save(ada)
    reason = ada.get_by_label("Why do you book it all the same?")
    expect(reason).to_be_focused()
    screens.shoot_all(ada, "busy-staff")
    ada.get_by_role("button", name="Book anyway").click()
    expect(ada.get_by_text("Enter a reason.")).to_be_visible()
    assert desk.booked_for(cleo) == 1
    reason.fill("Twins")
    ada.get_by_role("button", name="Book anyway").click()
    ada.wait_for_url(CLIENTS_LIST)
    assert desk.booked_for(cleo) == 2


def test_the_second_of_two_people_is_told_and_loses_nothing_typed(
    ada: Page, as_ben: Page, desk: Desk, booked: Callable[..., int]
) -> None:
    address = f"/appointments/{booked(notes='from the start')}"
    open_form(ada, address)
    open_form(as_ben, address)
    ada.get_by_label("Notes").fill("Ada's words")
    keep(ada)
    as_ben.get_by_label("Notes").fill("Ben's words")
    save(as_ben)
    as_ben.wait_for_url(CLIENTS_LIST)
    expect(ada.get_by_text("Ben Okri changed this appointment meanwhile.")).to_be_visible(timeout=4_000)
    expect(ada.get_by_label("Notes")).to_have_value("Ada's words")
    save(ada)
    expect(ada.get_by_text("Somebody else changed this meanwhile.")).to_be_visible()
    expect(ada.get_by_label("Notes")).to_have_value("Ada's words")
    screens.shoot_all(ada, "changed-meanwhile")
    ada.get_by_role("button", name="Save mine anyway").click()
    ada.wait_for_url(CLIENTS_LIST)
    with desk.uow.read() as tx:
        stored = booking.stored(tx, desk.ada, int(address.rpartition("/")[2]))
    assert stored is not None and stored.booking.notes == "Ada's words"


def test_theirs_can_be_taken(ada: Page, as_ben: Page, booked: Callable[..., int]) -> None:
    address = f"/appointments/{booked()}"
    open_form(ada, address)
    ada.get_by_label("Notes").fill("Ada's words")
    keep(ada)
    open_form(as_ben, address)
    as_ben.get_by_label("Notes").fill("Ben's words")
    save(as_ben)
    as_ben.wait_for_url(CLIENTS_LIST)
    ada.get_by_role("button", name="Use theirs").click()
    expect(ada.get_by_label("Notes")).to_have_value("Ben's words")
    expect(ada.get_by_text("Draft kept")).to_have_count(0)


def test_r24_the_status_is_changed_on_the_page_and_others_see_it_at_once(
    ada: Page, as_ben: Page, booked: Callable[..., int]
) -> None:
    address = f"/appointments/{booked()}"
    open_form(ada, address)
    open_form(as_ben, address)
    ada.get_by_role("button", name="Mark done").click()
    expect(ada.locator(".chip[data-tone=done]")).to_be_visible()
    expect(as_ben.locator(".chip[data-tone=done]")).to_be_visible(timeout=4_000)
    expect(ada.get_by_text("marked done").first).to_be_visible()
    ada.get_by_label("Notes").fill("after that")
    screens.shoot_all(ada, "appointment")
    save(ada)
    ada.wait_for_url(CLIENTS_LIST)
