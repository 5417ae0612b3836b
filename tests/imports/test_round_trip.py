"""What Export writes, Import reads back to the same records, in every kind of file and both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, delete, select

from appointments_app import runtime
from appointments_app.db.engine import engine_for
from appointments_app.db.models import (
    Action,
    Appointment,
    AppointmentStaff,
    Booking,
    Change,
    ChangeLine,
    Client,
    Service,
    Staff,
    WorkOrder,
)
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.listing import AppointmentFilter, Selection
from appointments_app.domain.text import fold, many_lines, one_line
from appointments_app.features.exports import service as exports
from appointments_app.features.exports.schemas import FIELD_TITLES, Wanted
from appointments_app.features.imports import service
from appointments_app.integrations.spreadsheets import Column, FileType, write
from tests.imports.conftest import Mover

LETTERS = st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co"), whitelist_characters="\n\t'=+-@;,\"")
LINES = st.text(LETTERS, max_size=60).map(lambda text: many_lines(text, 60).strip().lstrip("'"))
NAMES = st.text(LETTERS, max_size=30).map(lambda text: one_line(text, 30).lstrip("'=+-@ "))
ARABIC = st.text("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىءأإآؤئ ًٌّـ٠١٢٣،؛؟\u200f", max_size=30)
ARABIC_NAMES = ARABIC.map(lambda text: one_line(text, 30).lstrip())
ARABIC_LINES = ARABIC.map(lambda text: many_lines(text, 60).strip())
TEAM = ("زينب عبد الرحمن", "السيد، منى")
FIRST = datetime(2026, 1, 5, 6, tzinfo=UTC)
APPOINTMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "client": st.integers(0, 4),
            "action": st.integers(-1, 2),
            "minutes": st.integers(5, 1440),
            "status": st.sampled_from(["scheduled", "done", "dismissed", "no-show"]),
            "shared": st.booleans(),
            "confirmed": st.booleans(),
            "team": st.sets(st.integers(0, 2)),
            "belongs": st.sampled_from(["", "order", "booking"]),
            "notes": LINES | ARABIC_LINES,
        }
    ),
    min_size=1,
    max_size=12,
)
PEOPLE = st.lists(st.tuples(NAMES | ARABIC_NAMES, NAMES | ARABIC_NAMES), min_size=5, max_size=5)


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    """One database is enough here: what is stored how is tested on both elsewhere."""
    engine = engine_for(sqlite_url)
    yield engine
    engine.dispose()


def _store(mover: Mover, people: list[tuple[str, str]], appointments: list[dict[str, Any]]) -> None:
    with mover.desk.uow.begin() as tx:
        clients = [
            Client(
                name=f"{name} {place}".strip(),
                sort_name=fold(f"{name} {place}"),
                business_name=business,
                email=f"c{place}@example.com" if place % 2 else "",
                phone=f"+2010012345{place}7" if place % 3 else "",
                created_at=FIRST,
            )
            for place, (name, business) in enumerate(people)
        ]
        names = ("Action 0", "علاج طبيعي", "كشف")
        actions = [Action(name=name, name_key=fold(name), position=n) for n, name in enumerate(names)]
        team = [Staff(name=name, email="", role="staff", created_at=FIRST) for name in TEAM]
        service = Service(name="Check-up", name_key="check-up", minutes=30, currency="EGP")
        tx.add_all([*clients, *actions, *team, service])
        tx.flush()
        team.append(tx.execute(select(Staff).where(Staff.name.not_in(TEAM))).scalar_one())
        for place, one in enumerate(appointments):
            start = FIRST + timedelta(hours=7 * place)
            end = start + timedelta(minutes=one["minutes"])
            linked = _linked(tx, one["belongs"], place, clients[one["client"]].id or 0, service.id or 0)
            row = Appointment(
                uid=str(uuid4()),
                client_id=clients[one["client"]].id or 0,
                action_id=actions[one["action"]].id if one["action"] >= 0 else None,
                start_at=start,
                end_at=end,
                time_zone="Africa/Cairo",
                status="dismissed" if one["status"] == "no-show" else one["status"],
                outcome="no-show" if one["status"] == "no-show" else "",
                shared=one["shared"],
                notes=one["notes"],
                confirmed_at=start - timedelta(days=1, seconds=7) if one["confirmed"] else None,
                created_at=FIRST - timedelta(days=2, seconds=place),
                **linked,
            )
            tx.add(row)
            tx.flush()
            for each in one["team"]:
                times = {"start_at": start, "end_at": end}
                tx.add(AppointmentStaff(appointment_id=row.id, staff_id=team[each].id or 0, **times))


def _linked(tx: Tx, belongs: str, place: int, client_id: int, service_id: int) -> dict[str, Any]:
    """Store the work order or the booking that an appointment belongs to; return how it refers to it."""
    if not belongs:
        return {}
    number = f"{2026_000 + place}"
    row = (
        WorkOrder(
            number=number, number_key=number, title="ترميم", client_id=client_id, status="open", currency="EGP",
            created_at=FIRST,
        )
        if belongs == "order"
        else Booking(token=str(uuid4()), service_id=service_id, currency="EGP", created_at=FIRST)
    )  # fmt: skip
    tx.add(row)
    tx.flush()
    return {"work_order_id" if belongs == "order" else "booking_id": row.id}


def _clear(mover: Mover) -> None:
    with mover.desk.uow.begin() as tx:
        for table in (Appointment, Booking, Service, WorkOrder, Client, Action, ChangeLine):
            tx.execute(delete(table))
        tx.execute(delete(Staff).where(Staff.name.in_(TEAM)))
        tx.execute(delete(Change).where(Change.verb == "undone"))


def _exported(mover: Mover, actor: Actor, file_type: FileType, *but: str) -> tuple[list[tuple[Any, ...]], bytes]:
    fields = tuple(name for name in FIELD_TITLES if name not in but)
    wanted = Wanted(Selection(matching=AppointmentFilter()), fields)
    with exports.opened(mover.desk.uow, actor=actor, wanted=wanted) as opened:
        rows = list(opened.rows)
        columns = [Column(field.key, field.title, field.kind) for field in opened.fields]  # type: ignore[arg-type]
        return rows, b"".join(write(file_type, columns, iter(rows), title=opened.title))


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("file_type", list(FileType))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(people=PEOPLE, appointments=APPOINTMENTS)
def test_an_export_comes_back_as_the_same_records(
    mover: Mover, file_type: FileType, language: str, people: list[tuple[str, str]], appointments: list[dict[str, Any]]
):
    actor = replace(mover.ada, language=language)
    _clear(mover)
    _store(mover, people, appointments)
    before, file = _exported(mover, actor, file_type)
    again = mover.upload(f"diary.{file_type.extension}", file, "appointments")
    assert mover.check(again) == service.Result(skipped=len(appointments)), "all are there already"
    mover.choose(again, twins="update")
    assert mover.carry_out(again) == service.Result(skipped=len(appointments)), "and say nothing new"
    assert _exported(mover, actor, file_type)[0] == before, "each still belongs to what it belonged to"
    _clear(mover)
    run = mover.upload(f"diary.{file_type.extension}", file, "appointments")
    mover.choose(run, twins="skip", create_staff=True)
    left_out = {list(FIELD_TITLES)[one.place] for one in mover.view(run).columns if not one.field}
    assert not mover.view(run).needs_order and left_out == {"kind"}
    result = mover.carry_out(run)
    assert (result.created, result.refused) == (len(appointments), 0), mover.rows(run, "refuse")
    after, _ = _exported(mover, actor, file_type)
    assert after == [_alone(row, language) for row in before]


def _alone(row: tuple[Any, ...], language: str) -> tuple[Any, ...]:
    """Return an appointment as it comes back: whatever it belonged to, which no row could bring along, it is alone."""
    place = list(FIELD_TITLES).index("kind")
    return (*row[:place], runtime.translate(language, "Independent"), *row[place + 1 :])


@pytest.mark.parametrize("language", ["en", "ar"])
def test_what_an_appointment_belongs_to_is_never_taken_for_its_action(mover: Mover, language: str):
    one = {
        "client": 0, "action": 0, "minutes": 30, "status": "done", "shared": False, "confirmed": False, "team": set(),
        "notes": "",
    }  # fmt: skip
    _store(mover, [("Cleo", "")] * 5, [{**one, "belongs": belongs} for belongs in ("", "order", "booking")])
    _, file = _exported(mover, replace(mover.ada, language=language), FileType.CSV_COMMA, "action")
    run = mover.upload("diary.csv", file, "appointments")
    assert "action" not in {column.field for column in mover.view(run).columns}
