"""What a template says: in the reader's language and zone, by SMS and as a letter with a calendar file."""

from __future__ import annotations

import re

from sqlalchemy import update

from appointments_app.db.models import Template
from appointments_app.db.queries import templates
from appointments_app.domain.listing import Selection
from appointments_app.domain.message import Outgoing
from appointments_app.domain.ready_made import BY_SLUG, FORMER
from appointments_app.domain.template import Slug
from appointments_app.features.appointments import service as appointments
from appointments_app.features.portal import service as portal
from appointments_app.features.templates import service
from tests.appointments.conftest import Practice
from tests.appointments.desk import book


def render(office: Practice, template: int | Slug, appointment_id: int, staff_id: int | None = None) -> Outgoing:
    """Return what is sent."""
    with office.uow.read() as tx:
        found = service.render(tx, template, appointment_id=appointment_id, staff_id=staff_id, key="row-7")
    assert found is not None
    return found


def write(office: Practice, channel: str, **texts: str) -> int:
    """Make a template; return its id."""
    values = {"name": "Mine", **texts}
    return service.save(office.uow, actor=office.ada, template_id=0, channel=channel, values=values, version=0)


def test_an_sms_in_english(office: Practice):
    visit = book(office, action=str(office.consultation), staff=[str(office.ada.staff_id)])
    said = render(office, Slug.CLIENT_SMS, visit)
    assert (said.channel, said.to, said.key) == ("sms", "+201001234567", "row-7")
    assert said.text == "Nile Clinic: your appointment is on Wed 25 Mar at 10:00."
    assert not said.html and not said.attachments and not said.subject


def test_an_sms_in_arabic_in_the_clients_own_zone(office: Practice):
    said = render(office, Slug.CLIENT_SMS, book(office, client=str(office.omar)))
    assert said.to == "+201007654321"
    assert said.text.startswith("موعدك لدى Nile Clinic يوم") and "١٢:٠٠" in said.text, "ten in Cairo is noon in Dubai"
    assert "(توقيت الإمارات" in said.text, "the zone is named, as it is not that of the business"


def test_an_e_mail_has_text_html_and_a_calendar_file_without_notes(office: Practice):
    visit = book(office, action=str(office.consultation), staff=[str(office.ada.staff_id)], notes="allergic to cats")
    said = render(office, Slug.CLIENT_EMAIL, visit)
    assert said.to == "cleo@example.com"
    assert said.subject == "Your appointment on Wednesday, 25 March 2026 at 10:00"
    for line in ("Dear Cleo,", "Time: 10:00 (30 minutes)", "What: Consultation", "With: Ada", "Nile Clinic"):
        assert line in said.text
        assert line in said.html
    assert 'dir="ltr"' in said.html
    (file,) = said.attachments
    assert file.media_type == "text/calendar" and b"Consultation \xe2\x80\x93 Nile Clinic" in file.content
    assert b"TZID=Africa/Cairo:20260325T100000" in file.content
    assert "cats" not in f"{said.text}{said.html}{file.content!r}"


def test_an_arabic_letter_is_written_from_right_to_left(office: Practice):
    said = render(office, Slug.CLIENT_EMAIL, book(office, client=str(office.omar)))
    assert 'dir="rtl"' in said.html and 'lang="ar"' in said.html
    assert "عزيزنا Omar" in said.text and "٣٠ دقيقة" in said.text and "الأربعاء" in said.subject


def test_nothing_is_left_of_what_is_empty(office: Practice):
    said = render(office, Slug.CLIENT_EMAIL, book(office))
    assert "With:" not in said.text and "\n\n\n" not in said.text


def test_staff_read_of_the_client_in_their_own_words(office: Practice):
    visit = book(office, staff=[str(office.ada.staff_id)], action=str(office.call))
    said = render(office, Slug.STAFF_EMAIL, visit, staff_id=office.ada.staff_id)
    assert said.to == "ada@example.com" and said.subject == "10:00 Cleo" and "What: Follow-up call" in said.text
    assert b"Follow-up call \xe2\x80\x93 Cleo" in said.attachments[0].content
    assert said.unsubscribe == ""
    with office.uow.read() as tx:
        nobody = service.render(tx, Slug.STAFF_EMAIL, appointment_id=visit, staff_id=office.ben.staff_id, key="k")
        assert nobody is None, "who is not assigned gets nothing"


def test_what_will_not_take_place_brings_no_calendar_file(office: Practice):
    visit = book(office)
    appointments.set_status(office.uow, actor=office.ada, selection=Selection(ids=(visit,)), status="dismissed")
    said = render(office, Slug.CANCELLED_EMAIL, visit)
    assert "was cancelled" in said.text and not said.attachments


def test_ones_own_template_falls_back_to_the_language_it_has(office: Practice):
    mine = write(office, "sms", body_en="Hi {{client.name}}, {{appointment.date}} {{appointment.time}}")
    assert render(office, mine, book(office, client=str(office.omar))).text == (
        "Hi Omar, Wed 25 Mar 12:00 (United Arab Emirates Time)"
    )


def test_a_template_says_where_the_business_is_and_how_to_call_it(office: Practice):
    with office.uow.begin() as tx:
        tx.connection().exec_driver_sql("UPDATE business SET phone = '+201001234567', address = '5 Nile St\nCairo'")
    mine = write(office, "sms", body_en="{{business.address}}. Call {{business.phone}}")
    assert render(office, mine, book(office)).text == "5 Nile St, Cairo. Call +20 10 01234567"


def test_names_can_neither_become_placeholders_nor_markup(office: Practice):
    with office.uow.begin() as tx:
        tx.connection().exec_driver_sql(
            "UPDATE client SET name = '{{business.name}} <b>x</b>' WHERE id = " + str(office.cleo)
        )
    said = render(office, write(office, "email", subject_en="S", body_en="Dear {{client.name}}"), book(office))
    assert said.text.startswith("Dear {{business.name}} <b>x</b>")
    assert "<b>x</b>" not in said.html and "&lt;b&gt;x&lt;/b&gt;" in said.html


def test_what_is_gone_says_nothing(office: Practice):
    visit = book(office)
    with office.uow.read() as tx:
        assert service.render(tx, 999, appointment_id=visit, key="k") is None
        assert service.render(tx, Slug.CLIENT_SMS, appointment_id=999, key="k") is None


def test_a_ready_made_template_that_was_changed_says_what_it_was_changed_to(office: Practice):
    rows = service.list_templates(office.uow, actor=office.ada)
    (row,) = (row for row in rows if row.slug == Slug.CLIENT_SMS)
    form = service.open_template(office.uow, actor=office.ada, template_id=row.id)
    values = {"name": form.name, **form.texts, "body_en": "Come!"}
    service.save(office.uow, actor=office.ada, template_id=row.id, channel="sms", values=values, version=form.version)
    visit = book(office)
    assert render(office, Slug.CLIENT_SMS, visit).text == "Come!"
    service.restore(office.uow, actor=office.ada, template_id=row.id)
    assert render(office, Slug.CLIENT_SMS, visit).text.startswith("Nile Clinic: your appointment")


def test_a_message_about_a_shared_appointment_brings_the_link_that_confirms_it(office: Practice):
    visit = book(office, shared=True, staff=[str(office.ada.staff_id)])
    said = render(office, Slug.CLIENT_EMAIL, visit)
    link = re.search(r"https://desk\.example\.com/c/(\S+)", said.text)
    assert link and f"/c/{link[1]}" in said.html
    assert portal.confirm_by_link(office.uow, token=link[1]).standing == "confirmed"
    assert "/c/" not in render(office, Slug.STAFF_EMAIL, visit, office.ada.staff_id).text


def test_where_there_is_nothing_to_confirm_a_message_brings_no_link(office: Practice):
    assert "/c/" not in render(office, Slug.CLIENT_EMAIL, book(office)).text
    visit = book(office, shared=True, time="12:00")
    appointments.set_status(office.uow, actor=office.ada, selection=Selection(ids=(visit,)), status="dismissed")
    assert "/c/" not in render(office, Slug.CLIENT_EMAIL, visit).text


def test_ready_made_words_from_before_speak_of_several_appointments_unless_somebody_edited_them(office: Practice):
    former = {slug: {**FORMER[slug]} for slug in (Slug.MOVED_SMS, Slug.CANCELLED_SMS)}
    with office.uow.begin() as tx:
        service.add_missing(tx)
        for slug, texts in former.items():
            stored = templates.load(tx, slug)
            assert stored is not None
            templates.set_texts(tx, stored.id, texts)
        tx.execute(update(Template).where(Template.slug == Slug.CANCELLED_SMS.value).values(version=2))
        tx.execute(update(Template).where(Template.slug == Slug.BOOKED_SMS.value).values(slug=None))
    service.make_ready(office.uow)
    with office.uow.read() as tx:
        moved, cancelled = (templates.load(tx, slug) for slug in former)
    assert moved is not None and moved.texts == BY_SLUG[Slug.MOVED_SMS].texts != former[Slug.MOVED_SMS]
    assert cancelled is not None and cancelled.texts == former[Slug.CANCELLED_SMS]
