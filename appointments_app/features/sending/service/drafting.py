"""What a person is about to send, by which channel, to whom: read from what a browser says, and checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from appointments_app import runtime
from appointments_app.db.queries import appointments, recipients
from appointments_app.db.queries.reach import reached_clients
from appointments_app.db.queries.recipients import House, Person, Visit
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.errors import Invalid, NotFound
from appointments_app.domain.listing import Selection, is_id
from appointments_app.domain.message import Channel, Outgoing
from appointments_app.domain.outbox import Reason
from appointments_app.domain.template import OF_APPOINTMENTS, Text, WrongTemplate, checked
from appointments_app.domain.words import N_
from appointments_app.features.templates.service import Occasion, compose, load


class To(StrEnum):
    """Who gets it."""

    CLIENT = "client"
    STAFF = "staff"


@dataclass(frozen=True)
class About:
    """What a message is sent about: a selection of appointments, or one client without any."""

    selection: Selection | None = None
    client_id: int = 0


@dataclass(frozen=True)
class Addressed:
    """One message to one person; ``reason`` says why it is not sent. ``appointment_id`` is 0 without one."""

    outgoing: Outgoing
    person: Person
    to: To
    appointment_id: int
    reason: Reason | None = None


def may_send(actor: Actor, about: About) -> None:
    """Raise NotAllowed unless the actor may send about this."""
    actor.require(Permission.SMS)
    actor.require(Permission.VIEW if about.selection is not None else Permission.CLIENTS)


def recipient(value: object) -> To:
    """Return who gets it; raise Invalid for anything else."""
    if not isinstance(value, str) or value not in To._value2member_map_:
        raise Invalid()
    return To(value)


def way(value: object) -> Channel:
    """Return the channel it goes by; raise Invalid for anything else."""
    if not isinstance(value, str) or value not in Channel._value2member_map_:
        raise Invalid()
    return Channel(value)


@dataclass(frozen=True)
class Said:
    """What a browser says is to be said: a template's id, or a text, of an e-mail with its subject."""

    template: object = ""
    text: object = ""
    subject: object = ""


def texts_of(tx: Tx, actor: Actor, about: About, channel: Channel, said: Said) -> dict[str, Text]:
    """Return what is to be said, by language: a template's texts, else what was written.

    Raises Invalid at ``template``, ``subject`` or ``text``.
    """
    if said.template:
        known = isinstance(said.template, str) and is_id(said.template)
        found = load(tx, int(str(said.template))) if known else None
        if found is None or found.channel != channel:
            raise Invalid(fields={"template": N_("Choose a template.")})
        texts = dict(found.texts)
    else:
        texts = {actor.language: _written(channel, said)}
    for text in texts.values():
        _check_placeholders(about, {"subject": text.subject, "text": text.body})
    return texts


def _written(channel: Channel, said: Said) -> Text:
    subject, body = (each if isinstance(each, str) else "" for each in (said.subject, said.text))
    try:
        written = checked(channel, Text(subject, body), "text")
    except Invalid as refusal:
        wrong = {name.removesuffix("_text").replace("body", "text"): why for name, why in refusal.fields.items()}
        raise Invalid(fields=wrong) from None
    if not written.body:
        raise Invalid(fields={"text": N_("Write what you want to say.")})
    return written


def _check_placeholders(about: About, parts: dict[str, str]) -> None:
    for field, part in parts.items():
        try:
            named = runtime.placeholders_in(part)
        except WrongTemplate as problem:
            said = N_("“{name}” is not one of the placeholders.") if problem.name else N_("This can't be read.")
            raise Invalid(fields={field: said}, name=problem.name) from None
        if about.selection is None and named & OF_APPOINTMENTS:
            raise Invalid(fields={field: N_("This speaks of an appointment: send it from one.")})


def some(
    tx: Tx, actor: Actor, about: About, after: tuple | None, limit: int
) -> tuple[list[Visit | Person], tuple | None]:
    """Return what the next messages are about, and where the ones behind them begin, None at the end."""
    if about.selection is None:
        is_known = about.client_id in reached_clients(tx, actor, [about.client_id])
        person = recipients.client(tx, about.client_id) if is_known else None
        if person is None:
            raise NotFound()
        return [person], None
    conditions = appointments.selected(tx, actor.within(Permission.SMS), about.selection)
    found = recipients.visits(tx, conditions, after=after, limit=limit)
    more = (found[-1].start_at, found[-1].id) if len(found) == limit else None
    return list(found), more


@dataclass(frozen=True)
class Desk:
    """What all messages of one sending share."""

    house: House
    texts: dict[str, Text]
    channel: Channel
    to: To
    batch: str

    def messages(self, tx: Tx, one: Visit | Person) -> Iterator[Addressed]:
        """Yield the messages about one appointment, or to one client: also those that are not sent, with the reason."""
        if isinstance(one, Person):
            yield self._message(tx, one, None, self._client_reason(one))
        elif self.to is To.CLIENT:
            yield self._message(tx, one.client, one, self._client_reason(one.client))
        elif not one.staff:
            yield self._message(tx, Person(0, "", "", "", "", ""), one, Reason.NOT_ASSIGNED)
        else:
            for person in one.staff:
                yield self._message(tx, person, one, self._staff_reason(person))

    def _message(self, tx: Tx, person: Person, visit: Visit | None, reason: Reason | None) -> Addressed:
        occasion = Occasion(self.house, person, visit, to_client=self.to is To.CLIENT, now=tx.now)
        about = visit.id if visit else 0
        key = f"{self.batch}-{about}-{self.to.value[0]}{person.id}"
        return Addressed(compose(self.texts, self.channel, occasion, key=key), person, self.to, about, reason)

    def _client_reason(self, person: Person) -> Reason | None:
        if not person.address(self.channel):
            return Reason.NO_ADDRESS
        return Reason.OPTED_OUT if self.channel in person.refuses else None

    def _staff_reason(self, person: Person) -> Reason | None:
        if not person.active:
            return Reason.LEFT
        return None if person.address(self.channel) else Reason.NO_ADDRESS
