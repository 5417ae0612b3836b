"""Everything that is held about a client, in one file."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from appointments_app.db.queries import history
from appointments_app.domain.access import Permission, Scope
from appointments_app.domain.errors import NotAllowed, NotFound
from appointments_app.features.appointments import service as appointments
from appointments_app.features.privacy import service
from tests.appointments.conftest import Practice, token
from tests.privacy.traces import MARK, leave_everywhere


def test_the_file_holds_everything_of_this_client_and_nothing_of_another(practice: Practice):
    his = practice.form(client=str(practice.omar), notes="Omar's own")
    appointments.book(practice.uow, actor=practice.ada, form=his, token=token())
    zoe, (ahead, over) = leave_everywhere(practice)
    file = service.data_file(practice.uow, actor=practice.ada, client_id=zoe)
    held = json.loads(file.content)
    assert file.name == f"client-{zoe}-2026-03-24.json" and "Omar" not in file.content.decode()
    assert held["about"] == {"business": "Nile Clinic", "made_at": "2026-03-24T12:00:00Z", "format": 1}
    assert (held["client"]["name"], held["client"]["email"]) == (f"Zoe {MARK}", f"{MARK}@example.com")
    assert held["client"]["tags"] == [MARK, "regular"] and held["client"]["notes"] == f"likes {MARK}"
    assert held["portal"]["has_password"] and len(held["portal"]["sign_ins"]) == 1
    assert {one["channel"]: one["wants_messages"] for one in held["consents"]} == {"email": True, "sms": False}
    visits = {one["id"]: one for one in held["appointments"]}
    assert {ahead, over} < set(visits) and visits[ahead]["staff"] == ["Ben"] and visits[ahead]["work_order"] == "77"
    assert visits[over]["confirmed_by"] == f"Zoe {MARK}" and visits[over]["action"] == "Follow-up call"
    assert held["recurring"][0]["rrule"].startswith("FREQ=WEEKLY")
    assert held["work_orders"][0]["title"] == f"Lift for {MARK}"
    assert {one["to_staff"] for one in held["messages"]} == {"", "Ben"}
    assert held["messages"][0]["text"] == f"Dear {MARK}"
    assert held["requests"][0]["message"] == f"{MARK}?"
    assert [json.loads(one["form"])["notes"] for one in held["half_filled_forms"]] == [MARK]
    assert ("name", f"Zoë Old{MARK}", f"Zoe {MARK}") in [
        (one["field"], one["old"], one["new"]) for one in held["history"]
    ]


def test_that_it_was_taken_stands_in_the_history(practice: Practice):
    service.data_file(practice.uow, actor=practice.ada, client_id=practice.cleo)
    with practice.uow.read() as tx:
        newest = history.of_record(tx, "client", practice.cleo)[0]
    assert (newest.verb, newest.who) == ("exported", "Ada")


def test_it_is_for_those_who_may_export_and_know_all_clients(practice: Practice):
    ada = practice.ada
    no_export = replace(ada, permissions=ada.permissions - {Permission.EXPORT})
    no_clients = replace(ada, permissions=ada.permissions - {Permission.CLIENTS})
    for someone in (no_export, no_clients, replace(ada, scope=Scope.OWN),
                    replace(ada, own=frozenset({Permission.CLIENTS}))):  # fmt: skip
        with pytest.raises(NotAllowed):
            service.data_file(practice.uow, actor=someone, client_id=practice.cleo)
    for missing in (0, 999, "abc", None):
        with pytest.raises(NotFound):
            service.data_file(practice.uow, actor=ada, client_id=missing)
