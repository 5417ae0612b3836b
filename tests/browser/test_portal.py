"""The clients' pages in a phone's browser, without scripts; and what staff see of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Page, expect

from appointments_app.db.models import Appointment, Business, ClientSettings
from appointments_app.db.queries import client_access
from appointments_app.domain.links import Purpose, confirm_claims
from appointments_app.domain.sign_in import hash_of, new_token
from appointments_app.integrations import link_tokens
from appointments_app.integrations.secret_key import derived, secret_key
from tests.browser.conftest import Desk
from tests.browser.eyes import hearing_changes, violations
from tests.conftest import browser_settings
from tests.services import screens

FIRST_FLIGHT = 14_000
"""So many bytes come with the first answer of a connection, before anything is acknowledged."""


@dataclass
class Patient:
    """A client of the test's own with a shared appointment the day after tomorrow."""

    desk: Desk
    id: int
    appointment: int

    def link(self) -> str:
        """Return the path of the link to confirm."""
        with self.desk.uow.read() as tx:
            row = tx.get_one(Appointment, self.appointment)
        claims = confirm_claims(
            appointment_id=self.appointment, client_id=self.id, start_at=row.start_at, links_revoked=row.links_revoked
        )
        database = self.desk.server.database_url.removeprefix("sqlite:///")
        key = derived(secret_key("", Path(database)), f"link {Purpose.CONFIRM}")
        return f"/c/{link_tokens.sign(key, claims, now=self.desk.uow.clock())}"

    def door(self) -> str:
        """Return the path of a link that signs the client in."""
        token = new_token()
        with self.desk.uow.begin() as tx:
            client_access.add_link(tx, hash_of(token), self.id, tx.now + timedelta(minutes=15))
        return f"/portal/enter/{token}"


@pytest.fixture(scope="module", autouse=True)
def portal(desk: Desk) -> None:
    """Let clients do everything, and the business have an address."""
    with desk.uow.begin() as tx:
        row = tx.get(ClientSettings, 1) or ClientSettings()
        row.portal_on, row.cancel, row.edit_profile, row.to_call_hours = True, True, True, 72
        business = tx.get(Business, 1)
        assert business is not None
        business.address, business.phone = "12 Corniche el Nil\nCairo", "+20223456789"
        tx.add_all((row, business))


def a_patient(desk: Desk, book: Callable[..., int], language: str = "") -> Patient:
    """Book for a new client, two days from now at ten."""
    name = {"ar": "ليلى حسن"}.get(language, "Cleo Adams")
    client = desk.a_client(name, email=f"{uuid4().hex[:8]}@example.com", language=language)
    later = (desk.uow.clock() + timedelta(days=2)).date().isoformat()
    staff = [str(desk.hire("Dina Farouk").actor.staff_id)]
    return Patient(desk, client, book(client=str(client), date=later, shared=True, action="1", staff=staff))


@pytest.fixture
def patient(desk: Desk, booked: Callable[..., int]) -> Patient:
    """Cleo, who reads English."""
    return a_patient(desk, booked)


@pytest.fixture
def phone(browser: Browser, desk: Desk) -> Iterator[Page]:
    """A phone's browser that runs no scripts."""
    yield from _phone(browser, desk, java_script_enabled=False)


@pytest.fixture
def seeing_phone(browser: Browser, desk: Desk) -> Iterator[Page]:
    """The same with scripts, so that axe-core can look."""
    yield from _phone(browser, desk, bypass_csp=True)


def _phone(browser: Browser, desk: Desk, **more: bool) -> Iterator[Page]:
    profile = browser.new_context(**browser_settings(desk.url, viewport=screens.PHONE, has_touch=True, **more))
    profile.set_default_timeout(10_000)
    yield profile.new_page()
    profile.close()


def test_r31_a_client_confirms_by_link_and_staff_see_it_at_once(phone: Page, ada: Page, patient: Patient) -> None:
    with hearing_changes(ada):
        ada.goto(f"/appointments/{patient.appointment}")
    card = ada.get_by_role("region", name="Confirmation")
    expect(card).to_contain_text("Not confirmed by the client")
    phone.goto(patient.link())
    expect(phone.get_by_role("heading", name="Will you come?")).to_be_visible()
    expect(card).to_contain_text("Not confirmed by the client")
    phone.get_by_role("button", name="Yes, I confirm").click()
    expect(phone.get_by_role("status")).to_contain_text("Confirmed. Thank you")
    expect(card).to_contain_text("by Cleo Adams · by link", timeout=5_000)
    expect(ada.get_by_text("Cleo Adams (client)")).to_be_visible()


def test_r30_a_client_signs_in_looks_confirms_and_asks(phone: Page, patient: Patient) -> None:
    phone.goto(patient.door())
    phone.get_by_role("button", name="Show my appointments").click()
    expect(phone.get_by_role("heading", name="Hello Cleo Adams")).to_be_visible()
    phone.get_by_role("link", name="Please confirm").click()
    expect(phone.get_by_text("12 Corniche el Nil")).to_have_count(2)
    phone.get_by_role("button", name="Confirm").click()
    expect(phone.get_by_role("status")).to_contain_text("Confirmed. Thank you")
    with phone.expect_download() as download:
        phone.get_by_role("link", name="Add to my calendar").click()
    assert download.value.suggested_filename == "appointment.ics"
    phone.get_by_text("Ask for another time").click()
    phone.get_by_label("Which times would suit you?").fill("Any day after five")
    phone.get_by_role("button", name="Send").click()
    expect(phone.get_by_role("status")).to_contain_text("We have your request")
    phone.get_by_role("link", name="All appointments").click()
    phone.get_by_role("link", name="Profile").click()
    phone.get_by_label("Address").fill("7 Palm Street")
    phone.get_by_role("button", name="Save", exact=True).click()
    expect(phone.get_by_role("status")).to_contain_text("Saved.")
    phone.get_by_role("button", name="Sign out").click()
    expect(phone.get_by_role("button", name="Send me a link")).to_be_visible()


def test_staff_read_a_request_on_today_and_settle_it(ada: Page, phone: Page, patient: Patient) -> None:
    phone.goto(patient.door())
    phone.get_by_role("button", name="Show my appointments").click()
    phone.goto(f"/portal/appointments/{patient.appointment}")
    phone.get_by_text("Cancel this appointment").click()
    phone.get_by_label("Why?").fill("I am travelling")
    phone.get_by_role("button", name="Yes, cancel it").click()
    expect(phone.get_by_role("status")).to_contain_text("called off")
    ada.goto("/today")
    asked = ada.get_by_role("region", name="Clients ask").locator(f"[data-row='{patient.appointment}']")
    expect(asked).to_contain_text("Cancelled by the client")
    screens.shoot_all(ada, "today-clients-ask")
    ada.goto(f"/appointments/{patient.appointment}")
    banner = ada.get_by_role("status").filter(has_text="I am travelling")
    banner.get_by_role("button", name="Settled").click()
    expect(banner).to_have_count(0)
    ada.goto("/today")
    expect(asked).to_have_count(0)


def test_staff_confirm_by_phone_whom_today_tells_them_to_call(ada: Page, patient: Patient) -> None:
    ada.goto("/appointments?confirmed=to-call&tab=scheduled")
    expect(ada.locator(f"tr[data-row='{patient.appointment}']")).to_be_visible()
    ada.goto(f"/appointments/{patient.appointment}")
    card = ada.get_by_role("region", name="Confirmation")
    card.get_by_role("button", name="Link to confirm").click()
    expect(card.get_by_label("Link to confirm")).to_have_value(re.compile(rf"^{patient.desk.url}/c/[\w.-]+$"))
    screens.shoot_all(ada, "appointment-confirmation")
    card.get_by_role("button", name="Confirmed by phone").click()
    expect(card).to_contain_text("by Ada Lovelace · by phone")
    expect(ada.get_by_text("changed this appointment meanwhile")).to_have_count(0)
    card.get_by_role("button", name="Take back").click()
    expect(card).to_contain_text("Not confirmed by the client")


def test_r37_client_settings_and_suspending(ada: Page, patient: Patient) -> None:
    ada.goto("/client-settings")
    expect(ada.get_by_label("Clients may use the portal")).to_be_checked()
    screens.shoot_all(ada, "client-settings")
    ada.get_by_label("Notice, in hours").fill("many")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("Between 0 and 720 hours.")).to_be_visible()
    ada.get_by_label("Notice, in hours").fill("24")
    ada.get_by_role("button", name="Save").click()
    expect(ada.get_by_text("The settings were saved.")).to_be_visible()
    ada.goto(f"/clients/{patient.id}")
    card = ada.get_by_role("region", name="Portal")
    card.get_by_role("button", name="See it as the client does").click()
    expect(ada.get_by_role("status")).to_contain_text("You see what Cleo Adams sees.")
    screens.shoot(ada, "portal-looking-on")
    ada.get_by_role("button", name="Close").click()
    card.get_by_role("button", name="Suspend").click()
    expect(card).to_contain_text("Suspended")
    card.get_by_role("button", name="Admit again").click()
    expect(card.get_by_role("button", name="Suspend")).to_be_visible()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_and_every_page_is_small(
    seeing_phone: Page, desk: Desk, booked: Callable[..., int], language: str
) -> None:
    patient = a_patient(desk, booked, language)
    walk = {
        "link": patient.link(),
        "sign-in": "/portal/sign-in",
        "enter": patient.door(),
        "list": "/portal",
        "one": f"/portal/appointments/{patient.appointment}",
        "past": "/portal/past",
        "profile": "/portal/profile",
    }
    requests: list[str] = []
    seeing_phone.on("request", lambda request: requests.append(request.url))
    if language == "ar":
        seeing_phone.context.add_cookies([{"name": "client_lang", "value": "ar", "url": desk.url}])
    for name, path in walk.items():
        requests.clear()
        answer = seeing_phone.goto(path)
        assert answer is not None and answer.status == 200
        assert [url for url in requests if not url.startswith("data:")] == [answer.url], "a page is one request"
        assert len(answer.body()) < FIRST_FLIGHT
        assert violations(seeing_phone) == []
        for scheme in ("light", "dark"):
            seeing_phone.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert violations(seeing_phone) == []
            screens.shoot(seeing_phone, f"portal-{name}-{language}", scheme)
        seeing_phone.set_viewport_size(screens.DESKTOP)
        screens.shoot(seeing_phone, f"portal-{name}-{language}", "desktop")
        seeing_phone.set_viewport_size(screens.PHONE)
        if name == "enter":
            seeing_phone.locator("main button").click()


SLOW_3G = {"offline": False, "latency": 2_000, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
"""What the browser's own tools call 3G: 400 kbit/s, two seconds there and back."""


@pytest.mark.long
def test_a_client_sees_the_page_long_before_the_app_would_show_on_a_slow_phone(
    browser: Browser, desk: Desk, patient: Patient, record_property: Callable[[str, object], None]
) -> None:
    shown = {}
    for name, path, wait in (("link", patient.link(), "h1"), ("portal", "/portal/sign-in", "h1"), ("app", "/", "h1")):
        profile = browser.new_context(**browser_settings(desk.url, viewport=screens.PHONE))
        page = profile.new_page()
        page.set_default_timeout(120_000)
        tools = profile.new_cdp_session(page)
        tools.send("Network.enable")
        tools.send("Network.emulateNetworkConditions", SLOW_3G)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": 6})
        page.goto(path, wait_until="commit")
        page.wait_for_selector(wait)
        shown[name] = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        sizes = page.evaluate("performance.getEntries().reduce((sum, each) => sum + (each.transferSize ?? 0), 0)")
        record_property(name, (round(shown[name]), sizes))
        print(
            name,
            round(shown[name]),
            "ms to the first paint,",
            sizes,
            "bytes,",
            round(page.evaluate("performance.now()")),
        )
        profile.close()
    assert shown["link"] < 3_500 and shown["portal"] < 3_500
