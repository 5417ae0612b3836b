"""Row 10: claiming due messages, planning the reminders of one appointment, and of 100,000 after a rule changed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import count

from sqlalchemy import insert, update

from appointments_app.db.models import Appointment, Message, ReminderRule
from appointments_app.db.queries import deliveries, planning
from appointments_app.domain.message import Channel
from appointments_app.domain.reminder import Anchor, Recipient, Unit
from appointments_app.features.reminders import service
from appointments_app.features.reminders.schemas import RuleForm
from tests.benchmarks.measure import Result, compare, result
from tests.benchmarks.places import NOW, OWNER, Place

DUE = 100_000
LOT = 500
LEASE = timedelta(minutes=2)
MANY = 100_000
CLAIM = """
    UPDATE message SET try_at = ?, worker = 'raw' WHERE id IN (
        SELECT id FROM message WHERE state = 'planned' AND channel = 'sms' AND try_at <= ?
        ORDER BY try_at, id LIMIT 500 {locked}
    ) RETURNING id, due_at"""


def measure(place: Place) -> Iterator[Result]:
    """Measure row 10 on one database."""
    _empty(place)
    yield _claim(place)
    _empty(place)
    yield _plan_one(place)
    if place.rows > MANY:
        yield _plan_many(place)
    _empty(place)


def _empty(place: Place) -> None:
    for table in ("message", "replanning", "reminder_rule"):
        place.ask_nothing(f"DELETE FROM {table}")
    if not place.is_sqlite:
        place.ask_nothing("VACUUM ANALYZE message")  # else it would begin by itself while something is measured


def _claim(place: Place) -> Result:
    row = {
        "state": "planned", "reason": "", "channel": "sms", "due_at": NOW, "try_at": NOW, "address": "", "subject": "",
        "body": "", "html": "", "secret": False, "late": False, "attempts": 0, "worker": "", "provider_id": "",
        "error": "", "created_at": NOW,
    }  # fmt: skip
    with place.uow.begin() as tx:
        tx.execute(insert(Message), [{**row, "key": f"bench.{number}"} for number in range(DUE)])
    raw = CLAIM.format(locked="" if place.is_sqlite else "FOR UPDATE SKIP LOCKED")
    until, now = (f"{at:%Y-%m-%d %H:%M:%S.%f}" for at in (NOW + LEASE, NOW))

    def program() -> None:
        with place.uow.begin() as tx:
            assert len(deliveries.claim(tx, Channel.SMS, "bench", LEASE, LOT)) == LOT

    def yardstick() -> None:
        place.ask_nothing("BEGIN")
        assert len(place.ask(raw, until, now)) == LOT
        place.ask_nothing("COMMIT")

    rounds = count(1)

    def due_again() -> None:
        if next(rounds) % (DUE // LOT) == 0:
            place.ask_nothing(f"UPDATE message SET try_at = '{now}', worker = ''")

    medians = compare(program, yardstick, before=due_again)
    return result(f"10 claim {LOT} due messages", place.name, place.rows, medians, most_times=2)


def _plan_one(place: Place) -> Result:
    """What three rules add to a transaction that writes an appointment: statements, and what the commit has to keep."""
    _rules(place, 3)
    ids = [row[0] for row in place.ask("SELECT id FROM appointment WHERE start_at > ? LIMIT 500", f"{NOW:%Y-%m-%d}")]
    waiting = iter(ids * 10)

    def book(*, plans: bool) -> None:
        with place.uow.begin() as tx:
            one = next(waiting)
            write = update(Appointment).where(Appointment.id == one).values(version=Appointment.version)
            tx.execute(write.execution_options(synchronize_session=False))
            if plans:
                planning.plan(tx, [one], is_new=True)

    more, less = compare(lambda: book(plans=True), lambda: book(plans=False))
    return result(
        "10 plan one appointment by three rules", place.name, place.rows, (max(more - less, 0.0), 0.0), most_ms=1
    )


def _plan_many(place: Place) -> Result:
    """After a rule changed; in a lot of 2,000 appointments at a time, as the worker does it."""
    form = {**RuleForm(name="Bench").__dict__, "amount": "1"}
    service.save(place.uow, actor=OWNER, rule_id=None, values=form)
    done, begin = 0, time.perf_counter()
    while done < MANY and (lot := service.replan(place.uow)):
        done += lot
    took = (time.perf_counter() - begin) * 1e3
    return result(f"10 plan {done:,} appointments anew", place.name, place.rows, (took, 0.0), most_ms=10_000)


def _rules(place: Place, count: int) -> None:
    with place.uow.begin() as tx:
        for number in range(count):
            rule = ReminderRule(
                name=f"Bench {number}", amount=number + 1, unit=Unit.HOURS.value, anchor=Anchor.BEFORE_START.value,
                recipient=(Recipient.CLIENT, Recipient.CLIENT, Recipient.STAFF)[number % 3].value,
                channel=Channel.EMAIL.value, created_at=NOW,
            )  # fmt: skip
            tx.add(rule)
