"""A client's own details."""

from __future__ import annotations

from appointments_app.db.models import Client
from appointments_app.db.queries import opt_outs
from appointments_app.features.client_file.service import overview
from tests.portal.conftest import Practice

TYPED = {"name": "Cleo Nile", "email": "cleo@example.com", "phone": "0100 123 4567", "address": "", "language": "ar"}


def client(practice: Practice) -> Client:
    with practice.desk.uow.read() as tx:
        found = tx.get(Client, practice.cleo)
    assert found is not None
    return found


def test_a_client_changes_their_details_and_nothing_else(practice: Practice):
    with practice.desk.uow.begin() as tx:
        row = tx.get(Client, practice.cleo)
        row.notes = "private"
        tx.add(row)
    phone = practice.client_phone()
    page = phone.get("/portal/profile").text
    assert "private" not in page
    answer = phone.post("/portal/profile", version="1", notes="mine", business_name="x", **TYPED)
    assert answer.status_code == 303, answer.text
    row = client(practice)
    assert (row.name, row.language, row.notes, row.business_name) == ("Cleo Nile", "ar", "private", "")


def test_what_is_wrong_is_said_at_its_field_and_nothing_typed_is_lost(practice: Practice):
    phone = practice.client_phone()
    phone.get("/portal/profile")
    answer = phone.post("/portal/profile", version="1", **{**TYPED, "email": "nowhere", "address": "12 New Street"})
    assert answer.status_code == 422
    assert (
        "This is not an e-mail address." in answer.text and "nowhere" in answer.text and "12 New Street" in answer.text
    )
    assert client(practice).name == "Cleo"


def test_what_staff_saved_meanwhile_is_not_overwritten(practice: Practice):
    phone = practice.client_phone()
    phone.get("/portal/profile")
    assert phone.post("/portal/profile", version="0", **TYPED).status_code == 422
    assert client(practice).name == "Cleo"


def test_without_the_permission_the_profile_is_read_only_or_not_there(practice: Practice):
    practice.allow(edit_profile=False)
    phone = practice.client_phone()
    assert "To change something, please call us." in phone.get("/portal/profile").text
    assert phone.post("/portal/profile", version="1", **TYPED).status_code == 404
    practice.allow(view_profile=False)
    assert phone.get("/portal/profile").status_code == 404
    assert "/portal/profile" not in phone.get("/portal").text


def wanted(practice: Practice) -> set[str]:
    with practice.desk.uow.read() as tx:
        return {channel.value for channel in opt_outs.channels_wanted(tx, practice.cleo)}


def test_a_client_chooses_how_to_be_sent_messages_and_staff_read_it_in_the_history(practice: Practice):
    phone = practice.client_phone()
    phone.get("/portal/profile")
    assert wanted(practice) == {"sms", "email"}
    for _ in range(2):
        phone.post("/portal/profile/messages", email="1")
        assert wanted(practice) == {"email"}
    page = phone.get("/portal/profile").text
    assert 'name="email" value="1" checked' in page and 'name="sms" value="1" checked' not in page
    phone.post("/portal/profile/messages", email="1", sms="1")
    assert wanted(practice) == {"sms", "email"}
    changes = overview(practice.desk.uow, actor=practice.ada, client_id=practice.cleo).changes
    assert [(row.who, row.by_client, row.lines[0].field, row.lines[0].new) for row in changes] == [
        ("Cleo", True, "messages_sms", "1"),
        ("Cleo", True, "messages_sms", ""),
    ]
