"""Use-cases of the list: reading it, marking, deleting, undoing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time, timedelta

from appointments_app.db.queries import appointments, bulk, history, nearest, pickers
from appointments_app.db.queries.appointments import AppointmentPage
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.appointment import Outcome, Status
from appointments_app.domain.change import Verb
from appointments_app.domain.errors import Clash, Invalid
from appointments_app.domain.listing import AppointmentFilter, Place, Selection
from appointments_app.domain.times import iso, to_instant, to_wall
from appointments_app.domain.words import N_
from appointments_app.features.appointments.service.horizon import look_ahead

_VERBS = {Status.DONE: Verb.DONE, Status.DISMISSED: Verb.DISMISSED, Status.SCHEDULED: Verb.SCHEDULED}


@dataclass(frozen=True)
class ListView:
    """What the list page shows: one page and the choices of the filters. How many there are is asked apart.

    ``today`` is the reader's, ``tomorrow`` the instant at which it ends.
    """

    page: AppointmentPage
    nearest_first: bool
    descending: bool
    today: date
    tomorrow: str
    action_choices: list[pickers.Choice]
    staff_choices: list[pickers.Choice]
    whole_until: str = ""
    """The day up to which recurring appointments are shown, when the days asked for reach further."""


@dataclass(frozen=True)
class BulkResult:
    """How a bulk action went: rows changed, rows left as they were, and the change that Undo takes back."""

    changed: int
    skipped: int
    change_id: int


def list_view(uow: UnitOfWork, *, actor: Actor, wanted: AppointmentFilter, place: Place) -> ListView:
    """Return one page of the list with the choices of its filters."""
    actor.require(Permission.VIEW)
    whole_until = look_ahead(uow, actor=actor, wanted=wanted)
    nearest_first = nearest.is_nearest_first(wanted, place)
    page = nearest.page if nearest_first else appointments.page
    with uow.read() as tx:
        today = to_wall(tx.now, actor.time_zone).date()
        action_choices, staff_choices = pickers.of_filters(tx)
        return ListView(
            page=page(tx, actor, wanted, place),
            nearest_first=nearest_first,
            descending=appointments.is_descending(wanted, place),
            today=today,
            tomorrow=iso(to_instant(today + timedelta(days=1), time(), actor.time_zone)),
            action_choices=action_choices,
            staff_choices=staff_choices,
            whole_until=whole_until,
        )


def list_rows(uow: UnitOfWork, *, actor: Actor, wanted: AppointmentFilter, place: Place) -> AppointmentPage:
    """Return one page of the list."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        return appointments.page(tx, actor, wanted, place)


def capped_counts(uow: UnitOfWork, *, actor: Actor, wanted: AppointmentFilter) -> dict[str, int]:
    """Return how many appointments each tab would show, counted up to COUNT_CAP + 1."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        return appointments.capped_counts(tx, actor, wanted)


def exact_count(uow: UnitOfWork, *, actor: Actor, wanted: AppointmentFilter) -> int:
    """Return how many appointments match ``wanted``, however many there are."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        return appointments.exact_count(tx, actor, wanted)


def set_status(
    uow: UnitOfWork,
    *,
    actor: Actor,
    selection: Selection,
    status: str,
    outcome: str = "",
    progress: bulk.Progress = bulk.keep_going,
) -> BulkResult:
    """Mark the selected appointments Done, Dismissed or Scheduled: all of them or, when stopped or killed, none.

    Dismissed ones whose time was given away meanwhile are skipped; raises Clash when that leaves nothing to do.
    """
    actor.require(Permission.STATUS)
    wanted, went = _status(status), _outcome(outcome, status)

    def work(tx: Tx, change_id: int) -> int:
        conditions = appointments.selected(tx, actor.within(Permission.STATUS), selection)
        changed = bulk.set_status(tx, change_id, conditions, wanted, progress, outcome=went)
        if wanted is Status.SCHEDULED and not changed and bulk.any_dismissed(tx, conditions):
            raise Clash()
        return changed

    return _change(uow, actor, _VERBS[wanted], selection, work)


def delete(
    uow: UnitOfWork, *, actor: Actor, selection: Selection, progress: bulk.Progress = bulk.keep_going
) -> BulkResult:
    """Delete the selected appointments, so that Undo can bring them back: all or none."""
    actor.require(Permission.DELETE)
    return _change(
        uow,
        actor,
        Verb.DELETED,
        selection,
        lambda tx, change_id: bulk.delete(
            tx, change_id, appointments.selected(tx, actor.within(Permission.DELETE), selection), progress
        ),
    )


def bulk_action(verb: str) -> tuple[Callable[..., BulkResult], dict[str, str]]:
    """Return the use-case behind a menu entry and its values; raise Invalid for an unknown one."""
    if verb == "delete":
        return delete, {}
    if isinstance(verb, str) and verb in Outcome._value2member_map_:
        return set_status, {"status": Status.DISMISSED.value, "outcome": verb}
    return set_status, {"status": _status(verb).value}


def _change(
    uow: UnitOfWork, actor: Actor, verb: Verb, selection: Selection, work: Callable[[Tx, int], int]
) -> BulkResult:
    with uow.begin() as tx:
        change_id = history.open_change(tx, actor, verb)
        changed = work(tx, change_id)
        if not selection.ids and not changed:
            return BulkResult(0, 0, change_id)
        return BulkResult(changed, max(0, len(selection.ids) - changed), change_id)


def _outcome(text: str, status: str) -> str:
    if text and not (text in Outcome._value2member_map_ and status == Status.DISMISSED):
        raise Invalid(fields={"outcome": N_("Unknown outcome.")})
    return text


def _status(text: str) -> Status:
    if not isinstance(text, str) or text not in Status._value2member_map_:
        raise Invalid(fields={"status": N_("Unknown status.")})
    return Status(text)
