"""The policy as a table: what each role may do and how far, and what nobody can give."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments_app.domain.access import (
    BUILT_IN,
    OF_APPOINTMENTS,
    WITH_REACH,
    Permission,
    Role,
    Scope,
    actor_with,
    as_stored,
    granted,
    grants_in,
    may_give,
    sensible,
)

GRANTS = st.dictionaries(st.sampled_from(Permission), st.sampled_from(Scope))


def _actor(role: str, grants: dict):
    return actor_with(1, "Ada", role, "en", "UTC", grants)


def test_r38_the_built_in_roles_may_do_what_the_table_says():
    shown = {role.value: as_stored(grants) for role, grants in BUILT_IN.items()}
    everything = "view,add,edit,delete,status,sms,export,clients,actions,reports,staff,settings,erase"
    assert shown == {
        "owner": everything,
        "manager": everything,
        "receptionist": "view,add,edit,delete,status,sms,export,clients,actions",
        "staff": "view:own,add,edit:own,status:own,sms:own,clients:own",
        "read_only": "view,reports",
    }


@given(GRANTS)
def test_what_is_stored_is_what_is_granted(grants: dict):
    known = sensible({each: reach if each in WITH_REACH else Scope.ALL for each, reach in grants.items()})
    assert grants_in(as_stored(known)) == known


@given(GRANTS)
def test_nothing_is_done_to_appointments_further_than_they_are_seen(grants: dict):
    actor = _actor("r1", sensible(grants))
    assert actor.may(Permission.VIEW)
    if actor.scope is Scope.OWN:
        assert all(actor.reach(each) is Scope.OWN for each in OF_APPOINTMENTS)


@given(GRANTS)
def test_what_a_role_narrows_is_narrowed_when_something_is_looked_for_to_change_it(grants: dict):
    actor = _actor("r1", sensible(grants))
    for each in OF_APPOINTMENTS:
        assert actor.within(each).scope is actor.reach(each)


@given(GRANTS, GRANTS)
def test_nobody_gives_more_than_they_hold(mine: dict, theirs: dict):
    actor, wanted = _actor("r1", sensible(mine)), sensible(theirs)
    if may_give(actor, "r2", wanted):
        other = _actor("r2", wanted)
        assert other.permissions <= actor.permissions
        assert all(actor.reach(each) is Scope.ALL or other.reach(each) is Scope.OWN for each in other.permissions)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OWNER])
def test_only_owners_make_owners(role: Role):
    assert not may_give(_actor(role, BUILT_IN[role]), Role.OWNER, BUILT_IN[Role.OWNER])
    assert may_give(_actor(Role.OWNER, BUILT_IN[Role.OWNER]), Role.OWNER, BUILT_IN[Role.OWNER])


@pytest.mark.parametrize("stored", [None, "", "fly,swim:own", "owner"])
def test_a_role_that_is_gone_or_says_nothing_grants_nothing(stored: str | None):
    assert not granted("r1", stored)
    assert not _actor("r1", granted("r1", stored)).permissions


def test_a_permission_that_has_no_reach_is_held_or_not():
    assert grants_in("view,add:own,settings:own") == dict.fromkeys(
        (Permission.VIEW, Permission.ADD, Permission.SETTINGS), Scope.ALL
    )


def test_the_scope_of_an_actor_narrows_everything_done_to_appointments():
    actor = replace(_actor(Role.OWNER, BUILT_IN[Role.OWNER]), scope=Scope.OWN)
    assert actor.reach(Permission.DELETE) is Scope.OWN and actor.reach(Permission.CLIENTS) is Scope.ALL
