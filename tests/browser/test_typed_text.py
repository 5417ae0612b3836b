"""What is typed into a form outlives a restart of the program and a reload, until it is saved, cancelled or let go."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, expect

from appointments_app.features.clients import service as clients
from tests.browser.conftest import Desk

TYPED = "typed, not saved"
FORMS = {
    "/clients/{client}/edit": "address",
    "/clients/{client}?show=notes": "notes",
    "/staff/new": "name",
    "/settings": "address",
    "/settings/services/new": "description",
    "/settings/templates/new?channel=sms": "body_en",
    "/settings/reminders/new": "name",
    "/work-orders/new": "description",
    "/settings/channels": "host",
    "/account": "name",
}
HOURS = "/settings/working-hours"
ROLES = "/settings/roles"
KEYS_STAND_IN = ("url", "headers", "body")
"""Fields of the gateway into which some write the key itself."""
BACK = "What you had typed is here again."


def field(tab: Page, name: str) -> Locator:
    """Return one field of the page's form."""
    return tab.locator(f"main form [name={name}]").first


def test_every_form_gets_back_what_was_typed_when_the_program_was_started_anew(
    ada: Page, desk: Desk, cleo: str
) -> None:
    tabs: dict[str, Page] = {}
    for address in FORMS:
        tabs[address] = tab = ada.context.new_page()
        tab.goto(address.format(client=cleo))
    for address, tab in tabs.items():
        if "notes" in address:
            tab.get_by_role("button", name="Edit notes").click()
        field(tab, FORMS[address]).fill(TYPED)
    person = tabs["/staff/new"]
    person.get_by_label("May sign in").check()
    person.get_by_label("New password").fill("never kept anywhere")
    tabs["/settings/services/new"].locator("main form [name=currency]").select_option("EUR")
    channels, hours, roles = tabs["/settings/channels"], ada.context.new_page(), ada.context.new_page()
    form = channels.locator("main form").first
    form.get_by_label("Password").fill("never kept anywhere")
    gateway = channels.locator("main form").filter(has=channels.get_by_label("Headers"))
    for name in KEYS_STAND_IN:
        gateway.locator(f"[name={name}]").fill("https://gateway.example/?key=never kept anywhere")
    gateway.get_by_label("Key").fill("never kept anywhere")
    hours.goto(HOURS)
    field(hours, "to-0-0").fill("16:45")
    roles.goto(ROLES)
    roles.get_by_role("button", name="New role").click()
    roles.get_by_label("Name").fill(TYPED)
    account = tabs["/account"]
    account.get_by_label("New password").fill("never kept anywhere")
    ada.wait_for_timeout(1_000)  # the work order's draft is kept on the server
    desk.server.restart()
    for address, tab in tabs.items():
        expect(field(tab, FORMS[address]), address).to_have_value(TYPED, timeout=30_000)
    expect(tabs["/settings/services/new"].locator("main form [name=currency]")).to_have_value("EUR")
    expect(person.get_by_label("May sign in")).to_be_checked()
    expect(person.get_by_label("New password")).to_have_value("")
    for tab in (person, channels, account):
        assert "never kept" not in tab.evaluate("JSON.stringify({...sessionStorage})")
    for secret in (form.get_by_label("Password"), gateway.get_by_label("Key")):
        expect(secret).to_have_value("")
    for name in KEYS_STAND_IN:
        expect(gateway.locator(f"[name={name}]")).not_to_have_value(re.compile("never kept"))
    expect(field(hours, "to-0-0")).to_have_value("16:45")
    expect(roles.get_by_role("dialog").get_by_label("Name")).to_have_value(TYPED)
    roles.keyboard.press("Escape")
    expect(roles.get_by_role("dialog")).to_have_count(0)
    assert kept_in(roles) == []

    notes = tabs["/clients/{client}?show=notes"]
    notes.get_by_role("button", name="Save", exact=True).click()
    expect(notes.get_by_text("The notes were saved.")).to_be_visible()
    assert clients.form_of(desk.uow, actor=desk.ada, client_id=cleo).values["notes"] == TYPED
    assert kept_in(notes) == []

    cancelled = tabs["/staff/new"]
    cancelled.get_by_role("link", name="Cancel").click()
    cancelled.wait_for_url("**/staff")
    cancelled.go_back()
    expect(field(cancelled, "name")).to_have_value("")
    for tab in (*tabs.values(), hours, roles):
        tab.close()


def test_text_that_came_back_warns_of_what_others_saved_and_can_be_let_go(as_ben: Page, desk: Desk, cleo: str) -> None:
    as_ben.goto(f"/clients/{cleo}/edit")
    field(as_ben, "address").fill("mine")
    as_ben.get_by_label("Tags").fill("a tag")
    form = clients.form_of(desk.uow, actor=desk.ada, client_id=cleo)
    theirs = {**form.values, "address": "theirs", "business_name": "Theirs Ltd"}
    clients.update_client(desk.uow, actor=desk.ada, client_id=int(cleo), version=form.version, **theirs)
    as_ben.reload()
    expect(field(as_ben, "address")).to_have_value("mine")
    expect(as_ben.get_by_label("Business name")).to_have_value("Theirs Ltd")
    expect(as_ben.get_by_text("Somebody else changed this meanwhile.")).to_be_visible()
    as_ben.get_by_role("button", name="Discard changes").click()
    expect(field(as_ben, "address")).to_have_value("theirs")
    expect(as_ben.get_by_text(BACK)).to_have_count(0)

    field(as_ben, "address").fill("for nobody else to see")
    assert len(kept_in(as_ben)) == 1
    as_ben.get_by_role("button", name="Sign out", exact=True).click()
    as_ben.wait_for_url("**/sign-in**")
    assert kept_in(as_ben) == []


def test_saving_from_a_page_that_outlived_a_restart_never_makes_a_second_record(
    ada: Page, desk: Desk, cleo: str
) -> None:
    ada.goto(f"/clients/{cleo}/edit")
    name = field(ada, "name").input_value()
    field(ada, "address").fill(TYPED)
    desk.server.stop()
    ada.get_by_role("button", name="Save", exact=True).click()
    desk.server.start()
    expect(field(ada, "address")).to_have_value(TYPED, timeout=30_000)
    expect(ada.get_by_text(BACK)).to_be_visible()
    ada.get_by_role("button", name="Save", exact=True).click()
    ada.wait_for_url(f"**/clients/{cleo}")
    ada.goto(f"/clients?q={name}")
    expect(ada.get_by_role("link", name=name)).to_have_count(1)


def kept_in(tab: Page) -> list[str]:
    """Return the names of what is kept in a tab."""
    return tab.evaluate("Object.keys(sessionStorage).filter((name) => name.startsWith('typed '))")
