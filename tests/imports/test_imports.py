"""Importing: what becomes of rows, the dry run, one transaction, undo; on both databases."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from appointments_app.db import engine as engines
from appointments_app.db.models import Action, Appointment, AppointmentStaff, Client, ClientText, Staff
from appointments_app.db.queries import client_access
from appointments_app.db.unit_of_work import BUSY, UnitOfWork
from appointments_app.domain.access import Role
from appointments_app.domain.errors import Cancelled, Invalid, NotAllowed, NotFound, Unavailable
from appointments_app.features.clients import service as clients
from appointments_app.features.imports import service
from appointments_app.features.imports.service.planning import BOOKED, KNOWN, NO_ACTION, SEVERAL, TWICE
from tests.imports.conftest import Mover
from tests.imports.corpus import book
from tests.session.desk import NOON

CLIENTS = [
    ["Name", "E-mail", "Phone", "Tags", "Notes"],
    ["Cleo Karim", "Cleo@Example.com", "0100 123 4567", "vip, new", "likes tea"],
    ["عمر حسن", "", "01001234568", "", ""],
]
DIARY = [
    ["Date", "Time", "Duration", "Client", "Phone", "Service", "Staff", "Status", "Notes"],
    ["24/03/2026", "10:00", "45", "Cleo Karim", "0100 123 4567", "Haircut", "Ada", "Done", "first"],
    ["25/03/2026", "2:30 pm", "", "Cleo Karim", "0100 123 4567", "haircut", "", "", ""],
]


def test_clients_are_stored_as_the_form_would_store_them(mover: Mover):
    assert mover.bring(CLIENTS) == service.Result(created=2)
    cleo, omar = mover.clients()
    assert (cleo.name, cleo.email, cleo.phone, cleo.notes) == (
        "Cleo Karim",
        "cleo@example.com",
        "+201001234567",
        "likes tea",
    )
    assert (omar.name, omar.phone) == ("عمر حسن", "+201001234568")
    with mover.desk.uow.read() as tx:
        assert "vip" in tx.get(ClientText, cleo.id).body


def test_the_same_file_again_changes_nothing(mover: Mover):
    mover.bring(CLIENTS)
    assert mover.bring(CLIENTS) == service.Result(skipped=2)
    assert mover.bring(CLIENTS, twins="update") == service.Result(skipped=2)
    assert mover.bring(CLIENTS, twins="create") == service.Result(created=2)
    assert len(mover.clients()) == 4


def test_a_known_client_is_skipped_with_the_reason_at_the_cell_or_updated(mover: Mover):
    mover.bring(CLIENTS)
    rows = [["Name", "E-mail", "Phone"], ["Cleo K.", "cleo@example.com", ""], ["Other", "", "0100 123 4568"]]
    run = mover.upload("more.csv", rows)
    assert mover.check(run) == service.Result(skipped=2)
    assert [row.reasons for row in mover.rows(run, "skip")] == [{1: KNOWN["email"]}, {2: KNOWN["phone"]}]
    mover.choose(run, twins="update")
    assert mover.check(run) == mover.carry_out(run) == service.Result(updated=2)
    cleo, other = mover.clients()
    assert (cleo.name, cleo.phone, cleo.version) == ("Cleo K.", "+201001234567", 2), "an empty cell takes nothing away"
    assert other.name == "Other"


def test_a_row_that_says_the_same_as_one_further_up_is_skipped(mover: Mover):
    run = mover.upload(
        "twice.csv", [*CLIENTS, ["Cleo Karim", "cleo@example.com", "", "", ""], ["عمر حسن", "", "", "", ""]]
    )
    mover.check(run)
    assert [row.reasons for row in mover.rows(run, "skip")] == [{1: TWICE["email"]}, {0: TWICE["name"]}]
    assert mover.carry_out(run) == service.Result(created=2, skipped=2)


def test_a_name_that_several_have_is_refused_where_it_would_be_a_guess(mover: Mover):
    mover.bring([["Name", "Phone"], ["Mona", "01001234567"], ["Mona", "01001234568"]])
    run = mover.upload("mona.csv", [["Name", "Phone"], ["Mona", ""]])
    assert mover.check(run) == service.Result(refused=1)
    assert mover.rows(run, "refuse")[0].reasons == {0: SEVERAL}


def test_what_is_wrong_is_said_at_its_cell_and_the_rest_is_imported(mover: Mover):
    rows = [
        ["Name", "E-mail", "Phone"],
        ["A", "no address", "12"],
        ["", "b@example.com", ""],
        ["C", "c@example.com", ""],
    ]
    run = mover.upload("wrong.csv", rows)
    assert mover.carry_out(run) == service.Result(created=1, refused=2)
    first, second = mover.rows(run, "refuse")
    assert (first.number, first.cells) == (2, ["A", "no address", "12"])
    assert first.reasons == {1: "This is not an e-mail address.", 2: "This is not a phone number."}
    assert second.reasons == {0: "The client's name is missing."}


def test_appointments_bring_their_clients_actions_and_times(mover: Mover):
    result = mover.bring(DIARY, "appointments")
    assert result == service.Result(created=2, clients=1, actions=1)
    done, next_one = mover.appointments()
    assert done.start_at == datetime(2026, 3, 24, 8, tzinfo=UTC), "a wall time of Cairo"
    assert (done.end_at - done.start_at).seconds == 45 * 60 and done.status == "done" and done.notes == "first"
    assert next_one.start_at == datetime(2026, 3, 25, 12, 30, tzinfo=UTC) and next_one.status == "scheduled"
    assert (next_one.end_at - next_one.start_at).seconds == 30 * 60
    assert done.action_id == next_one.action_id is not None and done.client_id == next_one.client_id
    assert mover.bring(DIARY, "appointments") == service.Result(skipped=2)


def test_an_appointment_that_is_there_is_skipped_or_updated(mover: Mover):
    mover.bring(DIARY, "appointments")
    changed = [DIARY[0], [*DIARY[1][:2], "60", *DIARY[1][3:5], "Colour", "", "Dismissed", "other"]]
    run = mover.upload("changed.csv", changed, "appointments")
    mover.check(run)
    assert mover.rows(run, "skip")[0].reasons == {0: BOOKED}
    mover.choose(run, twins="update")
    assert mover.check(run) == mover.carry_out(run) == service.Result(updated=1, actions=1)
    one = mover.appointments()[0]
    assert (one.status, one.notes, (one.end_at - one.start_at).seconds) == ("dismissed", "other", 3600)
    assert service.undo(mover.desk.uow, actor=mover.ada, run_id=run) == service.Undone(restored=1)
    one = mover.appointments()[0]
    assert (one.status, one.notes, (one.end_at - one.start_at).seconds) == ("done", "first", 2700)
    assert mover.count(Action) == 1, "the action that came along went again"


def test_what_an_import_lengthens_over_others_says_why(mover: Mover):
    head = ["Client", "Start", "Minutes", "Staff"]
    rows = [["Cleo", "2026-03-26 10:00", "30", "Ada"], ["Omar", "2026-03-26 12:00", "30", "Ada"]]
    mover.bring([head, *rows], "appointments")
    mover.bring([head, [*rows[0][:2], "180", "Ada"]], "appointments", twins="update")
    assert [one.overlap_reason for one in mover.appointments()] == ["It was imported at this time.", ""]


def test_a_cell_that_is_neither_number_nor_date_is_refused_alone(mover: Mover):
    rows = [["Cleo", "²"], ["Omar", "0001-01-01"], ["Mona", "2026-03-26 10:00"]]
    assert mover.bring([["Client", "Start"], *rows], "appointments") == service.Result(created=1, refused=2, clients=1)


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/worksheets/sheet1.xml", ' t="n"', ' s="x"'),
        ("xl/worksheets/sheet1.xml", 'row r="2"', 'row r="²"'),
        ("xl/styles.xml", 'numFmtId="0"', 'numFmtId="x"'),
    ],
)
def test_a_workbook_with_a_number_that_is_none_is_damaged(mover: Mover, part: str, old: str, new: str):
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book(["Name"], ["Cleo"], [5])())) as whole, zipfile.ZipFile(changed, "w") as copy:
        for name in whole.namelist():
            body = whole.read(name).decode()
            assert name != part or old in body
            copy.writestr(name, body.replace(old, new) if name == part else body)
    with pytest.raises(Invalid, match="damaged"):
        mover.bring(changed.getvalue(), name="clients.xlsx")


def test_nothing_is_created_on_the_way_unless_asked_for(mover: Mover):
    run = mover.upload("diary.csv", DIARY, "appointments")
    mover.choose(run, create_clients=False, create_actions=False)
    assert mover.check(run) == service.Result(refused=2)
    assert mover.rows(run, "refuse")[1].reasons == {3: "There is no such client.", 5: NO_ACTION}
    staff = [["Start", "Client", "Staff"], ["2026-03-24 10:00", "Cleo", "Ada, Zoe"]]
    run = mover.upload("staff.csv", staff, "appointments")
    assert mover.check(run) == service.Result(refused=1)
    mover.choose(run, create_staff=True)
    assert mover.check(run) == mover.carry_out(run) == service.Result(created=1, clients=1, staff=1)
    assert mover.count(Staff) == 2
    service.undo(mover.desk.uow, actor=mover.ada, run_id=run)
    assert (mover.count(Staff), mover.count(Client), mover.count(Appointment)) == (1, 0, 0)


def test_dates_that_could_be_either_are_asked_for(mover: Mover):
    rows = [["Date", "Time", "Client"], ["03/04/2026", "10:00", "Cleo"]]
    run = mover.upload("either.csv", rows, "appointments")
    assert mover.view(run).needs_order
    with pytest.raises(Invalid) as refused:
        mover.check(run)
    assert "order" in refused.value.fields
    mover.choose(run, order="mdy")
    mover.carry_out(run)
    assert mover.appointments()[0].start_at == datetime(2026, 3, 4, 8, tzinfo=UTC)


def test_columns_are_matched_again_by_hand_and_remembered_for_the_next_file(mover: Mover):
    rows = [["Who", "Mail", "Ring"], ["Cleo", "cleo@example.com", "01001234567"]]
    run = mover.upload("odd.csv", rows)
    assert [one.field for one in mover.view(run).columns] == ["", "email", "phone"]
    with pytest.raises(Invalid):
        mover.check(run)
    view = service.choose_field(mover.desk.uow, actor=mover.ada, run_id=run, place=0, field="name")
    assert view.lacking == ""
    mover.carry_out(run)
    again = mover.upload("odd.csv", [rows[0], ["Dina", "", ""]])
    assert [one.field for one in mover.view(again).columns] == ["name", "email", "phone"]


def test_stopping_takes_everything_back(mover: Mover):
    run = mover.upload("diary.csv", DIARY, "appointments")

    for part in (0, 1 / 2, 1):

        def stop(done: int, total: int, part: float = part) -> bool:
            return not total or done < part * total

        with pytest.raises(Cancelled):
            service.carry_out(mover.desk.uow, actor=mover.ada, run_id=run, progress=stop)
        assert (mover.count(Client), mover.count(Appointment), mover.count(Action)) == (0, 0, 0)
    assert mover.carry_out(run).created == 2


def test_an_undo_that_is_stopped_leaves_the_import_and_can_be_begun_again(mover: Mover):
    run = mover.upload("diary.csv", DIARY, "appointments")
    mover.carry_out(run)
    mover.desk.wait(minutes=5)
    with pytest.raises(Cancelled):
        service.undo(mover.desk.uow, actor=mover.ada, run_id=run, progress=lambda done, _total: done < 2)
    assert (mover.count(Client), mover.count(Appointment), mover.view(run).state) == (1, 2, "done")
    assert service.undo(mover.desk.uow, actor=mover.ada, run_id=run) == service.Undone(removed=3)
    assert (mover.count(Client), mover.count(Appointment), mover.count(Action)) == (0, 0, 0)


def test_a_name_with_a_birth_date_tells_people_apart(mover: Mover):
    people = [["Name", "Date of birth", "Phone"], ["Mona Adel", "31/12/1980", ""], ["Mona Adel", "5.6.77", ""]]
    assert mover.bring(people, order="dmy") == service.Result(created=2)
    assert [one.birth_date for one in mover.clients()] == ["1980-12-31", "1977-06-05"]
    again = [
        people[0],
        ["mona adel", "1980-12-31", "0100 123 4567"],
        ["Mona Adel", "1990-01-01", ""],
        ["Mona Adel", "", ""],
        ["Omar", "2026-12-31", ""],
    ]
    run = mover.upload("again.csv", again)
    mover.choose(run, twins="update")
    assert mover.carry_out(run) == service.Result(created=1, updated=1, refused=2)
    assert [one.birth_date for one in mover.clients() if one.phone] == ["1980-12-31"]
    reasons = [next(iter(row.reasons.values())) for row in mover.rows(run, "refuse")]
    assert reasons == [SEVERAL, "Enter a day between 1900 and today."]


def test_an_outcome_comes_from_its_own_column_or_from_the_status(mover: Mover):
    rows = [
        ["2026-03-20 10:00", "Dismissed", "No-show"],
        ["2026-03-20 11:00", "No show", ""],
        ["2026-03-20 12:00", "", "Attended"],
        ["2026-03-20 13:00", "Cancelled", ""],
        ["2026-03-20 14:00", "Done", "No-show"],
        ["2026-03-20 15:00", "", "great"],
    ]
    head = ["Start", "Status", "Outcome", "Client"]
    brought = mover.bring([head, *([*row, "Cleo"] for row in rows)], "appointments")
    assert brought == service.Result(created=4, refused=2, clients=1)
    kept = [(one.status, one.outcome) for one in mover.appointments()]
    assert kept == [("dismissed", "no-show"), ("dismissed", "no-show"), ("done", ""), ("dismissed", "")]
    mover.bring([head, [rows[0][0], "Done", "", "Cleo"]], "appointments", twins="update")
    assert (mover.appointments()[0].status, mover.appointments()[0].outcome) == ("done", "")


def test_names_of_staff_may_have_commas(mover: Mover):
    with mover.desk.uow.begin() as tx:
        tx.add(Staff(name="Smith, Jane", email="jane@example.com", role=Role.STAFF, created_at=tx.now))
    head, who = ["Start", "Client", "Staff"], "Cleo"
    cells = ["Smith, Jane", "Ada, Smith, Jane", "Smith, Jane; Ada", "Jones, Tom; Ada", "Smith; Jones"]
    rows = [[f"2026-03-2{n} 10:00", who, cell] for n, cell in enumerate(cells)]
    mover.bring([head, *rows], "appointments", create_staff=True)
    with mover.desk.uow.read() as tx:
        names = set(tx.execute(select(Staff.name)).scalars())
        teams = tx.execute(
            select(AppointmentStaff.appointment_id, func.count()).group_by(AppointmentStaff.appointment_id)
        )
        assert [count for _, count in sorted(map(tuple, teams))] == [1, 2, 2, 2, 2]
    assert names - {"Ada"} == {"Smith, Jane", "Jones, Tom", "Smith", "Jones"} or "Ada" not in names


def test_an_import_is_taken_back_but_not_what_was_changed_since(mover: Mover):
    run = mover.upload("clients.csv", CLIENTS)
    mover.carry_out(run)
    mover.desk.wait(minutes=5)
    cleo, omar = mover.clients()
    clients.archive(mover.desk.uow, actor=mover.ada, client_id=omar.id)
    assert service.undo(mover.desk.uow, actor=mover.ada, run_id=run) == service.Undone(removed=1, kept=1)
    assert [one.id for one in mover.clients()] == [omar.id]
    with mover.desk.uow.read() as tx:
        assert tx.get(ClientText, cleo.id) is None
    with pytest.raises(Invalid):
        service.undo(mover.desk.uow, actor=mover.ada, run_id=run)


def test_a_file_is_imported_once(mover: Mover):
    run = mover.upload("clients.csv", CLIENTS)
    mover.carry_out(run)
    for use_case in (mover.carry_out, mover.check):
        with pytest.raises(Invalid):
            use_case(run)
    assert len(mover.clients()) == 2


def test_only_who_may_change_the_settings_may_import(mover: Mover):
    mover.desk.hire("ben@example.com", Role.STAFF)
    _, ben = mover.desk.sign_in("ben@example.com")
    run = mover.upload("clients.csv", CLIENTS)
    for use_case in (
        service.check,
        service.carry_out,
        service.undo,
        service.open_run,
        service.forget,
        service.refusals,
    ):
        with pytest.raises(NotAllowed):
            use_case(mover.desk.uow, actor=ben, run_id=run)
    for odd in (0, -1, "x", None, 10**30, {}, [1]):
        with pytest.raises(NotFound):
            service.open_run(mover.desk.uow, actor=mover.ada, run_id=odd)


def test_another_address_that_an_import_brings_ends_the_sign_ins_to_the_portal(mover: Mover):
    mover.bring(CLIENTS)
    cleo, omar = mover.clients()
    with mover.desk.uow.begin() as tx:
        for client in (cleo, omar):
            client_access.begin(tx, f"in {client.id}", client.id, expires_at=NOON + timedelta(days=1))
            client_access.add_link(tx, f"link {client.id}", client.id, NOON + timedelta(days=1))
    same = [
        ["Name", "E-mail", "Phone"],
        ["Cleo K.", "cleo@example.com", ""],
        ["Omar", "new@example.com", "01001234568"],
    ]
    assert mover.bring(same, twins="update") == service.Result(updated=2)
    with mover.desk.uow.read() as tx:
        assert client_access.last_seen(tx, omar.id), "an address where there was none takes nothing away"
    run = mover.upload("c.csv", [["Name", "E-mail", "Phone"], ["Cleo K.", "cleo@example.com", "0100 765 4321"]])
    mover.choose(run, twins="update")
    mover.carry_out(run)
    with mover.desk.uow.begin() as tx:
        assert client_access.last_seen(tx, cleo.id) is None and client_access.last_seen(tx, omar.id)
        assert client_access.language_of_link(tx, f"link {cleo.id}") is None
        assert client_access.language_of_link(tx, f"link {omar.id}") is not None
        client_access.begin(tx, f"again {cleo.id}", cleo.id, expires_at=NOON + timedelta(days=1))
    assert service.undo(mover.desk.uow, actor=mover.ada, run_id=run).restored == 1
    with mover.desk.uow.read() as tx:
        assert client_access.last_seen(tx, cleo.id) is None, "whoever had the new number is out again"


def test_whoever_saves_while_an_import_is_written_hears_so(mover: Mover, monkeypatch: pytest.MonkeyPatch):
    run = mover.upload("clients.csv", CLIENTS)
    mover.check(run)
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0)
    other = engines.engine_for(str(mover.desk.uow.engine.url)) if mover.desk.uow.engine.name == "sqlite" else None
    if other is None:
        assert mover.view(run).blocks == 0
        return
    assert mover.view(run).blocks == 1
    heard = []

    def save_beside(done: int, total: int) -> bool:
        if 3 * done > 2 * total:
            with pytest.raises(Unavailable) as refused, UnitOfWork(other).begin():
                pass
            heard.append(refused.value.message)
        return True

    service.carry_out(mover.desk.uow, actor=mover.ada, run_id=run, progress=save_beside)
    other.dispose()
    assert set(heard) == {BUSY} and len(mover.clients()) == 2
