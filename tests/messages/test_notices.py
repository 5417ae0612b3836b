"""Clients are told by themselves when staff move or cancel appointments or confirm bookings: once, of what stands."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from appointments_app.db.models import Appointment, Client, Message
from appointments_app.db.queries import booking, bulk, history
from appointments_app.domain.booking import Booking
from appointments_app.domain.change import Verb
from appointments_app.domain.errors import Invalid
from appointments_app.domain.listing import Selection
from appointments_app.domain.message import Channel
from appointments_app.domain.portal import ClientActor, ClientRules
from appointments_app.domain.reminder import MOST_CLIENTS, Anchor, Unit
from appointments_app.features.appointments import service as appointments
from appointments_app.features.messages import service as messages_service
from appointments_app.features.messages.service.rendering import render
from appointments_app.features.messages.service.sending import Lane
from appointments_app.features.reminders import service as reminders
from appointments_app.features.session import service as session
from tests.appointments import desk
from tests.appointments.conftest import NOON, ZONE, Practice
from tests.appointments.desk import edit
from tests.appointments.series import DAILY_SIX, change, occurrences
from tests.messages.reminders import a_rule, notices
from tests.messages.test_rules import FORM
from tests.messages.world import World
from tests.templates.conftest import office as office  # the fixture


def tell(practice: Practice, *anchors: Anchor, **changes) -> list[int]:
    """Store a rule for each of these, all of them without any; return their ids."""
    told = {"amount": 0, "unit": Unit.MINUTES.value}
    chosen = anchors or (Anchor.MOVED, Anchor.CANCELLED, Anchor.CONFIRMED)
    return [a_rule(practice, **told | {"anchor": each.value, "name": each.value} | changes) for each in chosen]


def book(practice: Practice, **changes) -> int:
    """Have an appointment that was booked a while ago; return its id."""
    practice.later(minutes=-2)
    one = desk.book(practice, **changes)
    practice.later(minutes=2)
    return one


def dismiss(practice: Practice, *ids: int, status: str = "dismissed") -> int:
    """Give appointments another status from the list; return the change."""
    selection = Selection(ids=ids)
    return appointments.set_status(practice.uow, actor=practice.ada, selection=selection, status=status).change_id


def delete(practice: Practice, *ids: int) -> int:
    """Delete appointments from the list; return the change."""
    return appointments.delete(practice.uow, actor=practice.ada, selection=Selection(ids=ids)).change_id


def undo(practice: Practice, change_id: int) -> None:
    """Press Undo."""
    session.undo(practice.uow, actor=practice.ada, change_id=change_id)


def sent(practice: Practice, *, minutes: float = 1, channel: Channel = Channel.EMAIL) -> list[str]:
    """Let time pass and a worker run; return the subjects, or texts, of what arrives."""
    practice.later(minutes=minutes)
    world = World()
    while Lane(practice.uow, channel, "one", lambda: world, render, chance=lambda: 0.5).run():
        pass
    return [each.subject or each.text for each in world.got]


MOVED = ["Your appointment was moved to Wednesday, 25 March 2026 at 11:00"]


def test_a_move_is_told_once_after_a_minute(office: Practice):
    tell(office)
    edit(office, book(office), time="11:00")
    assert notices(office) == ["moved planned 25 09:00"]
    assert sent(office, minutes=0.9) == [] and sent(office) == MOVED and sent(office, minutes=60) == []


def test_without_such_a_rule_nobody_is_told(office: Practice):
    a_rule(office)
    tell(office, active=False)
    one = book(office)
    edit(office, one, time="11:00")
    delete(office, one)
    assert notices(office) == []


def test_several_moves_within_the_minute_are_one_message_with_the_last_time(office: Practice):
    tell(office)
    one = book(office)
    edit(office, one, time="12:00")
    office.later(seconds=50)
    edit(office, one, version=2, time="11:00")
    assert notices(office) == ["moved moved 25 10:00", "moved planned 25 09:00"]
    assert sent(office, minutes=0.5) == [] and sent(office) == MOVED


def test_moved_back_within_the_minute_nothing_is_told_and_later_it_is(office: Practice):
    tell(office)
    one = book(office)
    edit(office, one, time="11:00")
    edit(office, one, version=2, time="10:00")
    assert notices(office) == ["moved taken_back 25 09:00"] and sent(office) == []
    edit(office, one, version=3, time="11:00")
    assert sent(office) == MOVED
    edit(office, one, version=4, time="10:00")
    edit(office, one, version=5, time="11:00")
    assert sent(office) == []
    edit(office, one, version=6, time="10:00")
    assert len(sent(office)) == 1
    edit(office, one, version=7, time="11:00")
    assert sent(office) == MOVED, "the same move once more is told once more"


def test_what_does_not_move_it_is_not_told(office: Practice):
    tell(office)
    one = book(office)
    edit(office, one, notes="Brings the dog", duration="45", staff=[str(office.ben.staff_id)])
    dismiss(office, one, status="done")
    assert notices(office) == []


@pytest.mark.parametrize("cancel", [dismiss, delete])
def test_cancelled_is_told_and_undo_takes_it_back(office: Practice, cancel):
    tell(office)
    change_id = cancel(office, book(office))
    assert notices(office) == ["cancelled planned 25 08:00"]
    undo(office, change_id)
    assert notices(office) == ["cancelled taken_back 25 08:00"] and sent(office) == []


@pytest.mark.parametrize("cancel", [dismiss, delete])
def test_undo_after_it_was_told_says_that_it_stands(office: Practice, cancel):
    tell(office)
    one = book(office)
    change_id = cancel(office, one)
    assert sent(office) == ["Cancelled: Wednesday, 25 March 2026 at 10:00"]
    undo(office, change_id)
    assert sent(office) == ["Confirmed: Wednesday, 25 March 2026 at 10:00"]
    undo(office, cancel(office, one))
    assert sent(office) == []


def test_what_nobody_was_told_of_is_not_said_to_stand(office: Practice):
    one = book(office)
    dismiss(office, one)
    tell(office)
    dismiss(office, one, status="scheduled")
    assert notices(office) == []


def test_moved_and_cancelled_within_the_minute_names_the_time_that_the_client_knows(office: Practice):
    tell(office)
    one = book(office)
    edit(office, one, time="11:00")
    change_id = dismiss(office, one)
    assert notices(office) == ["moved dismissed 25 09:00", "cancelled planned 25 08:00"]
    undo(office, change_id)
    assert notices(office)[1:] == ["cancelled taken_back 25 08:00", "moved planned 25 09:00"]
    dismiss(office, one)
    assert sent(office) == ["Cancelled: Wednesday, 25 March 2026 at 10:00"]


def test_it_is_decided_again_when_it_is_sent(office: Practice):
    tell(office, Anchor.MOVED)
    one = book(office)
    edit(office, one, time="11:00")
    with office.uow.begin() as tx:  # as a bulk change does, which looks at no notice
        tx.execute(update(Appointment).where(Appointment.id == one).values(status="dismissed"))
    assert sent(office) == [] and notices(office) == ["moved dismissed 25 09:00"]


def test_a_rule_that_is_switched_off_meanwhile_sends_nothing(office: Practice):
    (rule,) = tell(office, Anchor.MOVED)
    edit(office, book(office), time="11:00")
    reminders.set_active(office.uow, actor=office.ada, rule_id=rule, is_active=False)
    assert sent(office) == [] and notices(office) == ["moved rule_off 25 09:00"]


def test_what_is_over_tells_nobody(office: Practice):
    tell(office)
    one, other = book(office, date="2026-03-24", time="13:30"), book(office, date="2026-03-26")
    delete(office, one)
    edit(office, other, date="2026-03-20")
    assert notices(office) == []
    edit(office, other, version=2, date="2026-03-25", time="11:00")
    assert sent(office) == MOVED, "what is put off into the future is told"


def test_quiet_hours_and_refusals_hold(office: Practice):
    tell(office, quiet_from="13:00", quiet_until="15:00")
    delete(office, book(office, date="2026-03-24", time="14:50"))
    assert notices(office) == ["cancelled quiet 24 12:50"], "it would begin before they end"
    edit(office, book(office), time="11:00")
    with office.uow.begin() as tx:
        (due,) = tx.execute(select(Message.due_at).where(Message.state == "planned")).scalars()
        assert due == NOON + timedelta(hours=1)
        tx.execute(update(Client).where(Client.id == office.cleo).values(email=""))
    assert sent(office) == [] and sent(office, minutes=60) == []
    assert notices(office)[1:] == ["moved no_address 25 09:00"]


def test_only_what_the_client_knows_of_if_the_rule_says_so(office: Practice):
    tell(office, shared_only=True)
    edit(office, book(office), time="11:00")
    assert notices(office) == []
    edit(office, book(office, date="2026-03-26", shared=True), time="11:00")
    assert notices(office) == ["moved planned 26 09:00"]


def test_given_to_another_client_is_told_to_neither(office: Practice):
    tell(office)
    edit(office, book(office), time="11:00", client=str(office.omar))
    assert notices(office) == []


def test_a_client_is_told_in_their_language_of_all_that_changed_at_once(office: Practice):
    tell(office, channel=Channel.SMS.value)
    days = [book(office, client=str(office.omar), date=f"2026-03-{day}") for day in (26, 25, 27)]
    dismiss(office, *days, book(office, date="2026-03-28"))
    assert sorted(notices(office)) == ["cancelled planned 25 08:00 +2", "cancelled planned 28 08:00"]
    texts = sent(office, channel=Channel.SMS)
    assert any("أُلغي موعدك" in text and "وكذلك مواعيد بعده (2)" in text for text in texts) and len(texts) == 2
    assert any("was cancelled." in text for text in texts)


def test_a_series_is_told_once(office: Practice):
    tell(office)
    one = book(office, **DAILY_SIX)
    change(office, one, reach="all", time="11:00")
    assert notices(office) == ["moved planned 25 09:00 +5"]
    change(office, one, reach="all", time="10:00")
    assert notices(office) == ["moved taken_back 25 09:00 +5"] and sent(office) == []
    change(office, one, reach="all", date="2026-03-26", time="11:00")
    assert sent(office) == ["Your appointment was moved to Thursday, 26 March 2026 at 11:00"]


def test_a_series_that_ends_is_told_once_and_undo_takes_it_back(office: Practice):
    tell(office)
    book(office, **DAILY_SIX)
    third = occurrences(office)[2].id
    assert third is not None
    gone = appointments.delete_occurrence(office.uow, actor=office.ada, appointment_id=third, reach="following")
    assert notices(office) == ["cancelled planned 27 08:00 +3"]
    undo(office, gone.change_id)
    assert notices(office) == ["cancelled taken_back 27 08:00 +3"] and sent(office) == []


def test_what_happens_to_one_of_a_series_leaves_the_message_of_the_rest(office: Practice):
    tell(office)
    one = book(office, **DAILY_SIX)
    change(office, one, reach="all", time="11:00")
    change(office, one, reach="this", time="10:00")
    assert notices(office) == ["moved taken_back 25 09:00", "moved planned 26 09:00 +4"]
    assert sent(office) == ["Your appointment was moved to Thursday, 26 March 2026 at 11:00"]


def test_a_new_series_with_dates_left_out_tells_nothing(office: Practice):
    tell(office)
    book(office, **DAILY_SIX, skipped=["20260326T100000"], moved={"20260327T100000": "20260327T120000"})
    assert notices(office) == []


@pytest.mark.parametrize("more", [0, 1])
def test_a_change_for_many_clients_at_once_tells_none_of_them(office: Practice, more: int):
    tell(office)
    office.later(minutes=-2)
    with office.uow.begin() as tx:
        clients = [Client(name=f"C{one}", sort_name=f"c{one}", created_at=NOON) for one in range(MOST_CLIENTS + more)]
        tx.add_all(clients)
        tx.flush()
        start = NOON + timedelta(days=1)
        ids = [
            booking.add(tx, office.ada, Booking(one.id or 0, None, start, start, ZONE, (), "", False), "")
            for one in clients
        ]
    office.later(minutes=2)
    change_id = dismiss(office, *ids)
    assert len(notices(office)) == (0 if more else MOST_CLIENTS)
    undo(office, change_id)
    assert {one.split()[1] for one in notices(office)} == (set() if more else {"taken_back"})


def test_what_clients_do_themselves_is_not_told_to_them(office: Practice):
    tell(office)
    one = book(office)
    cleo = ClientActor(office.cleo, "Cleo", "en", ZONE, ClientRules(cancel=True))
    with office.uow.begin() as tx:
        change_id = history.open_change(tx, cleo, Verb.DISMISSED)
        bulk.set_status(tx, change_id, [Appointment.id == one], "dismissed")
    assert notices(office) == []


def test_do_not_send_holds_and_send_again_sends(office: Practice):
    tell(office)
    edit(office, book(office), time="11:00")
    with office.uow.read() as tx:
        (message_id,) = tx.execute(select(Message.id)).scalars()
    messages_service.take_back(office.uow, actor=office.ada, message_id=message_id)
    assert sent(office) == []
    messages_service.send_again(office.uow, actor=office.ada, message_id=message_id)
    assert sent(office) == MOVED


def test_a_note_within_the_minute_leaves_it_alone(office: Practice):
    tell(office)
    a_rule(office)
    one = book(office)
    edit(office, one, time="11:00")
    edit(office, one, version=2, notes="Brings the dog")
    assert sent(office) == MOVED


def test_a_rule_that_becomes_a_reminder_tells_nothing_more(office: Practice):
    values = FORM | {"moment": "moved"}
    rule = reminders.save(office.uow, actor=office.ada, rule_id=None, values=values)
    assert reminders.open_rule(office.uow, actor=office.ada, rule_id=rule).form.moment == "moved"
    assert not reminders.replan(office.uow), "there is nothing to plan anew"
    edit(office, book(office, date="2026-03-28"), time="11:00")
    reminders.save(office.uow, actor=office.ada, rule_id=rule, values=FORM, version=1)
    while reminders.replan(office.uow):
        pass
    assert sent(office) == [] and notices(office) == ["moved rule_off 28 09:00"]
    with office.uow.read() as tx:
        assert tx.execute(select(Message.state).where(Message.notice == "")).scalars().all() == ["planned"]


def test_only_clients_are_told_of_changes(office: Practice):
    with pytest.raises(Invalid) as refusal:
        reminders.save(
            office.uow, actor=office.ada, rule_id=None, values=FORM | {"moment": "moved", "recipient": "staff"}
        )
    assert set(refusal.value.fields) == {"recipient"}


def test_two_channels_each_know_what_they_told(office: Practice):
    tell(office)
    tell(office, channel=Channel.SMS.value, quiet_from="13:00", quiet_until="15:00")
    one = book(office)
    edit(office, one, time="11:00")
    assert sent(office) == MOVED
    edit(office, one, version=2, time="10:00")
    assert len(sent(office)) == 1, "who had the e-mail hears that it is as it was"
    assert sent(office, minutes=60, channel=Channel.SMS) == [], "who had no SMS yet needs none"
