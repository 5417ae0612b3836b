"""A worker decides again at the moment of sending, tries again what failed for the moment, and never sends twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from appointments_app import runtime
from appointments_app.db.models import Client, Message, OptOut, ReminderRule, Template
from appointments_app.db.queries import deliveries, reminder_rules
from appointments_app.db.queries.deliveries import Claimed
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.listing import Selection
from appointments_app.domain.message import Channel, DeliveryError, Outgoing
from appointments_app.domain.outbox import MOST_ATTEMPTS
from appointments_app.features.appointments import service
from appointments_app.features.messages.service import post, set_resend_unknown
from appointments_app.features.messages.service.rendering import Rendered, render
from appointments_app.features.messages.service.sending import settle
from appointments_app.features.templates.service import add_missing
from tests.appointments.conftest import Practice
from tests.appointments.desk import book
from tests.messages.reminders import a_rule, messages
from tests.messages.world import World, busy, lane, plainly

HELLO = {"channel": Channel.EMAIL, "to": "cleo@example.com", "subject": "Hello", "text": "Good morning."}


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(autouse=True)
def addresses(practice: Practice):
    with practice.uow.begin() as tx:
        tx.execute(update(Client).values(email="somebody@example.com", phone="+201001234567"))


def only(practice: Practice) -> Message:
    with practice.uow.read() as tx:
        (row,) = tx.execute(Message.__table__.select()).all()
        return row


def test_a_posted_message_goes_at_once(practice: Practice, world: World):
    with practice.uow.begin() as tx:
        post(tx, **HELLO, key="hello")
    assert lane(practice, world).run() == 1
    assert [(one.to, one.text, one.key) for one in world.got] == [("cleo@example.com", "Good morning.", "hello")]
    row = only(practice)
    assert (row.state, row.provider_id, row.attempts, row.late) == ("sent", "id-1", 1, False)
    assert lane(practice, world).run() == 0


def test_a_secret_is_wiped_once_it_is_sent(practice: Practice, world: World):
    with practice.uow.begin() as tx:
        post(tx, **HELLO, html="<p>Good morning.</p>", key="hello", secret=True)
    world.refusals = [busy()]
    lane(practice, world).run()
    assert only(practice).body == "Good morning."
    practice.later(minutes=2)
    lane(practice, world).run()
    assert (only(practice).state, only(practice).body, only(practice).html) == ("sent", "", "")


def test_a_secret_of_which_nobody_knows_whether_it_went_is_wiped_too(practice: Practice, world: World):
    with practice.uow.begin() as tx:
        post(tx, **HELLO, html="<p>Good morning.</p>", key="hello", secret=True)
    world.refusals = [RuntimeError("the sender broke down")]
    lane(practice, world).run()
    practice.later(minutes=3)
    settle(practice.uow, again=False)
    assert (only(practice).state, only(practice).body, only(practice).html) == ("unknown", "", "")


def test_a_reminder_waits_for_its_time_and_goes_once(practice: Practice, world: World):
    a_rule(practice)
    book(practice)
    practice.later(hours=17, minutes=59)
    assert lane(practice, world).run() == 0
    practice.later(minutes=1)
    assert lane(practice, world).run() == 1
    assert lane(practice, world).run() == 0
    assert [one.to for one in world.got] == ["somebody@example.com"]


def test_a_late_reminder_before_the_start_goes_and_is_marked(practice: Practice, world: World):
    a_rule(practice)
    book(practice)
    practice.later(hours=19)
    lane(practice, world).run()
    assert only(practice).late and len(world.got) == 1


def test_r32_no_reminder_goes_after_the_start(practice: Practice, world: World):
    a_rule(practice)
    book(practice)
    practice.later(hours=20)
    lane(practice, world).run()
    assert (only(practice).state, only(practice).reason, world.got) == ("skipped", "past", [])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"active": False}, "rule_off"),
        ({"independent": False}, "rule_off"),
        ({"every_action": False}, "rule_off"),
    ],
)
def test_r32_the_rule_is_asked_again(practice: Practice, world: World, change: dict, reason: str):
    rule = a_rule(practice)
    book(practice)
    with practice.uow.begin() as tx:
        tx.execute(update(ReminderRule).where(ReminderRule.id == rule).values(**change))
    practice.later(hours=18)
    lane(practice, world).run()
    assert (only(practice).state, only(practice).reason, world.got) == ("skipped", reason, [])


def test_a_client_without_an_address_is_skipped(practice: Practice, world: World):
    a_rule(practice)
    book(practice)
    with practice.uow.begin() as tx:
        tx.execute(update(Client).values(email=""))
    practice.later(hours=18)
    lane(practice, world).run()
    assert (only(practice).state, only(practice).reason) == ("skipped", "no_address")


def test_quiet_hours_of_the_recipient_are_waited_out(practice: Practice, world: World):
    a_rule(practice, amount=8, quiet_from="22:00", quiet_until="07:00")
    with practice.uow.begin() as tx:
        tx.execute(update(Client).values(time_zone="Europe/London"))
    book(practice)
    assert messages(practice) == [("planned", "", "25 07:00")]
    practice.later(hours=18)
    assert lane(practice, world).run() == 0
    practice.later(hours=1)
    lane(practice, world).run()
    assert len(world.got) == 1


def test_what_fails_for_the_moment_is_tried_again_later_and_later(practice: Practice, world: World):
    with practice.uow.begin() as tx:
        post(tx, **HELLO, key="hello")
    world.refusals = [busy(), busy()]
    waits = []
    for _ in range(3):
        lane(practice, world).run()
        assert lane(practice, world).run() == 0
        waits.append(round((only(practice).try_at - practice.now[0]).total_seconds()))
        practice.now[0] = max(only(practice).try_at, practice.now[0])
    assert (waits[:2], only(practice).state, only(practice).attempts, len(world.got)) == ([30, 60], "sent", 3, 1)


def test_what_the_other_side_asks_for_is_waited(practice: Practice, world: World):
    with practice.uow.begin() as tx:
        post(tx, **HELLO, key="hello")
    world.refusals = [DeliveryError("Too many.", permanent=False, retry_after=600)]
    lane(practice, world).run()
    assert only(practice).try_at - practice.now[0] == timedelta(minutes=10)


def test_a_permanent_refusal_is_not_tried_again(practice: Practice, world: World):
    with practice.uow.begin() as tx:
        post(tx, **HELLO, key="hello")
    world.refusals = [DeliveryError("No such mailbox.", permanent=True)]
    lane(practice, world).run()
    practice.later(days=1)
    assert lane(practice, world).run() == 0
    row = only(practice)
    assert (row.state, row.reason, row.error) == ("failed", "refused", "No such mailbox.")


def test_after_many_attempts_it_is_given_up_and_shown(practice: Practice, world: World):
    with practice.uow.begin() as tx:
        post(tx, **HELLO, key="hello")
    world.refusals = [busy() for _ in range(MOST_ATTEMPTS)]
    for _ in range(MOST_ATTEMPTS):
        assert lane(practice, world).run() == 1
        practice.later(hours=2)
    assert lane(practice, world).run() == 0
    assert (only(practice).state, only(practice).reason) == ("failed", "gave_up")


@pytest.mark.parametrize(("again", "ends"), [(False, ("unknown", "interrupted")), (True, ("sent", ""))])
def test_what_may_have_been_taken_is_unknown_or_sent_again(
    practice: Practice, world: World, again: bool, ends: tuple[str, str]
):
    with practice.uow.begin() as tx:
        assert reminder_rules.claim_first_start(tx)
    set_resend_unknown(practice.uow, actor=practice.ada, is_resent=again)
    with practice.uow.begin() as tx:
        post(tx, **HELLO, key="hello")
    world.refusals = [DeliveryError("It broke off.", permanent=False, uncertain=True)]
    lane(practice, world).run()
    practice.later(minutes=1)
    assert lane(practice, world).run() == again
    assert (only(practice).state, only(practice).reason, len(world.got)) == (*ends, again)


@pytest.mark.parametrize(("again", "state"), [(False, "unknown"), (True, "planned")])
def test_what_was_in_flight_at_a_crash_is_unknown_or_sent_again(
    practice: Practice, world: World, again: bool, state: str
):
    with practice.uow.begin() as tx:
        post(tx, **HELLO, key="hello")
    world.refusals = [RuntimeError("the sender broke down")]
    lane(practice, world).run()
    assert only(practice).state == "in_flight"
    assert settle(practice.uow, again=again) == 0
    practice.later(minutes=3)
    assert settle(practice.uow, again=again) == 1
    assert only(practice).state == state
    assert lane(practice, world, worker="two").run() == again


def test_what_a_dead_worker_had_only_claimed_is_taken_by_another(practice: Practice, world: World):
    with practice.uow.begin() as tx:
        post(tx, **HELLO, key="hello")
        post(tx, **HELLO, key="again")
    with practice.uow.begin() as tx:
        assert len(deliveries.claim(tx, Channel.EMAIL, "dead", timedelta(minutes=2), 20)) == 2
    assert lane(practice, world).run() == 0
    practice.later(minutes=2)
    assert lane(practice, world).run() == 2
    assert [one.key for one in world.got] == ["hello", "again"]


def test_when_told_to_stop_it_gives_back_what_it_has_not_begun(practice: Practice, world: World):
    with practice.uow.begin() as tx:
        for number in range(3):
            post(tx, **HELLO, key=f"hello.{number}")
    asked = iter([False, True])
    assert lane(practice, world).run(lambda: next(asked)) == 3
    assert len(world.got) == 1
    assert lane(practice, world, worker="two").run() == 2


def test_without_a_channel_everything_waits(practice: Practice, world: World):
    with practice.uow.begin() as tx:
        post(tx, **HELLO, key="hello")
    idle = lane(practice, world)
    idle.sender = lambda: None
    assert idle.run() == 0
    assert only(practice).state == "planned"
    assert lane(practice, world).run() == 1


def test_each_channel_has_a_lane(practice: Practice, world: World):
    with practice.uow.begin() as tx:
        post(tx, **HELLO, key="hello")
    assert lane(practice, world, Channel.SMS).run() == 0
    assert lane(practice, world, Channel.EMAIL).run() == 1


def test_a_dismissed_one_is_not_reminded_of_though_it_was_claimed(practice: Practice, world: World):
    a_rule(practice)
    one = book(practice)
    practice.later(hours=18)
    with practice.uow.begin() as tx:
        deliveries.claim(tx, Channel.EMAIL, "one", timedelta(minutes=2), 20)
    service.set_status(practice.uow, actor=practice.ada, selection=Selection(ids=(one,)), status="dismissed")
    with practice.uow.begin() as tx:
        assert deliveries.look_at(tx, only(practice).id, "one") is None


def test_a_client_who_wants_no_messages_is_skipped(practice: Practice, world: World):
    a_rule(practice)
    book(practice)
    with practice.uow.begin() as tx:
        tx.add(OptOut(client_id=practice.cleo, channel="email", how="link", at=practice.now[0]))
    practice.later(hours=18)
    lane(practice, world).run()
    assert (only(practice).state, only(practice).reason, world.got) == ("skipped", "opted_out", [])


@pytest.mark.parametrize(("secret", "sent"), [(False, 0), (True, 1)])
def test_what_waits_for_a_client_who_wants_no_more_by_now_does_not_go_but_codes_do(
    practice: Practice, world: World, secret: bool, sent: int
):
    with practice.uow.begin() as tx:
        post(tx, **HELLO, key="hello", client_id=practice.cleo, secret=secret)
        tx.add(OptOut(client_id=practice.cleo, channel="email", how="sms", at=practice.now[0]))
    lane(practice, world).run()
    assert len(world.got) == sent
    assert (only(practice).state, only(practice).reason) == (("sent", "") if secret else ("skipped", "opted_out"))


def test_r32_a_reminder_says_what_its_template_says_now(
    practice: Practice, world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(runtime, "uow", lambda: practice.uow)
    a_rule(practice)
    book(practice, action=str(practice.consultation))
    practice.later(hours=18)
    real = lane(practice, world)
    real.render = render
    real.run()
    (letter,) = world.got
    assert letter.to == "somebody@example.com" and letter.subject and letter.html and letter.attachments
    assert "Consultation" in letter.text and "10:00" in letter.text
    assert only(practice).body == letter.text


def test_what_is_in_doubt_each_time_is_not_sent_for_ever(practice: Practice, world: World):
    with practice.uow.begin() as tx:
        post(tx, **HELLO, key="hello")
    world.refusals = [RuntimeError("the sender broke down") for _ in range(MOST_ATTEMPTS + 1)]
    for _ in range(MOST_ATTEMPTS):
        assert lane(practice, world).run() == 1
        practice.later(minutes=3)
        settle(practice.uow, again=True)
    assert lane(practice, world).run() == 0
    assert only(practice).state == "unknown"


def test_a_message_that_can_not_be_begun_holds_up_no_other(practice: Practice, world: World):
    with practice.uow.begin() as tx:
        for key in ("first", "broken", "last"):
            post(tx, **HELLO, key=key)

    def breaks(tx: Tx, claimed: Claimed) -> Rendered:
        if claimed.key == "broken":
            raise ValueError("of no use")
        return plainly(tx, claimed)

    one = lane(practice, world)
    one.render = breaks
    one.run()
    assert [sent.key for sent in world.got] == ["first", "last"]
    with practice.uow.read() as tx:
        states = tx.execute(select(Message.state).order_by(Message.id)).scalars().all()
    assert states == ["sent", "planned", "sent"]


def test_a_subject_that_its_placeholders_make_too_long_is_cut(practice: Practice, world: World):
    with practice.uow.begin() as tx:
        post(tx, **HELLO, key="hello")
    one = lane(practice, world)
    one.render = lambda _tx, claimed: Rendered(Outgoing(claimed.channel, claimed.address, "Soon.", "long " * 200))
    one.run()
    assert (only(practice).state, len(only(practice).subject)) == ("sent", 500)


def test_a_rule_that_was_just_given_another_channel_sends_no_sms_to_a_mailbox(
    practice: Practice, world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(runtime, "uow", lambda: practice.uow)
    a_rule(practice)
    book(practice)
    with practice.uow.begin() as tx:
        add_missing(tx)
        of_sms = select(Template.id).where(Template.slug == "client-sms").scalar_subquery()
        tx.execute(update(ReminderRule).values(channel="sms", template_id=of_sms))
    practice.later(hours=18)
    real = lane(practice, world)
    real.render = render
    real.run()
    assert [(one.channel, one.to) for one in world.got] == [(Channel.EMAIL, "somebody@example.com")]
