"""A practice whose clients read English and Arabic, here and elsewhere."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from appointments_app import runtime
from appointments_app.db.models import Client, Staff
from appointments_app.settings import Settings
from tests.appointments.conftest import Practice
from tests.appointments.conftest import practice as practice  # the fixture

CLEO, OMAR = "+201001234567", "+201007654321"


@pytest.fixture
def office(practice: Practice, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Practice:
    """The practice, with addresses: Cleo reads English, Omar Arabic and lives in Dubai; Ada has a phone, Ben none."""
    with practice.uow.begin() as tx:
        for client_id, values in (
            (practice.cleo, {"email": "cleo@example.com", "phone": CLEO}),
            (practice.omar, {"email": "omar@example.com", "phone": OMAR, "language": "ar", "time_zone": "Asia/Dubai"}),
        ):
            client = tx.get_one(Client, client_id)
            for name, value in values.items():
                setattr(client, name, value)
            tx.add(client)
        ada = tx.get_one(Staff, practice.ada.staff_id)
        ada.phone = "+201000000001"
        tx.add(ada)
    monkeypatch.setattr(runtime, "uow", lambda: practice.uow)
    here = Settings(secret_key="the secret key of this one test only", public_url="https://desk.example.com")
    monkeypatch.setattr(runtime, "settings", lambda: here)
    for cached in (runtime.derived_key, runtime._secret_key, runtime._sender, runtime._sender_of_environment):
        cached.cache_clear()
    return practice
