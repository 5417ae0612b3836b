"""Marking, deleting and undoing many appointments at once, on both databases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine
from sqlmodel import col, select

from appointments_app.db.models import Change, ChangeLine
from appointments_app.db.queries import appointments, bulk, history
from appointments_app.db.queries.undo import undo
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import Status, Tab
from appointments_app.domain.change import Verb
from appointments_app.domain.errors import Cancelled
from appointments_app.domain.listing import AppointmentFilter, Selection
from tests.queries.diary import ADA, BEN, NOW, Diary, facts, fill, matches, may_see

SCHEDULED = AppointmentFilter(tab=Tab.SCHEDULED)
Snapshot = dict[int, tuple[str, object, int]]


@pytest.fixture
def own_diary(engine: Engine) -> Diary:
    """A diary of the test's own, to change."""
    return fill(engine)


def snapshot(uow: UnitOfWork) -> Snapshot:
    return {fact.row.id or 0: (fact.row.status, fact.row.deleted_at, fact.row.version) for fact in facts(uow)}


def mark(
    uow: UnitOfWork, actor: Actor, selection: Selection, status: Status, progress: bulk.Progress = bulk.keep_going
):
    def work(tx: Tx, change_id: int) -> int:
        return bulk.set_status(tx, change_id, appointments.selected(tx, actor, selection), status, progress)

    return change(uow, actor, Verb.DONE, work)


def remove(uow: UnitOfWork, actor: Actor, selection: Selection):
    return change(
        uow,
        actor,
        Verb.DELETED,
        lambda tx, change_id: bulk.delete(tx, change_id, appointments.selected(tx, actor, selection)),
    )


def change(uow: UnitOfWork, actor: Actor, verb: Verb, work: Callable[[Tx, int], int]) -> tuple[int, int]:
    with uow.begin() as tx:
        change_id = history.open_change(tx, actor, verb)
        return change_id, work(tx, change_id)


def take_back(uow: UnitOfWork, change_id: int) -> int:
    with uow.begin() as tx:
        change = tx.get(Change, change_id)
        assert change is not None
        return undo(tx, ADA, change, history.open_change(tx, ADA, Verb.UNDONE))


def test_r27_all_that_match_are_marked_with_one_line_each_and_nothing_else_is(
    own_diary: Diary, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(bulk, "CHUNK", 7)
    uow, before = own_diary.uow, snapshot(own_diary.uow)
    right = {fact.row.id for fact in own_diary.facts if may_see(ADA, fact) and matches(fact, SCHEDULED)}
    steps: list[tuple[int, int]] = []
    change_id, changed = mark(
        uow, ADA, Selection(matching=SCHEDULED), Status.DONE, lambda *step: steps.append(step) or True
    )
    assert changed == len(right)
    assert steps[-1] == (len(right), len(right))
    after = snapshot(uow)
    for row_id, (status, deleted_at, version) in before.items():
        assert after[row_id] == (
            ("done", deleted_at, version + 1) if row_id in right else (status, deleted_at, version)
        )
    with uow.read() as tx:
        lines = tx.exec(select(ChangeLine).where(col(ChangeLine.change_id) == change_id)).all()
    assert {(line.entity_id, line.field, line.old, line.new) for line in lines} == {
        (row_id, "status", "scheduled", "done") for row_id in right
    }


def test_r28_undo_brings_back_what_nobody_touched_since(own_diary: Diary):
    uow, before = own_diary.uow, snapshot(own_diary.uow)
    change_id, changed = mark(uow, ADA, Selection(matching=AppointmentFilter()), Status.DISMISSED)
    ids = sorted(row_id for row_id, row in before.items() if row[1] is None and row[0] != "dismissed")
    mark(uow, ADA, Selection(ids=(ids[0],)), Status.DONE)
    remove(uow, ADA, Selection(ids=(ids[1],)))
    assert take_back(uow, change_id) == changed - 2
    after = snapshot(uow)
    for row_id, (status, deleted_at, _version) in before.items():
        if row_id not in ids[:2]:
            assert after[row_id][:2] == (status, deleted_at)
    assert after[ids[0]][0] == "done"
    assert after[ids[1]][1] == NOW


def test_r28_deleted_appointments_come_back_by_undo(own_diary: Diary):
    uow, before = own_diary.uow, snapshot(own_diary.uow)
    change_id, changed = remove(uow, ADA, Selection(matching=SCHEDULED))
    with uow.read() as tx:
        assert appointments.exact_count(tx, ADA, SCHEDULED) == 0
    assert take_back(uow, change_id) == changed
    assert {row_id: row[:2] for row_id, row in snapshot(uow).items()} == {
        row_id: row[:2] for row_id, row in before.items()
    }


def test_undo_twice_changes_nothing_more(own_diary: Diary):
    change_id, _changed = mark(own_diary.uow, ADA, Selection(matching=SCHEDULED), Status.DONE)
    take_back(own_diary.uow, change_id)
    assert take_back(own_diary.uow, change_id) == 0


def test_a_stopped_change_leaves_everything_as_it_was(own_diary: Diary, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bulk, "CHUNK", 7)
    before = snapshot(own_diary.uow)
    with pytest.raises(Cancelled):
        mark(own_diary.uow, ADA, Selection(matching=SCHEDULED), Status.DONE, lambda done, _total: done < 20)
    assert snapshot(own_diary.uow) == before
    with own_diary.uow.read() as tx:
        assert tx.exec(select(ChangeLine)).first() is None


def test_r28_ticked_rows_that_are_not_ones_own_stay_as_they_were(own_diary: Diary):
    ids = tuple(fact.row.id or 0 for fact in own_diary.facts)
    right = {fact.row.id for fact in own_diary.facts if may_see(BEN, fact) and fact.row.status != "done"}
    _change_id, changed = mark(own_diary.uow, BEN, Selection(ids=(*ids, 0, -1, 10**18)), Status.DONE)
    assert changed == len(right)
    before = {fact.row.id: fact.row.version for fact in own_diary.facts}
    assert {row_id for row_id, row in snapshot(own_diary.uow).items() if row[2] != before[row_id]} == right


def test_r27_all_that_a_search_finds_are_marked(own_diary: Diary):
    wanted = AppointmentFilter(search="contract", staff="2")
    with own_diary.uow.read() as tx:
        total = appointments.exact_count(tx, ADA, wanted)
    mark(own_diary.uow, ADA, Selection(matching=wanted), Status.DISMISSED)
    with own_diary.uow.read() as tx:
        counts = appointments.capped_counts(tx, ADA, wanted)
    assert counts["all"] == counts["dismissed"] == total
