"""What was imported is reminded of, and nobody is told that it was booked."""

from __future__ import annotations

from sqlalchemy import select

from appointments_app.db.models import Message, ReminderRule
from appointments_app.domain.importing import Twins
from appointments_app.features.imports import service
from tests.imports.conftest import Mover

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
