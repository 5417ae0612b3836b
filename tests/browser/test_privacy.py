"""A client's data handed out and erased, and how long things are kept, at the desk and on a phone."""

from __future__ import annotations

import json
import re
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import delete, select

from appointments_app.db.models import Client, Staff
from appointments_app.domain.access import Role
from tests.browser.conftest import Desk
from tests.browser.eyes import ROWS, open_settled, violations
from tests.services import screens


def test_a_clients_data_are_handed_out_and_then_erased(ada: Page, desk: Desk, booked) -> None:
    zoe = desk.a_client("Zoe Fahmy", email="zoe.fahmy@example.com", notes="Likes tea")
    visit = booked(client=str(zoe), notes="Ask Zoe Fahmy about tea")
    open_settled(ada, f"/clients/{zoe}")
    card = ada.get_by_role("region", name="Privacy")
    card.scroll_into_view_if_needed()
    screens.shoot_all(ada, "client-privacy")
    with ada.expect_download() as download:
        card.get_by_role("button", name="Export all data").click()
    assert re.fullmatch(rf"client-{zoe}-[\d-]+\.json", download.value.suggested_filename)
    held = json.loads(Path(download.value.path()).read_text(encoding="utf-8"))
    assert held["client"]["notes"] == "Likes tea" and held["appointments"][0]["id"] == visit
    expect(ada.get_by_text("exported all data")).to_be_visible()
    with screens.size(ada, screens.PHONE):
        card.get_by_role("button", name="Erase client").click()
        dialog = ada.get_by_role("dialog", name="Erase Zoe Fahmy?")
        expect(dialog).to_contain_text("1 appointment ahead is dismissed")
        assert violations(ada) == []
        screens.shoot(ada, "client-erase", "phone")
        dialog.get_by_role("textbox").fill("Zoe")
        dialog.get_by_role("button", name="Erase for good").click()
        expect(dialog.get_by_role("alert")).to_contain_text("This is not the client's name.")
        expect(dialog.get_by_role("textbox")).to_have_value("Zoe")
    screens.shoot_all(ada, "client-erase")
    dialog.get_by_role("textbox").fill("zoe fahmy")
    ada.keyboard.press("Enter")
    ada.wait_for_url(re.compile(r"/clients/?$"))
    expect(ada.get_by_text("The client was erased.")).to_be_visible()
    open_settled(ada, f"/clients/{zoe}?show=appointments")
    expect(ada.get_by_role("heading", level=1)).to_have_text("Erased client")
    expect(ada.locator(f'{ROWS}[data-row="{visit}"]')).to_contain_text("Dismissed")
    open_settled(ada, f"/clients/{zoe}")
    expect(ada.get_by_text("The personal data of this client were erased.")).to_be_visible()
    expect(ada.get_by_text("Zoe Fahmy")).to_have_count(0)
    expect(ada.get_by_role("link", name="Edit")).to_have_count(0)
    screens.shoot_all(ada, "client-erased")


def test_who_may_not_erase_is_not_offered_it(as_ben: Page, desk: Desk, ben) -> None:
    zoe = desk.a_client("Zoe Fahmy")
    open_settled(as_ben, f"/clients/{zoe}")
    card = as_ben.get_by_role("region", name="Privacy")
    expect(card.get_by_role("button", name="Export all data")).to_be_visible()
    expect(card.get_by_role("button", name="Erase client")).to_have_count(0)
    with desk.uow.begin() as tx:
        tx.execute(select(Staff).where(Staff.email == ben.email)).scalar_one().role = Role.READ_ONLY
    assert as_ben.request.post(f"/api/clients/{zoe}/data").status == 403


def test_how_long_things_are_kept_is_set_with_a_look_at_what_would_go(ada: Page, arabic: Page, desk: Desk) -> None:
    with desk.uow.begin() as tx:
        old = desk.uow.clock().replace(year=2001)
        tx.add_all([Client(name="Old", sort_name="old", created_at=old) for _ in range(3)])
    open_settled(ada, "/settings/privacy")
    clients = ada.get_by_label("Erase clients after months")
    expect(ada.locator("[data-preview=clients]")).to_have_text("Would erase 0 clients now.")
    clients.fill("240")
    expect(ada.locator("[data-preview=clients]")).to_have_text("Would erase 3 clients now.")
    clients.fill("3")
    expect(ada.get_by_text("Enter 0, or from 6 to 240 months.")).to_be_visible()
    ada.get_by_role("button", name="Save").click()
    expect(clients).to_have_value("3")
    clients.fill("240")
    expect(ada.get_by_text("Enter 0, or from 6 to 240 months.")).to_have_count(0)
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("The settings were saved.")).to_be_visible()
    expect(ada.get_by_text("Nothing goes before")).to_be_visible()
    screens.shoot_all(ada, "settings-privacy")
    open_settled(arabic, "/settings/privacy")
    screens.shoot(arabic, "settings-privacy", "arabic")
    clients.fill("0")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("Nothing goes before")).to_have_count(0)
    with desk.uow.begin() as tx:
        tx.execute(delete(Client).where(Client.created_at == old))
