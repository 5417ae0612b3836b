"""The list of messages: who sees which, pages, sending one again, taking one back; and how sending goes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from appointments_app import runtime
from appointments_app.db.models import Message, OptOut
from appointments_app.db.queries import reach
from appointments_app.db.queries.messages import MessagePage
from appointments_app.domain.access import Permission, Scope
from appointments_app.domain.errors import Invalid, NotAllowed, NotFound
from appointments_app.domain.listing import Place
from appointments_app.domain.message import Channel, DeliveryError
from appointments_app.domain.outbox import MessageFilter, Shelf
from appointments_app.features.messages import service
from appointments_app.features.messages.service import post
from tests.appointments.conftest import Practice
from tests.appointments.desk import book
from tests.messages.reminders import a_rule
from tests.messages.world import World, lane

HELLO = {"channel": Channel.EMAIL, "subject": "Hello", "text": "Good morning."}


@pytest.fixture(autouse=True)
def channels(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(runtime, "channels_set_up", lambda: (Channel.EMAIL,))


def posted(practice: Practice, key: str, **more) -> int:
    with practice.uow.begin() as tx:
        message_id = post(tx, **HELLO | {"to": "cleo@example.com", "key": key} | more)
    assert message_id is not None
    return message_id


def listed(practice: Practice, actor=None, place: Place | None = None, **wanted) -> list[str]:
    found = service.list_messages(
        practice.uow, actor=actor or practice.ada, wanted=MessageFilter(**wanted), place=place or Place()
    )
    return [row.recipient for row in found.page.rows]


def test_only_what_the_actor_may_know_of_is_listed(practice: Practice):
    posted(practice, "to-cleo", client_id=practice.cleo)
    posted(practice, "to-ada", staff_id=practice.ada.staff_id, to="ada@example.com")
    posted(practice, "to-ben", staff_id=practice.ben.staff_id, to="ben@example.com")
    assert sorted(listed(practice)) == ["Ada", "Ben", "Cleo"]
    assert sorted(listed(practice, practice.ben)) == ["Ben", "Cleo"]
    assert listed(practice, replace(practice.ben, scope=Scope.OWN)) == ["Ben"]
    with pytest.raises(NotAllowed):
        listed(practice, replace(practice.ben, permissions=frozenset()))


@pytest.mark.parametrize("few", [8_000, -1])
def test_own_appointments_only(practice: Practice, few: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(reach, "FEW", few)
    a_rule(practice)
    book(practice)
    mine = book(practice, date="2026-03-26", staff=[str(practice.ben.staff_id)])
    own = replace(practice.ben, scope=Scope.OWN)
    planned = {"shelf": Shelf.PLANNED}
    assert len(listed(practice, **planned)) == 2 and len(listed(practice, own, **planned)) == 1
    rows, _ = service.messages_of(practice.uow, actor=own, appointment_id=mine)
    with pytest.raises(NotFound):
        service.open_message(practice.uow, actor=own, message_id=3 - rows[0].id)


def test_pages_are_found_by_key_both_ways(practice: Practice):
    for number in range(60):
        posted(practice, f"m{number}", client_id=practice.cleo)
    first = service.list_messages(
        practice.uow, actor=practice.ada, wanted=MessageFilter(shelf=Shelf.PLANNED), place=Place(size=25)
    )
    place = Place(size=25, after=first.page.next)
    second = service.list_messages(
        practice.uow, actor=practice.ada, wanted=MessageFilter(shelf=Shelf.PLANNED), place=place
    )
    ids = [row.id for row in (*first.page.rows, *second.page.rows)]
    assert len(ids) == 50 and len(set(ids)) == 50 and first.page.previous == ""
    back = Place(size=25, before=second.page.previous)
    again = service.list_messages(
        practice.uow, actor=practice.ada, wanted=MessageFilter(shelf=Shelf.PLANNED), place=back
    )
    assert again.page.rows == first.page.rows


def test_all_opens_at_now_and_is_filled_with_what_comes_next(practice: Practice):
    a_rule(practice)
    for day in range(26, 31):
        book(practice, date=f"2026-03-{day}")
    soonest = service.list_messages(
        practice.uow, actor=practice.ada, wanted=MessageFilter(shelf=Shelf.PLANNED), place=Place()
    ).page.rows
    assert len(soonest) == 5

    def everything(**place) -> MessagePage:
        return service.list_messages(
            practice.uow, actor=practice.ada, wanted=MessageFilter(), place=Place(size=3, **place)
        ).page

    ahead = everything()
    assert ahead.rows == soonest[2::-1] and ahead.next == ""
    assert everything(before=ahead.previous).rows == soonest[:2:-1]
    posted(practice, "now", client_id=practice.cleo)
    lane(practice, World()).run()
    mixed = everything()
    assert [row.subject for row in mixed.rows[2:]] == ["Hello"] and mixed.rows[:2] == soonest[1::-1]


def test_counts_by_tab_and_filters(practice: Practice):
    posted(practice, "one", client_id=practice.cleo)
    posted(practice, "two", client_id=practice.omar, channel=Channel.SMS, to="+20100")
    lane(practice, World()).run()
    counts = service.count_messages(practice.uow, actor=practice.ada, wanted=MessageFilter())
    assert counts == {"all": 2, "planned": 1, "sent": 1, "failed": 0, "unknown": 0, "skipped": 0}
    assert listed(practice, channel="sms") == ["Omar"]
    assert listed(practice, client=str(practice.cleo)) == ["Cleo"]
    assert listed(practice, recipient="staff") == []


def test_a_secret_is_shown_to_nobody(practice: Practice):
    secret = posted(practice, "secret", staff_id=practice.ada.staff_id, secret=True)
    row = service.open_message(practice.uow, actor=practice.ada, message_id=secret)
    assert (row.subject, row.body) == ("", "")
    lane(practice, World()).run()
    with pytest.raises(Invalid):
        service.send_again(practice.uow, actor=practice.ada, message_id=secret)


def test_a_failed_message_is_sent_again(practice: Practice):
    failed = posted(practice, "failed", client_id=practice.cleo)
    world = World(refusals=[DeliveryError("No such mailbox.", permanent=True)])
    lane(practice, world).run()
    service.send_again(practice.uow, actor=practice.ben, message_id=failed)
    lane(practice, world).run()
    assert [one.key for one in world.got] == ["failed"]


def test_what_is_seen_but_not_ones_own_is_not_sent_by_who_sends_their_own(practice: Practice):
    a_rule(practice)
    book(practice)
    (planned,) = service.list_messages(
        practice.uow, actor=practice.ada, wanted=MessageFilter(shelf=Shelf.PLANNED), place=Place()
    ).page.rows
    limited = replace(practice.ben, own=frozenset({Permission.SMS}))
    assert service.open_message(practice.uow, actor=limited, message_id=planned.id)
    for use_case in (service.take_back, service.send_again):
        with pytest.raises(NotAllowed):
            use_case(practice.uow, actor=limited, message_id=planned.id)


def test_nothing_is_sent_again_to_a_client_who_wants_no_more(practice: Practice):
    sent, world = posted(practice, "sent", client_id=practice.cleo), World()
    lane(practice, world).run()
    with practice.uow.begin() as tx:
        tx.add(OptOut(client_id=practice.cleo, channel="email", how="link", at=practice.now[0]))
    with pytest.raises(Invalid):
        service.send_again(practice.uow, actor=practice.ada, message_id=sent)
    assert lane(practice, world).run() == 0


def test_a_sent_message_is_sent_once_more_under_another_key(practice: Practice):
    sent, world = posted(practice, "sent", client_id=practice.cleo), World()
    lane(practice, world).run()
    for _ in range(2):
        service.send_again(practice.uow, actor=practice.ada, message_id=sent)
    lane(practice, world).run()
    assert len(world.got) == 2 and len({one.key for one in world.got}) == 2


def test_a_planned_message_is_taken_back_for_good(practice: Practice):
    planned = posted(practice, "planned", client_id=practice.cleo)
    service.take_back(practice.uow, actor=practice.ada, message_id=planned)
    assert lane(practice, World()).run() == 0
    with pytest.raises(NotFound):
        service.take_back(practice.uow, actor=practice.ada, message_id=planned)
    without = replace(practice.ben, permissions=practice.ben.permissions - {"sms"})
    for use_case in (service.take_back, service.send_again):
        with pytest.raises(NotAllowed):
            use_case(practice.uow, actor=without, message_id=planned)


def test_health_says_who_ran_and_what_stands_still(practice: Practice):
    posted(practice, "late", client_id=practice.cleo)
    posted(practice, "kept", client_id=practice.cleo, channel=Channel.SMS)
    service.look_after(practice.uow, worker="one")
    health = service.health(practice.uow, actor=practice.ada)
    assert (health.runs, health.waiting, health.without_channel, health.stands_still) == (True, 1, 1, False)
    practice.later(minutes=6)
    health = service.health(practice.uow, actor=practice.ada)
    assert (health.runs, health.stands_still, health.oldest) == (False, True, "2026-03-24T12:00:00Z")
    with pytest.raises(NotAllowed):
        service.health(practice.uow, actor=practice.ben)


def test_without_a_channel_reminders_are_given_up_once_the_appointment_has_begun(practice: Practice):
    a_rule(practice, channel="sms")
    book(practice)
    practice.later(hours=19)
    assert service.look_after(practice.uow, worker="one") == 0
    practice.later(hours=1)
    assert service.look_after(practice.uow, worker="one") == 1
    with practice.uow.read() as tx:
        assert tx.execute(select(Message.state, Message.reason)).all() == [("skipped", "no_channel")]
