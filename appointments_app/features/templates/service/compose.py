"""Turns a template into a message for one person: in their language, in their zone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from appointments_app import runtime
from appointments_app.db.queries.recipients import House, Person, Visit
from appointments_app.domain.appointment import Status
from appointments_app.domain.contact import phone_as_read
from appointments_app.domain.event import Event
from appointments_app.domain.message import Attachment, Channel, Outgoing
from appointments_app.domain.portal import may_confirm
from appointments_app.domain.template import Placeholder, Text, Values
from appointments_app.domain.times import to_wall
from appointments_app.domain.words import N_

NEAR = timedelta(days=300)
"""A date within it needs no year."""


@dataclass(frozen=True)
class Occasion:
    """What a message is about and who gets it. Without ``visit`` it speaks of no appointment."""

    house: House
    recipient: Person
    visit: Visit | None
    to_client: bool
    now: datetime
    others: int = 0
    """How many further appointments it speaks of."""

    @property
    def language(self) -> str:
        """The language of the recipient."""
        return self.recipient.language or self.house.language

    @property
    def time_zone(self) -> str:
        """The zone of the recipient."""
        return self.recipient.time_zone or self.house.time_zone


def compose(texts: dict[str, Text], channel: Channel, occasion: Occasion, *, key: str) -> Outgoing:
    """Return the message, addressed to the recipient, '' where the channel does not reach them."""
    language, text = text_for(texts, occasion.language)
    values = values_of(occasion, language, channel)
    body = _tidy(runtime.fill_template(text.body, values))
    to = occasion.recipient.address(channel)
    if channel is Channel.SMS:
        return Outgoing(channel, to, body, key=key)
    why, way_out = _small_print(text, values, language) if occasion.to_client else ("", "")
    return Outgoing(
        channel,
        to,
        f"{body}\n\n-- \n{why} {way_out}" if why else body,
        subject=" ".join(runtime.fill_template(text.subject, values).split()),
        html=runtime.html_letter(
            body,
            language=language,
            sender=occasion.house.name,
            buttons=_buttons(values, language),
            small_print=f"{why} {values[Placeholder.UNSUBSCRIBE]}" if why else "",
        ),
        attachments=_calendar_file(occasion, language),
        key=key,
        unsubscribe=values[Placeholder.UNSUBSCRIBE],
    )


def text_for(texts: dict[str, Text], language: str) -> tuple[str, Text]:
    """Return the text in a language, else in one that has any, with that language."""
    for each in (language, *texts):
        if each in texts and texts[each].body:
            return each, texts[each]
    return language, Text()


def values_of(occasion: Occasion, language: str, channel: Channel) -> Values:
    """Return what each placeholder stands for; those of appointments are '' without one."""
    visit, house = occasion.visit, occasion.house
    values: Values = dict.fromkeys(Placeholder, "")
    values[Placeholder.BUSINESS] = house.name
    values[Placeholder.BUSINESS_PHONE] = phone_as_read(house.phone)
    values[Placeholder.BUSINESS_ADDRESS] = ", ".join(house.address.splitlines())
    values[Placeholder.CLIENT] = visit.client.name if visit else occasion.recipient.name
    if occasion.to_client and channel is Channel.EMAIL:
        values[Placeholder.UNSUBSCRIBE] = runtime.unsubscribe_link(client_id=occasion.recipient.id)
    if visit is None:
        return values
    wall = to_wall(visit.start_at, occasion.time_zone)
    values[Placeholder.DATE] = _date(language, wall, occasion.now, channel)
    values[Placeholder.TIME] = _time(language, wall, occasion)
    minutes = int((visit.end_at - visit.start_at).total_seconds() // 60)
    values[Placeholder.DURATION] = runtime.duration_in_words(language, minutes)
    values[Placeholder.ACTION] = visit.action
    values[Placeholder.STAFF] = ", ".join(person.name for person in visit.staff)
    values[Placeholder.CONFIRM] = _confirm_link(visit, occasion)
    values[Placeholder.OTHERS] = str(occasion.others or "")
    return values


def _confirm_link(visit: Visit, occasion: Occasion) -> str:
    """Return the link under which the client confirms, '' for staff and where there is nothing to confirm."""
    is_open = may_confirm(visit.status, visit.start_at, shared=visit.shared, now=occasion.now)
    if not (occasion.to_client and occasion.house.clients_confirm and is_open):
        return ""
    return runtime.confirm_link(
        appointment_id=visit.id,
        client_id=visit.client.id,
        start_at=visit.start_at,
        links_revoked=visit.links_revoked,
    )


def _date(language: str, wall: datetime, now: datetime, channel: Channel) -> str:
    if channel is Channel.EMAIL:
        return runtime.full_date(language, wall.date())
    return runtime.short_date(language, wall.date(), with_year=abs(wall - now) > NEAR)


def _time(language: str, wall: datetime, occasion: Occasion) -> str:
    """Return the time, with the zone where the recipient's is another than that of the business."""
    said = runtime.clock(language, wall)
    same = to_wall(wall, occasion.house.time_zone).utcoffset() == wall.utcoffset()
    return said if same else f"{said} ({runtime.zone_name(language, occasion.time_zone)})"


def _tidy(text: str) -> str:
    """Return the text without the holes that empty placeholders leave."""
    lines = (re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _small_print(text: Text, values: Values, language: str) -> tuple[str, str]:
    """Return why one gets this, and how to stop it; nothing where the text says so itself."""
    if not values[Placeholder.UNSUBSCRIBE] or Placeholder.UNSUBSCRIBE in runtime.placeholders_in(text.body):
        return "", ""
    why, way_out = N_("You get this because you are a client of {business}."), N_("No more such e-mails: {link}")
    return (
        runtime.translate(language, why, business=values[Placeholder.BUSINESS]),
        runtime.translate(language, way_out, link=values[Placeholder.UNSUBSCRIBE]),
    )


def _buttons(values: Values, language: str) -> dict[str, str]:
    words = {
        values[Placeholder.CONFIRM]: runtime.translate(language, N_("Confirm the appointment")),
        values[Placeholder.UNSUBSCRIBE]: runtime.translate(language, N_("No more such e-mails")),
    }
    return {link: said for link, said in words.items() if link}


def _calendar_file(occasion: Occasion, language: str) -> tuple[Attachment, ...]:
    """Return the appointment for the recipient's calendar, unless it will not take place; never with its notes."""
    visit = occasion.visit
    if visit is None or visit.status != Status.SCHEDULED or visit.end_at <= occasion.now:
        return ()
    what = visit.action or runtime.translate(language, N_("Appointment"))
    event = Event(
        visit.uid,
        to_wall(visit.start_at, occasion.house.time_zone).replace(tzinfo=None),
        occasion.house.time_zone,
        visit.end_at - visit.start_at,
        f"{what} – {occasion.house.name if occasion.to_client else visit.client.name}",
        sequence=visit.version - 1,
    )
    return (Attachment("appointment.ics", "text/calendar", runtime.calendar_file(event)),)
