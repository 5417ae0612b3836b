"""Manage Clients and the client's file, as a receptionist uses them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import count

from playwright.sync_api import Page, expect

from appointments_app.db.models import Appointment
from appointments_app.domain.appointment import Status
from appointments_app.domain.listing import Selection
from appointments_app.features.appointments import service as appointments
from appointments_app.features.clients import service as clients
from tests.browser.conftest import Desk
from tests.browser.eyes import ROWS, hearing_changes
from tests.services import screens

_numbers = count(1)


def book(desk: Desk, client_id: int, *, hours: float, status: Status = Status.SCHEDULED) -> int:
    """Put an hour's appointment into the diary, so many hours from now."""
    start = (datetime.now(UTC) + timedelta(hours=hours)).replace(second=0, microsecond=0)
    with desk.uow.begin() as tx:
        row = Appointment(
            uid=f"browser-{next(_numbers)}-{client_id}",
            client_id=client_id,
            start_at=start,
            end_at=start + timedelta(hours=1),
            time_zone="Africa/Cairo",
            status=status,
            created_at=tx.now,
        )
        tx.add(row)
        tx.flush()
        assert row.id is not None
        return row.id


def open_file(page: Page, client_id: int, show: str = "") -> None:
    """Open a client's file and wait for its head."""
    page.goto(f"/clients/{client_id}" + (f"?show={show}" if show else ""))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_r4_the_menu_leads_to_manage_clients_with_search_sort_and_pages(ada: Page) -> None:
    ada.goto("/")
    ada.get_by_role("navigation", name="Main menu").get_by_role("link", name="Manage Clients").click()
    expect(ada).to_have_url(re.compile("/clients"))
    expect(ada.locator(ROWS)).to_have_count(50)
    screens.shoot_all(ada, "clients")
    first = ada.locator(ROWS).first.inner_text()
    ada.get_by_role("link", name="Later page").click()
    expect(ada).to_have_url(re.compile("after="))
    expect(ada.locator(ROWS).first).not_to_have_text(first)
    ada.get_by_role("link", name="Earlier page").click()
    ada.get_by_role("link", name="Name").click()
    expect(ada).to_have_url(re.compile("sort=-client"))
    ada.keyboard.press("/")
    ada.keyboard.type("zzzzqqq")
    expect(ada.get_by_text("Nothing matches")).to_be_visible()
    screens.shoot(ada, "clients-nothing")
    ada.locator(".empty").get_by_role("link", name="Clear filters").click()
    expect(ada.locator(ROWS).first).to_be_visible()
    expect(ada.locator("[data-search]")).to_have_value("")


def test_a_client_is_created_and_mistakes_are_told_at_the_fields_with_nothing_lost(ada: Page) -> None:
    ada.goto("/clients/new")
    ada.get_by_label("Business name").fill("<script>alert(1)</script>")
    ada.get_by_label("E-mail").fill("nobody")
    ada.get_by_label("Notes").fill("First line\nsecond 🙂 line")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("Enter a name.")).to_be_visible()
    expect(ada.get_by_text("This is not an e-mail address.")).to_be_visible()
    expect(ada.get_by_label("Name").first).to_be_focused()
    screens.shoot_all(ada, "client-form-wrong")
    expect(ada.get_by_label("E-mail")).to_have_value("nobody")
    name = f"Rana =HYPERLINK({next(_numbers)})"
    ada.get_by_label("Name").first.fill(name)
    ada.get_by_label("E-mail").fill("rana@example.com")
    ada.get_by_label("Phone").fill("0100 999 8877")
    ada.get_by_label("Tags").fill("gold, new")
    ada.get_by_role("button", name="Save").dblclick()
    expect(ada.get_by_role("heading", level=1)).to_have_text(name)
    expect(ada.get_by_text("<script>alert(1)</script>").first).to_be_visible()
    expect(ada.get_by_text("+20 10 09998877").first).to_be_visible()
    ada.goto(f"/clients?q={name}")
    expect(ada.locator(ROWS)).to_have_count(1)


def test_a_client_with_the_same_phone_is_pointed_out_while_typing(ada: Page, desk: Desk) -> None:
    first = desk.a_client("Huda Twin", phone="+201005550001")
    ada.goto("/clients/new")
    ada.get_by_label("Phone").fill("0100 555 0001")
    ada.get_by_label("E-mail").focus()
    link = ada.get_by_role("link", name="Huda Twin")
    expect(link).to_have_attribute("href", f"/clients/{first}")
    screens.shoot(ada, "client-form-twin")
    ada.get_by_label("Name").first.fill("Huda's sister")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_role("heading", level=1)).to_have_text("Huda's sister")


def test_of_two_people_who_save_the_second_is_told_and_keeps_what_was_typed(ada: Page, desk: Desk) -> None:
    client_id = desk.a_client("Salma Conflict")
    ada.goto(f"/clients/{client_id}/edit")
    ada.get_by_label("Address").fill("12 Garden St")
    clients.update_client(desk.uow, actor=desk.ada, client_id=client_id, version=1, name="Salma Married")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("Somebody else changed this meanwhile.")).to_be_visible()
    expect(ada.locator(".timeline")).to_contain_text("Salma Married")
    expect(ada.get_by_label("Address")).to_have_value("12 Garden St")
    screens.shoot_all(ada, "client-form-conflict")
    ada.get_by_role("button", name="Save mine anyway").click()
    expect(ada.get_by_role("heading", level=1)).to_have_text("Salma Married")
    expect(ada.get_by_text("12 Garden St").first).to_be_visible()


def test_archiving_can_be_undone_from_the_message(ada: Page, desk: Desk) -> None:
    desk.a_client("Zeinab Archive")
    ada.goto("/clients?q=zeinab archive")
    ada.get_by_role("button", name="Actions for Zeinab Archive").click()
    ada.get_by_role("menuitem", name="Archive").click()
    expect(ada.get_by_text("Nothing matches")).to_be_visible()
    ada.get_by_role("button", name="Undo").click()
    expect(ada.locator(ROWS)).to_have_count(1)


def test_r21_r23_the_file_shows_the_nearest_active_appointment_and_keeps_it_current(ada: Page, desk: Desk) -> None:
    client_id = desk.a_client("Farida Nearest", business_name="Garden Ltd", phone="+201005550002")
    with hearing_changes(ada):
        open_file(ada, client_id)
    tabs = ada.get_by_role("navigation", name="Client's file").get_by_role("link")
    expect(tabs).to_have_text(["Overview", "Appointments", "Work orders", "Notes", "Messages"])
    nearest = ada.locator("a.nearest")
    expect(nearest).to_have_count(0)
    later = book(desk, client_id, hours=50)
    sooner = book(desk, client_id, hours=26)
    clients.update_notes(desk.uow, actor=desk.ada, client_id=client_id, version=1, notes="Prefers mornings.")
    expect(nearest).to_have_attribute("href", f"/appointments/{sooner}", timeout=5000)
    screens.shoot_all(ada, "client-file")
    selection = Selection(ids=(sooner,))
    appointments.set_status(desk.uow, actor=desk.ada, selection=selection, status=Status.DISMISSED)
    expect(nearest).to_have_attribute("href", f"/appointments/{later}", timeout=5000)
    expect(ada.locator(".timeline")).to_contain_text("dismissed")
    nearest.click()
    expect(ada).to_have_url(re.compile(f"/appointments/{later}"))


def test_r22_r24_the_files_appointments_filter_by_status_in_the_address(ada: Page, desk: Desk) -> None:
    client_id = desk.a_client("Karim List")
    for hours, status in ((30, Status.SCHEDULED), (-30, Status.DONE), (-50, Status.DISMISSED), (-70, Status.DONE)):
        book(desk, client_id, hours=hours, status=status)
    open_file(ada, client_id, "appointments")
    tabs = ada.get_by_role("navigation", name="Status").get_by_role("link")
    expect(tabs).to_have_text(["All4", "Scheduled1", "Done2", "Dismissed1"])
    screens.shoot_all(ada, "client-appointments")
    tabs.nth(2).click()
    expect(ada).to_have_url(re.compile(r"show=appointments.*tab=done"))
    expect(ada.locator(ROWS)).to_have_count(2)
    with hearing_changes(ada):
        ada.reload()
    expect(ada.locator(ROWS)).to_have_count(2)
    tabs.nth(1).click()
    expect(ada.locator(ROWS)).to_have_count(1)
    ada.get_by_role("button", name="Actions for Karim List").last.click()
    ada.get_by_role("menuitem", name="Mark done").click()
    expect(tabs).to_have_text(["All4", "Scheduled0", "Done3", "Dismissed1"])
    expect(ada.locator("a.nearest")).to_have_count(0, timeout=5000)
    ada.get_by_role("button", name="Undo").click()
    expect(tabs.nth(1)).to_have_text("Scheduled1")


def test_notes_are_edited_in_place_and_a_conflict_loses_nothing(ada: Page, desk: Desk) -> None:
    client_id = desk.a_client("Laila Notes")
    open_file(ada, client_id, "notes")
    ada.get_by_role("button", name="Edit notes").click()
    ada.get_by_role("textbox", name="Notes").fill("Mine <b>bold</b>")
    clients.update_notes(desk.uow, actor=desk.ada, client_id=client_id, version=1, notes="Theirs")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("Somebody else changed this meanwhile.")).to_be_visible()
    expect(ada.get_by_role("textbox", name="Notes")).to_have_value("Mine <b>bold</b>")
    ada.get_by_role("button", name="Save mine anyway").click()
    expect(ada.locator("main .prewrap")).to_have_text("Mine <b>bold</b>")
    screens.shoot(ada, "client-notes")


def test_r5_new_appointment_starts_from_the_file_with_the_client_chosen(ada: Page, desk: Desk) -> None:
    client_id = desk.a_client("Omar Booker")
    open_file(ada, client_id)
    ada.get_by_role("main").get_by_role("link", name="New appointment").first.click()
    expect(ada).to_have_url(re.compile(rf"/appointments/new/?\?.*client={client_id}"))


def test_an_unknown_client_is_not_found_and_there_is_a_way_back(ada: Page) -> None:
    for address in ("/clients/999999", "/clients/abc", "/clients/999999/edit"):
        ada.goto(address)
        expect(ada.get_by_role("heading", name="Not found")).to_be_visible()
    ada.locator(".empty").get_by_role("link", name="Manage Clients").click()
    expect(ada.locator(ROWS).first).to_be_visible()


def test_clients_in_arabic_stand_from_right_to_left(arabic: Page, desk: Desk) -> None:
    arabic.goto("/clients")
    expect(arabic.locator(ROWS).first).to_be_visible()
    assert arabic.evaluate("document.documentElement.dir") == "rtl"
    screens.shoot(arabic, "clients", "arabic")
    client_id = desk.a_client("Mona Arabic", phone="+201005550003", business_name="حديقة")
    book(desk, client_id, hours=20)
    open_file(arabic, client_id)
    screens.shoot(arabic, "client-file", "arabic")
