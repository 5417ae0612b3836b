"""Use-cases of the form of a work order: open it, keep what is typed, create, edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from appointments_app.db.queries import booking, drafts, history, order_changes, sign_ins
from appointments_app.db.queries.order_changes import StoredOrder
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.queries.reach import reached_clients
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.booking import is_form_token
from appointments_app.domain.change import Verb, differences
from appointments_app.domain.errors import Conflict, Invalid, NotFound
from appointments_app.domain.listing import is_id
from appointments_app.domain.words import N_
from appointments_app.domain.work_order import OrderFields, OrderStatus, form_of, read_form
from appointments_app.features.appointments.service.drafts import drop, put, restored
from appointments_app.features.work_orders.service.list import order_in

TEXTS = ("title", "number", "description", "tags", "budget")
FIELDS = ("client", "starts_on", "ends_on", "currency", "staff", *TEXTS)


@dataclass(frozen=True)
class OpenOrder:
    """A form as it opens: its values, the names behind its ids, and for a known work order what it stands on."""

    form: dict[str, object]
    client: Choice | None = None
    staff: list[Choice] = field(default_factory=list)
    next_number: str = ""
    was_restored: bool = False
    saved_id: int | None = None
    version: int = 0
    since: int = 0


def open_new(uow: UnitOfWork, *, actor: Actor, token: str, client: object = "") -> OpenOrder:
    """Return the form of a new work order: what was typed under ``token``, else an empty one."""
    actor.require(Permission.ADD)
    with uow.read() as tx:
        typed, saved_id = restored(tx, actor, _token(actor, None, token))
        business = sign_ins.business(tx)
        empty = dict.fromkeys(FIELDS, "") | {"staff": [], "currency": business.currency if business else "USD"}
        begun = {**empty, "client": client if is_id(client) else ""} if typed is None else {**empty, **typed}
        opened = _named(tx, actor, begun)
        number = order_changes.next_number(tx)
        return replace(opened, next_number=number, was_restored=typed is not None, saved_id=saved_id)


def open_one(uow: UnitOfWork, *, actor: Actor, order_id: object) -> OpenOrder:
    """Return the form of a work order with what the actor typed into it lately; raise NotFound."""
    actor.require(Permission.EDIT)
    with uow.read() as tx:
        old = order_in(tx, actor.within(Permission.EDIT), order_id)
        changes = history.of_record(tx, "work_order", old.id, limit=1)
        typed, _ = restored(tx, actor, _token(actor, old.id, ""))
        newest = {"version": old.version, "since": changes[0].change_id if changes else 0}
        form = {**form_of(old.fields), **newest, **(typed or {})}
        stands_on = {name: int(str(form[name])) for name in newest}
        named = _named(tx, actor, form, own=old.fields.client_id)
        return replace(named, was_restored=typed is not None, **stands_on)


def keep(
    uow: UnitOfWork,
    *,
    actor: Actor,
    token: str,
    form: Mapping[str, object],
    order_id: int | None = None,
    version: int = 0,
    since: int = 0,
) -> None:
    """Keep what is typed so far. Nothing happens once the form was saved."""
    actor.require(Permission.ADD if order_id is None else Permission.EDIT)
    known = {name: form[name] for name in FIELDS if isinstance(form.get(name), (str, list))}
    with uow.begin() as tx:
        if order_id is not None:
            order_in(tx, actor.within(Permission.EDIT), order_id)
        put(tx, actor, _token(actor, order_id, token), {**known, "version": version, "since": since})


def discard(uow: UnitOfWork, *, actor: Actor, token: str, order_id: int | None = None) -> None:
    """Forget what was typed."""
    with uow.begin() as tx:
        drop(tx, actor, _token(actor, order_id, token))


def create(uow: UnitOfWork, *, actor: Actor, form: Mapping[str, object], token: str, is_draft: bool = False) -> int:
    """Create a work order; return its id, also when this form was saved before. Raises Invalid."""
    actor.require(Permission.ADD)
    with uow.begin() as tx:
        own = _token(actor, None, token)
        if actor.staff_id is not None:
            owner, saved_id = drafts.hold(tx, own, actor.staff_id)
            if owner != actor.staff_id:
                raise NotFound()
            if saved_id is not None:
                return saved_id
        fields = _numbered(tx, read_form(form), None)
        _check_references(tx, actor, fields, None)
        order_id = order_changes.add(tx, actor, fields, OrderStatus.DRAFT if is_draft is True else OrderStatus.OPEN)
        history.record(tx, actor, Verb.CREATED, "work_order", order_id, {"number": ("", fields.number)})
        if actor.staff_id is not None:
            drafts.mark_saved(tx, own, order_id)
        return order_id


def edit(
    uow: UnitOfWork, *, actor: Actor, order_id: int, form: Mapping[str, object], version: int, since: int = 0
) -> bool:
    """Store what differs; return whether anything did. Raises Conflict with what others changed ``since``, Invalid."""
    actor.require(Permission.EDIT)
    with uow.begin() as tx:
        old = order_in(tx, actor.within(Permission.EDIT), order_id, to_change=True)
        fields = _numbered(tx, read_form(form), old)
        if actor.staff_id is not None:
            drafts.forget(tx, _token(actor, old.id, ""))
        changes = differences(old.fields.as_recorded(), fields.as_recorded())
        if not changes and fields.description == old.fields.description:
            return False
        if version != old.version:
            raise Conflict(changes=history.of_record(tx, "work_order", old.id, since=since), version=old.version)
        _check_references(tx, actor, fields, old)
        if "description" not in changes and fields.description != old.fields.description:
            changes["description"] = (old.fields.description[:100], fields.description[:100])
        order_changes.change(tx, old.id, fields)
        history.record(tx, actor, Verb.EDITED, "work_order", old.id, changes)
        return True


def _token(actor: Actor, order_id: int | None, token: object) -> str:
    """Return the token of a form, told apart from those of appointments."""
    if order_id is not None:
        return f"order-{actor.staff_id}-{order_id}"
    if not is_form_token(token):
        raise Invalid(N_("This form is not valid any more. Open a new one."))
    return f"wo:{str(token).replace('-', '')}"


def _named(tx: Tx, actor: Actor, form: dict[str, object], *, own: int = 0) -> OpenOrder:
    """Return the form with the names behind its ids; those that are nobody's are left out.

    So is a client whom the actor may not know, except the work order's ``own``.
    """
    client_id, several = form.get("client"), form.get("staff")
    number = int(str(client_id)) if is_id(client_id) else 0
    may_know = number and (number == own or reached_clients(tx, actor, [number]))
    client = booking.client_choice(tx, number) if may_know else None
    ids = [int(one) for one in several if is_id(one)] if isinstance(several, list) else []
    staff = booking.staff_choices(tx, ids)
    known = {"client": client.id if client else "", "staff": [one.id for one in staff]}
    return OpenOrder({**form, **known}, client, staff)


def _numbered(tx: Tx, fields: OrderFields, old: StoredOrder | None) -> OrderFields:
    """Return the fields with a number that nobody else has; the next one of the sequence when none was typed."""
    if old is not None and fields.number in ("", old.fields.number):
        return replace(fields, number=old.fields.number)
    last = order_changes.hold_numbers(tx)
    if not fields.number:
        return replace(fields, number=order_changes.take_number(tx, last))
    if order_changes.number_is_taken(tx, fields.number, old.id if old else None):
        raise Invalid(fields={"number": N_("Another work order has this number, or had it before it was deleted.")})
    return fields


def _check_references(tx: Tx, actor: Actor, fields: OrderFields, old: StoredOrder | None) -> None:
    """Refuse clients and staff that are not on offer; what the work order has already it may keep."""
    errors = {}
    kept = old.fields if old else None
    if kept is None or kept.client_id != fields.client_id:
        client, _ = booking.on_offer(tx, fields.client_id, 0)
        if not client or not reached_clients(tx, actor, [fields.client_id]):
            errors["client"] = N_("This client can't be booked for any more. Choose another one.")
        elif old is not None and order_changes.has_any(tx, old.id):
            errors["client"] = N_("It has appointments with its client: the client can't be changed any more.")
    works_here = booking.hold_staff(tx, fields.staff_ids)
    assigned = kept.staff_ids if kept else ()
    if not all(works_here.get(one, False) or one in assigned for one in fields.staff_ids):
        errors["staff"] = N_("One of them does not work here any more. Choose somebody else.")
    if errors:
        raise Invalid(fields=errors)
