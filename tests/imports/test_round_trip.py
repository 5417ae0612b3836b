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

from appointments_app.db.engine import engine_for
from appointments_app.db.models import Action, Appointment, AppointmentStaff, Change, ChangeLine, Client, Staff
from appointments_app.domain.access import Actor
from appointments_app.domain.listing import AppointmentFilter, Selection
from appointments_app.domain.text import fold, many_lines, one_line
from appointments_app.features.exports import service as exports
from appointments_app.features.exports.schemas import Wanted
from appointments_app.features.imports import service
from appointments_app.integrations.spreadsheets import Column, FileType, write
from tests.imports.conftest import Mover

LETTERS = st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co"), whitelist_characters="\n\t'=+-@;,\"")
LINES = st.text(LETTERS, max_size=60).map(lambda text: many_lines(text, 60).strip().lstrip("'"))
NAMES = st.text(LETTERS, max_size=30).map(lambda text: one_line(text, 30).lstrip("'=+-@ "))
FIRST = datetime(2026, 1, 5, 6, tzinfo=UTC)
APPOINTMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "client": st.integers(0, 4),
            "action": st.integers(-1, 2),
            "minutes": st.integers(5, 1440),
            "status": st.sampled_from(["scheduled", "done", "dismissed"]),
            "shared": st.booleans(),
            "confirmed": st.booleans(),
            "staffed": st.booleans(),
            "notes": LINES,
        }
    ),
    min_size=1,
    max_size=12,
)
PEOPLE = st.lists(st.tuples(NAMES, NAMES), min_size=5, max_size=5)


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
        actions = [Action(name=f"Action {n}", name_key=f"action {n}", position=n) for n in range(3)]
        tx.add_all([*clients, *actions])
        tx.flush()
        for place, one in enumerate(appointments):
            start = FIRST + timedelta(hours=7 * place)
            end = start + timedelta(minutes=one["minutes"])
            row = Appointment(
                uid=str(uuid4()),
                client_id=clients[one["client"]].id or 0,
                action_id=actions[one["action"]].id if one["action"] >= 0 else None,
                start_at=start,
                end_at=end,
                time_zone="Africa/Cairo",
                status=one["status"],
                shared=one["shared"],
                notes=one["notes"],
                confirmed_at=start - timedelta(days=1, seconds=7) if one["confirmed"] else None,
                created_at=FIRST - timedelta(days=2, seconds=place),
            )
            tx.add(row)
            tx.flush()
            if one["staffed"]:
                staff_id = tx.execute(select(Staff.id)).scalar_one()
                tx.add(AppointmentStaff(appointment_id=row.id, staff_id=staff_id, start_at=start, end_at=end))


def _clear(mover: Mover) -> None:
    with mover.desk.uow.begin() as tx:
        for table in (Appointment, Client, Action, ChangeLine):
            tx.execute(delete(table))
        tx.execute(delete(Change).where(Change.verb == "undone"))


def _exported(mover: Mover, actor: Actor, file_type: FileType) -> tuple[list[tuple[Any, ...]], bytes]:
    wanted = Wanted(Selection(matching=AppointmentFilter()))
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
    _clear(mover)
    run = mover.upload(f"diary.{file_type.extension}", file, "appointments")
    assert not mover.view(run).needs_order and all(one.field for one in mover.view(run).columns[:1])
    result = mover.carry_out(run)
    assert (result.created, result.refused) == (len(appointments), 0), mover.rows(run, "refuse")
    after, _ = _exported(mover, actor, file_type)
    assert after == before
