"""Use-cases of the actions list (R18–R20)."""

from __future__ import annotations

from appointments_app.db.queries import actions, history
from appointments_app.db.queries.actions import ActionRow
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.appointment import LONGEST, SHORTEST
from appointments_app.domain.change import Verb, differences
from appointments_app.domain.colours import COLOURS
from appointments_app.domain.errors import Invalid, NotFound
from appointments_app.domain.listing import record_id
from appointments_app.domain.text import fold, one_line
from appointments_app.domain.words import N_

NAME_LIMIT = 80


def actions_list(uow: UnitOfWork, *, actor: Actor) -> list[ActionRow]:
    """Return every action in order, inactive ones too."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        return actions.all_rows(tx)


def add_action(uow: UnitOfWork, *, actor: Actor, name: str, colour: str = "gray", minutes: object = 0) -> ActionRow:
    """Put a new action at the end of the list; raise Invalid for a twin."""
    actor.require(Permission.ACTIONS)
    values = _checked(name, colour, minutes)
    with uow.begin() as tx:
        actions.lock(tx)
        _refuse_twin(tx, str(values["name"]), None)
        action_id = actions.add(
            tx, str(values["name"]), fold(str(values["name"])), str(values["colour"]), int(str(values["minutes"]))
        )
        history.record(tx, actor, Verb.CREATED, "action", action_id)
        return _one(tx, action_id)


def change_action(
    uow: UnitOfWork, *, actor: Actor, action_id: int, name: str, colour: str, minutes: object
) -> ActionRow:
    """Rename, colour, give a default duration (0: none); raise Invalid for a twin. Old rows show the new name."""
    actor.require(Permission.ACTIONS)
    values = _checked(name, colour, minutes)
    with uow.begin() as tx:
        old = _locked(tx, action_id)
        changes = differences(
            {"name": old.name, "colour": old.colour, "default_duration": old.minutes},
            {"name": values["name"], "colour": values["colour"], "default_duration": values["minutes"]},
        )
        if not changes:
            return old
        _refuse_twin(tx, str(values["name"]), old.id)
        actions.change(
            tx,
            old.id,
            name=values["name"],
            name_key=fold(str(values["name"])),
            colour=values["colour"],
            default_duration=values["minutes"] or None,
        )
        history.record(tx, actor, Verb.EDITED, "action", old.id, changes)
        return _one(tx, old.id)


def move_action(uow: UnitOfWork, *, actor: Actor, action_id: int, up: bool) -> list[ActionRow]:
    """Move an action one place; return the list."""
    actor.require(Permission.ACTIONS)
    with uow.begin() as tx:
        old = _locked(tx, action_id)
        ids = [row.id for row in actions.all_rows(tx)]
        at = ids.index(old.id)
        to = at - 1 if up else at + 1
        if 0 <= to < len(ids):
            ids[at], ids[to] = ids[to], ids[at]
            actions.reorder(tx, ids)
            history.record(tx, actor, Verb.EDITED, "action", old.id, {"position": (str(at + 1), str(to + 1))})
        return actions.all_rows(tx)


def set_action_active(uow: UnitOfWork, *, actor: Actor, action_id: int, active: bool) -> ActionRow:
    """Offer an action in the drop-down, or not any more; appointments that have it keep it."""
    actor.require(Permission.ACTIONS)
    with uow.begin() as tx:
        old = _locked(tx, action_id)
        if old.active != bool(active):
            actions.change(tx, old.id, active=bool(active))
            history.record(
                tx, actor, Verb.EDITED, "action", old.id, differences({"active": old.active}, {"active": bool(active)})
            )
        return _one(tx, old.id)


def delete_action(uow: UnitOfWork, *, actor: Actor, action_id: int) -> None:
    """Delete an action that no appointment has, and no reminder names; raise Invalid for one in use."""
    actor.require(Permission.ACTIONS)
    with uow.begin() as tx:
        old = _locked(tx, action_id)
        if actions.is_in_use(tx, old.id):
            raise Invalid(N_("This action is in use, so it can't be deleted. Deactivate it instead."))
        if rule := actions.named_by_rule(tx, old.id):
            said = N_("The reminder “{name}” names this action. Change it first, or deactivate the action.")
            raise Invalid(said, name=rule)
        actions.remove(tx, old.id)
        history.record(tx, actor, Verb.DELETED, "action", old.id, {"name": (old.name, "")})


def _checked(name: object, colour: object, minutes: object) -> dict[str, object]:
    errors: dict[str, str] = {}
    text = one_line(name, NAME_LIMIT + 1) if isinstance(name, str) else ""
    if not fold(text):
        errors["name"] = N_("Enter a name.")
    elif len(text) > NAME_LIMIT:
        errors["name"] = N_("At most 80 characters.")
    if colour not in COLOURS:
        errors["colour"] = N_("Choose a colour from the list.")
    written = str(minutes or 0)
    number = int(written) if written.isascii() and written.isdigit() and len(written) < 6 else -1
    if number and not SHORTEST <= number <= LONGEST:
        errors["minutes"] = N_("Between 5 minutes and 24 hours.")
    if errors:
        raise Invalid(fields=errors)
    return {"name": text, "colour": colour, "minutes": number}


def _refuse_twin(tx: Tx, name: str, own_id: int | None) -> None:
    if actions.id_of_name(tx, fold(name)) not in {None, own_id}:
        raise Invalid(fields={"name": N_("There is an action of this name already.")})


def _locked(tx: Tx, action_id: object) -> ActionRow:
    actions.lock(tx)
    return _one(tx, action_id)


def _one(tx: Tx, action_id: object) -> ActionRow:
    row = actions.one(tx, record_id(action_id))
    if row is None:
        raise NotFound()
    return row
