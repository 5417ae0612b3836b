"""Use-cases of sending SMS by hand: see first what each person gets, then send it in the background."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from appointments_app import runtime
from appointments_app.db.queries import appointments, batches, history, recipients, templates
from appointments_app.db.queries.batches import Reached
from appointments_app.db.queries.templates import TemplateRow
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain import sms
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.change import LONGEST_VALUE, Verb
from appointments_app.domain.contact import phone_as_read
from appointments_app.domain.errors import Invalid
from appointments_app.domain.message import Channel
from appointments_app.features.messages.service import post
from appointments_app.features.sending.service.drafting import (
    About,
    Addressed,
    Desk,
    To,
    may_send,
    recipient,
    some,
    texts_of,
)
from appointments_app.features.templates.service import add_missing

SHOWN = 50
LOT = 200
BATCH = re.compile(r"now-[0-9a-f]{16}")

Progress = Callable[[int, int], bool]
"""Told (done, total) after each lot; returns False to stop."""


@dataclass(frozen=True)
class Line:
    """One message as the preview shows it; ``reason`` (domain.outbox.Reason) says why it is not sent."""

    key: str
    name: str
    phone: str
    text: str
    segments: int
    reason: str = ""


@dataclass(frozen=True)
class Outlook:
    """What sending would do: the first lines, how many are sent and skipped, and the segments of the lines shown."""

    lines: list[Line] = field(default_factory=list)
    more: int = 0
    messages: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    encoding: str = ""
    segments: int = 0
    longest: int = 0
    has_channel: bool = True


@dataclass(frozen=True)
class Sent:
    """How a sending ended: so many messages go out, so many were taken back by Stop."""

    messages: int
    taken_back: int = 0


def choices(uow: UnitOfWork, *, actor: Actor) -> list[TemplateRow]:
    """Return the templates of SMS."""
    actor.require(Permission.SMS)
    with uow.begin() as tx:
        add_missing(tx)
        return templates.rows(tx, actor.language, Channel.SMS)


def preview(uow: UnitOfWork, *, actor: Actor, about: About, to: object, template: object, text: object) -> Outlook:
    """Return who would get what; raise Invalid at ``text`` or ``template``."""
    may_send(actor, about)
    with uow.read() as tx:
        desk = Desk(recipients.house(tx), texts_of(tx, actor, about, template, text), recipient(to), "")
        first, _ = some(tx, actor, about, None, SHOWN)
        messages = [each for one in first for each in desk.messages(tx, one)][:SHOWN]
        reached = _reached(tx, actor, about, desk.to, messages)
    sizes = [sms.length(each.outgoing.text) for each in messages if each.reason is None]
    return Outlook(
        lines=[_line(each) for each in messages],
        more=reached.messages + sum(reached.skipped.values()) - len(messages),
        messages=reached.messages,
        skipped={reason.value: many for reason, many in reached.skipped.items()},
        encoding=" / ".join(sorted({size.encoding for size in sizes})),
        segments=sum(size.segments for size in sizes),
        longest=max((size.segments for size in sizes), default=0),
        has_channel=runtime.sender(Channel.SMS) is not None,
    )


def _reached(tx: Tx, actor: Actor, about: About, to: To, messages: list[Addressed]) -> Reached:
    if about.selection is None:
        reasons = [each.reason for each in messages]
        return Reached(reasons.count(None), {reason: 1 for reason in reasons if reason})
    conditions = appointments.selected(tx, actor, about.selection)
    return (batches.clients_reached if to is To.CLIENT else batches.staff_reached)(tx, conditions)


def _line(one: Addressed) -> Line:
    text = one.outgoing.text
    reason = one.reason.value if one.reason else ""
    return Line(
        one.outgoing.key, one.person.name, phone_as_read(one.person.phone), text, sms.length(text).segments, reason
    )


def send(
    uow: UnitOfWork,
    *,
    actor: Actor,
    about: About,
    to: object,
    template: object,
    text: object,
    batch: object,
    progress: Progress,
) -> Sent:
    """Put the messages into the outbox, a lot at a time; return how many. Twice with one ``batch`` is harmless.

    When ``progress`` says stop, what has not gone yet is taken back.
    """
    may_send(actor, about)
    if not isinstance(batch, str) or not BATCH.fullmatch(batch):
        raise Invalid()
    with uow.read() as tx:
        desk = Desk(recipients.house(tx), texts_of(tx, actor, about, template, text), recipient(to), batch)
        total = _reached(tx, actor, about, desk.to, _only(tx, actor, about, desk)).messages
    done, after, change_id = 0, None, 0
    while True:
        with uow.begin() as tx:
            lot, after = some(tx, actor, about, after, LOT)
            messages = [each for one in lot for each in desk.messages(tx, one) if each.reason is None]
            change_id, posted = _post(tx, actor, messages, change_id)
        done += posted
        is_over = after is None
        if not progress(done, total) and not is_over:
            return _stop(uow, batch, done)
        if is_over:
            return Sent(done)


def _only(tx: Tx, actor: Actor, about: About, desk: Desk) -> list[Addressed]:
    """Return the one message to a client without an appointment; of a selection, none: it is counted."""
    if about.selection is not None:
        return []
    (person,), _ = some(tx, actor, about, None, 1)
    return list(desk.messages(tx, person))


def _post(tx: Tx, actor: Actor, messages: list[Addressed], change_id: int) -> tuple[int, int]:
    """Post messages with a line each in the audit trail; return the change they stand under, and how many are new."""
    said: dict[tuple[str, int], str] = {}
    many = 0
    for each in messages:
        if _post_one(tx, each):
            many += 1
            about = ("appointment", each.appointment_id) if each.appointment_id else ("client", each.person.id)
            said[about] = each.outgoing.text
    if said and not change_id:
        change_id = history.open_change(tx, actor, Verb.SENT)
    for (entity, entity_id), text in said.items():
        history.add_lines(tx, change_id, entity, entity_id, {"sms": ("", text[:LONGEST_VALUE])})
    return change_id, many


def _post_one(tx: Tx, one: Addressed) -> bool:
    """Post a message; return whether it is new."""
    out = one.outgoing
    made = post(
        tx,
        channel=out.channel,
        to=out.to,
        subject="",
        text=out.text,
        client_id=one.person.id if one.to is To.CLIENT else None,
        staff_id=one.person.id if one.to is To.STAFF else None,
        appointment_id=one.appointment_id or None,
        key=out.key,
    )
    return made is not None


def _stop(uow: UnitOfWork, batch: str, done: int) -> Sent:
    with uow.begin() as tx:
        taken_back = batches.take_back(tx, batch)
    return Sent(done - taken_back, taken_back)
