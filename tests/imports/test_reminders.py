"""What was imported is reminded of, and nobody is told that it was booked."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from appointments_app.db.models import Appointment, Message, ReminderRule
from appointments_app.db.queries import batches, pickers, recipients, sign_ins
from appointments_app.db.queries import staff as emails
from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing import Twins
from appointments_app.domain.message import Channel
from appointments_app.domain.outbox import Reason
from appointments_app.features.imports import service
from appointments_app.features.staff import service as staff
from appointments_app.features.staff.schemas import FIELDS
from tests.imports.conftest import Mover
from tests.session.desk import PASSWORD

DIARY = [
    ["Date", "Time", "Client", "Phone"],
    ["20/03/2026", "10:00", "Cleo", "01001234567"],
    ["30/03/2026", "10:00", "Cleo", "01001234567"],
]


def _rule(mover: Mover, anchor: str) -> int:
    with mover.desk.uow.begin() as tx:
        rule = ReminderRule(
            name=anchor,
            amount=1,
            unit="days",
            anchor=anchor,
            recipient="client",
            channel="sms",
            created_at=tx.now,
        )
        tx.add(rule)
        tx.flush()
        return rule.id or 0


def test_what_lies_ahead_gets_its_reminder_and_what_is_over_none(mover: Mover):
    before, _ = _rule(mover, "before_start"), _rule(mover, "after_creation")
    run = mover.upload("diary.csv", DIARY, "appointments")
    mover.choose(run, twins=Twins.SKIP.value)
    mover.carry_out(run)
    ahead = mover.appointments()[1]
    with mover.desk.uow.read() as tx:
        planned = tx.execute(select(Message.rule_id, Message.appointment_id)).all()
    assert planned == [(before, ahead.id)]
    service.undo(mover.desk.uow, actor=mover.ada, run_id=run)
    assert mover.count(Message) == 0


def test_staff_who_come_along_have_no_address_and_get_no_reminder_before_they_have_one(mover: Mover):
    uow, ada = mover.desk.uow, mover.ada
    rows = [["Start", "Client", "Staff"], ["2026-03-26 10:00", "Cleo", "Zoe, Mona"]]
    mover.bring(rows, "appointments", create_staff=True)
    people = {row.name: row for row in staff.list_staff(uow, actor=ada, active=True).rows}
    assert {(people[name].email, people[name].may_sign_in) for name in ("Zoe", "Mona")} == {("", False)}
    appointment = mover.appointments()[0].id or 0
    with uow.read() as tx:
        assert [one.detail for one in pickers.staff(tx, "zoe")] == [""]
        assert [one.detail for one in pickers.of_filters(tx)[1] if one.name == "Zoe"] == [""]
        assert [person.address(Channel.EMAIL) for person in recipients.visit(tx, appointment).staff] == ["", ""]
        reached = batches.staff_reached(tx, [Appointment.id == appointment], Channel.EMAIL)
        assert (reached.messages, reached.skipped) == (0, {Reason.NO_ADDRESS: 2})
        assert sign_ins.staff_by_email(tx, "") is None and not emails.email_in_use(tx, "", but=None)
    zoe = people["Zoe"].id
    form = staff.open_person(uow, actor=ada, staff_id=zoe)
    values: dict[str, object] = {name: getattr(form, name) for name in FIELDS} | {"colour": "teal"}
    staff.save(uow, actor=ada, staff_id=zoe, values=values, version=form.version)
    stored = staff.open_person(uow, actor=ada, staff_id=zoe)
    assert (stored.email, stored.colour) == ("", "teal"), "others of her data can be changed without an address"
    invited = values | {"may_sign_in": "yes", "password": PASSWORD}
    with pytest.raises(Invalid) as refused:
        staff.save(uow, actor=ada, staff_id=zoe, values=invited, version=stored.version)
    assert set(refused.value.fields) == {"email"}
    invited |= {"email": "zoe@example.com"}
    staff.save(uow, actor=ada, staff_id=zoe, values=invited, version=stored.version)
    assert mover.desk.sign_in("zoe@example.com")[1].staff_id == zoe
    with uow.read() as tx:
        assert batches.staff_reached(tx, [Appointment.id == appointment], Channel.EMAIL).messages == 1
    bare = staff.open_person(uow, actor=ada, staff_id=zoe)
    staff.save(uow, actor=ada, staff_id=zoe, values=values, version=bare.version)
    assert staff.open_person(uow, actor=ada, staff_id=zoe).email == "", "an address can be taken away with the sign-in"
