"""What messages say: placeholders, what may stand in a template, and the ready-made ones."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from appointments_app.domain.errors import Invalid
from appointments_app.domain.message import Channel
from appointments_app.domain.text import many_lines, one_line
from appointments_app.domain.words import N_

LONGEST_NAME = 80
LONGEST_SUBJECT = 250
LONGEST_BODY = {Channel.SMS: 1_000, Channel.EMAIL: 4_000}


class Placeholder(StrEnum):
    """What a template may name; it is filled in for each recipient."""

    CLIENT = "client.name"
    DATE = "appointment.date"
    TIME = "appointment.time"
    DURATION = "appointment.duration"
    ACTION = "action"
    STAFF = "staff"
    BUSINESS = "business.name"
    BUSINESS_PHONE = "business.phone"
    BUSINESS_ADDRESS = "business.address"
    CONFIRM = "confirm_link"
    UNSUBSCRIBE = "unsubscribe_link"
    OTHERS = "others"


OF_APPOINTMENTS = frozenset(
    {
        Placeholder.DATE,
        Placeholder.TIME,
        Placeholder.DURATION,
        Placeholder.ACTION,
        Placeholder.STAFF,
        Placeholder.CONFIRM,
        Placeholder.OTHERS,
    }
)
"""What only a message about an appointment can say."""


class WrongTemplate(ValueError):
    """A text that can't be filled in. ``name`` is what it names that there isn't; '' when ``line`` can't be read."""

    def __init__(self, name: str = "", line: int = 0) -> None:
        self.name, self.line = name, line
        super().__init__(name or f"line {line}")


Values = dict[Placeholder, str]


@dataclass(frozen=True)
class Text:
    """A template in one language."""

    subject: str = ""
    body: str = ""


class Slug(StrEnum):
    """The ready-made templates."""

    CLIENT_SMS = "client-sms"
    CLIENT_EMAIL = "client-email"
    STAFF_EMAIL = "staff-email"
    STAFF_SMS = "staff-sms"
    CONFIRM_SMS = "confirm-sms"
    CONFIRM_EMAIL = "confirm-email"
    MOVED_SMS = "moved-sms"
    MOVED_EMAIL = "moved-email"
    CANCELLED_SMS = "cancelled-sms"
    CANCELLED_EMAIL = "cancelled-email"
    BOOKED_SMS = "booked-sms"
    BOOKED_EMAIL = "booked-email"


@dataclass(frozen=True)
class ReadyMade:
    """A template that comes with the program."""

    slug: Slug
    channel: Channel
    name: str
    texts: dict[str, Text]


def checked(channel: Channel, text: Text, field: str) -> Text:
    """Return a text as it is stored; raise Invalid at ``subject_<field>`` and ``body_<field>`` when it is too long."""
    subject = one_line(text.subject, LONGEST_SUBJECT + 1) if channel is Channel.EMAIL else ""
    longest = LONGEST_BODY[channel]
    body = many_lines(text.body, longest + 1).strip()
    wrong = {}
    if len(subject) > LONGEST_SUBJECT:
        wrong[f"subject_{field}"] = N_("This is too long.")
    if len(body) > longest:
        wrong[f"body_{field}"] = N_("This is too long.")
    if body and channel is Channel.EMAIL and not subject:
        wrong[f"subject_{field}"] = N_("Enter a subject.")
    if wrong:
        raise Invalid(fields=wrong)
    return Text(subject, body)
