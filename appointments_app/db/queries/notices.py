"""Telling clients at once what staff did: they moved or cancelled an appointment, or confirmed a booking.

Whoever changes appointments notes the change. At the end of the transaction one look at the audit trail says what
became of each: a client is told how what they know differs from what stands. A notice that is still held is withdrawn,
and the one in its place begins with what its client knew.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Dialect, Select, and_, case, exists, func, literal, or_, select
from sqlalchemy.orm import aliased

from appointments_app.db.models import Appointment, Booking, Business, Change, ChangeLine, Client, Message, ReminderRule
from appointments_app.db.queries import deliveries, outbox, planning
from appointments_app.db.queries.prepared import Prepared, among, prepare, run, written
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.appointment import Status
from appointments_app.domain.change import as_text
from appointments_app.domain.outbox import Reason, State
from appointments_app.domain.reminder import HOLD, MOST_CLIENTS, NOTICES, Anchor, Timing, news

_FIELDS = ("start_at", "status", "deleted_at", "client_id", "shared")
_WITHDRAWN = (Reason.MOVED, Reason.DISMISSED, Reason.DELETED, Reason.DONE, Reason.TAKEN_BACK, Reason.QUIET)
"""Why a notice did not go though its client may know nothing better."""
_TOLD = (State.IN_FLIGHT, State.SENT, State.DELIVERED, State.UNKNOWN)
_NOTED = "notices"


@dataclass
class _Noted:
    """What this transaction did: its changes, appointments it made, and those whose booking it confirmed."""

    changes: list[int] = field(default_factory=list)
    new: set[int] = field(default_factory=set)
    confirmed: set[int] = field(default_factory=set)


def follow(tx: Tx, change_id: int) -> None:
    """Plan the reminders of all appointments that a change touched anew, and tell their clients."""
    planning.plan_change(tx, change_id)
    note(tx, change_id)


def note(tx: Tx, change_id: int, *, confirmed: int | None = None) -> None:
    """Tell clients what a change did, before this transaction is stored; of ``confirmed`` that its booking is."""
    noted = _noted(tx)
    noted.changes.append(change_id)
    if confirmed is not None:
        noted.confirmed.add(confirmed)
    tx.at_the_end[_tell] = None


def made(tx: Tx, ids: Collection[int]) -> None:
    """Note that these appointments are new: whatever else this transaction does to them, nobody knew of them."""
    _noted(tx).new.update(ids)


def _noted(tx: Tx) -> _Noted:
    return tx.info.setdefault(_NOTED, _Noted())


@dataclass(frozen=True)
class _Rule:
    """A rule as far as a notice needs it."""

    id: int
    anchor: Anchor
    timing: Timing
    zone: str
    recipient_zone: str


@dataclass(frozen=True)
class _Last:
    """A notice about an appointment by a channel; of one that is told with another, where that one stands."""

    message_id: int
    rule_id: int
    state: str
    reason: str
    notice: str
    was_at: datetime | None
    change_id: int

    @property
    def is_unsaid(self) -> bool:
        """Whether its client does not know what it says."""
        return self.state == State.PLANNED or (self.state == State.SKIPPED and self.reason in _WITHDRAWN)


@dataclass
class _Member:
    """An appointment that was changed: what its client knew before and what stands now, None for a cancelled one."""

    id: int
    before: datetime | None
    stands: datetime | None
    status: str
    is_unknown: bool
    """Whether it was made a moment ago, and its client was told nothing of it."""
    is_pending: bool
    rules: list[_Rule] = field(default_factory=list)
    last: _Last | None = None
    was_told: bool = False
    """Whether the last that they were told, or did themselves, is that it was cancelled."""
    held: list[_Last] = field(default_factory=list)
    """Notices that are planned, one for each rule."""
    confirming: set[int] = field(default_factory=set)
    """Rules by which a confirmation is planned."""

    @property
    def knows(self) -> datetime | None:
        """The start that its client knows of."""
        if self.last and self.last.is_unsaid:
            return self.last.was_at
        return self.before if self.before or self.was_told else self.stands

    def news(self, now: datetime) -> Anchor | None:
        """Return what its client is to be told; a booking that is Pending is not confirmed by standing again."""
        kind = None if self.status == Status.DONE else news(self.knows, self.stands, now)
        return None if kind is Anchor.CONFIRMED and self.is_pending else kind

    @property
    def reason(self) -> Reason:
        """Why a notice that is held does not go."""
        if self.stands is None:
            return Reason.DISMISSED if self.status == Status.DISMISSED else Reason.DELETED
        if self.status == Status.DONE:
            return Reason.DONE
        said_so = self.last is not None and self.last.notice == Anchor.CANCELLED
        return Reason.TAKEN_BACK if said_so or self.knows == self.stands else Reason.MOVED


def _tell(tx: Tx) -> None:
    noted = _noted(tx)
    tx.flush()
    if not run(tx, _rule_statement(tx.get_bind().dialect), {}):
        return
    touched = set(tx.execute(_touched(tx, noted.changes)).scalars()) - noted.new
    if touched and _is_for_many(tx, noted.changes):
        return
    before: dict[int, dict[str, str]] = {one: {} for one in touched}
    lines = _lines(tx, noted.changes).where(_among(tx, ChangeLine.entity_id, touched))
    for appointment_id, name, old in tx.execute(lines.order_by(ChangeLine.change_id)) if touched else ():
        before[appointment_id].setdefault(name, old)
    for (client_id, channel), members in _members(tx, before, noted).items():
        changed = [one for one in members if before.get(one.id) and "client_id" not in before[one.id]]
        if changed := [one for one in changed if not one.is_unknown]:
            _tell_client(tx, _To(client_id, channel, noted.changes[0]), changed)
        for one in members:
            if one.id in noted.confirmed and one.status == Status.SCHEDULED and one.stands and one.stands > tx.now:
                for rule in one.rules:
                    if rule.anchor is Anchor.CONFIRMED and rule.id not in one.confirming:
                        stands = _News(rule, one.id, one.stands, one.stands)
                        _add(tx, _To(client_id, channel, noted.changes[0]), [stands])


@lru_cache(maxsize=2)
def _rule_statement(dialect: Dialect) -> Prepared:
    """The statement for whether any rule tells of changes."""
    told = or_(*(ReminderRule.anchor == literal(each.value) for each in NOTICES))
    live = ReminderRule.active.is_(True), ReminderRule.deleted_at.is_(None)
    return prepare(select(ReminderRule.id).where(told, *live).limit(written(1)), dialect)


def _among(tx: Tx, column: Any, ids: Collection[int]) -> ColumnElement[bool]:
    return among(column, "ids", is_sqlite=tx.is_sqlite, values=list(ids))


def _lines(tx: Tx, change_ids: Collection[int]) -> Select[Any]:
    """What these changes did to appointments; of what clients did themselves, nothing."""
    lines = select(ChangeLine.entity_id, ChangeLine.field, ChangeLine.old)
    by_us = _among(tx, Change.id, change_ids), Change.client_id.is_(None)
    about = ChangeLine.entity == Appointment.__tablename__, ChangeLine.field.in_(_FIELDS)
    return lines.join(Change, Change.id == ChangeLine.change_id).where(*by_us, *about)


def _touched(tx: Tx, change_ids: Collection[int]) -> Select[Any]:
    """Those of them that can be news, or that somebody is about to be told of: not what was over and is."""
    is_held = Message.state.in_((State.PLANNED.value, State.TOGETHER.value))
    held = exists().where(Message.appointment_id == Appointment.id, Message.notice != "", is_held)
    was_ahead = and_(ChangeLine.field == "start_at", ChangeLine.old > as_text(tx.now))
    lines = _lines(tx, change_ids).with_only_columns(ChangeLine.entity_id)
    return lines.join(Appointment, Appointment.id == ChangeLine.entity_id).where(
        or_(Appointment.start_at > tx.now, was_ahead, held)
    )


def _is_for_many(tx: Tx, change_ids: Collection[int]) -> bool:
    touched = _lines(tx, change_ids).with_only_columns(ChangeLine.entity_id)
    clients = select(Appointment.client_id).where(Appointment.id.in_(touched)).distinct().limit(MOST_CLIENTS + 1)
    return len(tx.execute(clients).all()) > MOST_CLIENTS


def _members(tx: Tx, before: Mapping[int, Mapping[str, str]], noted: _Noted) -> dict[tuple[int, str], list[_Member]]:
    """Return the appointments that a rule is about, by client and channel, the earliest first."""
    ids = {*before, *noted.confirmed}
    groups: dict[tuple[int, str], dict[int, _Member]] = {}
    for row in tx.execute(_rules_of(tx, ids).order_by(ReminderRule.id)) if ids else ():
        appointment_id, client_id, start_at, status, deleted_at, zone, own_zone, *more = row
        is_unknown, is_pending, is_booking, shared_only, rule_id, channel, *timing = more
        when = planning.timing_of(*timing)
        group = groups.setdefault((client_id, channel), {})
        was = before.get(appointment_id, {})
        if (one := group.get(appointment_id)) is None:
            stands = None if deleted_at or status == Status.DISMISSED else start_at
            knew = _known_before(was, start_at, status, deleted_at)
            one = _Member(appointment_id, knew, stands, status, bool(is_unknown), bool(is_pending))
            group[appointment_id] = one
        if not (shared_only and "shared" in was and not is_booking):  # shared just now, so that nobody knew of it
            one.rules.append(_Rule(rule_id, when.anchor, when, planning.known(zone), planning.known(own_zone)))
    _add_notices(tx, ids, groups)
    _add_what_they_did(tx, noted.changes, [one for group in groups.values() for one in group.values()])
    return {key: sorted(group.values(), key=_start) for key, group in groups.items()}


def _start(one: _Member) -> tuple[bool, Any]:
    start = one.stands or one.before
    return start is None, start


def _rules_of(tx: Tx, ids: Collection[int]) -> Select[Any]:
    ours = select(Business.time_zone).where(Business.id == 1).scalar_subquery()
    zone = func.coalesce(case((Client.time_zone != "", Client.time_zone)), ours, literal("UTC"))
    leader = aliased(Message)
    heard = exists().where(
        Message.appointment_id == Appointment.id,
        Message.client_id == Appointment.client_id,
        or_(Message.state.in_(_TOLD), exists().where(leader.id == Message.leader_id, leader.state.in_(_TOLD))),
    )
    is_theirs = and_(Booking.id.is_not(None), Booking.by_client.is_(True))
    is_unknown = and_(Appointment.created_at > tx.now - HOLD, ~is_theirs, ~heard)
    facts = (
        Appointment.id, Appointment.client_id, Appointment.start_at, Appointment.status, Appointment.deleted_at,
        Appointment.time_zone, zone, case((is_unknown, 1), else_=0),
        case((and_(Booking.id.is_not(None), Booking.confirmed_at.is_(None)), 1), else_=0), Booking.id,
    )  # fmt: skip
    rule = ReminderRule.shared_only, ReminderRule.id, ReminderRule.channel, *planning.TIMING
    statement = select(*facts, *rule).join_from(Appointment, Client, Client.id == Appointment.client_id)
    statement = statement.join(ReminderRule, and_(*planning.for_client(), ReminderRule.anchor.in_(NOTICES)))
    statement = statement.outerjoin(Booking, Booking.id == Appointment.booking_id)
    return statement.where(_among(tx, Appointment.id, ids), Client.erased_at.is_(None))


def _known_before(
    was: Mapping[str, str], start_at: datetime, status: str, deleted_at: datetime | None
) -> datetime | None:
    """Return the start that an appointment had before it was changed, None when it was cancelled."""
    was_deleted = bool(was["deleted_at"]) if "deleted_at" in was else deleted_at is not None
    if was_deleted or was.get("status", status) == Status.DISMISSED:
        return None
    is_same = was.get("start_at", as_text(start_at)) == as_text(start_at)
    return start_at if is_same else datetime.fromisoformat(was["start_at"])


def _add_notices(tx: Tx, ids: Collection[int], groups: Mapping[tuple[int, str], Mapping[int, _Member]]) -> None:
    """Add the notices there are already, and let no worker begin those that are planned, or what is told with them."""
    mine = _among(tx, Message.appointment_id, ids), Message.notice != ""
    is_open = Message.state.in_((State.PLANNED.value, State.IN_FLIGHT.value, State.TOGETHER.value))
    led_by = select(func.coalesce(Message.leader_id, Message.id)).where(*mine, is_open).distinct()
    if first := () if tx.is_sqlite else tx.execute(led_by).scalars().all():
        whole = or_(_among(tx, Message.id, first), _among(tx, Message.leader_id, first))
        tx.execute(select(Message.id).where(is_open, whole).order_by(Message.id).with_for_update()).all()
    leader, is_led = aliased(Message), Message.state == State.TOGETHER.value
    columns = (
        Message.id, Message.rule_id, case((is_led, leader.state), else_=Message.state),
        case((is_led, leader.reason), else_=Message.reason), Message.notice, Message.was_at, Message.change_id,
    )  # fmt: skip
    statement = select(Message.appointment_id, Message.client_id, Message.channel, *columns)
    statement = statement.outerjoin(leader, leader.id == Message.leader_id).where(*mine)
    for appointment_id, client_id, channel, *rest in tx.execute(statement.order_by(Message.id)):
        if one := groups.get((client_id, channel), {}).get(appointment_id):
            _add_notice(one, _Last(*rest))


def _add_notice(one: _Member, notice: _Last) -> None:
    """Add one notice, older ones first; that a booking was confirmed says nothing of the start."""
    is_planned, was_said = notice.state == State.PLANNED, notice.state in _TOLD
    if is_planned and notice.notice == Anchor.CONFIRMED:
        one.confirming.add(notice.rule_id)
    if notice.notice == Anchor.CONFIRMED and notice.was_at is not None:
        return
    one.held += [notice] if is_planned else []
    said_so = one.last and one.last.state in _TOLD and one.last.change_id == notice.change_id  # by another rule
    if was_said or not said_so:
        one.last = notice
    if was_said:
        one.was_told = notice.notice == Anchor.CANCELLED


def _add_what_they_did(tx: Tx, change_ids: Collection[int], members: Collection[_Member]) -> None:
    """Add what clients know because they did it themselves: that they cancelled it, or moved it since a notice."""
    asked = [one for one in members if (one.last and one.last.is_unsaid) or (one.stands and not one.before)]
    if not asked:
        return
    line, by_client = ChangeLine, Change.client_id.is_not(None)
    is_end = line.field.in_(("status", "deleted_at"))
    last = func.max(case((by_client, line.change_id))), func.max(case((is_end, line.change_id)))
    about = line.entity == Appointment.__tablename__, line.field.in_(("start_at", "status", "deleted_at"))
    mine = _among(tx, line.entity_id, {one.id for one in asked}), line.change_id < min(change_ids)
    statement = select(line.entity_id, *last).join(Change, Change.id == line.change_id).where(*about, *mine)
    found = {one: rest for one, *rest in tx.execute(statement.group_by(line.entity_id))}
    for one in asked:
        did, ended = found.get(one.id, (None, None))
        if did is None:
            continue
        if one.last and one.last.change_id < did:
            one.last = None
        if one.before is None and did == ended:
            one.was_told = True


@dataclass(frozen=True)
class _To:
    """Whom something is told, by which channel, and the first change that it is about."""

    client_id: int
    channel: str
    change_id: int


@dataclass(frozen=True)
class _News:
    """What a rule tells of an appointment: the start that it names, and the one that its client knew of."""

    rule: _Rule
    appointment_id: int
    start_at: datetime
    was_at: datetime | None


def _tell_client(tx: Tx, to: _To, members: list[_Member]) -> None:
    """Plan one message for each rule about all that changed for a client, in place of the notices that are held."""
    kinds = {one.id: one.news(tx.now) for one in members}
    _withdraw(tx, {each.message_id: one.reason for one in members for each in one.held})
    for kind in NOTICES:
        told: dict[int, list[_News]] = {}
        for one in members if kind in kinds.values() else ():
            start = one.knows if kind is Anchor.CANCELLED else one.stands
            for rule in one.rules if start and kinds[one.id] is kind else ():
                if rule.anchor is kind and not (kind is Anchor.CONFIRMED and rule.id in one.confirming):
                    told.setdefault(rule.id, []).append(_News(rule, one.id, start, one.knows))
        for each in told.values():
            _add(tx, to, each)
        if told:
            return


def _withdraw(tx: Tx, reasons: Mapping[int, Reason]) -> None:
    """Take back notices that are held; the next of those that one stood for stands for the rest."""
    if not reasons:
        return
    deliveries.skip_led(tx, reasons)
    led = _among(tx, Message.leader_id, reasons), Message.state == State.TOGETHER.value
    firsts = select(Message.leader_id, func.min(Message.id)).where(*led).group_by(Message.leader_id)
    for former_id, message_id in tx.execute(firsts.order_by(Message.leader_id)).all():
        deliveries.lead(tx, former_id, message_id)


def _add(tx: Tx, to: _To, told: Iterable[_News]) -> None:
    """Plan notices of one rule, which are told together: the first leads. What quiet hours keep too long says so."""
    rows = [_row(tx, to, each) for each in told]
    led = [row for row in rows if "state" not in row]
    outbox.add_all(tx, [row for row in rows if "state" in row])
    if led and (leader_id := outbox.add(tx, led[0])):
        outbox.add_all(tx, [{**row, "leader_id": leader_id, "state": State.TOGETHER.value} for row in led[1:]])


def _row(tx: Tx, to: _To, one: _News) -> dict[str, Any]:
    rule = one.rule
    zones = {"zone": rule.zone, "recipient_zone": rule.recipient_zone}
    due = rule.timing.due(start_at=one.start_at, created_at=tx.now + HOLD, **zones)
    is_missed = not rule.timing.fits(due, one.start_at)
    return {
        "key": f"n{rule.id}.{one.appointment_id}.c{to.client_id}.{to.change_id}",
        "channel": to.channel,
        "client_id": to.client_id,
        "appointment_id": one.appointment_id,
        "rule_id": rule.id,
        "notice": rule.anchor.value,
        "start_at": one.start_at,
        "was_at": one.was_at,
        "change_id": to.change_id,
        "due_at": due,
        **({"state": State.SKIPPED.value, "reason": Reason.QUIET.value} if is_missed else {}),
    }
