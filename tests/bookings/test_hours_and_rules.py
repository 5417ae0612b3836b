"""Working hours and the rules of bookings as the settings keep them: stored, audited, refused, saved at once."""

from __future__ import annotations

from datetime import date

import pytest

from appointments_app.db.queries import history
from appointments_app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from appointments_app.features.services import service
from tests.appointments.desk import at_once
from tests.bookings.conftest import Salon

WEEK = {"0": [("13:00", "17:00"), ("09:00", "12:00")], "6": [("10:00", "14:30")]}
RULES = {"step": "30", "notice": "3", "ahead": "60", "per_client": "3", "must_confirm": True}


def ben(salon: Salon) -> str:
    """Return Ben's id as the page sends it."""
    return str(salon.practice.ben.staff_id)


def opened(salon: Salon, who: str) -> service.HoursView:
    """Return the hours as the page shows them."""
    return service.open_hours(salon.uow, actor=salon.practice.ada, who=who)


def as_ada(salon: Salon) -> dict:
    """Return who does it."""
    return {"uow": salon.uow, "actor": salon.practice.ada}


def newest(salon: Salon, entity: str, one: int) -> dict[str, tuple[str, str]]:
    """Return what the last change of a record was."""
    with salon.uow.read() as tx:
        lines = history.of_record(tx, entity, one)[0].lines
    return {line.field: (line.old, line.new) for line in lines}


def test_a_person_works_their_own_week_until_the_businesss_counts_again(salon: Salon):
    assert not opened(salon, ben(salon)).is_own
    service.save_week(**as_ada(salon), who=ben(salon), week=WEEK)
    view = opened(salon, ben(salon))
    assert view.is_own and {day.day: day.times for day in view.week if any(day.times)} == {
        0: ["09:00", "12:00", "13:00", "17:00"],
        6: ["10:00", "14:30", "", ""],
    }
    assert newest(salon, "staff", int(ben(salon)))["hours"][1] == "1: 09:00–12:00, 13:00–17:00; 7: 10:00–14:30"
    service.save_week(**as_ada(salon), who=ben(salon), week={}, is_own=False)
    assert opened(salon, ben(salon)).week == opened(salon, "").week


@pytest.mark.parametrize(
    ("week", "field"),
    [
        ({}, "day-0"),
        ({"1": [("09:00", "08:00")]}, "day-1"),
        ({"2": [("09:00", "12:00"), ("11:00", "13:00")]}, "day-2"),
        ({"3": [("09:00", "10:00"), ("11:00", "12:00"), ("13:00", "14:00")]}, "day-3"),
        ({"4": [("x", "25:00")]}, "day-4"),
        ({"5": "09:00"}, "day-0"),
        (None, "day-0"),
    ],
)
def test_hours_that_are_none_are_refused_at_their_day(salon: Salon, week: object, field: str):
    before = opened(salon, "")
    with pytest.raises(Invalid) as refusal:
        service.save_week(**as_ada(salon), who="", week=week)
    assert set(refusal.value.fields) == {field} and opened(salon, "").week == before.week


def test_leave_and_other_hours_are_listed_until_they_are_taken_back(salon: Salon):
    service.add_leave(**as_ada(salon), who=ben(salon), first_day="2026-04-01", last_day="2026-04-03", note="Sea")
    service.set_day(**as_ada(salon), who=ben(salon), day="2026-04-06", opens="12:00", closes="15:00")
    service.set_day(**as_ada(salon), who=ben(salon), day="2026-04-06", opens="12:00", closes="16:00")
    view = opened(salon, ben(salon))
    assert [(one.first_day, one.last_day, one.note) for one in view.leave] == [("2026-04-01", "2026-04-03", "Sea")]
    assert [(one.first_day, one.hours) for one in view.others] == [("2026-04-06", "12:00–16:00")]
    ada = str(salon.practice.ada.staff_id)
    with pytest.raises(NotFound):
        service.remove_leave(**as_ada(salon), who=ada, leave_id=view.leave[0].id)
    service.remove_leave(**as_ada(salon), who=ben(salon), leave_id=view.leave[0].id)
    assert newest(salon, "staff", int(ben(salon)))["leave"] == (f"{date(2026, 4, 1)} – {date(2026, 4, 3)}", "")
    service.clear_day(**as_ada(salon), who=ben(salon), day="2026-04-06")
    view = opened(salon, ben(salon))
    assert (view.leave, view.others) == ([], [])


@pytest.mark.parametrize(("first", "last", "field"), [("", "", "first_day"), ("2026-04-03", "2026-04-01", "last_day")])
def test_leave_without_days_is_refused(salon: Salon, first: str, last: str, field: str):
    with pytest.raises(Invalid) as refusal:
        service.add_leave(**as_ada(salon), who=ben(salon), first_day=first, last_day=last, note="")
    assert set(refusal.value.fields) == {field}


@pytest.mark.parametrize("who", ["4711", "x", None, -1, ["1"]])
def test_nobodys_hours_are_not_found(salon: Salon, who: object):
    with pytest.raises(NotFound):
        service.open_hours(**as_ada(salon), who=who)
    with pytest.raises(NotFound):
        service.save_week(**as_ada(salon), who=who, week=WEEK)
    with pytest.raises(NotFound):
        service.add_leave(**as_ada(salon), who=who, first_day="2026-04-01", last_day="", note="")


def test_a_week_that_several_save_at_once_is_stored_once(salon: Salon):
    at_once(lambda: service.save_week(**as_ada(salon), who=ben(salon), week=WEEK), 4)
    assert [day.times for day in opened(salon, ben(salon)).week if day.day == 6] == [["10:00", "14:30", "", ""]]


def test_only_who_may_change_the_settings_changes_hours_and_rules(salon: Salon):
    as_ben = {"uow": salon.uow, "actor": salon.practice.ben}
    for work in (
        lambda: service.open_hours(**as_ben, who=""),
        lambda: service.save_week(**as_ben, who="", week=WEEK),
        lambda: service.add_leave(**as_ben, who=ben(salon), first_day="2026-04-01", last_day="", note=""),
        lambda: service.set_day(**as_ben, who=ben(salon), day="2026-04-01", opens="09:00", closes="10:00"),
        lambda: service.open_rules(**as_ben),
        lambda: service.save_rules(**as_ben, values=RULES, version=1),
    ):
        with pytest.raises(NotAllowed):
            work()


def test_the_rules_are_stored_and_audited_and_an_old_form_is_told_what_changed(salon: Salon):
    before = service.open_rules(**as_ada(salon))
    service.save_rules(**as_ada(salon), values=RULES, version=before.version)
    form = service.open_rules(**as_ada(salon))
    shown = (form.step, form.notice, form.ahead, form.per_client, form.must_confirm)
    assert (*shown, form.version) == ("30", "3", "60", "3", True, before.version + 1)
    assert newest(salon, "rules", 1)["notice"][1] == "180"
    with pytest.raises(Conflict) as refusal:
        service.save_rules(**as_ada(salon), values=RULES, version=before.version, last_change=before.last_change)
    assert len(refusal.value.values["changes"]) == 1
    service.save_rules(**as_ada(salon), values=RULES, version=form.version)
    assert service.open_rules(**as_ada(salon)).version == form.version, "the same again is no change"


def test_every_rule_that_is_wrong_is_named_at_once(salon: Salon):
    wrong = {"step": "7", "notice": "-1", "ahead": "0", "per_client": "x"}
    with pytest.raises(Invalid) as refusal:
        service.save_rules(**as_ada(salon), values=wrong, version=1)
    assert set(refusal.value.fields) == set(wrong)


def test_of_those_who_save_the_rules_at_once_one_is_first(salon: Salon):
    for _ in range(5):
        version = service.open_rules(**as_ada(salon)).version
        days = iter(range(10 * version + 100, 365))
        told = at_once(
            lambda now=version, said=days: service.save_rules(
                **as_ada(salon), values=RULES | {"ahead": str(next(said))}, version=now
            ),
            4,
        )
        assert sorted(type(each).__name__ for each in told) == ["Conflict"] * 3 + ["NoneType"]
