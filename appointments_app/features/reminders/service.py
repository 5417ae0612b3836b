"""Use-cases of reminder rules: the list, one of them, what it will send, and planning anew after a change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from appointments_app import runtime
from appointments_app.db.queries import actions, booking, history, messages, pickers, sign_ins, templates
from appointments_app.db.queries import reminder_rules as rules
from appointments_app.db.queries.actions import ActionRow
from appointments_app.db.queries.messages import MessageRow
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.queries.reminder_rules import RuleRow
from appointments_app.db.queries.templates import TemplateRow
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission, program
from appointments_app.domain.change import Verb, differences
from appointments_app.domain.errors import Conflict, Invalid, NotFound
from appointments_app.domain.listing import record_id
from appointments_app.domain.message import Channel
from appointments_app.domain.reminder import NOTICES, Anchor, Recipient, Unit
from appointments_app.domain.words import N_
from appointments_app.features.reminders.schemas import AT_ONCE, KINDS, Entered, RuleForm, entered
from appointments_app.features.templates.service import make_ready as make_templates_ready

LOT = 2_000
ENTITY = "reminder"
"""What the audit trail calls a rule."""


@dataclass(frozen=True)
class _ReadyMade:
    name: str
    amount: int
    unit: Unit
    recipient: Recipient
    channel: Channel
    anchor: Anchor = Anchor.BEFORE_START


READY_MADE = (
    _ReadyMade(N_("E-mail to the client, a day before"), 24, Unit.HOURS, Recipient.CLIENT, Channel.EMAIL),
    _ReadyMade(N_("SMS to the client, two hours before"), 2, Unit.HOURS, Recipient.CLIENT, Channel.SMS),
    _ReadyMade(N_("E-mail to staff, half an hour before"), 30, Unit.MINUTES, Recipient.STAFF, Channel.EMAIL),
)
TELLING = tuple(
    _ReadyMade(name, 0, Unit.MINUTES, Recipient.CLIENT, channel, anchor)
    for anchor, channel, name in (
        (Anchor.MOVED, Channel.EMAIL, N_("E-mail to the client, when we move it")),
        (Anchor.CANCELLED, Channel.EMAIL, N_("E-mail to the client, when we cancel it")),
        (Anchor.CONFIRMED, Channel.EMAIL, N_("E-mail to the client, when we confirm the booking")),
        (Anchor.MOVED, Channel.SMS, N_("SMS to the client, when we move it")),
        (Anchor.CANCELLED, Channel.SMS, N_("SMS to the client, when we cancel it")),
        (Anchor.CONFIRMED, Channel.SMS, N_("SMS to the client, when we confirm the booking")),
    )
)
"""Off until somebody switches each of them on."""


def make_ready(uow: UnitOfWork) -> bool:
    """Make the ready-made rules once there is a business, on where their channel is set up; whether they were made."""
    with uow.read() as tx:
        if not rules.lacks_ready_made(tx) or sign_ins.business(tx) is None:
            return False
    with uow.begin() as tx:
        business = sign_ins.business(tx)
        if business is None:
            return False
        missing = [*(READY_MADE if rules.claim_first_start(tx) else ()), *(TELLING if rules.claim_notices(tx) else ())]
        for one in missing:
            is_telling = one.anchor in NOTICES
            values = {
                "name": runtime.translate(business.language, one.name),
                "amount": one.amount,
                "unit": one.unit.value,
                "anchor": one.anchor.value,
                "recipient": one.recipient.value,
                "channel": one.channel.value,
                "shared_only": is_telling,
                "active": not is_telling and runtime.sender(one.channel) is not None,
            }
            _add(tx, program(), Entered(values, (), ()))
        return bool(missing)


def list_rules(uow: UnitOfWork, *, actor: Actor) -> list[RuleRow]:
    """Return every rule."""
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        return rules.all_rows(tx)


@dataclass(frozen=True)
class OpenRule:
    """A rule's form as it opens, with the actions and staff on offer and the names of those chosen."""

    form: RuleForm
    action_choices: list[Choice]
    staff_choices: list[Choice]
    chosen_actions: list[Choice] = field(default_factory=list)
    chosen_staff: list[Choice] = field(default_factory=list)
    templates: list[TemplateRow] = field(default_factory=list)


def open_rule(uow: UnitOfWork, *, actor: Actor, rule_id: object = None) -> OpenRule:
    """Return a rule's form, or an empty one; raise NotFound for an unknown id."""
    actor.require(Permission.SETTINGS)
    make_templates_ready(uow)
    with uow.read() as tx:
        row = _row(tx, rule_id) if rule_id is not None else None
        known = templates.rows(tx, actor.language)
        every = {one.id: one for one in actions.all_rows(tx)}
        offered = [_choice(one) for one in every.values() if one.active]
        if row is None:
            return OpenRule(RuleForm(), offered, pickers.staff(tx), templates=known)
        chosen = [_choice(every[one]) for one in row.action_ids if one in every]
        return OpenRule(
            _form_of(row), offered, pickers.staff(tx), chosen, booking.staff_choices(tx, row.staff_ids), known
        )


def _choice(one: ActionRow) -> Choice:
    return Choice(str(one.id), one.name, "", one.colour)


def next_messages(uow: UnitOfWork, *, actor: Actor, rule_id: object) -> list[MessageRow]:
    """Return the next messages that a rule will send."""
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        return messages.next_of_rule(tx, _row(tx, rule_id).id)


def _form_of(row: RuleRow) -> RuleForm:
    at_once = row.anchor == Anchor.AFTER_CREATION and not row.amount
    return RuleForm(
        id=row.id,
        version=row.version,
        name=row.name,
        amount=str(row.amount or 1),
        unit=row.unit,
        moment=AT_ONCE if at_once else row.anchor,
        recipient=row.recipient,
        channel=row.channel,
        template=str(row.template_id or ""),
        quiet_from=row.quiet_from,
        quiet_until=row.quiet_until,
        quiet_way=row.quiet_way,
        active=row.active,
        kinds=[each for each in KINDS if getattr(row, each)],
        shared_only=row.shared_only,
        actions=[str(one) for one in row.action_ids],
        staff=[str(one) for one in row.staff_ids],
    )


def save(uow: UnitOfWork, *, actor: Actor, rule_id: object, values: dict[str, object], version: object = 0) -> int:
    """Store a new rule (``rule_id`` None) or an old one; return its id. What is booked is planned anew by a worker.

    Raises Invalid; Conflict when ``version`` is not the present one.
    """
    actor.require(Permission.SETTINGS)
    wanted = entered(values)
    with uow.begin() as tx:
        _check_references(tx, wanted)
        if rule_id is None:
            return _add(tx, actor, wanted)
        row = _row(tx, rule_id, to_change=True)
        if row.version != version:
            raise Conflict(changes=history.of_record(tx, ENTITY, row.id, limit=20), version=row.version)
        _change(tx, actor, row, wanted)
        return row.id


def set_active(uow: UnitOfWork, *, actor: Actor, rule_id: object, is_active: object) -> str:
    """Switch a rule on or off; return its name."""
    actor.require(Permission.SETTINGS)
    with uow.begin() as tx:
        row = _row(tx, rule_id, to_change=True)
        _switch(tx, actor, row, is_active is True)
        return row.name


def switch_on_ready_made(uow: UnitOfWork, *, actor: Actor, channel: object) -> int:
    """Switch on every reminder of a channel that is off; return how many."""
    actor.require(Permission.SETTINGS)
    with uow.begin() as tx:
        off = [row for row in rules.all_rows(tx) if row.channel == channel and not row.active]
        off = [row for row in off if row.anchor not in NOTICES]
        for row in off:
            _switch(tx, actor, row, True)
        return len(off)


def _switch(tx: Tx, actor: Actor, row: RuleRow, is_active: bool) -> None:
    if row.active != is_active:
        rules.change(tx, row.id, {"active": is_active})
        history.record(
            tx, actor, Verb.EDITED, ENTITY, row.id, differences({"active": row.active}, {"active": is_active})
        )
        rules.plan_anew(tx, row)


def delete(uow: UnitOfWork, *, actor: Actor, rule_id: object) -> str:
    """Delete a rule; what it has sent is kept, what it has planned is not sent. Return its name."""
    actor.require(Permission.SETTINGS)
    with uow.begin() as tx:
        row = _row(tx, rule_id, to_change=True)
        rules.change(tx, row.id, {"deleted_at": tx.now})
        history.record(tx, actor, Verb.DELETED, ENTITY, row.id)
        rules.plan_anew(tx, row)
        return row.name


def replan(uow: UnitOfWork, is_stopping: Callable[[], bool] = lambda: False) -> int:
    """Plan a lot of what is booked anew for a rule that changed; return how many appointments, 0 when there is
    nothing to plan now."""
    with uow.read() as tx:
        if is_stopping() or not rules.any_to_plan(tx):
            return 0
    with uow.begin() as tx:
        return rules.plan_next(tx, LOT)


def let_wait(uow: UnitOfWork, *, actor: Actor, rule_id: object, stopped: object) -> str:
    """Stop planning anew for a rule, or have it go on where it stopped; return its name.

    Raises NotFound when all of it is done. What has not been planned anew keeps what was planned for it before; each
    message is looked at again when it goes.
    """
    actor.require(Permission.SETTINGS)
    with uow.begin() as tx:
        row = _row(tx, rule_id)
        if not row.planning:
            raise NotFound(N_("Everything is planned already."))
        rules.let_wait(tx, row.id, stopped=stopped is True)
        return row.name


def _add(tx: Tx, actor: Actor, wanted: Entered) -> int:
    rule_id = rules.add(tx, wanted.values, wanted.action_ids, wanted.staff_ids)
    history.record(tx, actor, Verb.CREATED, ENTITY, rule_id, {"name": ("", wanted.values["name"])})
    rules.plan_anew(tx, _row(tx, rule_id))
    return rule_id


def _change(tx: Tx, actor: Actor, row: RuleRow, wanted: Entered) -> None:
    before = {name: getattr(row, name) for name in wanted.values}
    before |= {"action_ids": tuple(row.action_ids), "staff_ids": tuple(row.staff_ids)}
    after = {**wanted.values, "action_ids": wanted.action_ids, "staff_ids": wanted.staff_ids}
    changed = differences(before, after)
    if not changed:
        return
    rules.change(tx, row.id, wanted.values, wanted.action_ids, wanted.staff_ids)
    history.record(tx, actor, Verb.EDITED, ENTITY, row.id, changed)
    if changed.keys() != {"name"}:
        rules.plan_anew(tx, _row(tx, row.id), before=row)


def _check_references(tx: Tx, wanted: Entered) -> None:
    if wanted.action_ids:
        actions.lock(tx)  # so that none of them is deleted meanwhile
    known_actions = {one.id for one in actions.all_rows(tx)}
    known_staff = {int(one.id) for one in booking.staff_choices(tx, wanted.staff_ids)}
    wrong = {}
    if not known_actions.issuperset(wanted.action_ids):
        wrong["actions"] = N_("This action is not on offer any more. Choose another one.")
    if not known_staff.issuperset(wanted.staff_ids):
        wrong["staff"] = N_("One of them does not work here any more. Choose somebody else.")
    template = wanted.values["template_id"]
    found = templates.load(tx, template) if template else None
    if template and (found is None or found.channel != wanted.values["channel"]):
        wrong["template"] = N_("Choose a template of this channel.")
    if wrong:
        raise Invalid(fields=wrong)


def _row(tx: Tx, rule_id: object, *, to_change: bool = False) -> RuleRow:
    row = rules.get(tx, record_id(rule_id), to_change=to_change)
    if row is None:
        raise NotFound()
    return row
