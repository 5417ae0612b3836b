"""A client who has left something in every place where the database can hold it; and a look into every place."""

from __future__ import annotations

import json
import zlib
from contextlib import suppress
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, LargeBinary, String, text
from sqlmodel import SQLModel

from appointments_app.db.models import (
    AppointmentText,
    Business,
    ClientAccess,
    ClientLink,
    ClientRequest,
    ClientSignIn,
    Draft,
    ImportPart,
    ImportRun,
    Message,
    OptOut,
    Service,
    SignInFailure,
)
from appointments_app.db.queries import history, sign_ins
from appointments_app.domain.change import WHOLE, Verb
from appointments_app.domain.portal import ClientActor, ClientRules
from appointments_app.domain.sign_in import failure_key
from appointments_app.features.appointments import service as appointments
from appointments_app.features.clients import service as clients
from appointments_app.features.work_orders import service as orders
from tests.appointments.conftest import NOON, Practice, token

MARK = "qwzx"
"""Stands in everything that anybody ever typed of Zoe."""

NUMBER = "1007654321"
"""The end of her phone number."""

BORN = "1911-11-11"
MARKS = (MARK, NUMBER, BORN)

FREE = {
    "action": {"name", "name_key", "colour"},
    "appointment": {"uid", "time_zone", "status", "outcome", "confirmed_how", "recurrence_id"},
    "booking": {"token", "currency"},
    "business": {
        "name", "time_zone", "language", "phone_region", "address", "phone", "second_step_roles", "currency",
    },
    "change": {"verb"},
    "change_line": {"entity", "field"},
    "channel_setup": {"channel", "means", "settings", "secret"},
    "client": {"language", "time_zone"},
    "client_access": {"password_hash"},
    "client_link": {"token_hash"},
    "client_request": {"kind"},
    "client_sign_in": {"token_hash"},
    "closed_day": {"name"},
    "counter": {"name"},
    "draft": {"token"},
    "import_part": {"kind"},
    "import_run": {"kind", "state", "file_kind", "delimiter", "mapping", "options", "added"},
    "import_shape": {"fingerprint", "mapping", "options"},
    "known_device": {"token_hash"},
    "leave": {"note"},
    "message": {"key", "state", "reason", "channel", "worker", "notice"},
    "opt_out": {"channel", "how"},
    "password_reset": {"token_hash"},
    "recovery_code": {"code_hash"},
    "reminder_rule": {
        "name", "unit", "anchor", "recipient", "channel", "quiet_from", "quiet_until", "quiet_way",
    },
    "role": {"key", "name", "name_key", "grants"},
    "series": {"uid", "dtstart", "time_zone", "rrule"},
    "service": {"name", "name_key", "description", "currency", "colour"},
    "setup_link": {"token_hash"},
    "sign_in": {"token_hash", "address", "browser", "totp_secret"},
    "sign_in_failure": {"key"},
    "slot": {"held_by"},
    "staff": {
        "name", "email", "phone", "colour", "time_zone", "language", "role", "password_hash", "totp_secret",
    },
    "template": {"slug", "channel", "name"},
    "template_text": {"language", "subject", "body"},
    "work_order": {"number", "number_key", "status", "currency"},
    "worker": {"name"},
}  # fmt: skip
"""The columns of text in which nothing is typed of a client: names of other things, words of the program, hashes."""


def columns_of_text() -> set[tuple[str, str]]:
    """Return every column of every model that can hold text."""
    return {
        (table.name, column.name)
        for table in SQLModel.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, (String, LargeBinary)) or isinstance(getattr(column.type, "impl", None), String)
    }


def places_with(engine: Engine, *words: str) -> set[tuple[str, str]]:
    """Return the columns of the database, whatever the models say of it, in which one of the words stands."""
    found = set()
    with engine.connect() as connection:
        for table in _tables(engine):
            for row in connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                found |= {(table, name) for name, value in row.items() if _holds(value, words)}
    return found


def _tables(engine: Engine) -> list[str]:
    every = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'"
    if engine.dialect.name != "sqlite":
        every = "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
    with engine.connect() as connection:
        return list(connection.execute(text(every)).scalars())


def _holds(value: Any, words: tuple[str, ...]) -> bool:
    if isinstance(value, (bytes, memoryview)):
        body = bytes(value)
        with suppress(zlib.error):
            body += zlib.decompress(body)
        value = body.decode("utf-8", "ignore")
    told = json.dumps(value, ensure_ascii=False, default=str).lower()
    return any(word in told for word in words)


def leave_everywhere(practice: Practice) -> tuple[int, list[int]]:
    """Let Zoe leave her mark in every place; return her id and those of her appointments, one ahead and one over."""
    uow, ada = practice.uow, practice.ada
    fields = {
        "name": f"Zoe {MARK}", "business_name": f"{MARK} Ltd", "email": f"{MARK}@example.com", "phone": f"+20{NUMBER}",
        "address": f"1 {MARK} Street", "notes": f"likes {MARK}", "tags": f"{MARK}, regular",
        "birth_date": BORN,
    }  # fmt: skip
    zoe = clients.create_client(uow, actor=ada, **{**fields, "name": f"Zoë Old{MARK}"})
    clients.update_client(uow, actor=ada, client_id=zoe, version=1, **fields)
    order_form = {
        "client": str(zoe), "title": f"Lift for {MARK}", "number": "77", "description": f"for {MARK}",
        "tags": f"{MARK}", "currency": "EUR", "staff": [],
    }  # fmt: skip
    order = orders.create(uow, actor=ada, form=order_form, token=token())
    form = practice.form(client=str(zoe), notes=f"Ask {MARK} about it", staff=[str(practice.ben.staff_id)], shared=True)
    ahead = appointments.book(uow, actor=ada, form=form, token=token())
    over = appointments.book(uow, actor=ada, form={**form, "date": "2026-03-20"}, token=token())
    weekly = {**form, "recurring": True, "frequency": "weekly", "time": "15:00"}
    appointments.book(uow, actor=ada, form=weekly, token=token())
    with uow.begin() as tx:
        _leave_on_appointments(tx, practice, zoe, ahead, over, order)
        _leave_in_the_portal(tx, zoe, ahead)
        _leave_in_imports(tx, practice, zoe, over)
        for name, payload in (("a" * 36, json.dumps({"client": str(zoe), "notes": MARK})), ("b" * 36, f"Zoe {MARK}!")):
            tx.add(Draft(token=name, staff_id=ada.staff_id or 0, payload=payload, updated_at=NOON))
    return zoe, [ahead, over]


def _leave_on_appointments(tx: Any, practice: Practice, zoe: int, ahead: int, over: int, order: int) -> None:
    from appointments_app.db.models import Appointment

    row = tx.get(Appointment, over)
    row.confirmed_by, row.confirmed_how, row.confirmed_at = f"Zoe {MARK}", "link", NOON - timedelta(days=6)
    row.overlap_reason, row.status = f"{MARK} insists", "done"
    tx.get(Appointment, ahead).work_order_id = order
    tx.merge(AppointmentText(appointment_id=over, body=f"ask {MARK}"))
    mine = ClientActor(zoe, f"Zoe {MARK}", "en", "UTC", ClientRules())
    history.record(tx, mine, Verb.ASKED, "appointment", ahead, {"message": ("", f"{MARK} asks")})
    history.record(tx, practice.ada, Verb.MOVED, "appointment", ahead, {WHOLE: (f'[["{MARK}"]]', "[]")})
    said = {"subject": f"For {MARK}", "body": f"Dear {MARK}", "html": f"<p>{MARK}</p>", "error": f"550 {MARK}"}
    times = {"due_at": NOON, "try_at": NOON, "created_at": NOON, "channel": "email"}
    own = {"client_id": zoe, "address": f"{MARK}@example.com", "provider_id": f"{MARK}1"}
    tx.add(Message(key="sent", state="sent", **own, **said, **times))
    tx.add(Message(key="waits", client_id=zoe, appointment_id=ahead, **said, **times))
    tx.add(Message(key="staff", state="sent", staff_id=practice.ben.staff_id, appointment_id=over, **said, **times))


def _leave_in_the_portal(tx: Any, zoe: int, ahead: int) -> None:
    later = NOON + timedelta(days=1)
    tx.add(ClientAccess(client_id=zoe, password_hash="$argon2id$x"))
    tx.add(ClientLink(token_hash="l" * 64, client_id=zoe, expires_at=later))
    tx.add(ClientSignIn(token_hash="s" * 64, client_id=zoe, created_at=NOON, last_seen_at=NOON, expires_at=later))
    tx.add(OptOut(client_id=zoe, channel="sms", how="reply", at=NOON))
    tx.add(ClientRequest(appointment_id=ahead, client_id=zoe, kind="other_time", message=f"{MARK}?", created_at=NOON))
    tx.add(SignInFailure(key=failure_key("client", f"{MARK}@example.com"), failures=2, last_at=NOON))


def _leave_in_imports(tx: Any, practice: Practice, zoe: int, over: int) -> None:
    def pack(entries: list[Any]) -> bytes:
        return zlib.compress(json.dumps(entries).encode())

    rows = [[1, [f"Zoe {MARK}", "x"], {}], [2, ["Omar", "y"], {}], [3, ["Old", f"0{NUMBER}"], {}]]
    common = {
        "file_kind": "csv", "size": 1, "head": 0, "titles": json.dumps(["Name", f"{MARK}@example.com"]),
        "samples": json.dumps([row[1] for row in rows]), "staff_id": practice.ada.staff_id, "created_at": NOON,
    }  # fmt: skip
    runs = [
        ImportRun(kind="clients", state="done", file_name=f"zoe {MARK}.csv", finished_at=NOON, **common),
        ImportRun(kind="appointments", state="done", file_name="diary.csv", finished_at=NOON, **common),
        ImportRun(kind="clients", state="open", file_name="new.csv", **common),
    ]
    tx.add_all(runs)
    tx.flush()
    ids = [run.id for run in runs]
    before = [[zoe, 1, {"name": f"Old {MARK}"}], [practice.omar, 1, {"name": "Omar the elder"}]]
    for run_id, kind, body in (
        (ids[0], "create", pack(rows)),
        (ids[0], "before", pack(before)),
        (ids[1], "before", pack([[over, 1, {"notes": MARK}]])),
        (ids[2], "file", f"Zoe {MARK}".encode()),
    ):
        tx.add(ImportPart(run_id=run_id, kind=kind, number=0, body=body))


def a_business(practice: Practice) -> Business:
    """Return the business as it is stored."""
    with practice.uow.read() as tx:
        business = sign_ins.business(tx)
        assert business is not None
        return business


def a_service(practice: Practice) -> int:
    """Have a service; return its id."""
    with practice.uow.begin() as tx:
        row = Service(name="Lift", name_key="lift", minutes=30, currency="EUR", price=5000)
        tx.add(row)
        tx.flush()
        return row.id or 0
