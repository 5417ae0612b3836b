"""Use-cases of the list of messages: reading it, sending one again, taking one back."""

from __future__ import annotations

from dataclasses import dataclass

from appointments_app import runtime
from appointments_app.db.queries import history, messages, opt_outs
from appointments_app.db.queries.messages import MessagePage, MessageRow
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.change import Verb
from appointments_app.domain.errors import Invalid, NotAllowed, NotFound
from appointments_app.domain.listing import Place, record_id
from appointments_app.domain.message import Channel
from appointments_app.domain.outbox import AGAIN, MessageFilter, Reason, State
from appointments_app.domain.words import N_
from appointments_app.features.messages.service.outbox import post


@dataclass(frozen=True)
class MessageList:
    """One page of messages, and the channels by which messages can be sent now."""

    page: MessagePage
    channels: list[str]


def list_messages(uow: UnitOfWork, *, actor: Actor, wanted: MessageFilter, place: Place) -> MessageList:
    """Return one page of the messages that the actor may know of."""
    actor.require(Permission.VIEW)
    set_up = [channel.value for channel in runtime.channels_set_up()]
    with uow.read() as tx:
        return MessageList(messages.page(tx, actor, wanted, place), set_up)


def count_messages(uow: UnitOfWork, *, actor: Actor, wanted: MessageFilter) -> dict[str, int]:
    """Return how many messages each tab would show, counted up to COUNT_CAP + 1."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        return messages.capped_counts(tx, actor, wanted)


def messages_of(uow: UnitOfWork, *, actor: Actor, appointment_id: object) -> tuple[list[MessageRow], list[str]]:
    """Return the messages about one appointment, and the channels by which messages can be sent now."""
    actor.require(Permission.VIEW)
    set_up = [channel.value for channel in runtime.channels_set_up()]
    with uow.read() as tx:
        return messages.of_appointment(tx, actor, record_id(appointment_id)), set_up


def open_message(uow: UnitOfWork, *, actor: Actor, message_id: object) -> MessageRow:
    """Return one message with its text; raise NotFound."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        row = messages.one(tx, actor, record_id(message_id))
        if row is None:
            raise NotFound()
        return row


def send_again(uow: UnitOfWork, *, actor: Actor, message_id: object) -> None:
    """Put a message into the outbox once more. What was not sent is looked at anew; what was sent goes as it was.

    Raises NotFound, NotAllowed for what is only to be seen, Invalid also for clients who want no such messages.
    """
    actor.require(Permission.SMS)
    with uow.begin() as tx:
        row = _within_reach(tx, actor, message_id)
        if State(row.state) not in AGAIN or row.secret:
            raise Invalid(N_("This message can't be sent again."))
        if row.client_id and Channel(row.channel) not in opt_outs.channels_wanted(tx, row.client_id):
            raise Invalid(N_("This client wants no such messages."))
        if State(row.state) in (State.FAILED, State.SKIPPED) and row.reason != Reason.UNDELIVERED:
            if not messages.again(tx, row.id):
                return
        else:
            stored = messages.copy(tx, row.id)
            assert stored is not None
            post(
                tx,
                channel=Channel(stored.channel),
                to=stored.address,
                subject=stored.subject,
                text=stored.body,
                html=stored.html,
                client_id=stored.client_id,
                staff_id=stored.staff_id,
                appointment_id=stored.appointment_id,
                key=f"again.{stored.id}.{int(tx.now.timestamp())}",
            )
        history.record(tx, actor, Verb.EDITED, "message", row.id, {"state": (row.state, State.PLANNED.value)})


def take_back(uow: UnitOfWork, *, actor: Actor, message_id: object) -> None:
    """Have a planned message not sent; raise NotFound when it is planned no more."""
    actor.require(Permission.SMS)
    with uow.begin() as tx:
        row = _within_reach(tx, actor, message_id)
        if not messages.cancel(tx, row.id):
            raise NotFound(N_("This message is not planned any more."))
        history.record(tx, actor, Verb.EDITED, "message", row.id, {"state": (row.state, State.SKIPPED.value)})


def _within_reach(tx: Tx, actor: Actor, message_id: object) -> MessageRow:
    """Return a message that the actor may send or take back; raise NotFound, or NotAllowed when it may only be seen."""
    number = record_id(message_id)
    if found := messages.one(tx, actor.within(Permission.SMS), number):
        return found
    raise NotAllowed() if messages.one(tx, actor, number) else NotFound()
