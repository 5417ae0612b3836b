"""Reminders end to end: a fresh server with a mail server sends by itself, and shows what it sent and why not."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import update

from appointments_app.db.engine import engine_for
from appointments_app.db.models import Appointment, Replanning
from appointments_app.db.queries import booking
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.booking import Booking
from appointments_app.features.reminders import service
from tests.browser.conftest import EMAIL, Desk, open_business, sign_in
from tests.browser.eyes import open_settled, violations
from tests.browser.form import type_date
from tests.conftest import browser_settings
from tests.services import databases, mailbox, screens, server
from tests.services.mailbox import Mailbox


@dataclass
class Post:
    """The business with a mail server, and a page in which Ada is signed in."""

    desk: Desk
    mail: Mailbox
    page: Page

    def book(self, client_id: int, starts_in: timedelta, *, shared: bool = False) -> int:
        """Book half an hour that begins so long from now, to the second, or shared, to the minute; return its id."""
        start = datetime.now(UTC) + starts_in
        start = start.replace(second=0, microsecond=0) if shared else start
        wanted = Booking(client_id, None, start, start + timedelta(minutes=30), "Africa/Cairo", (), "", shared)
        with self.desk.uow.begin() as tx:
            return booking.add(tx, self.desk.ada, wanted, "")


@pytest.fixture(scope="module")
def _post(
    built_frontend: Path, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> Iterator[Post]:
    folder = tmp_path_factory.mktemp("post")
    url = databases.sqlite_copy(sqlite_template, folder)
    open_business(url)
    with (
        mailbox.running() as mail,
        server.running(
            url, folder, APPOINTMENTS_SMTP_URL=f"smtp://127.0.0.1:{mail.port}?from=desk@example.com"
        ) as running,
    ):
        engine = engine_for(url)
        uow = UnitOfWork(engine)
        desk = Desk(running, engine, uow, sign_in(uow, EMAIL))
        profile = browser.new_context(**browser_settings(running.url))
        profile.set_default_timeout(10_000)
        desk.enter(profile)
        yield Post(desk, mail, profile.new_page())
        profile.close()
        engine.dispose()


@pytest.fixture
def post(_post: Post) -> Post:
    """The business, its mailbox emptied."""
    _post.mail.letters.clear()
    return _post


def letters(mail: Mailbox, count: int = 1) -> list:
    """Return the letters once so many are there."""
    patience = time.monotonic() + 20
    while len(mail.letters) < count and time.monotonic() < patience:
        time.sleep(0.1)
    return mail.letters


def test_r32_a_fresh_server_with_a_mail_server_sends_a_reminder(post: Post) -> None:
    patience = time.monotonic() + 20
    while time.monotonic() < patience and not _rules(post):  # the ready-made rules are made within seconds
        time.sleep(0.2)
    client = post.desk.a_client("Cleo Post", email="cleo.post@example.com")
    post.book(client, timedelta(hours=24, seconds=2))
    (letter,) = letters(post.mail)
    assert letter["To"] == "cleo.post@example.com"
    open_settled(post.page, f"/clients/{client}?show=messages")
    row = post.page.locator("tr[data-row]")
    expect(row).to_have_count(1)
    expect(row.get_by_text("Sent", exact=True)).to_be_visible()


def test_an_arabic_letter_reads_well_on_a_phone_and_on_a_desk(post: Post) -> None:
    client = post.desk.a_client("نور الهدى", email="nour.post@example.com", language="ar")
    post.book(client, timedelta(hours=24, seconds=2))
    (letter,) = letters(post.mail)
    plain, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert plain and html and "عزيزنا نور الهدى" in plain.get_content()
    (file,) = letter.iter_attachments()
    assert file.get_filename() == "appointment.ics" and "BEGIN:VEVENT" in file.get_content()
    for size, name in ((screens.PHONE, "phone"), (screens.DESKTOP, "desktop")):
        reader = post.page.context.new_page()
        reader.set_viewport_size(size)
        reader.set_content(html.get_content())
        wide, right = reader.evaluate(
            "[document.documentElement.scrollWidth - innerWidth,"
            " getComputedStyle(document.querySelector('.letter')).textAlign]"
        )
        assert (wide, right, reader.locator("html").get_attribute("dir")) == (0, "right", "rtl")
        assert violations(reader, ["wcag2a", "wcag2aa"]) == []
        screens.shoot(reader, "letter", f"arabic-{name}")
        reader.close()


def _rules(post: Post) -> list:
    return service.list_rules(post.desk.uow, actor=post.desk.ada)


def test_the_page_of_messages_says_why_one_was_not_sent(post: Post) -> None:
    client = post.desk.a_client("Cleo Nomail")
    post.book(client, timedelta(hours=24, seconds=1))
    page = post.page
    open_settled(page, "/messages?tab=skipped")
    row = page.locator("tr[data-row]").filter(has_text="Cleo Nomail")
    expect(row).to_contain_text("No phone number or e-mail address", timeout=30_000)
    row.get_by_role("button", name="Actions for Cleo Nomail").click()
    page.get_by_role("menuitem", name="Show").click()
    expect(page.get_by_role("dialog")).to_contain_text("Cleo Nomail")
    page.keyboard.press("Escape")
    assert violations(page) == []


def test_a_rule_is_made_shows_what_it_sends_and_is_switched_off(post: Post) -> None:
    page = post.page
    open_settled(page, "/settings/reminders")
    expect(page.get_by_text("E-mail to the client, a day before")).to_be_visible()
    screens.shoot_all(page, "reminders")
    assert violations(page) == []
    page.get_by_role("link", name="New reminder").click()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Enter a name.")).to_be_visible()
    page.get_by_label("Name").fill("A week before")
    page.get_by_label("How long").fill("7")
    screens.shoot_all(page, "reminder")
    assert violations(page) == []
    page.get_by_role("button", name="Save").click()
    row = page.locator("tr[data-row]").filter(has_text="A week before")
    expect(row).to_contain_text("7 days before the start")
    expect(row.get_by_text("Planned anew")).to_have_count(0, timeout=20_000)
    rule = next(each for each in _rules(post) if each.name == "A week before")
    with post.desk.uow.begin() as tx:
        now = datetime.now(UTC)
        tx.add(Replanning(rule_id=rule.id, after_start=now, total=9, stopped=True))
    open_settled(page, "/settings/reminders")
    expect(row).to_contain_text("Stopped at 0 of 9")
    screens.shoot_all(page, "reminders-stopped")
    assert violations(page) == []
    go_on = row.get_by_role("button", name="Go on")
    box = go_on.bounding_box()
    assert box and box["height"] < 30, "icon and word stand in one line"
    go_on.click()
    expect(row.get_by_text("of 9")).to_have_count(0, timeout=20_000)
    row.get_by_role("link", name="A week before").click()
    expect(page.get_by_role("heading", name="Next messages")).to_be_visible()
    expect(page.locator(".next-dates li")).not_to_have_count(0)
    screens.shoot_all(page, "reminder-next")
    open_settled(page, "/settings/reminders")
    page.get_by_role("button", name="Actions for A week before").click()
    page.get_by_role("menuitem", name="Switch off").click()
    expect(row.get_by_text("Off", exact=True)).to_be_visible()


def test_whoever_moves_an_appointment_sees_what_its_client_will_be_told(post: Post) -> None:
    page = post.page
    open_settled(page, "/settings/reminders")
    rule = page.locator("tr[data-row]").filter(has_text="E-mail to the client, when we move it")
    expect(rule).to_contain_text("At once when we move it")
    expect(rule.get_by_text("Off", exact=True)).to_be_visible()
    rule.get_by_role("button", name="Actions for").click()
    page.get_by_role("menuitem", name="Switch on").click()
    expect(rule.get_by_text("On", exact=True)).to_be_visible()
    rule.get_by_role("link").click()
    expect(page.get_by_text("It is held for a minute")).to_be_visible()
    expect(page.get_by_label("How long")).to_have_count(0)
    expect(page.get_by_label("Only those that the client knows of")).to_be_checked()
    screens.shoot_all(page, "reminder-told")
    assert violations(page) == []
    page.get_by_label("Recipient").select_option("staff")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Of this, clients only are told.")).to_be_visible()
    one = post.book(post.desk.a_client("Cleo Moved", email="cleo.moved@example.com"), timedelta(days=3), shared=True)
    with post.desk.uow.begin() as tx:  # of what was booked a moment ago nobody knows yet
        a_while_ago = datetime.now(UTC) - timedelta(minutes=5)
        tx.execute(update(Appointment).where(Appointment.id == one).values(created_at=a_while_ago))
    open_settled(page, f"/appointments/{one}")
    here = (datetime.now(UTC) + timedelta(days=3)).astimezone(ZoneInfo("Africa/Cairo")).date()
    type_date(page, here + timedelta(days=2))
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/clients/*")
    open_settled(page, f"/appointments/{one}")
    told = page.locator(".message-line").filter(has_text="when we move it")
    expect(told).to_contain_text("Planned")
    screens.shoot_all(page, "appointment-told")
    type_date(page, here)
    page.get_by_role("button", name="Save").click()
    page.wait_for_url("**/clients/*")
    open_settled(page, f"/appointments/{one}")
    expect(told).to_contain_text("The change was taken back")


def test_messages_look_right(post: Post, browser: Browser) -> None:
    page = post.page
    for address, name in (("/messages", "messages"), ("/messages?tab=planned", "messages-planned")):
        open_settled(page, address)
        screens.shoot_all(page, name)
        assert violations(page) == []
    profile = browser.new_context(**browser_settings(post.desk.url, locale="ar-EG"))
    post.desk.enter(profile, "ar")
    arabic = profile.new_page()
    for address, name in (
        ("/messages", "messages"),
        ("/settings/reminders", "reminders"),
        ("/settings/reminders/1", "reminder"),
    ):
        open_settled(arabic, address)
        screens.shoot(arabic, name, "arabic")
    profile.close()
