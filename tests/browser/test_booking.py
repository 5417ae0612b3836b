"""Booking and editing in a real browser: the form, its draft, the actions list, busy staff, two people at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from sqlalchemy import func, select

from appointments_app.db.models import Appointment, Staff
from appointments_app.db.queries import booking
from appointments_app.domain.access import Actor, Role
from appointments_app.features.appointments import service
from appointments_app.features.clients.service import quick_create
from appointments_app.features.session import service as session
from tests.browser.conftest import PASSWORD, Desk
from tests.browser.test_accessibility import AXE, RULES
from tests.conftest import browser_settings
from tests.services import screens
from tests.services.server import RunningServer

DRAFT = re.compile(r"/appointments/new/?\?(.*&)?draft=")
CLIENTS_LIST = re.compile(r"/clients/\d+/?\?show=appointments")
TOMORROW = datetime.now(UTC).date() + timedelta(days=1)


@pytest.fixture(scope="module")
def ben(desk: Desk) -> tuple[str, Actor]:
    """Ben, who works there too: the token of his browser, and himself."""
    email = f"ben-{uuid4().hex[:6]}@example.com"
    session.add_user(desk.uow, name="Ben Okri", email=email, password=PASSWORD, role=Role.STAFF)
    return session.sign_in(desk.uow, email=email, password=PASSWORD, address="127.0.0.2", days=1)


@pytest.fixture
def cleo(desk: Desk) -> str:
    """A client of the test's own."""
    return quick_create(desk.uow, actor=desk.ada, name=f"Cleo {uuid4().hex[:6]}").id


@pytest.fixture
def worker(desk: Desk) -> str:
    """Somebody with an empty diary; their name."""
    name = f"Dina {uuid4().hex[:6]}"
    session.add_user(desk.uow, name=name, email=f"{uuid4().hex[:8]}@example.com", password=PASSWORD, role=Role.STAFF)
    return name


@pytest.fixture
def as_ben(browser: Browser, desk: Desk, ben: tuple[str, Actor]) -> Iterator[Page]:
    """A page in another browser, in which Ben is signed in."""
    profile = browser.new_context(**browser_settings(desk.url))
    profile.set_default_timeout(10_000)
    desk.enter(profile)
    profile.add_cookies([{"name": "sid", "value": ben[0], "url": desk.url}])
    yield profile.new_page()
    profile.close()


@pytest.fixture
def booked(desk: Desk, cleo: str) -> Callable[..., int]:
    """Books an appointment for Cleo without a browser; returns its id."""

    def book(**changes: object) -> int:
        form = {"client": cleo, "date": TOMORROW.isoformat(), "time": "10:00", "duration": "30", "staff": []}
        return service.book(desk.uow, actor=desk.ada, form={**form, **changes}, token=str(uuid4()))

    return book


def _box(page: Page, name: str) -> Locator:
    return page.get_by_role("combobox", name=name)


def _open(page: Page, address: str) -> None:
    page.goto(address)
    _box(page, "Client").wait_for()


def _type_date(page: Page, day: date) -> None:
    page.get_by_role("group", name="Date").get_by_role("spinbutton").first.click()
    page.keyboard.type(day.strftime("%d%m%Y"))


def _type_time(page: Page, digits: str) -> None:
    page.get_by_role("group", name="Time").get_by_role("spinbutton").first.click()
    page.keyboard.type(digits)


def _pick(page: Page, name: str, text: str) -> None:
    _box(page, name).click()
    _box(page, name).fill(text)
    page.get_by_role("option", name=text).first.click()


def _kept(page: Page) -> None:
    """Wait until the draft is kept."""
    expect(page.get_by_text("Draft kept")).to_be_visible()
    page.wait_for_timeout(700)


def _save(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name="Save", exact=True).click()


def _count(desk: Desk, client_id: str) -> int:
    with desk.uow.read() as tx:
        return tx.execute(select(func.count()).where(Appointment.client_id == int(client_id))).scalar_one()


def test_r15_booking_leads_to_the_clients_list_with_a_toast(ada: Page, desk: Desk, cleo: str) -> None:
    _open(ada, f"/appointments/new?client={cleo}")
    expect(_box(ada, "Client")).to_have_value(re.compile("Cleo"))
    _type_date(ada, TOMORROW)
    _type_time(ada, "1430")
    ada.get_by_label("Duration").select_option("60")
    ada.get_by_label("Notes").fill("<script>alert(1)</script> 😀 =HYPERLINK(1)")
    ada.get_by_label("Share with client").check()
    _kept(ada)
    expect(ada.get_by_text("Something went wrong")).to_have_count(0)
    screens.shoot_all(ada, "new-appointment")
    _save(ada)
    ada.wait_for_url(CLIENTS_LIST)
    expect(ada.get_by_text("Appointment booked.")).to_be_visible()
    expect(ada.get_by_role("row").filter(has_text="14:30")).to_have_count(1)
    with desk.uow.read() as tx:
        row = tx.execute(select(Appointment).where(Appointment.client_id == int(cleo))).scalar_one()
    assert (row.notes, row.shared) == ("<script>alert(1)</script> 😀 =HYPERLINK(1)", True)
    assert row.end_at - row.start_at == timedelta(hours=1)


def test_r5_to_r8_what_is_missing_is_said_at_the_field_and_the_first_gets_the_focus(ada: Page) -> None:
    _open(ada, "/appointments/new")
    ada.get_by_label("Notes").fill("stays")
    _save(ada)
    expect(ada.get_by_text("Choose a client.")).to_be_visible()
    expect(ada.get_by_text("Enter a time.")).to_be_visible()
    expect(_box(ada, "Client")).to_be_focused()
    expect(ada.get_by_label("Notes")).to_have_value("stays")
    screens.shoot(ada, "new-appointment-wrong")


def test_r7_a_start_in_the_past_is_warned_of_and_allowed(ada: Page, cleo: str) -> None:
    _open(ada, f"/appointments/new?client={cleo}")
    _type_date(ada, datetime.now(UTC).date() - timedelta(days=3))
    _type_time(ada, "0900")
    expect(ada.get_by_text("This start is in the past.")).to_be_visible()
    ada.keyboard.press("Control+Enter")
    ada.wait_for_url(CLIENTS_LIST)


def test_r8_any_other_duration_can_be_typed(ada: Page, desk: Desk, cleo: str) -> None:
    _open(ada, f"/appointments/new?client={cleo}")
    _type_time(ada, "1000")
    ada.get_by_label("Duration").select_option("Another duration…")
    ada.get_by_label("Minutes").fill("3")
    _save(ada)
    expect(ada.get_by_text("Between 5 minutes and 24 hours.")).to_be_visible()
    expect(ada.get_by_label("Minutes")).to_be_focused()
    ada.get_by_label("Minutes").fill("75")
    _save(ada)
    ada.wait_for_url(CLIENTS_LIST)
    with desk.uow.read() as tx:
        row = tx.execute(select(Appointment).where(Appointment.client_id == int(cleo))).scalar_one()
    assert row.end_at - row.start_at == timedelta(minutes=75)


def test_r5_a_new_client_is_made_inside_the_half_filled_form(ada: Page) -> None:
    name = f"Nour {uuid4().hex[:6]}"
    _open(ada, "/appointments/new")
    ada.get_by_label("Notes").fill("first visit")
    _box(ada, "Client").fill(name)
    ada.get_by_role("option", name="New client").click()
    dialog = ada.get_by_role("dialog")
    expect(dialog.get_by_label("Name")).to_have_value(name)
    dialog.get_by_label("E-mail").fill("not an address")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_label("E-mail")).to_be_focused()
    screens.shoot(ada, "new-client-dialog")
    dialog.get_by_label("E-mail").fill("")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_have_count(0)
    expect(_box(ada, "Client")).to_have_value(name)
    expect(ada.get_by_text("Choose one from the list.")).to_have_count(0)
    expect(ada.get_by_label("Notes")).to_have_value("first visit")


def test_r9_r18_r19_an_action_is_added_over_the_half_filled_form_and_chosen(ada: Page, as_ben: Page, cleo: str) -> None:
    name = f"Home visit {uuid4().hex[:6]}"
    _open(ada, f"/appointments/new?client={cleo}")
    _type_time(ada, "1115")
    _box(ada, "Action").click()
    last = ada.get_by_role("option").last
    expect(last).to_have_text("Edit Actions List")
    last.click()
    dialog = ada.get_by_role("dialog")
    dialog.get_by_role("button", name="Add New Action").click()
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Default duration").fill("90")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text(name)).to_be_visible()
    screens.shoot_all(ada, "actions-list")
    dialog.get_by_role("button", name="Close").click()
    expect(_box(ada, "Action")).to_have_value(name)
    expect(ada.get_by_label("Duration")).to_have_value("90")
    expect(_box(ada, "Client")).to_have_value(re.compile("Cleo"))
    _open(as_ben, "/appointments/new")
    _box(as_ben, "Action").click()
    expect(as_ben.get_by_role("option", name=name)).to_be_visible()


def test_r20_actions_are_renamed_ordered_deactivated_and_twins_refused(ada: Page) -> None:
    first, second = (f"{word} {uuid4().hex[:6]}" for word in ("Massage", "Repair"))
    _open(ada, "/appointments/new")
    _box(ada, "Action").click()
    ada.get_by_role("option", name="Edit Actions List").click()
    dialog = ada.get_by_role("dialog")
    for name in (first, second):
        dialog.get_by_role("button", name="Add New Action").click()
        dialog.get_by_label("Name").fill(name)
        ada.keyboard.press("Control+Enter")
        expect(dialog.get_by_role("button", name=f"Edit {name}")).to_be_visible()
    dialog.get_by_role("button", name="Add New Action").click()
    dialog.get_by_label("Name").fill(f"  {first.upper()} ")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("There is an action of this name already.")).to_be_visible()
    dialog.get_by_role("button", name="Cancel").click()
    dialog.get_by_role("button", name=f"Move {second} up").press("Enter")
    expect(dialog.get_by_role("listitem").last).to_contain_text(first)
    dialog.get_by_role("button", name=f"Edit {first}").click()
    dialog.get_by_label("Name").fill(f"{first} plus")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text(f"{first} plus")).to_be_visible()
    dialog.get_by_role("button", name=f"Actions for {second}").click()
    ada.get_by_role("menuitem", name="Deactivate").click()
    expect(dialog.get_by_role("listitem").filter(has_text=second)).to_contain_text("Deactivated")
    dialog.get_by_role("button", name=f"Actions for {first} plus").click()
    ada.get_by_role("menuitem", name="Delete").click()
    expect(dialog.get_by_text(f"{first} plus")).to_have_count(0)
    dialog.get_by_role("button", name="Close").click()
    _box(ada, "Action").click()
    expect(ada.get_by_role("option", name=second)).to_have_count(0)


def test_the_half_filled_form_survives_a_reload_and_a_restart(
    ada: Page, desk: Desk, running_server: RunningServer, cleo: str, worker: str
) -> None:
    _open(ada, f"/appointments/new?client={cleo}")
    ada.wait_for_url(DRAFT)
    _type_time(ada, "1645")
    _pick(ada, "Assign to staff members", worker)
    ada.get_by_label("Notes").fill("half a sentence, 😀")
    ada.get_by_label("Share with client").check()
    _kept(ada)
    ada.reload()
    expect(ada.get_by_label("Notes")).to_have_value("half a sentence, 😀")
    running_server.restart()
    expect(ada.get_by_label("Notes")).to_have_value("half a sentence, 😀", timeout=20_000)
    expect(ada.get_by_text(worker)).to_be_visible()
    expect(ada.get_by_label("Share with client")).to_be_checked()
    expect(ada.locator("input[name=time]")).to_have_value("16:45")
    _save(ada)
    expect(ada.get_by_text("Appointment booked.")).to_be_visible(timeout=20_000)
    assert _count(desk, cleo) == 1


def test_what_is_typed_while_the_server_is_away_is_still_there_when_it_is_back(
    ada: Page, running_server: RunningServer, cleo: str
) -> None:
    _open(ada, f"/appointments/new?client={cleo}")
    ada.wait_for_url(DRAFT)
    notes = ada.get_by_label("Notes")
    notes.fill("Before.")
    _kept(ada)
    running_server.stop()
    notes.press("End")
    notes.press_sequentially(" While away.")
    expect(ada.get_by_text("The server does not answer.")).to_be_visible(timeout=20_000)
    running_server.start()
    expect(ada.get_by_text("The server does not answer.")).to_have_count(0, timeout=30_000)
    ada.wait_for_timeout(3_000)  # the page is filled anew meanwhile
    expect(notes).to_have_value("Before. While away.")


def test_double_click_back_and_a_stale_tab_never_make_a_second_appointment(ada: Page, desk: Desk, cleo: str) -> None:
    ada.goto("/clients")
    _open(ada, f"/appointments/new?client={cleo}")
    ada.wait_for_url(DRAFT)
    _type_time(ada, "1000")
    _kept(ada)
    draft = ada.url
    stale = ada.context.new_page()
    _open(stale, draft)
    ada.get_by_role("main").get_by_role("button", name="Save", exact=True).dblclick()
    ada.wait_for_url(CLIENTS_LIST)
    assert _count(desk, cleo) == 1
    stale.get_by_label("Notes").fill("typed in the stale tab")
    _save(stale)
    stale.wait_for_url(CLIENTS_LIST)
    ada.goto(draft)
    ada.wait_for_url(re.compile(r"/appointments/\d+"))
    assert _count(desk, cleo) == 1


def test_r14_busy_staff_are_shown_and_booked_only_with_a_reason(
    ada: Page, desk: Desk, cleo: str, worker: str, booked: Callable[..., int]
) -> None:
    with desk.uow.read() as tx:
        staff_id = tx.execute(select(Staff.id).where(Staff.name == worker)).scalar_one()
    first = booked(staff=[str(staff_id)])
    _open(ada, f"/appointments/new?client={cleo}")
    _type_date(ada, TOMORROW)
    _type_time(ada, "1015")
    _pick(ada, "Assign to staff members", worker)
    ada.keyboard.press("Escape")
    expect(ada.get_by_text("Already booked at that time:")).to_be_visible()
    expect(ada.get_by_role("button", name="Book anyway")).to_have_count(0)
    link = ada.get_by_role("main").locator(f"a[href='/appointments/{first}'], a[href='/appointments/{first}/']")
    expect(link).to_have_attribute("target", "_blank")
    _save(ada)
    reason = ada.get_by_label("Why do you book it all the same?")
    expect(reason).to_be_focused()
    screens.shoot_all(ada, "busy-staff")
    ada.get_by_role("button", name="Book anyway").click()
    expect(ada.get_by_text("Enter a reason.")).to_be_visible()
    assert _count(desk, cleo) == 1
    reason.fill("Twins")
    ada.get_by_role("button", name="Book anyway").click()
    ada.wait_for_url(CLIENTS_LIST)
    assert _count(desk, cleo) == 2


def test_the_second_of_two_people_is_told_and_loses_nothing_typed(
    ada: Page, as_ben: Page, desk: Desk, booked: Callable[..., int]
) -> None:
    address = f"/appointments/{booked(notes='from the start')}"
    _open(ada, address)
    _open(as_ben, address)
    ada.get_by_label("Notes").fill("Ada's words")
    _kept(ada)
    as_ben.get_by_label("Notes").fill("Ben's words")
    _save(as_ben)
    as_ben.wait_for_url(CLIENTS_LIST)
    expect(ada.get_by_text("Ben Okri changed this appointment meanwhile.")).to_be_visible(timeout=4_000)
    expect(ada.get_by_label("Notes")).to_have_value("Ada's words")
    _save(ada)
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
    _open(ada, address)
    ada.get_by_label("Notes").fill("Ada's words")
    _kept(ada)
    _open(as_ben, address)
    as_ben.get_by_label("Notes").fill("Ben's words")
    _save(as_ben)
    as_ben.wait_for_url(CLIENTS_LIST)
    ada.get_by_role("button", name="Use theirs").click()
    expect(ada.get_by_label("Notes")).to_have_value("Ben's words")
    expect(ada.get_by_text("Draft kept")).to_have_count(0)


def test_changes_to_an_old_appointment_survive_and_can_be_discarded(ada: Page, booked: Callable[..., int]) -> None:
    _open(ada, f"/appointments/{booked(notes='as it was')}")
    ada.get_by_label("Notes").fill("half changed")
    _kept(ada)
    ada.reload()
    expect(ada.get_by_label("Notes")).to_have_value("half changed")
    ada.get_by_role("button", name="Discard changes").click()
    expect(ada.get_by_label("Notes")).to_have_value("as it was")


def test_r24_the_status_is_changed_on_the_page_and_others_see_it_at_once(
    ada: Page, as_ben: Page, booked: Callable[..., int]
) -> None:
    address = f"/appointments/{booked()}"
    _open(ada, address)
    _open(as_ben, address)
    ada.get_by_role("button", name="Mark done").click()
    expect(ada.locator(".chip[data-tone=done]")).to_be_visible()
    expect(as_ben.locator(".chip[data-tone=done]")).to_be_visible(timeout=4_000)
    expect(ada.get_by_text("marked done").first).to_be_visible()
    ada.get_by_label("Notes").fill("after that")
    screens.shoot_all(ada, "appointment")
    _save(ada)
    ada.wait_for_url(CLIENTS_LIST)


def test_deleting_leads_to_the_clients_list_and_is_undone(ada: Page, desk: Desk, booked: Callable[..., int]) -> None:
    appointment_id = booked()
    _open(ada, f"/appointments/{appointment_id}")
    ada.get_by_role("main").get_by_role("button", name="Delete").click()
    ada.wait_for_url(CLIENTS_LIST)
    ada.get_by_role("button", name="Undo").click()
    expect(ada.get_by_text("is as it was.")).to_be_visible()
    _open(ada, f"/appointments/{appointment_id}")


@pytest.mark.parametrize("wrong", ["999999", "abc", "1e3", "0"])
def test_an_unknown_appointment_is_not_found(ada: Page, wrong: str) -> None:
    ada.goto(f"/appointments/{wrong}")
    expect(ada.get_by_role("heading", name="Not found")).to_be_visible()


def test_one_form_never_shows_what_belongs_to_another(ada: Page, booked: Callable[..., int]) -> None:
    first, second = booked(notes="the first"), booked(notes="the second", time="15:00")
    _open(ada, f"/appointments/{first}")
    expect(ada.get_by_label("Notes")).to_have_value("the first")
    ada.goto(f"/appointments/{second}")
    expect(ada.get_by_label("Notes")).to_have_value("the second")
    ada.go_back()
    expect(ada.get_by_label("Notes")).to_have_value("the first")
    ada.keyboard.press("n")
    ada.wait_for_url(DRAFT)
    expect(ada.get_by_label("Notes")).to_have_value("")
    ada.get_by_role("button", name="Cancel").click()
    ada.wait_for_url(re.compile(rf"/appointments/{first}"))


def test_everything_can_be_booked_by_keyboard(ada: Page, desk: Desk, cleo: str) -> None:
    with desk.uow.read() as tx:
        choice = booking.client_choice(tx, int(cleo))
    assert choice is not None
    _open(ada, "/appointments/new")
    _box(ada, "Client").focus()
    ada.keyboard.type(choice.name)
    expect(ada.get_by_role("option", name=choice.name)).to_be_visible()
    ada.wait_for_timeout(300)
    ada.keyboard.press("Enter")
    ada.keyboard.press("Tab")
    ada.keyboard.type(TOMORROW.strftime("%d%m%Y"))
    ada.get_by_role("group", name="Time").get_by_role("spinbutton").first.focus()
    ada.keyboard.type("1720")
    ada.keyboard.press("Control+Enter")
    ada.wait_for_url(CLIENTS_LIST)
    assert _count(desk, cleo) == 1


@pytest.mark.parametrize("entry", ["Edit Actions List", "New client"])
def test_axe_finds_nothing_in_the_dialogs(ada: Page, entry: str) -> None:
    _open(ada, "/appointments/new")
    _box(ada, "Action" if "Action" in entry else "Client").click()
    expect(ada.get_by_role("option", name=entry)).to_be_visible()
    assert _violations(ada) == []
    ada.get_by_role("option", name=entry).click()
    ada.get_by_role("dialog").wait_for()
    if "Action" in entry:
        ada.get_by_role("button", name="Add New Action").click()
    ada.wait_for_timeout(300)
    assert _violations(ada) == []


def _violations(page: Page) -> list[str]:
    found = AXE.run(page, options=RULES).response["violations"]
    return [f"{each['id']}: {node['html'][:200]}" for each in found for node in each["nodes"]]


def test_a_locked_database_is_said_and_the_form_kept_until_it_is_free(ada: Page, desk: Desk, cleo: str) -> None:
    _open(ada, f"/appointments/new?client={cleo}")
    _type_time(ada, "1010")
    ada.get_by_label("Notes").fill("must not be lost")
    _kept(ada)
    with desk.uow.begin() as tx:
        tx.connection()  # begins, and nobody else can write
        _save(ada)
        expect(ada.get_by_text("The database does not answer.")).to_be_visible(timeout=25_000)
        expect(ada.get_by_label("Notes")).to_have_value("must not be lost")
    _save(ada)
    ada.wait_for_url(CLIENTS_LIST)
    assert _count(desk, cleo) == 1


def test_the_form_in_arabic(browser: Browser, desk: Desk, booked: Callable[..., int]) -> None:
    profile = browser.new_context(**browser_settings(desk.url, locale="ar-EG"))
    desk.enter(profile, "ar")
    page = profile.new_page()
    page.goto(f"/appointments/{booked(notes='ملاحظة')}")
    page.locator("#field-notes").wait_for()
    page.wait_for_timeout(600)
    assert page.evaluate("document.documentElement.dir") == "rtl"
    screens.shoot(page, "appointment", "arabic")
    profile.close()
