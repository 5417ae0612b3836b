"""What staff do for their clients: settings, confirmations by phone, links, requests, whom to call."""

from __future__ import annotations

from dataclasses import replace

import pytest

from appointments_app.db.queries import client_access
from appointments_app.domain.appointment import Tab
from appointments_app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from appointments_app.domain.listing import AppointmentFilter, Place, Selection
from appointments_app.domain.portal import HOURS, TICKS, ClientRules
from appointments_app.features.appointments import service as appointments
from appointments_app.features.appointments.service import confirmation
from appointments_app.features.clients import service as clients
from appointments_app.features.overview.service import today_view
from appointments_app.features.portal import service
from tests.portal.conftest import Practice
from tests.session.desk import NOON

CONFIRMING = (
    confirmation.confirm_by_phone,
    confirmation.take_confirmation_back,
    confirmation.confirm_link,
    confirmation.revoke_links,
    confirmation.settle_request,
)


def listed(practice: Practice, **wanted: str) -> list[int]:
    page = appointments.list_rows(
        practice.desk.uow, actor=practice.ada, wanted=AppointmentFilter.from_query(wanted), place=Place()
    )
    return [row.id for row in page.rows]


def rules(practice: Practice) -> ClientRules:
    with practice.desk.uow.read() as tx:
        return client_access.rules(tx)


def test_r37_everything_is_set_under_client_settings_and_stands_in_the_history(practice: Practice):
    form = service.open_rules(practice.desk.uow, actor=practice.ada)
    values = dict.fromkeys(TICKS, "on") | {"notice_hours": "12", "to_call_hours": "48"}
    service.save_rules(practice.desk.uow, actor=practice.ada, values=values, version=form.version)
    assert rules(practice) == ClientRules(**dict.fromkeys(TICKS, True), notice_hours=12, to_call_hours=48)
    service.save_rules(practice.desk.uow, actor=practice.ada, values={}, version=form.version + 1)
    assert rules(practice) == ClientRules(**dict.fromkeys(TICKS, False), notice_hours=0, to_call_hours=0)


def test_r37_before_anybody_sets_anything_the_portal_is_off():
    rules = ClientRules()
    assert not (rules.portal_on or rules.cancel or rules.edit_profile or rules.book)


@pytest.mark.parametrize("hours", ["-1", "721", "x", "1.5", "٣", "99999"])
@pytest.mark.parametrize("name", HOURS)
def test_hours_that_are_none_are_refused_at_their_field(practice: Practice, name: str, hours: str):
    with pytest.raises(Invalid) as refusal:
        service.save_rules(practice.desk.uow, actor=practice.ada, values={name: hours}, version=1)
    assert set(refusal.value.fields) == {name}


def test_settings_of_two_people_do_not_overwrite_each_other(practice: Practice):
    service.save_rules(practice.desk.uow, actor=practice.ada, values={"confirm": "on"}, version=1)
    with pytest.raises(Conflict) as refusal:
        service.save_rules(practice.desk.uow, actor=practice.ada, values={}, version=1)
    assert refusal.value.values["changes"][0].who == "Ada"


def test_client_settings_need_the_permission(practice: Practice):
    nobody = replace(practice.ada, permissions=frozenset())
    with pytest.raises(NotAllowed):
        service.open_rules(practice.desk.uow, actor=nobody)
    with pytest.raises(NotAllowed):
        service.save_rules(practice.desk.uow, actor=nobody, values={}, version=1)


def test_r37_a_client_is_suspended_and_admitted_again(practice: Practice):
    phone = practice.client_phone()
    clients.set_suspended(practice.desk.uow, actor=practice.ada, client_id=practice.cleo, suspended=True)
    assert phone.get("/portal").status_code == 303
    assert clients.portal_facts(practice.desk.uow, actor=practice.ada, client_id=practice.cleo).suspended
    clients.set_suspended(practice.desk.uow, actor=practice.ada, client_id=practice.cleo, suspended=False)
    assert phone.get("/portal").status_code == 303  # signed out for good: a new link is needed
    assert "Hello Cleo" in practice.client_phone().get("/portal").text
    assert clients.portal_facts(practice.desk.uow, actor=practice.ada, client_id=practice.cleo).last_seen_at


def test_suspending_needs_the_permission(practice: Practice):
    with pytest.raises(NotAllowed):
        clients.set_suspended(
            practice.desk.uow,
            actor=replace(practice.ada, permissions=frozenset()),
            client_id=practice.cleo,
            suspended=True,
        )


def test_r31_staff_see_who_confirmed_when_and_how(practice: Practice):
    one = practice.book()
    confirmation.confirm_by_phone(practice.desk.uow, actor=practice.ada, appointment_id=one)
    (row,) = appointments.list_rows(
        practice.desk.uow, actor=practice.ada, wanted=AppointmentFilter(), place=Place()
    ).rows
    assert (row.confirmed, row.confirmed_at, row.confirmed_by, row.confirmed_how) == (
        True,
        "2026-03-24T12:00:00Z",
        "Ada",
        "phone",
    )
    facts, _, _ = appointments.facts_of(practice.desk.uow, actor=practice.ada, appointment_id=one)
    assert (facts.confirmed_at, facts.confirmed_by, facts.confirmed_how) == ("2026-03-24T12:00:00Z", "Ada", "phone")


def test_a_confirmation_is_taken_back(practice: Practice):
    one = practice.book()
    for _ in range(2):
        confirmation.confirm_by_phone(practice.desk.uow, actor=practice.ada, appointment_id=one)
    for _ in range(2):
        confirmation.take_confirmation_back(practice.desk.uow, actor=practice.ada, appointment_id=one)
    stored = practice.stored(one)
    assert (stored.confirmed_at, stored.confirmed_by, stored.confirmed_how) == (None, "", "")
    changes = appointments.facts_of(practice.desk.uow, actor=practice.ada, appointment_id=one)[2]
    assert [row.verb for row in changes] == ["edited", "confirmed"]


@pytest.mark.parametrize("values", [{"status": "done"}, {"status": "dismissed"}, {"hours": -2}])
def test_what_is_over_or_not_scheduled_is_not_confirmed_by_phone(practice: Practice, values: dict):
    one = practice.book(**values)
    with pytest.raises(Invalid):
        confirmation.confirm_by_phone(practice.desk.uow, actor=practice.ada, appointment_id=one)


def test_there_is_no_link_for_what_the_client_does_not_see(practice: Practice):
    one = practice.book(shared=False)
    with pytest.raises(Invalid, match="Share the appointment"):
        confirmation.confirm_link(practice.desk.uow, actor=practice.ada, appointment_id=one)


def test_links_that_were_withdrawn_confirm_nothing(practice: Practice):
    one = practice.book()
    old = confirmation.confirm_link(practice.desk.uow, actor=practice.ada, appointment_id=one)
    confirmation.revoke_links(practice.desk.uow, actor=practice.ada, appointment_id=one)
    new = confirmation.confirm_link(practice.desk.uow, actor=practice.ada, appointment_id=one)
    path = len("http://localhost:3000")
    assert practice.phone().post(old[path:]).status_code == 410
    assert practice.phone().post(new[path:]).status_code == 200
    assert practice.stored(one).confirmed_how == "link"


@pytest.mark.parametrize("use_case", CONFIRMING, ids=lambda one: one.__name__)
def test_confirming_asks_for_permission_and_finds_nothing_foreign(practice: Practice, use_case):
    one = practice.book(deleted_at=NOON)
    for missing in (one, 0, -1, 999_999, "1", None, True, 2**40):
        with pytest.raises(NotFound):
            use_case(practice.desk.uow, actor=practice.ada, appointment_id=missing)
    with pytest.raises(NotAllowed):
        use_case(practice.desk.uow, actor=replace(practice.ada, permissions=frozenset()), appointment_id=one)


def test_what_clients_ask_for_is_found_in_the_list_on_the_appointment_and_on_today(practice: Practice):
    one, _other = practice.book(), practice.book(hours=50)
    phone = practice.client_phone()
    phone.get("/portal")
    phone.post(f"/portal/appointments/{one}/ask", message="After five, please")
    assert listed(practice, asked="yes") == [one]
    facts, _, _ = appointments.facts_of(practice.desk.uow, actor=practice.ada, appointment_id=one)
    assert (facts.request.kind, facts.request.message) == ("other_time", "After five, please")
    view = today_view(practice.desk.uow, actor=practice.ada, place=Place())
    assert [(row.client, row.message) for row in view.requests] == [("Cleo", "After five, please")]
    confirmation.settle_request(practice.desk.uow, actor=practice.ada, appointment_id=one)
    assert listed(practice, asked="yes") == []
    assert today_view(practice.desk.uow, actor=practice.ada, place=Place()).requests == []


def test_a_client_who_asks_again_is_listed_once(practice: Practice):
    one = practice.book()
    phone = practice.client_phone()
    phone.get("/portal")
    for words in ("Monday", "or Tuesday"):
        phone.post(f"/portal/appointments/{one}/ask", message=words)
    assert [each.message for each in practice.requests()] == ["or Tuesday"]


def test_whom_to_call_is_listed_from_the_deadline_on(practice: Practice):
    practice.allow(to_call_hours=24)
    soon, later = practice.book(hours=23), practice.book(hours=25)
    practice.book(hours=10, confirmed_at=NOON)
    practice.book(hours=10, status="dismissed")
    practice.book(hours=-10)
    not_shared = practice.book(hours=20, shared=False)
    assert listed(practice, confirmed="to-call") == [not_shared, soon]
    assert [row.id for row in today_view(practice.desk.uow, actor=practice.ada, place=Place()).to_call] == [
        not_shared,
        soon,
    ]
    practice.desk.wait(hours=2)
    assert listed(practice, confirmed="to-call") == [not_shared, soon, later]
    confirmation.confirm_by_phone(practice.desk.uow, actor=practice.ada, appointment_id=soon)
    assert listed(practice, confirmed="to-call") == [not_shared, later]


def test_without_a_deadline_nobody_is_to_be_called(practice: Practice):
    practice.book(hours=1)
    assert listed(practice, confirmed="to-call") == []
    assert today_view(practice.desk.uow, actor=practice.ada, place=Place()).to_call == []


def test_the_counts_and_bulk_actions_follow_these_filters(practice: Practice):
    practice.allow(to_call_hours=24)
    soon, later = practice.book(hours=23), practice.book(hours=30)
    wanted = AppointmentFilter(confirmed="to-call")
    counts = appointments.capped_counts(practice.desk.uow, actor=practice.ada, wanted=wanted)
    assert (counts[Tab.ALL.value], counts[Tab.SCHEDULED.value]) == (1, 1)
    assert appointments.exact_count(practice.desk.uow, actor=practice.ada, wanted=wanted) == 1
    appointments.set_status(
        practice.desk.uow, actor=practice.ada, selection=Selection(matching=wanted), status="dismissed"
    )
    assert (practice.stored(soon).status, practice.stored(later).status) == ("dismissed", "scheduled")
