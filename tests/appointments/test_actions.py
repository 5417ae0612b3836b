"""The actions list: add, rename, colour, order, switch off; never lose what old appointments are called."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from sqlalchemy import event

from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Invalid, NotAllowed, NotFound
from appointments_app.domain.listing import Selection
from appointments_app.features.appointments import service
from tests.appointments.conftest import token


def _names(practice) -> list[str]:
    return [row.name for row in service.actions_list(practice.uow, actor=practice.ada)]


def _offered(practice) -> list[str]:
    return [choice.name for choice in service.actions_on_offer(practice.uow, actor=practice.ben)[0]]


def _change(practice, action_id, **changes):
    values = {"name": "Follow-up call", "colour": "gray", "minutes": 15} | changes
    return service.change_action(practice.uow, actor=practice.ada, action_id=action_id, **values)


def test_r19_a_new_action_is_in_the_drop_down_of_everyone(practice):
    added = service.add_action(practice.uow, actor=practice.ada, name="  Site \n visit ", colour="teal", minutes="45")
    assert (added.name, added.colour, added.minutes, added.active) == ("Site visit", "teal", 45, True)
    choices, minutes = service.actions_on_offer(practice.uow, actor=practice.ben)
    assert choices[-1].name == "Site visit" and minutes[str(added.id)] == 45


@pytest.mark.parametrize("twin", ["Follow-up call", "FOLLOW-UP CALL", "  follow-up   call ", "Föllow-up cáll"])
def test_r20_a_twin_is_refused_at_the_name(practice, twin):
    with pytest.raises(Invalid) as refusal:
        service.add_action(practice.uow, actor=practice.ada, name=twin)
    assert set(refusal.value.fields) == {"name"}
    with pytest.raises(Invalid):
        _change(practice, practice.consultation, name=twin)
    assert _names(practice) == ["Follow-up call", "Consultation"]


def test_r20_two_people_adding_the_same_name_at_once_make_one_action(practice):
    results = []

    def add():
        try:
            results.append(service.add_action(practice.uow, actor=practice.ada, name="Site visit").name)
        except Invalid:
            results.append("twin")

    threads = [threading.Thread(target=add) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["Site visit", *["twin"] * 5]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": " \u200e "}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"name": 7}, "name"),
        ({"colour": "red; x"}, "colour"),
        ({"minutes": 4}, "minutes"),
        ({"minutes": 1441}, "minutes"),
        ({"minutes": "soon"}, "minutes"),
        ({"minutes": -5}, "minutes"),
    ],
)
def test_r20_a_wrong_value_is_refused_at_its_field(practice, changes, field):
    with pytest.raises(Invalid) as refusal:
        _change(practice, practice.call, **changes)
    assert set(refusal.value.fields) == {field}


def test_r20_an_action_can_be_renamed_coloured_and_given_a_duration(practice):
    changed = _change(practice, practice.call, name="Phone call", colour="blue", minutes=0)
    assert (changed.name, changed.colour, changed.minutes) == ("Phone call", "blue", 0)
    assert _change(practice, practice.call, name="PHONE CALL", colour="blue", minutes=0).name == "PHONE CALL"


def test_r20_actions_can_be_put_in_another_order(practice):
    move = {"actor": practice.ada, "action_id": practice.consultation}
    assert [row.name for row in service.move_action(practice.uow, **move, up=True)] == [
        "Consultation",
        "Follow-up call",
    ]
    assert [row.name for row in service.move_action(practice.uow, **move, up=True)] == [
        "Consultation",
        "Follow-up call",
    ]
    assert _offered(practice) == ["Consultation", "Follow-up call"]
    assert [row.name for row in service.move_action(practice.uow, **move, up=False)] == [
        "Follow-up call",
        "Consultation",
    ]


def test_r20_a_deactivated_action_leaves_the_drop_down_and_comes_back(practice):
    switch = {"actor": practice.ada, "action_id": practice.call}
    service.set_action_active(practice.uow, **switch, active=False)
    assert (_offered(practice), _names(practice)) == (["Consultation"], ["Follow-up call", "Consultation"])
    service.set_action_active(practice.uow, **switch, active=True)
    assert _offered(practice) == ["Follow-up call", "Consultation"]


def test_r20_an_action_in_use_cannot_be_deleted_even_when_its_appointment_was(practice):
    booked = service.book(
        practice.uow, actor=practice.ada, form=practice.form(action=str(practice.call)), token=token()
    )
    for _ in range(2):
        with pytest.raises(Invalid, match="Deactivate it instead"):
            service.delete_action(practice.uow, actor=practice.ada, action_id=practice.call)
        service.delete(practice.uow, actor=practice.ada, selection=Selection(ids=(booked,)))
    assert len(_names(practice)) == 2


def test_r20_an_unused_action_can_be_deleted(practice):
    service.delete_action(practice.uow, actor=practice.ada, action_id=practice.call)
    assert _names(practice) == ["Consultation"]
    with pytest.raises(NotFound):
        service.delete_action(practice.uow, actor=practice.ada, action_id=practice.call)


def test_r20_old_rows_keep_the_name_of_a_deactivated_action(practice):
    booked = service.book(
        practice.uow, actor=practice.ada, form=practice.form(action=str(practice.call)), token=token()
    )
    service.set_action_active(practice.uow, actor=practice.ada, action_id=practice.call, active=False)
    assert service.open_one(practice.uow, actor=practice.ada, appointment_id=booked).action.name == "Follow-up call"


def test_only_people_with_the_permission_change_the_list(practice):
    guest = replace(practice.ben, permissions=frozenset({Permission.VIEW}))
    for change in (
        lambda: service.add_action(practice.uow, actor=guest, name="X"),
        lambda: service.delete_action(practice.uow, actor=guest, action_id=practice.call),
        lambda: service.move_action(practice.uow, actor=guest, action_id=practice.call, up=True),
        lambda: service.set_action_active(practice.uow, actor=guest, action_id=practice.call, active=False),
    ):
        with pytest.raises(NotAllowed):
            change()
    for nonsense in ("1", None, {}, 99999):
        with pytest.raises(NotFound):
            service.delete_action(practice.uow, actor=practice.ada, action_id=nonsense)


def test_nothing_is_written_when_nothing_differs(practice):
    seen: list[str] = []
    event.listen(practice.uow.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    _change(practice, practice.call)
    assert not any(statement.startswith(("UPDATE", "INSERT")) for statement in seen)
