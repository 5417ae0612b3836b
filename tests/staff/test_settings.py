"""The settings of the business and one's own account."""

from __future__ import annotations

import pytest

from appointments_app.db.queries import history
from appointments_app.domain.access import Actor
from appointments_app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from appointments_app.features.account import service as account
from appointments_app.features.session import service as sessions
from appointments_app.features.settings import service as settings
from tests.session.desk import Desk

WANTED = {
    "name": "Nile Clinic",
    "time_zone": "Europe/London",
    "language": "ar",
    "phone_region": "GB",
    "currency": "GBP",
}


def test_settings_are_stored_and_audited(desk: Desk, ada: Actor):
    before = settings.open_settings(desk.uow, actor=ada)
    settings.save(desk.uow, actor=ada, values=WANTED, version=before.version, last_change=before.last_change)
    after = settings.open_settings(desk.uow, actor=ada)
    assert {name: getattr(after, name) for name in WANTED} == WANTED
    with desk.uow.read() as tx:
        (row,) = history.of_record(tx, "business", 1)
    assert row.who == "Ada" and {line.field for line in row.lines} == set(WANTED)


def test_people_without_a_zone_or_language_of_their_own_follow_the_business(desk: Desk, ada: Actor):
    token, _ = desk.sign_in("ben@example.com")
    settings.save(desk.uow, actor=ada, values=WANTED, version=settings.open_settings(desk.uow, actor=ada).version)
    ben = desk.actor(token)
    assert ben and (ben.time_zone, ben.language) == ("Europe/London", "ar")


def test_every_wrong_setting_is_named_at_once(desk: Desk, ada: Actor):
    wrong = {"name": "", "time_zone": "UTC+2", "language": 7, "phone_region": "XX", "currency": "gbp"}
    with pytest.raises(Invalid) as refusal:
        settings.save(desk.uow, actor=ada, values=wrong, version=1)
    assert set(refusal.value.fields) == set(WANTED)


def test_the_second_of_two_who_save_settings_is_told(desk: Desk, ada: Actor):
    before = settings.open_settings(desk.uow, actor=ada)
    settings.save(desk.uow, actor=ada, values=WANTED, version=before.version)
    with pytest.raises(Conflict) as refusal:
        settings.save(desk.uow, actor=ada, values={**WANTED, "name": "Mine"}, version=before.version)
    assert [line.field for row in refusal.value.values["changes"] for line in row.lines]


def test_staff_may_not_see_or_change_settings(desk: Desk, ben: Actor):
    with pytest.raises(NotAllowed):
        settings.open_settings(desk.uow, actor=ben)
    with pytest.raises(NotAllowed):
        settings.save(desk.uow, actor=ben, values=WANTED, version=1)


def test_everybody_keeps_their_own_name_and_zone(desk: Desk):
    token, ben = desk.sign_in("ben@example.com")
    account.save_details(desk.uow, actor=ben, name=" Benjamin ", time_zone="Asia/Dubai")
    actor = desk.actor(token)
    assert actor and (actor.name, actor.time_zone) == ("Benjamin", "Asia/Dubai")
    account.save_details(desk.uow, actor=ben, name="Benjamin", time_zone="")
    assert account.open_account(desk.uow, actor=ben).time_zone == ""


@pytest.mark.parametrize(("name", "time_zone"), [("", "Asia/Dubai"), ("Ben", "Nowhere"), ("Ben", 7), ("Ben", None)])
def test_wrong_details_are_refused(desk: Desk, ben: Actor, name: str, time_zone: object):
    with pytest.raises(Invalid):
        account.save_details(desk.uow, actor=ben, name=name, time_zone=time_zone)


def test_a_language_is_ones_own(desk: Desk):
    token, ben = desk.sign_in("ben@example.com")
    sessions.set_language(desk.uow, actor=ben, language="ar")
    actor = desk.actor(token)
    assert actor and actor.language == "ar"
    with pytest.raises(Invalid):
        sessions.set_language(desk.uow, actor=ben, language="tlh")


def test_closed_days_are_kept_and_audited(desk: Desk, ada: Actor):
    settings.close_day(desk.uow, actor=ada, day="2026-12-25", name="  Christmas ")
    settings.close_day(desk.uow, actor=ada, day="2026-12-25", name="Christmas Day")
    settings.close_day(desk.uow, actor=ada, day="2027-01-07", name="")
    days = settings.list_closed(desk.uow, actor=ada)
    assert [(row.day, row.name) for row in days] == [("2027-01-07", ""), ("2026-12-25", "Christmas Day")]
    settings.open_day(desk.uow, actor=ada, day="2027-01-07")
    assert len(settings.list_closed(desk.uow, actor=ada)) == 1
    with desk.uow.read() as tx:
        assert [row.verb for row in history.of_record(tx, "closed_day", 20270107)] == ["deleted", "created"]


@pytest.mark.parametrize("day", ["", "2026-13-01", None, 7, "9999-01-01"])
def test_no_day_is_no_closed_day(desk: Desk, ada: Actor, day: object):
    with pytest.raises(Invalid):
        settings.close_day(desk.uow, actor=ada, day=day, name="")
    assert settings.list_closed(desk.uow, actor=ada) == []
    with pytest.raises(NotFound):
        settings.open_day(desk.uow, actor=ada, day="2026-12-25")


def test_only_who_may_change_the_settings_closes_days(desk: Desk):
    ben = desk.actor(desk.sign_in("ben@example.com")[0])
    assert ben
    with pytest.raises(NotAllowed):
        settings.close_day(desk.uow, actor=ben, day="2026-12-25", name="")
