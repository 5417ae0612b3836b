"""Roles that a business makes: from the next click on, never more than whoever makes them, and the last owner stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from appointments_app.db.queries import history
from appointments_app.domain.access import Actor, Permission, Role, Scope
from appointments_app.domain.errors import Invalid, NotAllowed, NotFound
from appointments_app.features.roles import service
from appointments_app.features.staff import service as staff
from tests.session.desk import Desk


def _give(desk: Desk, actor: Actor, person: Actor, role: str) -> None:
    form = staff.open_person(desk.uow, actor=actor, staff_id=person.staff_id)
    values = {
        name: getattr(form, name)
        for name in ("name", "email", "phone", "colour", "time_zone", "language", "may_sign_in")
    }
    staff.save(desk.uow, actor=actor, staff_id=person.staff_id, values={**values, "role": role}, version=form.version)


def _present(desk: Desk, person: Actor) -> Actor:
    token, _ = desk.sign_in(f"{person.name.lower()}@example.com")
    found = desk.actor(token)
    assert found
    return found


def test_r38_a_role_of_ones_own_holds_from_the_next_click_of_those_signed_in(
    desk: Desk, ada: Actor, hired: Callable[..., Actor]
):
    ben = hired("ben", "staff")
    token, _ = desk.sign_in("ben@example.com")
    key = service.add(desk.uow, actor=ada, name="Therapist", like="read_only")
    _give(desk, ada, ben, key)
    before = desk.actor(token)
    assert before and before.permissions == {Permission.VIEW, Permission.REPORTS} and before.scope is Scope.ALL
    service.set_grant(desk.uow, actor=ada, key=key, permission="edit", reach="own")
    service.set_grant(desk.uow, actor=ada, key=key, permission="reports", reach="")
    after = desk.actor(token)
    assert after and after.permissions == {Permission.VIEW, Permission.EDIT}
    assert after.reach(Permission.EDIT) is Scope.OWN and after.scope is Scope.ALL


def test_the_table_shows_every_role_with_every_permission(desk: Desk, ada: Actor, hired: Callable[..., Actor]):
    hired("ben", "staff")
    service.add(desk.uow, actor=ada, name="Therapist", like="staff")
    table = service.table(desk.uow, actor=ada)
    assert [(row.key, row.people, row.may_change) for row in table.columns[:5]] == [
        ("owner", 1, False), ("manager", 0, False), ("receptionist", 0, False), ("staff", 1, False),
        ("read_only", 0, False),
    ]  # fmt: skip
    assert (table.columns[5].name, table.columns[5].may_change) == ("Therapist", True)
    assert [line.permission for line in table.lines] == [each.value for each in Permission]
    edit = next(line for line in table.lines if line.permission == "edit")
    assert [cell.reach for cell in edit.cells] == ["all", "all", "all", "own", "", "own"]


def test_a_role_that_sees_only_its_own_changes_only_its_own(desk: Desk, ada: Actor):
    key = service.add(desk.uow, actor=ada, name="Temp", like="receptionist")
    service.set_grant(desk.uow, actor=ada, key=key, permission="view", reach="own")
    cells = {
        line.permission: cell.reach
        for line in service.table(desk.uow, actor=ada).lines
        for cell in line.cells
        if cell.role == key
    }
    assert cells["edit"] == cells["delete"] == cells["export"] == "own" and cells["clients"] == "all"
    service.set_grant(desk.uow, actor=ada, key=key, permission="edit", reach="all")
    line = next(line for line in service.table(desk.uow, actor=ada).lines if line.permission == "edit")
    assert next(cell.reach for cell in line.cells if cell.role == key) == "own"


def test_names_are_kept_apart_and_a_role_in_use_stays(desk: Desk, ada: Actor, hired: Callable[..., Actor]):
    ben = hired("ben", "staff")
    key = service.add(desk.uow, actor=ada, name="  Night   desk ", like="staff")
    for name in ("night desk", "NIGHT DESK", "", " ", "x" * 61, None, 7, ["x"]):
        with pytest.raises(Invalid) as refusal:
            service.add(desk.uow, actor=ada, name=name, like="staff")
        assert set(refusal.value.fields) == {"role_name"}
    service.rename(desk.uow, actor=ada, key=key, name="Night Desk")
    _give(desk, ada, ben, key)
    with pytest.raises(Invalid):
        service.remove(desk.uow, actor=ada, key=key)
    _give(desk, ada, ben, "staff")
    assert service.remove(desk.uow, actor=ada, key=key) == "Night Desk"
    with pytest.raises(NotFound):
        service.remove(desk.uow, actor=ada, key=key)
    with desk.uow.read() as tx:
        assert [line.new for line in history.of_record(tx, "staff", ben.staff_id or 0)[1].lines] == ["Night Desk"]


@pytest.mark.parametrize("key", ["owner", "staff", "nothing", "", None, 7, ["owner"], {"a": 1}])
def test_the_built_in_roles_and_unknown_ones_cannot_be_changed(desk: Desk, ada: Actor, key: object):
    for act in (
        lambda: service.set_grant(desk.uow, actor=ada, key=key, permission="edit", reach="all"),
        lambda: service.rename(desk.uow, actor=ada, key=key, name="King"),
        lambda: service.remove(desk.uow, actor=ada, key=key),
    ):
        with pytest.raises(NotFound):
            act()


@pytest.mark.parametrize(
    ("permission", "reach"),
    [("fly", "all"), ("edit", "both"), ("add", "own"), (None, "all"), ("edit", None), (["edit"], "all"), ("edit", 1)],
)
def test_what_is_no_grant_is_refused(desk: Desk, ada: Actor, permission: object, reach: object):
    key = service.add(desk.uow, actor=ada, name="Temp", like="staff")
    with pytest.raises(Invalid):
        service.set_grant(desk.uow, actor=ada, key=key, permission=permission, reach=reach)


def test_nobody_raises_themselves_by_a_role(desk: Desk, ada: Actor, hired: Callable[..., Actor]):
    carl = hired("carl", "staff")
    key = service.add(desk.uow, actor=ada, name="Team lead", like="staff")
    service.set_grant(desk.uow, actor=ada, key=key, permission="staff", reach="all")
    _give(desk, ada, carl, key)
    carl = _present(desk, carl)
    for permission in ("settings", "delete", "export", "reports"):
        with pytest.raises(Invalid):
            service.set_grant(desk.uow, actor=carl, key=key, permission=permission, reach="all")
    with pytest.raises(Invalid):
        service.set_grant(desk.uow, actor=carl, key=key, permission="view", reach="all")
    for like in ("manager", "receptionist", "owner"):
        with pytest.raises(Invalid):
            service.add(desk.uow, actor=carl, name="King", like=like)
        with pytest.raises(Invalid) as refusal:
            _give(desk, carl, carl, like)
        assert set(refusal.value.fields) == {"role"}
    service.set_grant(desk.uow, actor=carl, key=key, permission="sms", reach="")


def test_a_manager_cannot_touch_an_owners_account(desk: Desk, ada: Actor, hired: Callable[..., Actor]):
    mia = hired("mia", "manager")
    form = staff.open_person(desk.uow, actor=mia, staff_id=ada.staff_id)
    assert not form.may_change
    for act in (
        lambda: _give(desk, mia, ada, "staff"),
        lambda: staff.set_active(desk.uow, actor=mia, staff_id=ada.staff_id, is_active=False),
        lambda: staff.save(
            desk.uow, actor=mia, staff_id=ada.staff_id, values={"email": "mia2@example.com"}, version=form.version
        ),
    ):
        with pytest.raises(NotAllowed):
            act()
    with pytest.raises(Invalid):
        _give(desk, mia, mia, "owner")
    assert [role.key for role in staff.roles_to_give(desk.uow, actor=mia, present="staff")] == [
        "manager", "receptionist", "staff", "read_only"
    ]  # fmt: skip


def test_the_last_owner_stays_an_owner(desk: Desk, ada: Actor, hired: Callable[..., Actor]):
    with pytest.raises(Invalid):
        _give(desk, ada, ada, "manager")
    with pytest.raises(Invalid):
        staff.set_active(desk.uow, actor=ada, staff_id=ada.staff_id, is_active=False)
    mia = hired("mia", "manager")
    _give(desk, ada, mia, "owner")
    _give(desk, ada, ada, "manager")
    assert _present(desk, ada).role == Role.MANAGER


@pytest.mark.parametrize("role", ["receptionist", "staff", "read_only"])
def test_who_does_not_manage_staff_sees_and_changes_no_role(desk: Desk, hired: Callable[..., Actor], role: str):
    ben = hired("ben", role)
    for act in (
        lambda: service.table(desk.uow, actor=ben),
        lambda: service.add(desk.uow, actor=ben, name="x", like="staff"),
        lambda: service.rename(desk.uow, actor=ben, key="owner", name="x"),
        lambda: service.set_grant(desk.uow, actor=ben, key="staff", permission="edit", reach="all"),
        lambda: service.remove(desk.uow, actor=ben, key="staff"),
    ):
        with pytest.raises(NotAllowed):
            act()
