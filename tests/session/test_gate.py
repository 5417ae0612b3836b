"""The gate: no handler without a rule, nobody runs what is not theirs, and no state outlives its sign-in."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from reflex_base.registry import RegistrationContext

from appointments_app import runtime
from appointments_app.appointments_app import PAGES, app
from appointments_app.domain.access import Permission, Role
from appointments_app.domain.errors import Unavailable
from appointments_app.domain.sign_in import hash_of
from appointments_app.features.appointments.service import actions_list, add_action
from appointments_app.features.appointments.state.actions import ActionsList
from appointments_app.features.appointments.state.form import BookingForm
from appointments_app.features.appointments.state.list import AppointmentList
from appointments_app.features.clients.state.list import ClientList
from appointments_app.features.consent.state import Wishes
from appointments_app.features.session import gate, service
from appointments_app.features.session.gate import rule_of, sealed, session_in
from appointments_app.features.session.state import Shell
from appointments_app.features.settings.state import SettingsPage
from appointments_app.features.staff.schemas import PersonForm
from appointments_app.features.staff.state import StaffForm, StaffPage
from appointments_app.features.work_orders.state.form import OrderForm
from appointments_app.logs import JsonLines
from tests.session.desk import Desk
from tests.session.stage import Tab, open_tab

ANYTHING = ["abc", -1, 2**70, None, True, [], ["x"], {"a": {"b": 1}}, "x" * 10_000, "\x00", "\ud800", 1.5]


@pytest_asyncio.fixture
async def tab(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Tab]:
    """A stranger's tab on the test's own business."""
    monkeypatch.setattr(runtime, "uow", lambda: desk.uow)
    async with open_tab() as tab:
        yield tab


def _own_handlers() -> list[str]:
    """Return the names of every handler a browser can call, the framework's own left out."""
    for page in PAGES:
        page.show()
    known = RegistrationContext.get().event_handlers
    functions = {name: getattr(each.handler.fn, "func", each.handler.fn) for name, each in known.items()}
    return [name for name, function in functions.items() if function.__module__.startswith("appointments_app.")]


def test_every_handler_says_who_may_call_it():
    with app.set_contexts():
        names = _own_handlers()
        assert len(names) > 20
        assert [name for name in names if rule_of(name) is None] == []


def test_an_undeclared_handler_and_an_unknown_one_have_no_rule():
    with app.set_contexts():
        assert rule_of("reflex___state____state.nothing") is None
        setters = [name for name in RegistrationContext.get().event_handlers if name.endswith("setvar")]
        assert all(rule_of(name) is None for name in setters)


@pytest.mark.parametrize(
    ("header", "token"),
    [
        ("sid=abc", "abc"),
        ("lang=en; sid=abc", "abc"),
        ("", ""),
        (None, ""),
        ("lang=en", ""),
        ("sid", ""),
        ("\x00;=;", ""),
        ('other={"a":1}; sid=abc', "abc"),
        ('theme="dark; sid=abc', "abc"),
    ],
)
def test_the_token_is_found_in_any_cookie_header_and_only_its_hash_is_kept(header: str | None, token: str):
    kept = sealed(header or "")
    assert session_in(kept) == (hash_of(token) if token else "")
    assert not token or token not in kept


@pytest.mark.parametrize("language", ["ar", "tlh", '"ar\\073 sid=abc"', '"\\015\\012"', "ar=; sid"])
def test_a_session_cannot_be_written_into_the_cookie_that_is_kept(language: str):
    kept = sealed(f"sid=mine; lang={language}")
    assert session_in(kept) in {hash_of("mine"), ""} and kept.count("sid=") <= 1
    assert kept == f"sid={hash_of('mine')}; lang=ar" or "lang" not in kept


async def test_a_stranger_runs_nothing_and_is_sent_to_sign_in(tab: Tab):
    answer = await tab.send(StaffPage.load)
    assert "/sign-in" in answer
    assert (await tab.state(StaffPage)).rows == []


async def test_a_stranger_with_a_made_up_cookie_is_a_stranger(tab: Tab):
    tab.cookie = "x" * 43
    assert "/sign-in" in await tab.send(StaffPage.load)
    assert (await tab.state(StaffPage)).rows == []


async def test_staff_cannot_run_an_owners_handlers(tab: Tab, desk: Desk):
    tab.cookie, _ = desk.sign_in("ben@example.com")
    for event in (StaffPage.load, StaffPage.set_active(1, "deactivate"), StaffForm.save({}), SettingsPage.save({})):
        answer = await tab.send(event)
        assert "You may not do this." in answer
    assert (await tab.state(StaffPage)).rows == []
    assert desk.sign_in("ada@example.com")[1].may(Permission.STAFF)


async def test_a_page_that_is_closed_to_somebody_says_so_alone(tab: Tab, desk: Desk):
    desk.hire("rita@example.com", Role.READ_ONLY)
    tab.cookie, _ = desk.sign_in("rita@example.com")
    for state, address in (
        (StaffPage, "/staff"),
        (BookingForm, "/appointments/new"),
        (OrderForm, "/work-orders/5/edit"),
        (Wishes, "/clients/5"),
    ):
        assert "You may not do this." not in await tab.send(state.load, address)
        assert not (await tab.state(state)).ready  # nothing was filled in, either
    assert "You may not do this." in await tab.send(StaffPage.set_active(1, "deactivate"), "/staff")
    assert "You may not do this." in await tab.send(StaffPage.load, "/appointments")


async def test_an_owner_runs_them(tab: Tab, desk: Desk):
    tab.cookie, _ = desk.sign_in("ada@example.com")
    await tab.send(StaffPage.load, "/staff")
    assert [row.name for row in (await tab.state(StaffPage)).rows] == ["Ada", "Ben"]


async def test_the_state_is_emptied_when_the_cookie_changes(tab: Tab, desk: Desk):
    tab.cookie, _ = desk.sign_in("ada@example.com")
    await tab.send(StaffPage.load, "/staff")
    tab.cookie, _ = desk.sign_in("ben@example.com")
    await tab.send(Shell.enter)
    assert (await tab.state(StaffPage)).rows == []
    assert (await tab.state(Shell)).name == "Ben"
    tab.cookie = ""
    await tab.send(Shell.enter)
    assert (await tab.state(Shell)).name == ""


async def test_signing_out_elsewhere_works_on_the_next_event(tab: Tab, desk: Desk):
    tab.cookie, ada = desk.sign_in("ada@example.com")
    await tab.send(StaffPage.load, "/staff")
    service.sign_out_everywhere(desk.uow, actor=ada)
    assert "/sign-in" in await tab.send(StaffPage.load, "/staff")


@pytest.mark.parametrize(("page", "said"), [("", "ar"), ("ar", "ar"), ("en", "en"), ("xx", "ar")])
async def test_a_refusal_is_said_in_the_language_of_the_page_else_in_the_persons(
    tab: Tab, desk: Desk, page: str, said: str
):
    tab.cookie, ben = desk.sign_in("ben@example.com")
    tab.language = page
    service.set_language(desk.uow, actor=ben, language="ar")
    await tab.send(StaffPage.set_active(1, "deactivate"), "/staff")
    (toast,) = (await tab.state(Shell)).toasts
    assert toast.text == runtime.translate(said, "You may not do this.")


async def test_a_database_that_is_away_is_said_once_and_nobody_is_sent_to_sign_in(
    tab: Tab, desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    def away(_token: str) -> None:
        raise Unavailable()

    tab.cookie, _ = desk.sign_in("ada@example.com")
    monkeypatch.setattr(gate, "known_actor", away)
    for event in (StaffPage.load, Shell.enter):
        answer = await tab.send(event, "/staff")
        assert "The database does not answer." in answer
        assert "/sign-in" not in answer
    assert len((await tab.state(Shell)).toasts) == 2


async def test_messages_keep_their_own_names_when_the_program_is_started_again(tab: Tab, desk: Desk):
    tab.cookie, _ = desk.sign_in("ben@example.com")
    await tab.send(StaffPage.set_active(1, "deactivate"), "/staff")
    (toast,) = (await tab.state(Shell)).toasts
    assert len(toast.id) == 32


@pytest.mark.parametrize("value", ANYTHING, ids=lambda value: str(value)[:12])
async def test_arguments_of_any_type_end_in_a_message_not_in_a_bug(
    tab: Tab, desk: Desk, value: object, caplog: pytest.LogCaptureFixture
):
    tab.cookie, _ = desk.sign_in("ada@example.com")
    with caplog.at_level(logging.ERROR):
        for handler, names in (
            (StaffPage.set_active, ("staff_id", "verb")),
            (StaffForm.save, ("values",)),
            (StaffForm.allow_sign_in, ("is_allowed",)),
            (SettingsPage.save, ("values",)),
            (AppointmentList.mark, ("row_id", "verb")),
            (AppointmentList.narrow, ("name", "value")),
            (ActionsList.choose, ("action_id", "verb")),
            (ActionsList.move, ("action_id", "up")),
            (ClientList.narrow, ("tag",)),
            (ClientList.put, ("client_id", "verb")),
            (Shell.close_toast, ("toast_id",)),
        ):
            await tab.send(
                f"{handler.state.get_full_name()}.{handler.fn.__name__}", "/staff", **dict.fromkeys(names, value)
            )
    assert [record.getMessage() for record in caplog.records] == []


@pytest.mark.parametrize("row_id", ["x", 2**31, 2**70, -1, 0, None, True, [1]], ids=str)
async def test_what_is_the_id_of_no_row_is_not_found(
    tab: Tab, desk: Desk, row_id: object, caplog: pytest.LogCaptureFixture
):
    tab.cookie, _ = desk.sign_in("ada@example.com")
    with caplog.at_level(logging.ERROR):
        for event in (
            AppointmentList.mark(row_id, "done"),
            AppointmentList.mark(row_id, "delete"),
            ActionsList.choose(row_id, "delete"),
            ActionsList.choose(row_id, "activate"),
            StaffPage.set_active(row_id, "deactivate"),
        ):
            assert "Not found." in await tab.send(event, "/appointments")
    assert [record.getMessage() for record in caplog.records] == []


async def test_a_verb_that_is_on_no_menu_changes_nothing(tab: Tab, desk: Desk):
    tab.cookie, ada = desk.sign_in("ada@example.com")
    action = add_action(desk.uow, actor=ada, name="Call")
    for event in (ActionsList.choose(action.id, "explode"), StaffPage.set_active(2, "explode")):
        assert "Please check the marked fields." in await tab.send(event, "/staff")
    await tab.send(StaffPage.load, "/staff")
    assert [row.name for row in (await tab.state(StaffPage)).rows] == ["Ada", "Ben"]
    assert actions_list(desk.uow, actor=ada) == [action]


async def test_an_address_of_nobody_says_so_and_shows_no_one_elses_form(tab: Tab, desk: Desk):
    tab.cookie, _ = desk.sign_in("ada@example.com")
    await tab.send(StaffForm.load, "/staff/2")
    assert (await tab.state(StaffForm)).form.name == "Ben"
    await tab.send(StaffForm.load, "/staff/777")
    shown = await tab.state(StaffForm)
    assert shown.missing and shown.form == PersonForm()
    await tab.send(StaffForm.load, "/staff/1")
    shown = await tab.state(StaffForm)
    assert not shown.missing and shown.form.name == "Ada"


async def test_an_event_that_does_not_exist_is_ignored_and_logged_without_cookie_and_values(
    tab: Tab, desk: Desk, caplog: pytest.LogCaptureFixture
):
    tab.cookie, _ = desk.sign_in("ada@example.com")
    await tab.shout("reflex___state____state.drop_everything", email="mona@example.com", note="a secret")
    (record,) = caplog.records
    line = JsonLines().format(record)
    assert "drop_everything" in line
    assert not any(word in line for word in (tab.cookie, "mona", "a secret"))
    await tab.send(StaffPage.load, "/staff")
    assert (await tab.state(StaffPage)).ready
