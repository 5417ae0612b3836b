"""Nobody is booked twice in silence (R14)."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from appointments_app.db.models import AppointmentStaff
from appointments_app.db.queries import history
from appointments_app.domain.errors import Clash, Invalid
from appointments_app.domain.listing import Selection
from appointments_app.features.appointments import service
from tests.appointments.conftest import token
from tests.appointments.desk import at_once, book, count_of, edit, stored


def test_r14_staff_who_are_busy_are_not_booked_in_silence(practice):
    ben = [str(practice.ben.staff_id)]
    first = book(practice, staff=ben)
    with pytest.raises(Clash) as clash:
        book(practice, client=str(practice.omar), staff=ben, time="10:15")
    assert [(row.id, row.client) for row in clash.value.values["clashes"]] == [(first, "Cleo")]
    assert count_of(practice) == 1


def test_r14_the_next_appointment_may_begin_when_one_ends(practice):
    ben = [str(practice.ben.staff_id)]
    book(practice, staff=ben)
    assert book(practice, staff=ben, time="10:30")
    assert book(practice, staff=ben, time="09:30")


def test_r14_book_anyway_needs_a_reason_and_keeps_it(practice):
    ben = [str(practice.ben.staff_id)]
    first = book(practice, staff=ben)
    again = {"actor": practice.ada, "form": practice.form(staff=ben), "accepted": (first,)}
    for reason in ("", "   ", "x" * 501):
        with pytest.raises(Invalid) as refusal:
            service.book(practice.uow, **again, token=token(), reason=reason)
        assert set(refusal.value.fields) == {"reason"}
    second = service.book(practice.uow, **again, token=token(), reason="Twins")
    assert stored(practice, second).overlap_reason == "Twins"
    with practice.uow.read() as tx:
        (row,) = history.of_record(tx, "appointment", second)
    assert [(line.field, line.new) for line in row.lines] == [("overlap_reason", "Twins")]


def test_r14_a_clash_that_was_not_shown_is_asked_about_again(practice):
    ben = [str(practice.ben.staff_id)]
    first = book(practice, staff=ben)
    second = service.book(
        practice.uow,
        actor=practice.ada,
        form=practice.form(staff=ben),
        token=token(),
        reason="Twins",
        accepted=(first,),
    )
    with pytest.raises(Clash) as clash:
        service.book(
            practice.uow,
            actor=practice.ben,
            form=practice.form(staff=ben),
            token=token(),
            reason="Urgent",
            accepted=(first,),
        )
    assert {row.id for row in clash.value.values["clashes"]} == {first, second}


def test_r14_dismissed_and_deleted_appointments_keep_nobody_busy(practice):
    ben = [str(practice.ben.staff_id)]
    first, later = book(practice, staff=ben), book(practice, staff=ben, time="12:00")
    service.set_status(practice.uow, actor=practice.ada, selection=Selection(ids=(first,)), status="dismissed")
    service.delete(practice.uow, actor=practice.ada, selection=Selection(ids=(later,)))
    assert book(practice, staff=ben) and book(practice, staff=ben, time="12:00")


def test_r14_the_form_warns_before_saving(practice):
    ben = [str(practice.ben.staff_id)]
    first = book(practice, staff=ben)
    look = service.outlook(practice.uow, actor=practice.ada, form=practice.form(staff=ben, client=""))
    assert [row.id for row in look.clashes] == [first]
    assert not service.outlook(
        practice.uow, actor=practice.ada, form=practice.form(staff=ben), appointment_id=first
    ).clashes
    assert service.outlook(practice.uow, actor=practice.ada, form={"staff": "nonsense"}) == service.Outlook()


def test_r14_racing_for_one_person_never_ends_in_a_silent_overlap(practice):
    ben, ada = str(practice.ben.staff_id), str(practice.ada.staff_id)
    people = iter([(practice.ada, [ben]), (practice.ben, [ada, ben])] * 6)

    def race():
        actor, staff = next(people)
        return service.book(practice.uow, actor=actor, form=practice.form(staff=staff), token=token())

    results = at_once(race, times=12)
    assert [type(one) for one in results].count(int) == 1
    assert [type(one) for one in results].count(Clash) == 11
    with practice.uow.read() as tx:
        assert (
            tx.execute(
                select(func.count()).select_from(AppointmentStaff).where(AppointmentStaff.staff_id == int(ben))
            ).scalar()
            == 1
        )


def test_r14_an_edit_onto_busy_staff_is_a_clash_and_an_accepted_overlap_is_not_asked_about_again(practice):
    ben = [str(practice.ben.staff_id)]
    first, second = book(practice, staff=ben), book(practice, staff=ben, time="12:00")
    with pytest.raises(Clash):
        edit(practice, second, time="10:10")
    assert edit(practice, second, time="10:10", reason="Twins", accepted=(first,))
    assert edit(practice, second, version=2, notes="x")
    assert stored(practice, second).overlap_reason == "Twins"
    assert edit(practice, second, version=3, time="12:00")
    assert stored(practice, second).overlap_reason == ""


def test_r14_adding_somebody_who_is_busy_is_a_clash(practice):
    book(practice, staff=[str(practice.ben.staff_id)])
    second = book(practice)
    with pytest.raises(Clash):
        edit(practice, second, staff=[str(practice.ben.staff_id)])
