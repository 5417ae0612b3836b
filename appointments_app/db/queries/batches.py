"""Messages that one person sends to many: who can be reached, and taking back what has not gone yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, case, exists, func, not_, select, update
from sqlalchemy.orm import aliased

from appointments_app.db.models import Appointment, AppointmentStaff, Client, Message, OptOut, Staff
from appointments_app.db.models.staff import without_email
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.message import Channel
from appointments_app.domain.outbox import Reason, State

Conditions = Sequence[ColumnElement[bool]]


@dataclass(frozen=True)
class Reached:
    """How many messages a selection of appointments makes, and how many people get none, by the reason."""

    messages: int
    skipped: dict[Reason, int]


def clients_reached(tx: Tx, conditions: Conditions, channel: Channel) -> Reached:
    """Return how many clients of these appointments a channel would reach: one message for each appointment."""
    opted_out = exists().where(OptOut.client_id == Client.id, OptOut.channel == channel.value)
    has_address = (Client.phone if channel is Channel.SMS else Client.email) != ""
    row = tx.execute(
        select(func.count(), _how_many(not_(has_address)), _how_many(and_(has_address, opted_out)))
        .select_from(Appointment)
        .join(Client, Client.id == Appointment.client_id)
        .where(*conditions)
    ).one()
    return _reached(row[0], {Reason.NO_ADDRESS: row[1], Reason.OPTED_OUT: row[2]})


def staff_reached(tx: Tx, conditions: Conditions, channel: Channel) -> Reached:
    """Return how many staff members of these appointments a channel would reach: one message for each of each."""
    unreachable = Staff.phone == "" if channel is Channel.SMS else without_email()
    assigned = aliased(AppointmentStaff)
    nobody = not_(exists().where(assigned.appointment_id == Appointment.id))
    here = Staff.active.is_(True)
    alone = tx.execute(select(func.count()).select_from(Appointment).where(*conditions, nobody)).scalar_one()
    row = tx.execute(
        select(func.count(), _how_many(not_(here)), _how_many(and_(here, unreachable)))
        .select_from(Appointment)
        .join(assigned, assigned.appointment_id == Appointment.id)
        .join(Staff, Staff.id == assigned.staff_id)
        .where(*conditions)
    ).one()
    return _reached(row[0] + alone, {Reason.NO_ADDRESS: row[2], Reason.LEFT: row[1], Reason.NOT_ASSIGNED: alone})


def _how_many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _reached(all_of_them: int, skipped: dict[Reason, int]) -> Reached:
    some = {reason: int(many) for reason, many in skipped.items() if many}
    return Reached(all_of_them - sum(some.values()), some)


def take_back(tx: Tx, batch: str) -> int:
    """Skip the messages of a batch that nobody has begun to send; return how many."""
    mine = and_(Message.key > f"{batch}-", Message.key < f"{batch}.", Message.state == State.PLANNED.value)
    gone = {"state": State.SKIPPED.value, "reason": Reason.CANCELLED.value}
    return tx.execute(update(Message).where(mine).values(gone)).rowcount
