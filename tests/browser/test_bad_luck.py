"""What goes wrong while somebody fills in the form: nothing typed is lost, nothing is booked twice."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from appointments_app.domain.access import Actor
from tests.browser.conftest import Desk
from tests.browser.form import CLIENTS_LIST, DRAFT, keep, open_form, pick, save, type_time


def test_the_half_filled_form_survives_a_reload_and_a_restart(ada: Page, desk: Desk, cleo: str, worker: Actor) -> None:
    open_form(ada, f"/appointments/new?client={cleo}&action=1")
    ada.wait_for_url(DRAFT)
    type_time(ada, "1645")
    pick(ada, "Assign to staff members", worker.name)
    ada.get_by_label("Notes").fill("half a sentence, 😀")
    ada.get_by_label("Share with client").check()
    keep(ada)
    ada.reload()
    expect(ada.get_by_label("Notes")).to_have_value("half a sentence, 😀")
    desk.server.restart()
    expect(ada.get_by_label("Notes")).to_have_value("half a sentence, 😀", timeout=20_000)
    expect(ada.get_by_text(worker.name)).to_be_visible()
    expect(ada.get_by_label("Share with client")).to_be_checked()
    expect(ada.locator("input[name=time]")).to_have_value("16:45")
    save(ada)
    expect(ada.get_by_text("Appointment booked.")).to_be_visible(timeout=20_000)
    assert desk.booked_for(cleo) == 1


def test_what_is_typed_while_the_server_is_away_is_there_when_it_is_back(ada: Page, desk: Desk, cleo: str) -> None:
    ada.clock.install()
    open_form(ada, f"/appointments/new?client={cleo}&action=1")
    ada.wait_for_url(DRAFT)
    notes = ada.get_by_label("Notes")
    notes.fill("Before.")
    keep(ada)
    desk.server.stop()
    notes.press("End")
    notes.press_sequentially(" While away.")
    expect(ada.get_by_text("The server does not answer.")).to_be_visible(timeout=20_000)
    ada.clock.fast_forward("01:00")
    desk.server.start()
    expect(ada.get_by_text("The server does not answer.")).to_have_count(0, timeout=30_000)
    ada.wait_for_timeout(3_000)  # the page is filled anew meanwhile
    expect(notes).to_have_value("Before. While away.")


def test_double_click_back_and_a_stale_tab_never_make_a_second_appointment(ada: Page, desk: Desk, cleo: str) -> None:
    ada.goto("/clients")
    open_form(ada, f"/appointments/new?client={cleo}&action=1")
    ada.wait_for_url(DRAFT)
    type_time(ada, "1000")
    keep(ada)
    draft = ada.url
    stale = ada.context.new_page()
    open_form(stale, draft)
    ada.get_by_role("main").get_by_role("button", name="Save", exact=True).dblclick()
    ada.wait_for_url(CLIENTS_LIST)
    assert desk.booked_for(cleo) == 1
    stale.get_by_label("Notes").fill("typed in the stale tab")
    save(stale)
    stale.wait_for_url(CLIENTS_LIST)
    ada.goto(draft)
    ada.wait_for_url(re.compile(r"/appointments/\d+"))
    assert desk.booked_for(cleo) == 1


def test_changes_to_an_old_appointment_survive_and_can_be_discarded(ada: Page, booked: Callable[..., int]) -> None:
    open_form(ada, f"/appointments/{booked(notes='as it was')}")
    ada.get_by_label("Notes").fill("half changed")
    keep(ada)
    ada.reload()
    expect(ada.get_by_label("Notes")).to_have_value("half changed")
    ada.get_by_role("button", name="Discard changes").click()
    expect(ada.get_by_label("Notes")).to_have_value("as it was")


def test_a_locked_database_is_said_and_the_form_kept_until_it_is_free(ada: Page, desk: Desk, cleo: str) -> None:
    open_form(ada, f"/appointments/new?client={cleo}&action=1")
    type_time(ada, "1010")
    ada.get_by_label("Notes").fill("must not be lost")
    keep(ada)
    with desk.uow.begin() as tx:
        tx.connection()  # begins, and nobody else can write
        save(ada)
        expect(ada.get_by_text("Something large is being written")).to_be_visible(timeout=25_000)
        expect(ada.get_by_label("Notes")).to_have_value("must not be lost")
    save(ada)
    ada.wait_for_url(CLIENTS_LIST)
    assert desk.booked_for(cleo) == 1
