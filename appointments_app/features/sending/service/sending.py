"""Use-cases of sending by hand: see first what each person gets, then send it in the background."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from appointments_app import runtime
from appointments_app.db.queries import appointments, batches, history, recipients, templates
from appointments_app.db.queries.batches import Reached
from appointments_app.db.queries.templates import TemplateRow
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain import sms
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.change import LONGEST_VALUE, Verb
from appointments_app.domain.contact import phone_as_read
from appointments_app.domain.errors import Cancelled, Invalid
from appointments_app.domain.message import Channel
from appointments_app.features.messages.service import post
from appointments_app.features.sending.service.drafting import (
    About,
    Addressed,
    Desk,
    Said,
    To,
    may_send,
    recipient,
    some,
    texts_of,
    way,
)
from appointments_app.features.templates.service import make_ready

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
    address: str
    text: str
    segments: int
    reason: str = ""
    subject: str = ""


@dataclass(frozen=True)
class Outlook:
    """What sending would do: the first lines, and how many are sent and skipped.

    ``encoding``, ``segments`` and ``longest`` are of the lines shown, or of all once they are ``measured``.
    """

    lines: list[Line] = field(default_factory=list)
    more: int = 0
    messages: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    encoding: str = ""
    segments: int = 0
    longest: int = 0
    measured: bool = True


@dataclass(frozen=True)
class Sizes:
    """How long SMS are: the encodings among them, their segments together, and those of the longest."""

    encoding: str = ""
    segments: int = 0
    longest: int = 0


@dataclass(frozen=True)
class Sent:
    """How a sending ended: so many messages go out, so many were taken back by Stop."""

    messages: int
    taken_back: int = 0


@dataclass(frozen=True)
class Offer:
    """What can be sent by a channel: the templates; and whether the channel is set up at all."""

    templates: list[TemplateRow]
    has_channel: bool


def offer(uow: UnitOfWork, *, actor: Actor, channel: object = Channel.SMS) -> Offer:
    """Return what a channel offers."""
    actor.require(Permission.SMS)
    wanted = way(channel)
    make_ready(uow)
    with uow.read() as tx:
        rows = templates.rows(tx, actor.language, wanted)
    return Offer(rows, wanted in runtime.channels_set_up())


def preview(uow: UnitOfWork, *, actor: Actor, about: About, channel: object, to: object, said: Said) -> Outlook:
    """Return who would get what; raise Invalid at ``text``, ``subject`` or ``template``."""
    may_send(actor, about)
    with uow.read() as tx:
        desk = _desk(tx, actor, about, channel, to, said)
        first, _ = some(tx, actor, about, None, SHOWN)
        messages = [each for one in first for each in desk.messages(tx, one)][:SHOWN]
        reached = _reached(tx, actor, about, desk, messages)
    more = reached.messages + sum(reached.skipped.values()) - len(messages)
    return Outlook(
        lines=[_line(each) for each in messages],
        more=more,
        messages=reached.messages,
        skipped={reason.value: many for reason, many in reached.skipped.items()},
        **asdict(_sizes(Sizes(), messages)),
        measured=desk.channel is not Channel.SMS or not more,
    )


def measure(
    uow: UnitOfWork, *, actor: Actor, about: About, channel: object, to: object, said: Said, progress: Progress
) -> Sizes:
    """Return how long all SMS are together, which takes a while for thousands; raises Cancelled when told to stop."""
    may_send(actor, about)
    sizes, after, done = Sizes(), None, 0
    while True:
        with uow.read() as tx:
            desk = _desk(tx, actor, about, channel, to, said)
            lot, after = some(tx, actor, about, after, LOT)
            sizes = _sizes(sizes, [each for one in lot for each in desk.messages(tx, one)])
        done += len(lot)
        if after is None:
            return sizes
        if not progress(done, 0):
            raise Cancelled()


def _sizes(before: Sizes, messages: list[Addressed]) -> Sizes:
    """Return the sizes of these messages and those ``before``."""
    going = [each.outgoing for each in messages if each.reason is None]
    sizes = [sms.length(each.text) for each in going if each.channel is Channel.SMS]
    encodings = {size.encoding for size in sizes} | {each for each in before.encoding.split(" / ") if each}
    return Sizes(
        " / ".join(sorted(encodings)),
        before.segments + sum(size.segments for size in sizes),
        max(before.longest, *(size.segments for size in sizes), 0),
    )


def _desk(tx: Tx, actor: Actor, about: About, channel: object, to: object, said: Said, batch: str = "") -> Desk:
    by = way(channel)
    return Desk(recipients.house(tx), texts_of(tx, actor, about, by, said), by, recipient(to), batch)


def _reached(tx: Tx, actor: Actor, about: About, desk: Desk, messages: list[Addressed]) -> Reached:
    if about.selection is None:
        reasons = [each.reason for each in messages]
        return Reached(reasons.count(None), {reason: 1 for reason in reasons if reason})
    conditions = appointments.selected(tx, actor.within(Permission.SMS), about.selection)
    count = batches.clients_reached if desk.to is To.CLIENT else batches.staff_reached
    return count(tx, conditions, desk.channel)


def _line(one: Addressed) -> Line:
    out = one.outgoing
    is_sms = out.channel is Channel.SMS
    return Line(
        key=out.key,
        name=one.person.name,
        address=phone_as_read(one.person.phone) if is_sms else one.person.email,
        text=out.text,
        segments=sms.length(out.text).segments if is_sms else 0,
        reason=one.reason.value if one.reason else "",
        subject=out.subject,
    )


def send(
    uow: UnitOfWork,
    *,
    actor: Actor,
    about: About,
    channel: object,
    to: object,
    said: Said,
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
        desk = _desk(tx, actor, about, channel, to, said, batch)
        total = _reached(tx, actor, about, desk, _only(tx, actor, about, desk)).messages
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
    said: dict[tuple[str, int], tuple[str, str]] = {}
    many = 0
    for each in messages:
        if _post_one(tx, each):
            many += 1
            about = ("appointment", each.appointment_id) if each.appointment_id else ("client", each.person.id)
            out = each.outgoing
            said[about] = ("sms", out.text) if out.channel is Channel.SMS else ("letter", out.subject)
    if said and not change_id:
        change_id = history.open_change(tx, actor, Verb.SENT)
    for (entity, entity_id), (kind, text) in said.items():
        history.add_lines(tx, change_id, entity, entity_id, {kind: ("", text[:LONGEST_VALUE])})
    return change_id, many


def _post_one(tx: Tx, one: Addressed) -> bool:
    """Post a message; return whether it is new."""
    out = one.outgoing
    made = post(
        tx,
        channel=out.channel,
        to=out.to,
        subject=out.subject,
        text=out.text,
        html=out.html,
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
