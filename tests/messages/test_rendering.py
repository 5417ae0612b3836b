"""What a reminder says is what its rule's template says, and who opted out gets none."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from appointments_app.db.models import OptOut
from appointments_app.domain.errors import Invalid
from appointments_app.domain.message import Channel
from appointments_app.domain.reminder import Recipient
from appointments_app.features.messages.service.rendering import render
from appointments_app.features.messages.service.sending import Lane
from appointments_app.features.reminders import service as reminders
from appointments_app.features.templates import service as templates
from tests.appointments.conftest import NOON, Practice
from tests.appointments.desk import book
from tests.messages.reminders import a_rule, messages
from tests.messages.world import World
from tests.templates.conftest import office as office  # the fixture


def send(office: Practice, channel: Channel = Channel.EMAIL) -> World:
    """Let a worker send what is due two hours before tomorrow at ten; return what arrived."""
    office.now[0] = NOON + timedelta(hours=18)
    world = World()
    Lane(office.uow, channel, "one", lambda: world, render).run()
    return world


def test_an_e_mail_reminder_is_a_letter_with_a_calendar_file(office: Practice):
    a_rule(office)
    book(office, action=str(office.consultation))
    (letter,) = send(office).got
    assert letter.to == "cleo@example.com" and "What: Consultation" in letter.text
    assert letter.html and letter.attachments and letter.subject.startswith("Your appointment on")


def test_staff_are_reminded_in_words_of_their_own(office: Practice):
    a_rule(office, recipient=Recipient.STAFF.value)
    book(office, staff=[str(office.ada.staff_id)])
    (letter,) = send(office).got
    assert (letter.to, letter.subject) == ("ada@example.com", "10:00 Cleo")


def test_a_rule_says_what_its_template_says(office: Practice):
    values = {"name": "Short", "body_en": "{{client.name}}!", "body_ar": "يا {{client.name}}"}
    mine = templates.save(office.uow, actor=office.ada, template_id=0, channel="sms", values=values, version=0)
    a_rule(office, channel=Channel.SMS.value, template_id=mine)
    book(office)
    book(office, client=str(office.omar))
    assert [one.text for one in send(office, Channel.SMS).got] == ["Cleo!", "يا Omar"]


def test_a_template_that_was_deleted_skips_the_reminder(office: Practice):
    values = {"name": "Short", "body_en": "Hi"}
    mine = templates.save(office.uow, actor=office.ada, template_id=0, channel="sms", values=values, version=0)
    a_rule(office, channel=Channel.SMS.value, template_id=mine)
    book(office)
    templates.delete(office.uow, actor=office.ada, template_id=mine)
    assert send(office, Channel.SMS).got == []
    assert [row[:2] for row in messages(office)] == [("skipped", "template")]


def test_who_opted_out_of_one_channel_gets_the_other(office: Practice):
    a_rule(office)
    a_rule(office, channel=Channel.SMS.value)
    with office.uow.begin() as tx:
        tx.add(OptOut(client_id=office.cleo, channel="email", how="link", at=NOON))
    book(office)
    assert send(office).got == []
    assert len(send(office, Channel.SMS).got) == 1
    assert sorted(row[:2] for row in messages(office)) == [("sent", ""), ("skipped", "opted_out")]


def test_a_rule_takes_only_a_template_of_its_channel(office: Practice):
    values = {"name": "Short", "body_en": "Hi"}
    mine = templates.save(office.uow, actor=office.ada, template_id=0, channel="sms", values=values, version=0)
    opened = reminders.open_rule(office.uow, actor=office.ada)
    assert [row.name for row in opened.template_choices] == ["Short"]
    form: dict[str, Any] = {**vars(opened.form), "name": "Mine", "active": True, "template": str(mine)}
    with pytest.raises(Invalid) as refused:
        reminders.save(office.uow, actor=office.ada, rule_id=None, values=form)
    assert set(refused.value.fields) == {"template"}
    known = reminders.save(office.uow, actor=office.ada, rule_id=None, values={**form, "channel": "sms"})
    assert reminders.open_rule(office.uow, actor=office.ada, rule_id=known).form.template == str(mine)
