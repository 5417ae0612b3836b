"""What the drop-downs of the booking form offer."""

from __future__ import annotations

from appointments_app.db.queries import actions, pickers
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.text import one_line

_LONGEST_SEARCH = 100


def find_clients(uow: UnitOfWork, *, actor: Actor, search: object) -> list[Choice]:
    """Return the first clients that ``search`` finds."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        return pickers.clients(tx, actor, one_line(str(search), _LONGEST_SEARCH))


def find_staff(uow: UnitOfWork, *, actor: Actor, search: object) -> list[Choice]:
    """Return the active staff that ``search`` finds."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        return pickers.staff(tx, one_line(str(search), _LONGEST_SEARCH))


def actions_on_offer(uow: UnitOfWork, *, actor: Actor) -> tuple[list[Choice], dict[str, int]]:
    """Return the active actions in order, and the default durations of those that have one."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        rows = [row for row in actions.all_rows(tx) if row.active]
    return [Choice(str(row.id), row.name, "", row.colour) for row in rows], {
        str(row.id): row.minutes for row in rows if row.minutes
    }
