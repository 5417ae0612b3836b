"""Clients who want no messages: at the desk, by the link in an e-mail, by answering STOP."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from appointments_app import runtime
from appointments_app.api.consent import CONSENT_ROUTES
from appointments_app.api.gateways import GATEWAY_ROUTES
from appointments_app.db.queries import history, recipients
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.errors import Invalid, NotAllowed, NotFound
from appointments_app.domain.opt_out import wish_in
from appointments_app.domain.template import Slug
from appointments_app.features.consent import service
from appointments_app.features.sending import service as sending
from appointments_app.features.templates import service as templates
from appointments_app.integrations import link_tokens
from tests.appointments.conftest import Practice
from tests.appointments.conftest import practice as practice  # the fixture
from tests.appointments.desk import book
from tests.templates.conftest import office as office  # made of it


@pytest.fixture
def browser(office: Practice) -> Iterator[TestClient]:
    """Somebody at the other end, who is not signed in."""
    with TestClient(Starlette(routes=[*CONSENT_ROUTES, *GATEWAY_ROUTES])) as browser:
        yield browser


def refuses(office: Practice, client_id: int) -> set[str]:
    """Return the channels by which a client wants nothing."""
    with office.uow.read() as tx:
        return set(recipients.refused(tx, [client_id]).get(client_id, ()))


def path_of(link: str) -> str:
    """Return the path of one of our addresses."""
    return link.removeprefix("https://desk.example.com")


def test_the_desk_notes_what_a_client_messages_and_the_history_keeps_it(office: Practice):
    for wants in (False, False, True):
        service.set_wish(office.uow, actor=office.ben, client_id=office.cleo, channel="sms", wants=wants)
    assert refuses(office, office.cleo) == set()
    service.set_wish(office.uow, actor=office.ben, client_id=office.cleo, channel="email", wants=False)
    (row,) = service.opt_outs_of(office.uow, actor=office.ben, client_id=office.cleo)
    assert (row.channel, row.how) == ("email", "staff") and refuses(office, office.cleo) == {"email"}
    with office.uow.read() as tx:
        lines = [line for row in history.of_record(tx, "client", office.cleo) for line in row.lines]
    said = [(line.field, line.new) for line in lines]
    assert said == [("messages_email", ""), ("messages_sms", "1"), ("messages_sms", "")]


def test_a_letter_carries_the_way_out_in_its_text_and_its_header(office: Practice):
    visit = book(office)
    with office.uow.read() as tx:
        letter = templates.render(tx, Slug.CLIENT_EMAIL, appointment_id=visit, key="k")
    assert letter and letter.unsubscribe.startswith("https://desk.example.com/unsubscribe/")
    assert letter.unsubscribe in letter.text and letter.unsubscribe in letter.html


def test_opening_the_link_changes_nothing_the_button_does_twice_is_harmless(office: Practice, browser: TestClient):
    link = path_of(runtime.unsubscribe_link(client_id=office.cleo))
    for _ in range(2):
        page = browser.get(link)
        assert page.status_code == 200 and "Stop e-mails" in page.text and "Cleo" not in page.text
    assert refuses(office, office.cleo) == set()
    for _ in range(2):
        assert "You get no more e-mails from us." in browser.post(link).text
    assert refuses(office, office.cleo) == {"email"}
    assert "Stop e-mails" in browser.post(link, data={"again": "yes"}).text
    assert refuses(office, office.cleo) == set()


def test_mail_programs_unsubscribe_with_one_click(office: Practice, browser: TestClient):
    link = path_of(runtime.unsubscribe_link(client_id=office.omar))
    answer = browser.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200 and refuses(office, office.omar) == {"email"}
    assert 'dir="rtl"' in answer.text, "in the client's language"


def test_a_link_is_good_for_its_client_and_its_purpose_only(office: Practice, browser: TestClient):
    link = path_of(runtime.unsubscribe_link(client_id=office.cleo))
    other = link_tokens.sign(runtime.derived_key("link confirm"), {"c": office.cleo}, now=office.now[0])
    for wrong in (link[:-1], f"{link}x", "/unsubscribe/x", f"/unsubscribe/{other}", "/unsubscribe/" + "a" * 3000):
        assert browser.get(wrong).status_code == 404 and browser.post(wrong).status_code == 404
    gone = path_of(runtime.unsubscribe_link(client_id=999))
    assert browser.post(gone).status_code == 404
    office.later(days=401)
    assert browser.get(link).status_code == 410 and browser.post(link).status_code == 410
    assert refuses(office, office.cleo) == set()


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("STOP", True), ("stop.", True), (" Stop ", True), ("Unsubscribe!", True), ("إيقاف", True), ("ايقاف", True),
        ("قِف", True), ("START", False), ("ابدأ", False), ("yes", False), ("stop calling me", None),
        ("", None), ("ok", None),
    ],
)  # fmt: skip
def test_words_that_stop_and_start(text: str, wish: bool | None):
    assert wish_in(text) is wish


def test_stop_by_sms_as_a_form_or_as_json(office: Practice, browser: TestClient):
    path = runtime.incoming_sms_path()
    assert browser.post(path, data={"From": "+201001234567", "Body": "STOP"}).status_code == 204
    assert refuses(office, office.cleo) == {"sms"} and refuses(office, office.omar) == set()
    assert browser.post(path, json={"msisdn": "201007654321", "text": "إيقاف"}).status_code == 204
    assert refuses(office, office.omar) == {"sms"}
    assert browser.post(path, json={"from": "0100 123 4567", "message": "start"}).status_code == 204
    assert refuses(office, office.cleo) == set()


@pytest.mark.parametrize(
    "said",
    [
        {"from": "+201001234567", "text": "see you"},
        {"from": "+15005550006", "text": "STOP"},
        {"from": "nobody", "text": "STOP"},
        {"from": ["x"], "text": {"a": 1}},
        {"from": "", "text": "STOP"},
        {},
    ],
)
def test_what_is_no_wish_changes_nothing_and_tells_nothing(office: Practice, browser: TestClient, said: dict):
    assert browser.post(runtime.incoming_sms_path(), json=said).status_code == 204
    assert refuses(office, office.cleo) == set()


def test_only_who_knows_the_address_passes_sms_on(office: Practice, browser: TestClient):
    stop = {"from": "+201001234567", "text": "STOP"}
    for path in ("/api/sms/x/incoming", runtime.incoming_sms_path().replace("/api/sms/", "/api/sms/0")):
        assert browser.post(path, json=stop).status_code == 404
    assert browser.get(runtime.incoming_sms_path()).status_code == 405
    for body in (b"[1]", b"{", b"\xff"):
        answer = browser.post(runtime.incoming_sms_path(), content=body, headers={"content-type": "application/json"})
        assert answer.status_code == 400
    assert refuses(office, office.cleo) == set()


@pytest.mark.parametrize(
    ("client", "channel", "wants", "refusal"),
    [
        (999, "sms", True, NotFound), ("x", "sms", True, NotFound), (None, "sms", True, NotFound),
        (1, "fax", True, Invalid), (1, None, True, Invalid), (1, "sms", "no", Invalid), (1, "sms", None, Invalid),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(
    office: Practice, client: object, channel: object, wants: object, refusal: type
):
    with pytest.raises(refusal):
        service.set_wish(office.uow, actor=office.ada, client_id=client, channel=channel, wants=wants)


def test_only_who_may_see_clients_notes_their_wishes(office: Practice):
    ben = office.ben
    blind = Actor(ben.staff_id, "Ben", ben.role, "en", "Africa/Cairo", ben.permissions - {Permission.CLIENTS})
    with pytest.raises(NotAllowed):
        service.set_wish(office.uow, actor=blind, client_id=office.cleo, channel="sms", wants=False)
    with pytest.raises(NotAllowed):
        service.opt_outs_of(office.uow, actor=blind, client_id=office.cleo)


def test_a_client_whom_somebody_does_not_know_looks_like_none(office: Practice):
    ben = office.ben
    narrow = Actor(
        ben.staff_id, "Ben", ben.role, "en", "Africa/Cairo", ben.permissions, own=frozenset({Permission.CLIENTS})
    )
    for attempt in (
        lambda: service.set_wish(office.uow, actor=narrow, client_id=office.cleo, channel="sms", wants=False),
        lambda: service.opt_outs_of(office.uow, actor=narrow, client_id=office.cleo),
        lambda: sending.preview(
            office.uow,
            actor=narrow,
            about=sending.About(client_id=office.cleo),
            channel="sms",
            to="client",
            said=sending.Said(text="Hi"),
        ),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert refuses(office, office.cleo) == set()
