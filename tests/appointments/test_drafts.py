"""The half-filled form: kept at every change, found again, one person's own, gone when it is saved."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from appointments_app.db.models import Draft
from appointments_app.db.queries import drafts
from appointments_app.domain.errors import Invalid, NotFound
from appointments_app.features.appointments import service
from tests.appointments.conftest import token


def _keep(practice, form_token, **changes):
    service.keep(practice.uow, actor=practice.ada, token=form_token, form=practice.form(**changes))


def _drafts(practice) -> list[Draft]:
    with practice.uow.read() as tx:
        return list(tx.execute(select(Draft)).scalars())


def test_r18_a_half_filled_form_is_found_again(practice):
    form_token = token()
    _keep(
        practice, form_token, date="", notes="half a sen", staff=[str(practice.ben.staff_id)], action=str(practice.call)
    )
    found = service.open_new(practice.uow, actor=practice.ada, token=form_token)
    assert found.was_restored
    assert (found.form["notes"], found.form["date"], found.client.name, found.action.name) == (
        "half a sen",
        "",
        "Cleo",
        "Follow-up call",
    )
    assert [one.name for one in found.staff] == ["Ben"]


def test_a_new_form_opens_with_what_its_address_asks_for_and_leaves_out_what_makes_no_sense(practice):
    asked = {"date": "2026-05-01", "time": "14:30", "duration": "45", "staff": f"{practice.ben.staff_id},99999,x"}
    form = service.open_new(practice.uow, actor=practice.ada, token=token(), query=asked).form
    assert (form["date"], form["time"], form["duration"], form["staff"], form["duration_chosen"]) == (
        "2026-05-01", "14:30", "45", [str(practice.ben.staff_id)], True,
    )  # fmt: skip
    asked = {"date": "2026-02-30", "time": "25:00", "duration": "-5", "staff": "x", "notes": "smuggled"}
    form = service.open_new(practice.uow, actor=practice.ada, token=token(), query=asked).form
    assert (form["date"], form["time"], form["duration"], form["staff"], form["notes"]) == (
        "2026-03-24", "", "30", [], "",
    )  # fmt: skip


def test_r5_a_new_form_opens_with_the_client_it_was_opened_for(practice):
    found = service.open_new(practice.uow, actor=practice.ada, token=token(), query={"client": str(practice.cleo)})
    assert (found.client.name, found.form["client"], found.form["date"], found.was_restored) == (
        "Cleo",
        str(practice.cleo),
        "2026-03-24",
        False,
    )
    for nonsense in ("99999", "x", "1 OR 1=1", ""):
        assert (
            service.open_new(practice.uow, actor=practice.ada, token=token(), query={"client": nonsense}).client is None
        )
    assert _drafts(practice) == []


def test_a_draft_belongs_to_one_person(practice):
    form_token = token()
    _keep(practice, form_token)
    with pytest.raises(NotFound):
        service.open_new(practice.uow, actor=practice.ben, token=form_token)
    with pytest.raises(NotFound):
        service.keep(practice.uow, actor=practice.ben, token=form_token, form=practice.form())
    service.discard(practice.uow, actor=practice.ben, token=form_token)
    assert len(_drafts(practice)) == 1


def test_a_saved_form_leads_to_its_appointment_and_takes_no_more_changes(practice):
    form_token = token()
    _keep(practice, form_token, notes="secret")
    booked = service.book(practice.uow, actor=practice.ada, form=practice.form(), token=form_token)
    _keep(practice, form_token, notes="typed in a stale tab")
    service.discard(practice.uow, actor=practice.ada, token=form_token)
    assert service.open_new(practice.uow, actor=practice.ada, token=form_token).saved_id == booked
    assert [(one.saved_id, one.payload) for one in _drafts(practice)] == [(booked, "")]


def test_a_form_that_was_refused_keeps_its_draft(practice):
    form_token = token()
    _keep(practice, form_token, notes="kept")
    with pytest.raises(Invalid):
        service.book(practice.uow, actor=practice.ada, form=practice.form(date=""), token=form_token)
    assert service.open_new(practice.uow, actor=practice.ada, token=form_token).form["notes"] == "kept"


def test_drafts_of_a_month_ago_are_forgotten_when_a_new_one_is_made(practice):
    _keep(practice, token())
    practice.later(days=31)
    newest = token()
    _keep(practice, newest)
    assert [one.token for one in _drafts(practice)] == [newest]


def test_changes_to_an_old_appointment_survive_too_and_can_be_discarded(practice):
    booked = service.book(practice.uow, actor=practice.ada, form=practice.form(), token=token())
    opened = service.open_one(practice.uow, actor=practice.ada, appointment_id=booked)
    values = {"actor": practice.ada, "token": "", "appointment_id": booked}
    service.keep(
        practice.uow, form={**opened.form, "notes": "half"}, version=opened.version, since=opened.since, **values
    )
    again = service.open_one(practice.uow, actor=practice.ada, appointment_id=booked)
    assert (again.form["notes"], again.was_restored, again.version, again.since) == (
        "half",
        True,
        opened.version,
        opened.since,
    )
    assert not service.open_one(practice.uow, actor=practice.ben, appointment_id=booked).was_restored
    service.discard(practice.uow, **values)
    assert service.open_one(practice.uow, actor=practice.ada, appointment_id=booked).form["notes"] == ""


def test_saving_an_old_appointment_forgets_its_draft(practice):
    booked = service.book(practice.uow, actor=practice.ada, form=practice.form(), token=token())
    service.keep(
        practice.uow, actor=practice.ada, token="", form=practice.form(notes="x"), appointment_id=booked, version=1
    )
    service.edit(practice.uow, actor=practice.ada, appointment_id=booked, form=practice.form(notes="x"), version=1)
    assert all(not one.token.startswith("edit") for one in _drafts(practice))


def test_nobody_fills_the_database_with_drafts_of_any_size(practice):
    form_token = token()
    _keep(practice, form_token, notes="x" * 200_000)
    service.keep(
        practice.uow, actor=practice.ada, token=form_token, form={"notes": "x", "else": "y" * 500, "client": 7}
    )
    (kept,) = _drafts(practice)
    assert json.loads(kept.payload) == {"notes": "x", "version": 0, "since": 0}
    with practice.uow.read() as tx:
        assert drafts.count(tx) == 1


def test_a_draft_that_names_what_is_gone_opens_without_it(practice):
    form_token = token()
    _keep(practice, form_token, client="99999", staff=["99999", "x"], action="77777")
    found = service.open_new(practice.uow, actor=practice.ada, token=form_token)
    assert (found.client, found.action, found.staff, found.form["client"]) == (None, None, [], "")
