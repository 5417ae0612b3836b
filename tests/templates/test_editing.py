"""Settings › Templates: what is saved, refused, shown before, and taken back."""

from __future__ import annotations

import pytest

from appointments_app.db.queries import history
from appointments_app.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from appointments_app.domain.ready_made import READY_MADE
from appointments_app.features.templates import service
from tests.appointments.conftest import Practice
from tests.appointments.desk import at_once, book

EMPTY = {"subject_en": "", "body_en": "", "subject_ar": "", "body_ar": ""}


def save(office: Practice, template_id: object = 0, channel: str = "sms", version: object = 0, **values: object) -> int:
    """Save a form with these values."""
    given = {"name": "Mine", **EMPTY, **values}
    return service.save(
        office.uow, actor=office.ada, template_id=template_id, channel=channel, values=given, version=version
    )


def refusal(office: Practice, **values: object) -> Invalid:
    """Return how a form is refused."""
    with pytest.raises(Invalid) as refused:
        save(office, **values)
    return refused.value


def test_the_ready_made_ones_are_there_once_even_when_two_look_at_once(office: Practice):
    found = at_once(lambda: service.list_templates(office.uow, actor=office.ada), 4)
    assert [len(rows) for rows in found] == [len(READY_MADE)] * 4
    assert all(row.sample and row.name for row in found[0])


def test_a_template_is_added_changed_and_audited(office: Practice):
    known = save(office, body_en="Hi", body_ar="أهلًا")
    form = service.open_template(office.uow, actor=office.ada, template_id=str(known))
    assert form.texts == {**EMPTY, "body_en": "Hi", "body_ar": "أهلًا"} and not form.is_ready_made
    assert save(office, known, version=form.version, body_en="Hello {{client.name}}") == known
    with office.uow.read() as tx:
        newest, _ = history.of_record(tx, "template", known)
    assert {line.field: line.new for line in newest.lines} == {"body_en": "Hello {{client.name}}", "body_ar": ""}
    with pytest.raises(Conflict):
        save(office, known, version=form.version, body_en="Mine!")


def test_an_unknown_placeholder_is_refused_at_its_field_with_its_name(office: Practice):
    wrong = refusal(
        office, channel="email", subject_en="{{client.nam}}", body_en="{{x}}", body_ar="{{ 1 + ", subject_ar="y"
    )
    assert set(wrong.fields) == {"subject_en", "body_en", "body_ar"}
    more = wrong.values["by_field"]
    assert (more["subject_en"]["name"], more["body_en"]["name"], more["body_ar"]["line"]) == ("client.nam", "x", 1)


def test_what_is_missing_or_too_long_is_refused_at_its_field(office: Practice):
    assert set(refusal(office, name=" ").fields) == {"name", "body_en"}
    assert set(refusal(office, channel="email", body_en="x").fields) == {"subject_en"}
    assert set(refusal(office, body_ar="x" * 1_001).fields) == {"body_ar"}
    assert set(refusal(office, body_en=None, body_ar=7, name={}).fields) == {"name", "body_en"}


def test_the_preview_shows_the_next_appointment_in_both_languages_with_segments(office: Practice):
    book(office, date="2026-03-27", client=str(office.omar))
    book(office, date="2026-03-26", action=str(office.call))
    values = {**EMPTY, "body_en": "{{client.name}}: {{appointment.date}} {{appointment.time}}", "body_ar": "{{action}}"}
    seen = service.preview(office.uow, actor=office.ada, channel="sms", values=values)
    english, arabic = seen.panes
    assert (seen.client, seen.start_at) == ("Cleo", "2026-03-26T08:00:00Z")
    assert english.text == "Cleo: Thu 26 Mar 10:00"
    assert (english.encoding, english.segments, english.left) == ("GSM-7", 1, 138)
    assert arabic.text == "Follow-up call"
    letter = service.preview(
        office.uow, actor=office.ada, channel="email", values={"body_en": "Dear {{client.name}}", "subject_en": "S"}
    )
    assert "Dear Cleo" in letter.panes[0].html and letter.panes[0].subject == "S"


def test_the_preview_takes_what_is_not_finished_yet_but_no_unknown_placeholder(office: Practice):
    seen = service.preview(office.uow, actor=office.ada, channel="email", values={"body_en": "no subject yet"})
    assert seen.client == "" and "no subject yet" in seen.panes[0].text
    with pytest.raises(Invalid) as refused:
        service.preview(office.uow, actor=office.ada, channel="sms", values={"body_en": "{{nothing}}"})
    assert set(refused.value.fields) == {"body_en"}


def test_own_templates_can_be_deleted_ready_made_ones_not(office: Practice):
    mine = save(office, body_en="Hi")
    assert service.delete(office.uow, actor=office.ada, template_id=mine) == "Mine"
    with pytest.raises(NotFound):
        service.open_template(office.uow, actor=office.ada, template_id=mine)
    ready = service.list_templates(office.uow, actor=office.ada)[0]
    with pytest.raises(Invalid):
        service.delete(office.uow, actor=office.ada, template_id=ready.id)
    with pytest.raises(NotFound):
        service.restore(office.uow, actor=office.ada, template_id=save(office, body_en="Hi"))


def test_only_who_may_change_the_settings_sees_templates(office: Practice):
    for call in (
        lambda: service.list_templates(office.uow, actor=office.ben),
        lambda: service.open_template(office.uow, actor=office.ben, template_id=1),
        lambda: service.save(office.uow, actor=office.ben, template_id=0, channel="sms", values={}, version=0),
        lambda: service.preview(office.uow, actor=office.ben, channel="sms", values={}),
        lambda: service.restore(office.uow, actor=office.ben, template_id=1),
        lambda: service.delete(office.uow, actor=office.ben, template_id=1),
    ):
        with pytest.raises(NotAllowed):
            call()


@pytest.mark.parametrize("template_id", ["x", -1, None, True, "99999999999", {"a": 1}, 2**40])
def test_what_is_no_template_is_not_found(office: Practice, template_id: object):
    with pytest.raises(NotFound):
        service.open_template(office.uow, actor=office.ada, template_id=template_id)


def test_of_two_who_save_the_same_at_once_one_is_told(office: Practice):
    known = save(office, body_en="Hi")
    for version in range(1, 6):
        words = iter(("One", "Two", "Three", "Four"))
        told = at_once(
            lambda said=words, now=version: save(office, known, version=now, body_en=f"{next(said)} {now}"), 4
        )
        assert sorted(type(each).__name__ for each in told) == ["Conflict"] * 3 + ["int"]
