"""An appointment that comes back, by status or by Undo, never overlaps another one silently."""

from __future__ import annotations

import pytest

from appointments_app.db.queries import history
from appointments_app.domain.errors import Clash, NotFound
from appointments_app.domain.listing import AppointmentFilter, Place, Selection
from appointments_app.features.appointments import service
from appointments_app.features.session import service as session
from tests.appointments.conftest import Practice, token


def _book(practice: Practice, time: str = "10:00", **more: str) -> int:
    form = practice.form(time=time, staff=[str(practice.ben.staff_id)])
    return service.book(practice.uow, actor=practice.ada, form=form, token=token(), **more)


def _mark(practice: Practice, status: str, *ids: int) -> service.BulkResult:
    return service.set_status(practice.uow, actor=practice.ada, selection=Selection(ids=ids), status=status)


def _statuses(practice: Practice) -> dict[int, str]:
    page = service.list_rows(practice.uow, actor=practice.ada, wanted=AppointmentFilter(), place=Place(size=50))
    return {row.id: row.status for row in page.rows}


def test_a_dismissed_appointment_whose_time_was_given_away_stays_dismissed(practice: Practice) -> None:
    first = _book(practice)
    _mark(practice, "dismissed", first)
    second = _book(practice)
    with pytest.raises(Clash):
        _mark(practice, "scheduled", first)
    assert _statuses(practice) == {first: "dismissed", second: "scheduled"}


def test_in_bulk_only_those_whose_time_is_free_come_back(practice: Practice) -> None:
    first, other = _book(practice), _book(practice, "15:00")
    _mark(practice, "dismissed", first, other)
    _book(practice)
    result = _mark(practice, "scheduled", first, other)
    assert (result.changed, result.skipped) == (1, 1)
    assert _statuses(practice)[other] == "scheduled"


def test_undo_of_a_dismissal_or_deletion_leaves_out_what_would_overlap(practice: Practice) -> None:
    first, other = _book(practice), _book(practice, "15:00")
    dismissed = _mark(practice, "dismissed", first)
    deleted = service.delete(practice.uow, actor=practice.ada, selection=Selection(ids=(other,)))
    _book(practice)
    _book(practice, "15:15")
    assert session.undo(practice.uow, actor=practice.ada, change_id=dismissed.change_id) == 0
    assert session.undo(practice.uow, actor=practice.ada, change_id=deleted.change_id) == 0
    assert _statuses(practice)[first] == "dismissed"
    assert other not in _statuses(practice)


def test_undo_brings_back_what_overlapped_before_on_purpose(practice: Practice) -> None:
    first = _book(practice)
    form = practice.form(staff=[str(practice.ben.staff_id)])
    second = service.book(practice.uow, actor=practice.ada, form=form, token=token(), reason="Twins", accepted=(first,))
    done = _mark(practice, "dismissed", first, second)
    assert session.undo(practice.uow, actor=practice.ada, change_id=done.change_id) == 2
    assert set(_statuses(practice).values()) == {"scheduled"}


def test_what_was_booked_or_edited_cannot_be_undone(practice):
    service.book(practice.uow, actor=practice.ada, form=practice.form(), token=token())
    with practice.uow.read() as tx:
        booked = history.last_change_id(tx)
    with pytest.raises(NotFound):
        session.undo(practice.uow, actor=practice.ada, change_id=booked)
