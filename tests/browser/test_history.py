"""The audit trail, on the appointment and in the client's file: who, when, from what to what."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from appointments_app.domain.listing import Selection
from appointments_app.features.appointments import service as appointments
from appointments_app.features.clients import service as clients
from tests.browser.conftest import Desk, Person
from tests.browser.eyes import hearing_changes


def test_every_write_stands_on_the_appointment_and_in_the_clients_file(
    ada: Page, desk: Desk, ben: Person, booked: Callable[..., int], cleo: str
) -> None:
    number = booked(notes="as it was", time="10:00")
    values = appointments.open_one(desk.uow, actor=ben.actor, appointment_id=number).form
    changed = {**values, "notes": "as it is", "time": "11:30"}
    appointments.edit(desk.uow, actor=ben.actor, appointment_id=number, form=changed, version=1)
    with hearing_changes(ada):
        ada.goto(f"/appointments/{number}")
    history = ada.get_by_role("region", name="History").locator(".timeline > li")
    expect(history).to_have_count(2)
    expect(history.first).to_contain_text("Ben Okri")
    expect(history.first).to_contain_text("edited")
    expect(history.first.locator("del").filter(has_text="as it was")).to_be_visible()
    expect(history.first.locator("ins").filter(has_text="as it is")).to_be_visible()
    expect(history.first.locator("del").filter(has_text="10:00")).to_be_visible()
    expect(history.first.locator("ins").filter(has_text="11:30")).to_be_visible()
    expect(history.last).to_contain_text("Ada Lovelace")
    expect(history.last).to_contain_text("created")
    appointments.set_status(desk.uow, actor=ben.actor, selection=Selection(ids=(number,)), status="done")
    expect(history.first).to_contain_text("marked done", timeout=4_000)
    file = clients.form_of(desk.uow, actor=ben.actor, client_id=int(cleo))
    renamed = {**file.values, "name": "Cleopatra", "address": "12 Garden St"}
    clients.update_client(desk.uow, actor=ben.actor, client_id=int(cleo), version=file.version, **renamed)
    appointments.delete(desk.uow, actor=ben.actor, selection=Selection(ids=(number,)))
    ada.goto(f"/clients/{cleo}")
    timeline = ada.locator(".timeline > li")
    for word in ("created", "edited", "marked done", "deleted"):
        expect(timeline.filter(has_text=word).first).to_be_visible()
    edited = timeline.filter(has_text="12 Garden St")
    expect(edited).to_contain_text("Ben Okri")
    expect(edited.locator("ins").filter(has_text="Cleopatra")).to_be_visible()
