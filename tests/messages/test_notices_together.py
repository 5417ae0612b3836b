"""What clients know and never heard of, and several appointments that are told of together, each on its way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert, select, update

from appointments_app.db.models import Appointment
from appointments_app.db.queries import bulk, history
from appointments_app.domain.change import Verb
from appointments_app.domain.listing import Place
from appointments_app.domain.message import Channel
from appointments_app.domain.outbox import MessageFilter
from appointments_app.domain.portal import ClientActor, ClientRules
from appointments_app.domain.reminder import Anchor
from appointments_app.features.messages import service as messages_service
from appointments_app.features.reminders import service as reminders
from appointments_app.features.work_orders import service as orders
from tests.appointments import desk
from tests.appointments.conftest import NOON, ZONE, Practice
from tests.appointments.desk import edit
from tests.appointments.series import DAILY_SIX, change, occurrences
from tests.appointments.test_moving import move
from tests.messages.reminders import notices
from tests.messages.test_notices import MOVED, book, delete, dismiss, sent, tell, undo
from tests.templates.conftest import office as office  # the fixture


def test_what_nobody_heard_of_is_not_told(office: Practice):
    tell(office)
    tell(office, shared_only=True, channel=Channel.SMS.value)
    one, other = desk.book(office), book(office, date="2026-03-26")
    office.later(seconds=20)
    edit(office, one, time="11:00")
    delete(office, one)
    assert notices(office) == [], "it was booked for the wrong client"
    edit(office, other, time="11:00", shared=True)
    assert notices(office) == ["moved planned 26 09:00"], "the rule that keeps to shared ones does not speak of it"


def test_what_a_client_was_not_told_is_not_taken_for_known(office: Practice):
    tell(office, Anchor.MOVED)
    one = book(office)
    edit(office, one, time="11:00")
    office.later(seconds=30)
    dismiss(office, one)
    office.later(minutes=5)
    dismiss(office, one, status="scheduled")
    assert sent(office) == MOVED


def test_what_a_client_cancelled_and_staff_bring_back_is_told(office: Practice):
    tell(office)
    one = book(office)
    cleo = ClientActor(office.cleo, "Cleo", "en", ZONE, ClientRules(cancel=True))
    with office.uow.begin() as tx:
        bulk.set_status(tx, history.open_change(tx, cleo, Verb.DISMISSED), [Appointment.id == one], "dismissed")
    office.later(hours=3)
    dismiss(office, one, status="scheduled")
    assert sent(office) == ["Confirmed: Wednesday, 25 March 2026 at 10:00"]


@pytest.mark.long
def test_a_change_of_more_than_a_statement_takes_is_told(office: Practice):
    tell(office)
    book(office)
    with office.uow.begin() as tx:
        row = dict(tx.execute(select(Appointment.__table__)).mappings().one())
        more = [row | {"id": row["id"] + one, "uid": str(one)} for one in range(1, 70_000)]
        tx.execute(insert(Appointment), more)
        past = {"start_at": NOON - timedelta(days=2), "end_at": NOON - timedelta(days=2)}
        tx.execute(update(Appointment).where(Appointment.id > row["id"] + 40_000).values(**past))
    with office.uow.begin() as tx:
        bulk.set_status(tx, history.open_change(tx, office.ada, Verb.DISMISSED), [], "dismissed")
    assert notices(office) == ["cancelled planned 25 08:00 +40000"]


@pytest.mark.parametrize("kind", ["work_orders", "independent"])
def test_an_order_that_is_deleted_with_its_appointments_is_told_as_one(office: Practice, kind: str):
    kinds = {each: each == kind for each in ("work_orders", "independent", "bookings")}
    tell(office, Anchor.CANCELLED, **kinds)
    order = office.order()
    one = book(office, work_order=str(order))
    done = orders.delete(office.uow, actor=office.ada, order_id=order, fate="delete")
    assert [each.split()[0] for each in notices(office)] == (["cancelled"] if kind == "work_orders" else [])
    assert len(sent(office)) == len(notices(office))
    undo(office, done.change_id)
    assert desk.stored(office, one).booking.work_order_id == order


def in_lists(practice: Practice, appointment_id: int) -> tuple[list[int], list[tuple[str, int]]]:
    """Return of how many others each message of the list tells, and the same of the messages about an appointment."""
    page = messages_service.list_messages(practice.uow, actor=practice.ada, wanted=MessageFilter(), place=Place()).page
    rows, _ = messages_service.messages_of(practice.uow, actor=practice.ada, appointment_id=appointment_id)
    return [row.others for row in page.rows], [(row.state, row.others) for row in rows]


def test_each_of_several_goes_its_own_way_and_the_rest_are_told_together(office: Practice):
    tell(office, channel=Channel.SMS.value)
    days = [book(office, date=f"2026-03-{day}") for day in (25, 26, 27, 28, 29)]
    dismiss(office, *days)
    assert in_lists(office, days[3]) == ([4], [("planned", 4)])
    dismiss(office, days[0], days[4], status="scheduled")
    dismiss(office, days[1], status="scheduled")
    taken_back = ["cancelled taken_back 25 08:00 +1", "cancelled taken_back 26 08:00"]
    assert notices(office) == [*taken_back, "cancelled planned 27 08:00 +1"]
    (text,) = sent(office, channel=Channel.SMS)
    assert "27" in text and "(1)" in text
    assert notices(office) == [*taken_back, "cancelled sent 27 08:00 +1"]
    dismiss(office, days[3], days[0], status="scheduled")
    assert notices(office)[3:] == ["confirmed planned 28 08:00"], "who was told with another was told"
    assert sorted(in_lists(office, days[3])[1]) == [("planned", 0), ("sent", 1)]


def test_where_the_first_of_several_can_not_be_told_of_the_next_is(office: Practice):
    rules = tell(office, Anchor.CANCELLED, quiet_from="13:00", quiet_until="15:00")
    soon = book(office, date="2026-03-24", time="14:50")
    days = [book(office, date=f"2026-03-{day}") for day in (25, 26, 27, 28)]
    dismiss(office, soon, *days)
    assert notices(office) == ["cancelled quiet 24 12:50", "cancelled planned 25 08:00 +3"]
    with office.uow.begin() as tx:  # as a bulk change does, which looks at no notice
        tx.execute(update(Appointment).where(Appointment.id.in_(days[::2])).values(status="scheduled"))
    assert sent(office, minutes=60) == ["Cancelled: Thursday, 26 March 2026 at 10:00"]
    assert notices(office)[1:] == ["cancelled taken_back 25 08:00 +1", "cancelled sent 26 08:00 +1"]
    dismiss(office, days[0], days[2])
    reminders.set_active(office.uow, actor=office.ada, rule_id=rules[0], is_active=False)
    assert sent(office, minutes=60) == []
    assert notices(office)[3:] == ["cancelled rule_off 25 08:00 +1"], "the page shows one message"


def test_each_of_several_keeps_the_time_that_its_client_knows(office: Practice):
    tell(office)
    one = book(office, **DAILY_SIX)
    change(office, one, reach="all", time="11:00")
    third = occurrences(office)[2].id
    assert third is not None
    dismiss(office, third)
    assert notices(office) == ["moved planned 25 09:00 +4", "cancelled planned 27 08:00"]
    change(office, one, reach="all", time="12:00")
    assert notices(office)[0] == "moved moved 25 09:00 +5" and "moved planned 25 10:00 +4" in notices(office)
    assert len(sent(office)) == 2


def test_undo_of_a_drag_of_an_endless_series_cancels_nothing_that_only_the_drag_made(office: Practice):
    book(office, date="2026-03-26", recurring=True, frequency="daily")
    tell(office, Anchor.CANCELLED)
    known = {one.id for one in occurrences(office)}
    change_id = move(office, min(known), date="2026-03-25", reach="all")
    assert change_id and {one.id for one in occurrences(office)} - known, "there is room for one more in the end"
    office.later(minutes=5)
    undo(office, change_id)
    assert notices(office) == []
