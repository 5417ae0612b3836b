"""Booking and editing: what goes in comes out, what is wrong is refused at its field, nobody is booked twice."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from appointments_app.db.models import Action, Appointment, AppointmentStaff, AppointmentText, Client, Staff
from appointments_app.db.queries import booking, history
from appointments_app.domain.access import Permission, program
from appointments_app.domain.booking import form_of, read_form
from appointments_app.domain.errors import Clash, Conflict, DomainError, Invalid, NotAllowed, NotFound
from appointments_app.domain.listing import Selection
from appointments_app.features.appointments import service
from appointments_app.features.clients.service import quick_create
from tests.appointments.conftest import NOON, Practice, token


def _book(practice: Practice, **changes) -> int:
    return service.book(practice.uow, actor=practice.ada, form=practice.form(**changes), token=token())


def _stored(practice: Practice, appointment_id: int) -> booking.Stored:
    with practice.uow.read() as tx:
        found = booking.stored(tx, practice.ada, appointment_id)
    assert found is not None
    return found


def _edit(practice: Practice, appointment_id: int, *, version: int = 1, actor=None, **changes):
    values = {name: changes.pop(name) for name in ("since", "reason", "accepted") if name in changes}
    form = form_of(_stored(practice, appointment_id).booking, zone_name="Africa/Cairo") | changes
    return service.edit(
        practice.uow, actor=actor or practice.ada, appointment_id=appointment_id, form=form, version=version, **values
    )


def _count(practice: Practice, table=Appointment) -> int:
    with practice.uow.read() as tx:
        return tx.execute(select(func.count()).select_from(table)).scalar_one()


def _refused(practice: Practice, **changes) -> dict[str, str]:
    with pytest.raises(Invalid) as refusal:
        _book(practice, **changes)
    assert _count(practice) == 0
    return refusal.value.fields


def test_r5_to_r14_everything_the_form_says_is_stored(practice):
    staff = [str(practice.ben.staff_id), str(practice.ada.staff_id)]
    booked = _stored(
        practice,
        _book(practice, action=str(practice.call), staff=staff, notes="Bring papers", shared=True, duration="90"),
    )
    assert booked.booking.client_id == practice.cleo
    assert booked.booking.action_id == practice.call
    assert (booked.booking.start_at, booked.booking.end_at) == (
        datetime(2026, 3, 25, 8, tzinfo=UTC),
        datetime(2026, 3, 25, 9, 30, tzinfo=UTC),
    )
    assert [one.name for one in booked.staff] == ["Ada", "Ben"]
    assert (booked.booking.notes, booked.booking.shared, booked.status, booked.created_by) == (
        "Bring papers",
        True,
        "scheduled",
        "Ada",
    )


def test_r5_a_client_is_required_and_must_exist_and_not_be_archived(practice):
    assert set(_refused(practice, client="")) == {"client"}
    assert set(_refused(practice, client="99999")) == {"client"}
    with practice.uow.begin() as tx:
        tx.execute(update(Client).where(Client.id == practice.cleo).values(archived_at=NOON))
    assert set(_refused(practice)) == {"client"}


def test_r6_to_r8_date_time_and_duration_are_required(practice):
    assert set(_refused(practice, date="", time="", duration="")) == {"date", "time", "duration"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("date", "25/03/2026"),
        ("date", "0001-01-01"),
        ("date", "9999-12-31"),
        ("date", None),
        ("date", 5),
        ("time", "25:00"),
        ("time", "ten"),
        ("time", {"h": 1}),
        ("duration", "4"),
        ("duration", "1441"),
        ("duration", "-30"),
        ("duration", "half an hour"),
        ("duration", "٣٠"),
        ("duration", "9" * 40),
        ("client", ["1"]),
        ("client", "1; DROP TABLE client"),
        ("action", "none"),
        ("action", "99999"),
        ("staff", ["x"]),
        ("staff", ["99999"]),
        ("staff", [None]),
        ("staff", ["1"] * 51),
    ],
)
def test_r6_to_r14_a_wrong_value_is_refused_at_its_field(practice, field, value):
    assert set(_refused(practice, **{field: value})) == {field}


@pytest.mark.parametrize("minutes", [5, 24 * 60])
def test_r8_the_shortest_and_the_longest_duration_are_taken(practice, minutes):
    assert _stored(practice, _book(practice, duration=str(minutes))).booking.minutes == minutes


def test_r8_an_appointment_may_cross_midnight(practice):
    booked = _stored(practice, _book(practice, time="23:30", duration="60")).booking
    assert booked.end_at - booked.start_at == timedelta(hours=1)
    assert (booked.start_at.date(), booked.end_at.isoformat()) == (
        date(2026, 3, 25),
        "2026-03-25T22:30:00+00:00",
    )


def test_r7_a_start_in_the_past_is_allowed_and_said_beforehand(practice):
    form = practice.form(date="2026-03-24", time="13:59")
    assert service.outlook(practice.uow, actor=practice.ada, form=form).in_past
    assert not service.outlook(practice.uow, actor=practice.ada, form=practice.form()).in_past
    assert service.book(practice.uow, actor=practice.ada, form=form, token=token())


def test_r9_an_inactive_action_is_refused_for_new_appointments_and_kept_by_old_ones(practice):
    appointment_id = _book(practice, action=str(practice.call))
    with practice.uow.begin() as tx:
        tx.execute(update(Action).where(Action.id == practice.call).values(active=False))
    with pytest.raises(Invalid) as refusal:
        _book(practice, action=str(practice.call))
    assert set(refusal.value.fields) == {"action"}
    assert _edit(practice, appointment_id, notes="still the same call")
    assert _stored(practice, appointment_id).action.name == "Follow-up call"


@pytest.mark.parametrize(
    "notes",
    [
        "😀👩‍👩‍👧 \u202emirror\u202c \u200fعربي",
        "<script>alert(1)</script>",
        '=HYPERLINK("x")',
        "a\n\n\tb  c ",
        "x" * 10_000,
        "😀" * 10_000,
        "'; --",
    ],
)
def test_r10_notes_of_any_kind_come_out_the_same(practice, notes):
    assert _stored(practice, _book(practice, notes=notes)).booking.notes == notes


def test_r10_longer_notes_are_refused_not_cut(practice):
    assert set(_refused(practice, notes="x" * 10_001)) == {"notes"}


def test_r10_notes_are_found_by_search_also_after_an_edit(practice):
    appointment_id = _book(practice, notes="Crème brûlée")
    with practice.uow.read() as tx:
        assert tx.get(AppointmentText, appointment_id).body == "creme brulee"
    _edit(practice, appointment_id, notes="")
    with practice.uow.read() as tx:
        assert tx.get(AppointmentText, appointment_id) is None


def test_r10_half_a_surrogate_pair_does_no_harm(practice):
    assert _stored(practice, _book(practice, notes="a\ud83db\x00c")).booking.notes == "a\ufffdbc"


def test_r11_sharing_is_off_unless_ticked(practice):
    assert not _stored(practice, _book(practice, shared="false")).booking.shared
    assert _stored(practice, _book(practice, shared=True)).booking.shared


def test_r14_staff_may_be_none_or_several_but_must_work_here(practice):
    assert _stored(practice, _book(practice)).staff == []
    with practice.uow.begin() as tx:
        tx.execute(update(Staff).where(Staff.id == practice.ben.staff_id).values(active=False))
    with pytest.raises(Invalid) as refusal:
        _book(practice, staff=[str(practice.ben.staff_id)])
    assert set(refusal.value.fields) == {"staff"}


def test_r14_somebody_who_left_stays_on_old_appointments(practice):
    appointment_id = _book(practice, staff=[str(practice.ben.staff_id)])
    with practice.uow.begin() as tx:
        tx.execute(update(Staff).where(Staff.id == practice.ben.staff_id).values(active=False))
    assert _edit(practice, appointment_id, notes="x")
    assert [one.name for one in _stored(practice, appointment_id).staff] == ["Ben"]


def test_who_may_not_book_or_edit_is_refused(practice):
    appointment_id = _book(practice)
    guest = replace(practice.ben, permissions=frozenset({Permission.VIEW}))
    with pytest.raises(NotAllowed):
        service.book(practice.uow, actor=guest, form=practice.form(), token=token())
    with pytest.raises(NotAllowed):
        _edit(practice, appointment_id, actor=guest, notes="x")


def test_an_unknown_or_deleted_appointment_is_not_found(practice):
    appointment_id = _book(practice)
    service.delete(practice.uow, actor=practice.ada, selection=Selection(ids=(appointment_id,)))
    for missing in (appointment_id, 99999):
        with pytest.raises(NotFound):
            service.open_one(practice.uow, actor=practice.ada, appointment_id=missing)
        with pytest.raises(NotFound):
            service.edit(practice.uow, actor=practice.ada, appointment_id=missing, form=practice.form(), version=1)


def test_the_same_form_saved_twice_is_one_appointment(practice):
    form_token = token()
    first = service.book(practice.uow, actor=practice.ada, form=practice.form(), token=form_token)
    again = service.book(
        practice.uow, actor=practice.ada, form=practice.form(notes="typed later", client=""), token=form_token
    )
    assert (again, _count(practice)) == (first, 1)


def test_a_form_saved_in_two_tabs_at_once_is_one_appointment(practice):
    form_token = token()
    ids = _at_once(
        lambda: service.book(practice.uow, actor=practice.ada, form=practice.form(), token=form_token), times=6
    )
    assert len(set(ids)) == 1 and _count(practice) == 1


@pytest.mark.parametrize("bad", ["", "edit-1-1", "x" * 36, None, "../../etc"])
def test_a_token_that_no_form_has_is_refused(practice, bad):
    with pytest.raises(DomainError):
        service.book(practice.uow, actor=practice.ada, form=practice.form(), token=bad)
    assert _count(practice) == 0


def test_the_token_of_somebody_else_is_refused(practice):
    form_token = token()
    service.book(practice.uow, actor=practice.ada, form=practice.form(), token=form_token)
    with pytest.raises(NotFound):
        service.book(practice.uow, actor=practice.ben, form=practice.form(), token=form_token)


def test_the_program_itself_may_book_without_a_form(practice):
    assert service.book(practice.uow, actor=program(time_zone="Africa/Cairo"), form=practice.form(), token="")


def _at_once(work, times: int) -> list:
    start, results = threading.Barrier(times), []

    def run():
        start.wait()
        try:
            results.append(work())
        except Exception as error:
            results.append(error)

    threads = [threading.Thread(target=run) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_r14_staff_who_are_busy_are_not_booked_in_silence(practice):
    ben = [str(practice.ben.staff_id)]
    first = _book(practice, staff=ben)
    with pytest.raises(Clash) as clash:
        _book(practice, client=str(practice.omar), staff=ben, time="10:15")
    assert [(row.id, row.client) for row in clash.value.values["clashes"]] == [(first, "Cleo")]
    assert _count(practice) == 1


def test_r14_the_next_appointment_may_begin_when_one_ends(practice):
    ben = [str(practice.ben.staff_id)]
    _book(practice, staff=ben)
    assert _book(practice, staff=ben, time="10:30")
    assert _book(practice, staff=ben, time="09:30")


def test_r14_book_anyway_needs_a_reason_and_keeps_it(practice):
    ben = [str(practice.ben.staff_id)]
    first = _book(practice, staff=ben)
    again = {"actor": practice.ada, "form": practice.form(staff=ben), "accepted": (first,)}
    for reason in ("", "   ", "x" * 501):
        with pytest.raises(Invalid) as refusal:
            service.book(practice.uow, **again, token=token(), reason=reason)
        assert set(refusal.value.fields) == {"reason"}
    second = service.book(practice.uow, **again, token=token(), reason="Twins")
    assert _stored(practice, second).overlap_reason == "Twins"
    with practice.uow.read() as tx:
        (row,) = history.of_record(tx, "appointment", second)
    assert [(line.field, line.new) for line in row.lines] == [("overlap_reason", "Twins")]


def test_r14_a_clash_that_was_not_shown_is_asked_about_again(practice):
    ben = [str(practice.ben.staff_id)]
    first = _book(practice, staff=ben)
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
    first, later = _book(practice, staff=ben), _book(practice, staff=ben, time="12:00")
    service.set_status(practice.uow, actor=practice.ada, selection=Selection(ids=(first,)), status="dismissed")
    service.delete(practice.uow, actor=practice.ada, selection=Selection(ids=(later,)))
    assert _book(practice, staff=ben) and _book(practice, staff=ben, time="12:00")


def test_r14_the_form_warns_before_saving(practice):
    ben = [str(practice.ben.staff_id)]
    first = _book(practice, staff=ben)
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

    results = _at_once(race, times=12)
    assert [type(one) for one in results].count(int) == 1
    assert [type(one) for one in results].count(Clash) == 11
    with practice.uow.read() as tx:
        assert (
            tx.execute(
                select(func.count()).select_from(AppointmentStaff).where(AppointmentStaff.staff_id == int(ben))
            ).scalar()
            == 1
        )


def test_an_edit_stores_what_differs_and_says_so_in_the_audit_trail(practice):
    appointment_id = _book(practice, staff=[str(practice.ada.staff_id)])
    assert _edit(
        practice,
        appointment_id,
        client=str(practice.omar),
        notes="Moved",
        time="11:00",
        staff=[str(practice.ben.staff_id)],
    )
    now = _stored(practice, appointment_id)
    assert (now.client.name, now.booking.notes, [one.name for one in now.staff], now.version) == (
        "Omar",
        "Moved",
        ["Ben"],
        2,
    )
    with practice.uow.read() as tx:
        row = history.of_record(tx, "appointment", appointment_id)[0]
        times = tx.execute(select(AppointmentStaff.start_at)).scalar_one()
    assert {(line.field, line.old, line.new) for line in row.lines} >= {
        ("client_id", "Cleo", "Omar"),
        ("staff_ids", "Ada", "Ben"),
        ("notes", "", "Moved"),
    }
    assert (row.verb, row.who, times) == ("edited", "Ada", datetime(2026, 3, 25, 9, tzinfo=UTC))


def test_saving_without_a_change_writes_nothing(practice):
    appointment_id = _book(practice, notes="x")
    assert not _edit(practice, appointment_id)
    assert not _edit(practice, appointment_id, version=77)
    assert _stored(practice, appointment_id).version == 1


def test_a_change_far_behind_in_the_notes_is_stored_and_noted(practice):
    appointment_id = _book(practice, notes="x" * 5000 + "a")
    assert _edit(practice, appointment_id, notes="x" * 5000 + "b")
    assert _stored(practice, appointment_id).booking.notes.endswith("b")


def test_the_second_of_two_savers_is_told_who_changed_what(practice):
    appointment_id = _book(practice)
    opened = service.open_one(practice.uow, actor=practice.ada, appointment_id=appointment_id)
    _edit(practice, appointment_id, actor=practice.ben, notes="Ben's words")
    with pytest.raises(Conflict) as conflict:
        _edit(practice, appointment_id, version=opened.version, since=opened.since, notes="Ada's words")
    (change,) = conflict.value.values["changes"]
    assert (change.who, [(line.field, line.new) for line in change.lines]) == ("Ben", [("notes", "Ben's words")])
    assert _stored(practice, appointment_id).booking.notes == "Ben's words"
    assert _edit(practice, appointment_id, version=conflict.value.values["version"], notes="Ada's words")


def test_two_savers_at_once_never_overwrite_each_other_in_silence(practice):
    appointment_id = _book(practice)
    words = iter(f"words {n}" for n in range(6))
    form = practice.form()
    results = _at_once(
        lambda: service.edit(
            practice.uow,
            actor=practice.ada,
            appointment_id=appointment_id,
            form=form | {"notes": next(words)},
            version=1,
        ),
        times=6,
    )
    assert sorted(type(one).__name__ for one in results) == ["Conflict"] * 5 + ["bool"]


def test_r31_a_new_time_takes_the_confirmation_back_and_other_changes_do_not(practice):
    appointment_id = _book(practice)
    with practice.uow.begin() as tx:
        tx.execute(update(Appointment).values(confirmed_at=NOON, confirmed_by="Cleo", confirmed_how="portal"))
    _edit(practice, appointment_id, notes="x", shared=True)
    assert _stored(practice, appointment_id).confirmed_by == "Cleo"
    _edit(practice, appointment_id, version=2, time="10:05")
    now = _stored(practice, appointment_id)
    assert (now.confirmed_at, now.confirmed_by, now.confirmed_how) == (None, "", "")


@pytest.mark.parametrize("status", ["done", "dismissed"])
def test_done_and_dismissed_appointments_can_be_edited(practice, status):
    appointment_id = _book(practice)
    service.set_status(practice.uow, actor=practice.ada, selection=Selection(ids=(appointment_id,)), status=status)
    assert _edit(practice, appointment_id, version=2, notes="came late")
    assert _stored(practice, appointment_id).status == status


def test_r14_an_edit_onto_busy_staff_is_a_clash_and_an_accepted_overlap_is_not_asked_about_again(practice):
    ben = [str(practice.ben.staff_id)]
    first, second = _book(practice, staff=ben), _book(practice, staff=ben, time="12:00")
    with pytest.raises(Clash):
        _edit(practice, second, time="10:10")
    assert _edit(practice, second, time="10:10", reason="Twins", accepted=(first,))
    assert _edit(practice, second, version=2, notes="x")
    assert _stored(practice, second).overlap_reason == "Twins"
    assert _edit(practice, second, version=3, time="12:00")
    assert _stored(practice, second).overlap_reason == ""


def test_r14_adding_somebody_who_is_busy_is_a_clash(practice):
    _book(practice, staff=[str(practice.ben.staff_id)])
    second = _book(practice)
    with pytest.raises(Clash):
        _edit(practice, second, staff=[str(practice.ben.staff_id)])


def test_an_untouched_time_stays_the_very_instant_in_a_repeated_hour():
    second = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # 02:30 in Berlin, for the second time
    stored = read_form(
        {"client": "1", "date": "2026-10-25", "time": "02:30", "duration": "30"}, zone_name="Europe/Berlin"
    )
    stored = replace(stored, start_at=second, end_at=second + timedelta(minutes=30))
    form = form_of(stored, zone_name="Europe/Berlin")
    assert read_form(form, zone_name="Europe/Berlin", kept=stored) == stored
    assert read_form(form | {"duration": "60"}, zone_name="Europe/Berlin", kept=stored).end_at == second + timedelta(
        hours=1
    )


def test_the_form_opens_in_the_readers_own_zone(practice):
    appointment_id = _book(practice)
    abroad = replace(practice.ben, time_zone="Europe/London")
    opened = service.open_one(practice.uow, actor=abroad, appointment_id=appointment_id)
    assert (opened.form["date"], opened.form["time"], opened.business_zone) == ("2026-03-25", "08:00", "Africa/Cairo")


def test_r6_booking_takes_few_statements(practice):
    from sqlalchemy import event

    seen: list[str] = []
    event.listen(practice.uow.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))
    _book(practice, action=str(practice.call), staff=[str(practice.ben.staff_id)], notes="x")
    assert len(seen) <= 12, "\n".join(seen)


def test_a_search_of_any_text_finds_or_finds_nothing(practice):
    mona = quick_create(practice.uow, actor=practice.ada, name="Mona")
    assert service.find_clients(practice.uow, actor=practice.ada, search="Mo\x00na\ud800") == [mona]
    (ben,) = service.find_staff(practice.uow, actor=practice.ada, search="\x00ben\udfff")
    assert ben.id == str(practice.ben.staff_id)
    assert service.find_clients(practice.uow, actor=practice.ada, search=["\x00"]) == []


@pytest.mark.parametrize("nobody", ["0", "2147483648", "999999999999999", "9" * 30])
def test_a_form_for_an_id_of_nobody_opens_empty(practice, nobody):
    opened = service.open_new(practice.uow, actor=practice.ada, token=token(), client=nobody)
    assert opened.client is None and opened.form["client"] == ""
