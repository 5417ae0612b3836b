"""SMS and e-mails by hand: who gets what, who is skipped and why, sent once, stopped half-way."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text as sql

from appointments_app.db.models import OptOut, Staff
from appointments_app.db.queries import history
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.errors import Cancelled, Invalid, NotAllowed, NotFound
from appointments_app.domain.listing import AppointmentFilter, Selection
from appointments_app.features.messages.service.rendering import render
from appointments_app.features.sending import service
from appointments_app.features.sending.service import About, Outlook, Said, Sent, Sizes
from appointments_app.features.templates import service as templates
from tests.appointments.conftest import NOON, Practice
from tests.appointments.conftest import practice as practice  # which it is made of
from tests.appointments.desk import book
from tests.messages.world import World, lane
from tests.templates.conftest import office as office  # the fixture

BATCH = "now-0123456789abcdef"
HELLO = "Hi {{client.name}}, {{appointment.date}} {{appointment.time}}"
EVERYTHING = About(Selection(matching=AppointmentFilter()))


def these(*ids: int) -> About:
    """Return a selection of ticked rows."""
    return About(Selection(ids=ids))


def look(
    office: Practice, about: About = EVERYTHING, to: object = "client", actor: Actor | None = None, **said: Any
) -> Outlook:
    """Return the preview."""
    asked = {"actor": actor or office.ada, "about": about, "channel": said.pop("channel", "sms"), "to": to}
    return service.preview(office.uow, **asked, said=Said(**{"text": HELLO} | said))


def send(
    office: Practice, about: About = EVERYTHING, to: object = "client", actor: Actor | None = None, **said: Any
) -> Sent:
    """Send it."""
    asked = {"actor": actor or office.ada, "about": about, "channel": said.pop("channel", "sms"), "to": to}
    given = {"batch": said.pop("batch", BATCH), "progress": said.pop("progress", lambda _done, _total: True)}
    return service.send(office.uow, **asked, **given, said=Said(**{"text": HELLO} | said))


def outbox(office: Practice) -> list[Any]:
    """Return what waits in the outbox, in order: address, text, client, staff, appointment, state."""
    with office.uow.read() as tx:
        columns = "address, body, client_id, staff_id, appointment_id, state, reason"
        return list(tx.execute(sql(f"SELECT {columns} FROM message ORDER BY id")).all())


def opt_out(office: Practice, client_id: int) -> None:
    """Note that a client wants no SMS."""
    with office.uow.begin() as tx:
        tx.add(OptOut(client_id=client_id, channel="sms", how="staff", at=NOON))


def test_r26_sms_to_clients_goes_to_each_of_the_selection_in_their_language(office: Practice):
    first = book(office)
    second = book(office, client=str(office.omar), date="2026-03-26")
    book(office, date="2026-03-27")
    assert send(office, these(first, second)) == Sent(2)
    assert [(row.address, row.client_id, row.appointment_id, row.state) for row in outbox(office)] == [
        ("+201001234567", office.cleo, first, "planned"),
        ("+201007654321", office.omar, second, "planned"),
    ]
    assert outbox(office)[0].body == "Hi Cleo, Wed 25 Mar 10:00"


def test_r26_sms_to_staff_goes_to_everybody_assigned(office: Practice):
    both = [str(office.ada.staff_id), str(office.ben.staff_id)]
    visit = book(office, staff=both)
    alone = book(office, date="2026-03-26")
    seen = look(office, to="staff")
    assert [(line.name, line.reason) for line in seen.lines] == [
        ("Ada", ""),
        ("Ben", "no_address"),
        ("", "not_assigned"),
    ]
    assert (seen.messages, seen.skipped) == (1, {"no_address": 1, "not_assigned": 1})
    assert send(office, these(visit, alone), to="staff") == Sent(1)
    (row,) = outbox(office)
    assert (row.address, row.staff_id, row.client_id) == ("+201000000001", office.ada.staff_id, None)


def test_who_has_left_gets_nothing(office: Practice):
    book(office, staff=[str(office.ada.staff_id)])
    with office.uow.begin() as tx:
        ada = tx.get_one(Staff, office.ada.staff_id)
        ada.active = False
        tx.add(ada)
    seen = look(office, to="staff")
    assert (seen.messages, seen.skipped) == (0, {"left": 1})
    assert send(office, to="staff") == Sent(0)


def test_r28_the_preview_says_who_is_skipped_and_why(office: Practice):
    for client in (office.cleo, office.omar):
        book(office, client=str(client), date="2026-03-26")
    book(office, date="2026-03-27")
    opt_out(office, office.omar)
    seen = look(office)
    assert [(line.name, line.reason) for line in seen.lines] == [("Cleo", ""), ("Omar", "opted_out"), ("Cleo", "")]
    assert (seen.messages, seen.skipped, seen.segments, seen.longest) == (2, {"opted_out": 1}, 2, 1)
    assert seen.lines[0].address == "+20 10 01234567"
    with office.uow.begin() as tx:
        tx.execute(sql("UPDATE client SET phone = ''"))
    assert look(office).skipped == {"no_address": 3}
    assert send(office) == Sent(0) and outbox(office) == []


def test_r28_segments_are_counted_as_they_are_sent(office: Practice):
    book(office, client=str(office.omar))
    seen = look(office, text="م" * 71)
    assert (seen.encoding, seen.segments, seen.lines[0].segments) == ("UCS-2", 2, 2)


def test_a_whole_filter_is_sent_in_lots_and_only_fifty_are_shown(office: Practice, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(service.sending, "LOT", 20)
    for hour in range(8, 16):
        for minute in range(0, 60, 8):
            book(office, time=f"{hour:02}:{minute:02}", duration="5")
    seen = look(office)
    assert (len(seen.lines), seen.more, seen.messages, seen.measured) == (50, 14, 64, False)
    asked = {"about": EVERYTHING, "channel": "sms", "to": "client", "said": Said(text="م" * 71)}
    sizes = service.measure(office.uow, actor=office.ada, **asked, progress=lambda _done, _total: True)
    assert sizes == Sizes("UCS-2", segments=128, longest=2)
    with pytest.raises(Cancelled):
        service.measure(office.uow, actor=office.ada, **asked, progress=lambda _done, _total: False)
    told: list[tuple[int, int]] = []
    assert send(office, progress=lambda done, total: told.append((done, total)) or True) == Sent(64)
    assert told == [(20, 64), (40, 64), (60, 64), (64, 64)]
    assert len({row.appointment_id for row in outbox(office)}) == 64


def test_twice_with_one_batch_is_sent_once(office: Practice):
    book(office)
    assert (send(office), send(office)) == (Sent(1), Sent(0))
    assert len(outbox(office)) == 1


def test_stop_takes_back_what_has_not_gone(office: Practice, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(service.sending, "LOT", 2)
    for day in range(10, 16):
        book(office, date=f"2026-04-{day}")
    send(office, these(1), batch="now-ffffffffffffffff")

    def stop(done: int, _total: int) -> bool:
        if done == 2:
            with office.uow.begin() as tx:
                tx.execute(sql(f"UPDATE message SET state = 'sent' WHERE key LIKE '{BATCH}-1-%'"))
        return done < 4

    assert send(office, progress=stop) == Sent(1, taken_back=3)
    states = [(row.state, row.reason) for row in outbox(office)]
    assert states == [("planned", ""), ("sent", ""), *[("skipped", "cancelled")] * 3]


def test_a_template_is_sent_in_each_readers_language(office: Practice):
    offer = service.offer(office.uow, actor=office.ben)
    (row,) = (row for row in offer.templates if row.slug == "client-sms")
    assert all(row.channel == "sms" for row in offer.templates)
    book(office)
    book(office, client=str(office.omar), date="2026-03-26")
    seen = look(office, template=str(row.id), text="ignored")
    assert seen.lines[0].text.startswith("Nile Clinic: your appointment") and "موعدك" in seen.lines[1].text


def test_one_client_without_an_appointment(office: Practice):
    about = About(client_id=office.cleo)
    seen = look(office, about, text="Dear {{client.name}}, we are closed.")
    assert [line.text for line in seen.lines] == ["Dear Cleo, we are closed."] and seen.messages == 1
    assert send(office, about, text="Dear {{client.name}}, we are closed.") == Sent(1)
    assert [(row.client_id, row.appointment_id) for row in outbox(office)] == [(office.cleo, None)]
    with pytest.raises(Invalid) as refused:
        look(office, about, text="On {{appointment.date}}")
    assert set(refused.value.fields) == {"text"}
    opt_out(office, office.cleo)
    assert look(office, about, text="Hi").skipped == {"opted_out": 1}
    with pytest.raises(NotFound):
        look(office, About(client_id=999), text="Hi")


def test_an_e_mail_goes_by_the_same_way(office: Practice, monkeypatch: pytest.MonkeyPatch):
    first, second = book(office), book(office, client=str(office.omar), date="2026-03-26")
    opt_out(office, office.omar)  # of SMS only
    letter = {"channel": "email", "subject": "For {{client.name}}", "text": "We moved.\n\nSee you!"}
    seen = look(office, these(first, second), **letter)
    assert [(line.address, line.subject, line.reason) for line in seen.lines] == [
        ("cleo@example.com", "For Cleo", ""),
        ("omar@example.com", "For Omar", ""),
    ]
    assert (seen.messages, seen.segments, seen.measured) == (2, 0, True)
    assert send(office, these(first, second), **letter) == Sent(2)
    world = World()
    real = lane(office, world)
    real.render = render
    real.run()
    to_cleo = world.got[0]
    assert (to_cleo.to, to_cleo.subject) == ("cleo@example.com", "For Cleo")
    assert "We moved." in to_cleo.html and to_cleo.unsubscribe in to_cleo.html
    with office.uow.read() as tx:
        newest = history.of_record(tx, "appointment", first)[0]
    assert [(line.field, line.new) for line in newest.lines] == [("letter", "For Cleo")]
    for wrong, field in (({"subject": " "}, "subject"), ({"subject": "{{x}}"}, "subject"), ({"text": ""}, "text")):
        with pytest.raises(Invalid) as refused:
            look(office, **letter | wrong)
        assert set(refused.value.fields) == {field}
    for channel in ("pigeon", None, 7):
        with pytest.raises(Invalid):
            look(office, channel=channel)


def test_who_sent_what_stands_in_the_history(office: Practice):
    visit = book(office)
    send(office)
    with office.uow.read() as tx:
        newest = history.of_record(tx, "appointment", visit)[0]
    assert (newest.who, newest.verb, newest.lines[0].new) == ("Ada", "sent", "Hi Cleo, Wed 25 Mar 10:00")


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"text": " "}, "text"),
        ({"text": None}, "text"),
        ({"text": "x" * 1_001}, "text"),
        ({"text": "{{nothing}}"}, "text"),
        ({"text": "{% for x in y %}"}, "text"),
        ({"template": "999"}, "template"),
        ({"template": {"a": 1}}, "template"),
    ],
)
def test_what_can_not_be_sent_is_refused_at_its_field(office: Practice, said: dict[str, Any], field: str):
    book(office)
    for attempt in (look, send):
        with pytest.raises(Invalid) as refused:
            attempt(office, **said)
        assert set(refused.value.fields) == {field}
    assert outbox(office) == []


def test_an_e_mail_template_is_no_sms(office: Practice):
    rows = templates.list_templates(office.uow, actor=office.ada)
    email = next(row for row in rows if row.channel == "email")
    with pytest.raises(Invalid):
        look(office, template=str(email.id))


@pytest.mark.parametrize("batch", ["", None, "now-xyz", 7, "now-0123456789abcdef-1", "'; --"])
def test_a_batch_is_named_as_ours_are(office: Practice, batch: object):
    with pytest.raises(Invalid):
        send(office, batch=batch)


def test_only_who_may_send_sms_sends_and_only_about_what_they_see(office: Practice):
    book(office)
    silent = Actor(
        office.ben.staff_id, "Ben", office.ben.role, "en", "Africa/Cairo", office.ben.permissions - {Permission.SMS}
    )
    for attempt in (look, send):
        with pytest.raises(NotAllowed):
            attempt(office, actor=silent)
    with pytest.raises(NotAllowed):
        service.offer(office.uow, actor=silent)
    blind = Actor(office.ben.staff_id, "Ben", office.ben.role, "en", "Africa/Cairo", frozenset({Permission.SMS}))
    with pytest.raises(NotAllowed):
        look(office, About(client_id=office.cleo), actor=blind, text="Hi")


def test_who_sees_only_their_own_reaches_only_their_own(office: Practice):
    from appointments_app.domain.access import Scope

    mine = book(office, staff=[str(office.ben.staff_id)])
    book(office, client=str(office.omar), date="2026-03-26")
    own = Actor(office.ben.staff_id, "Ben", office.ben.role, "en", "Africa/Cairo", office.ben.permissions, Scope.OWN)
    assert [line.name for line in look(office, actor=own).lines] == ["Cleo"]
    assert send(office, actor=own) == Sent(1) and outbox(office)[0].appointment_id == mine
    assert send(office, these(mine + 1), actor=own, batch="now-aaaaaaaaaaaaaaaa") == Sent(0)


@pytest.mark.parametrize("to", ["", "everybody", None, 3])
def test_there_is_nobody_else_to_send_to(office: Practice, to: object):
    with pytest.raises(Invalid):
        look(office, to=to)
