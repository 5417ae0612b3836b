"""A person who may see only their own appointments: what they must not learn of the others."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from appointments_app import runtime
from appointments_app.api import live
from appointments_app.domain.access import Actor, Scope
from appointments_app.domain.errors import Clash
from appointments_app.features.appointments import service
from tests.appointments.conftest import Practice, token


@pytest.fixture
def ben(practice: Practice) -> Actor:
    """Ben, whose permissions reach his own appointments only."""
    return replace(practice.ben, scope=Scope.OWN)


def booked(practice: Practice, *staff: Actor, **changes: object) -> int:
    """Let Ada book Cleo with these people; return the id."""
    form = practice.form(staff=[str(one.staff_id) for one in staff], notes="a private matter", **changes)
    return service.book(practice.uow, actor=practice.ada, form=form, token=token())


def test_somebody_elses_appointment_in_the_way_says_only_who_is_busy_and_when(practice: Practice, ben: Actor):
    theirs = booked(practice, practice.ada, action=str(practice.call))
    form = practice.form(client=str(practice.omar), staff=[str(practice.ada.staff_id)])
    (row,) = service.outlook(practice.uow, actor=ben, form=form).clashes
    assert (row.id, row.client_id, row.client, row.action, row.notes, row.phone) == (theirs, 0, "", "", "", "")
    assert [one.name for one in row.staff] == ["Ada"] and row.start_at.startswith("2026-03-25T08:00")
    assert "Cleo" not in str(asdict(row))
    with pytest.raises(Clash) as refusal:
        service.book(practice.uow, actor=ben, form=form, token=token())
    assert refusal.value.values["clashes"] == [row]
    over = {"reason": "urgent", "accepted": [row.id]}
    assert service.book(practice.uow, actor=ben, form=form, token=token(), **over) > theirs


def test_ones_own_appointment_in_the_way_is_shown_whole(practice: Practice, ben: Actor):
    booked(practice, ben, practice.ada)
    form = practice.form(client=str(practice.omar), staff=[str(practice.ada.staff_id)])
    (row,) = service.outlook(practice.uow, actor=ben, form=form).clashes
    assert (row.client, row.notes) == ("Cleo", "a private matter")


def test_who_sees_everything_sees_every_clash_whole(practice: Practice):
    booked(practice, practice.ben)
    form = practice.form(staff=[str(practice.ben.staff_id)])
    (row,) = service.outlook(practice.uow, actor=practice.ada, form=form).clashes
    assert row.client == "Cleo"


async def test_the_stream_tells_of_ones_own_appointments_and_of_those_that_were_taken_away(
    practice: Practice, ben: Actor, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(runtime, "uow", lambda: practice.uow)
    mine, theirs, lost = (
        booked(practice, *staff, time=time)
        for staff, time in (((ben,), "10:00"), ((practice.ada,), "11:00"), ((practice.ada, ben), "12:00"))
    )
    form = practice.form(staff=[str(practice.ada.staff_id)], time="12:00")
    service.edit(practice.uow, actor=practice.ada, appointment_id=lost, form=form, version=1)
    changed = [f"appointment:{mine}", f"appointment:{theirs}", f"appointment:{lost}", "client:1"]
    assert await live._within_reach(ben, changed) == [changed[0], changed[2], changed[3]]
    assert await live._within_reach(ben, [f"appointment:{theirs}"]) is None
    assert await live._within_reach(ben, []) == []
    assert await live._within_reach(practice.ada, changed) == changed
