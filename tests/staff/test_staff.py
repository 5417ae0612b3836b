"""People who work here: add, edit, deactivate; the last owner stays; nobody overwrites anybody in silence."""

from __future__ import annotations

from typing import Any

import pytest

from appointments_app.db.queries import history
from appointments_app.domain.access import Actor, Role
from appointments_app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from appointments_app.features.staff import service
from tests.session.desk import PASSWORD, Desk

CLEO = {
    "name": "  Cleo   Karim ",
    "email": "Cleo@Example.com",
    "phone": "0100 123 4567",
    "colour": "teal",
    "time_zone": "",
    "language": "ar",
    "role": "staff",
    "may_sign_in": "yes",
    "password": PASSWORD,
}


def _values(desk: Desk, actor: Actor, staff_id: int | None, **changed: Any) -> dict[str, Any]:
    form = service.open_person(desk.uow, actor=actor, staff_id=staff_id)
    names = ("name", "email", "phone", "colour", "time_zone", "language", "role")
    return {**{name: getattr(form, name) for name in names}, "may_sign_in": form.may_sign_in, **changed}


def _save(desk: Desk, actor: Actor, staff_id: int | None, **changed: Any) -> None:
    form = service.open_person(desk.uow, actor=actor, staff_id=staff_id)
    values = _values(desk, actor, staff_id, **changed)
    service.save(
        desk.uow, actor=actor, staff_id=staff_id, values=values, version=form.version, last_change=form.last_change
    )


def test_a_new_person_is_stored_in_canonical_form_and_may_sign_in(desk: Desk, ada: Actor):
    cleo = service.add(desk.uow, actor=ada, values=CLEO)
    form = service.open_person(desk.uow, actor=ada, staff_id=cleo)
    assert (form.name, form.email, form.phone) == ("Cleo Karim", "cleo@example.com", "+20 10 01234567")
    assert (form.colour, form.time_zone, form.language, form.role) == ("teal", "", "ar", "staff")
    assert desk.sign_in("cleo@example.com")[1].language == "ar"


def test_a_person_need_not_be_able_to_sign_in(desk: Desk, ada: Actor):
    service.add(desk.uow, actor=ada, values={**CLEO, "may_sign_in": "", "password": ""})
    with pytest.raises(Invalid):
        desk.sign_in("cleo@example.com", "")


def test_every_wrong_field_is_named_at_once(desk: Desk, ada: Actor):
    wrong = {
        "name": " ",
        "email": "cleo",
        "phone": "12",
        "colour": "mauve",
        "time_zone": "Mars/Base",
        "language": "xx",
        "role": "king",
        "may_sign_in": "yes",
        "password": "short",
    }
    with pytest.raises(Invalid) as refusal:
        service.add(desk.uow, actor=ada, values=wrong)
    assert set(refusal.value.fields) == set(wrong) - {"may_sign_in"}


@pytest.mark.parametrize("value", [None, 7, ["x"], {"a": 1}, True])
def test_values_of_any_type_end_in_a_message(desk: Desk, ada: Actor, value: object):
    with pytest.raises(Invalid):
        service.add(desk.uow, actor=ada, values=dict.fromkeys(CLEO, value))
    with pytest.raises(NotFound):
        service.open_person(desk.uow, actor=ada, staff_id=value if value != 7 else 777)


def test_an_address_belongs_to_one_person_only(desk: Desk, ada: Actor, ben: Actor):
    with pytest.raises(Invalid) as refusal:
        service.add(desk.uow, actor=ada, values={**CLEO, "email": "BEN@example.com"})
    assert refusal.value.fields == {"email": "This e-mail address is in use."}
    with pytest.raises(Invalid):
        _save(desk, ada, ben.staff_id, email="ada@example.com")
    _save(desk, ada, ben.staff_id, name="Benjamin")


def test_text_of_any_kind_comes_out_as_it_went_in(desk: Desk, ada: Actor):
    name = "😀 منى <script>alert(1)</script> =HYPERLINK()"
    cleo = service.add(desk.uow, actor=ada, values={**CLEO, "name": name})
    assert service.open_person(desk.uow, actor=ada, staff_id=cleo).name == name


def test_the_list_shows_active_people_by_name_and_the_others_on_their_tab(desk: Desk, ada: Actor, ben: Actor):
    service.add(desk.uow, actor=ada, values={**CLEO, "name": "ábel"})
    service.set_active(desk.uow, actor=ada, staff_id=ben.staff_id, is_active=False)
    active, inactive = (service.list_staff(desk.uow, actor=ada, active=wanted) for wanted in (True, False))
    assert [row.name for row in active.rows] == ["ábel", "Ada"]
    assert [row.name for row in inactive.rows] == ["Ben"]
    assert (active.active, active.inactive) == (2, 1)


def test_deactivating_ends_the_persons_sign_ins_and_activating_lets_them_sign_in_again(desk: Desk, ada: Actor):
    token, ben = desk.sign_in("ben@example.com")
    service.set_active(desk.uow, actor=ada, staff_id=ben.staff_id, is_active=False)
    assert desk.actor(token) is None
    with pytest.raises(Invalid):
        desk.sign_in("ben@example.com")
    service.set_active(desk.uow, actor=ada, staff_id=ben.staff_id, is_active=True)
    assert desk.actor(token) is None
    desk.sign_in("ben@example.com")


@pytest.mark.parametrize("change", [{"role": "staff"}, {"may_sign_in": ""}])
def test_the_last_owner_stays_owner(desk: Desk, ada: Actor, ben: Actor, change: dict[str, str]):
    with pytest.raises(Invalid):
        _save(desk, ada, ada.staff_id, **change)
    with pytest.raises(Invalid):
        service.set_active(desk.uow, actor=ada, staff_id=ada.staff_id, is_active=False)
    _save(desk, ada, ben.staff_id, role="owner")
    _save(desk, ada, ada.staff_id, **change)


def test_an_owner_who_cannot_sign_in_does_not_count(desk: Desk, ada: Actor):
    service.add(desk.uow, actor=ada, values={**CLEO, "role": "owner", "may_sign_in": ""})
    with pytest.raises(Invalid):
        _save(desk, ada, ada.staff_id, role="staff")


def test_a_password_set_by_the_owner_replaces_the_old_one_and_ends_the_sign_ins(desk: Desk, ada: Actor):
    token, ben = desk.sign_in("ben@example.com")
    with pytest.raises(Invalid) as refusal:
        _save(desk, ada, ben.staff_id, password="short")
    assert set(refusal.value.fields) == {"password"}
    _save(desk, ada, ben.staff_id, password="a brand new one")
    assert desk.actor(token) is None
    with pytest.raises(Invalid):
        desk.sign_in("ben@example.com")
    desk.sign_in("ben@example.com", "a brand new one")


def test_ones_own_password_is_changed_in_the_account_only(desk: Desk, ada: Actor):
    with pytest.raises(Invalid) as refusal:
        _save(desk, ada, ada.staff_id, password="a brand new one")
    assert set(refusal.value.fields) == {"password"}


def test_an_empty_password_field_keeps_the_password(desk: Desk, ada: Actor):
    token, ben = desk.sign_in("ben@example.com")
    _save(desk, ada, ben.staff_id, name="Benjamin", password="")
    assert desk.actor(token)


def test_the_second_of_two_who_save_is_told_who_changed_what(desk: Desk, ada: Actor, ben: Actor):
    before = service.open_person(desk.uow, actor=ada, staff_id=ben.staff_id)
    mine = _values(desk, ada, ben.staff_id, name="Benny")
    _save(desk, ada, ben.staff_id, name="Benjamin", colour="pink")
    given = {"actor": ada, "staff_id": ben.staff_id, "values": mine, "last_change": before.last_change}
    with pytest.raises(Conflict) as refusal:
        service.save(desk.uow, **given, version=before.version)
    (change,) = refusal.value.values["changes"]
    assert change.who == "Ada"
    assert {(line.field, line.old, line.new) for line in change.lines} == {
        ("name", "Ben", "Benjamin"),
        ("colour", "indigo", "pink"),
    }
    service.save(desk.uow, **given, version=refusal.value.values["version"])
    assert service.open_person(desk.uow, actor=ada, staff_id=ben.staff_id).name == "Benny"


def test_the_audit_trail_says_who_changed_what_and_never_shows_a_password(desk: Desk, ada: Actor):
    cleo = service.add(desk.uow, actor=ada, values=CLEO)
    _save(desk, ada, cleo, name="Cleo", password="a brand new one")
    service.set_active(desk.uow, actor=ada, staff_id=cleo, is_active=False)
    with desk.uow.read() as tx:
        rows = history.of_record(tx, "staff", cleo)
    assert [(row.who, row.verb, [line.field for line in row.lines]) for row in rows] == [
        ("Ada", "edited", ["active"]),
        ("Ada", "edited", ["name", "password"]),
        ("Ada", "created", []),
    ]
    assert "argon2" not in str(rows) and "brand new" not in str(rows) and PASSWORD not in str(rows)


def test_saving_without_a_change_writes_nothing(desk: Desk, ada: Actor, ben: Actor):
    before = service.open_person(desk.uow, actor=ada, staff_id=ben.staff_id)
    _save(desk, ada, ben.staff_id)
    assert service.open_person(desk.uow, actor=ada, staff_id=ben.staff_id) == before


def test_staff_may_not_see_or_change_staff(desk: Desk, ben: Actor):
    for attempt in (
        lambda: service.list_staff(desk.uow, actor=ben, active=True),
        lambda: service.open_person(desk.uow, actor=ben, staff_id=ben.staff_id),
        lambda: service.add(desk.uow, actor=ben, values=CLEO),
        lambda: service.save(desk.uow, actor=ben, staff_id=ben.staff_id, values={"role": Role.OWNER.value}, version=1),
        lambda: service.set_active(desk.uow, actor=ben, staff_id=1, is_active=False),
    ):
        with pytest.raises(NotAllowed):
            attempt()
