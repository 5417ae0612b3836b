"""Moving an appointment to another time, length or person, without its form: from a calendar or a dialog."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.booking import form_of
from appointments_app.domain.change import Verb
from appointments_app.domain.errors import Conflict
from appointments_app.domain.listing import is_id, record_id
from appointments_app.domain.series import Include
from appointments_app.domain.times import iso
from appointments_app.features.appointments.service import repeats, series
from appointments_app.features.appointments.service.booking import change, held
from appointments_app.features.appointments.service.series import Answer


@dataclass(frozen=True)
class Move:
    """Where an appointment goes, as a form writes it; '' and None leave a field as it is.

    ``staff`` are all who do it from now on; ``from_staff`` hands it on to ``to_staff``, '' for nobody.
    """

    date: str = ""
    time: str = ""
    duration: str = ""
    staff: tuple[str, ...] | None = None
    from_staff: str = ""
    to_staff: str = ""


def move(
    uow: UnitOfWork,
    *,
    actor: Actor,
    appointment_id: object,
    seen_at: str,
    to: Move,
    reason: str = "",
    accepted: Collection[int] = (),
    reach: str = "",
    settled: bool = False,
    by_hand: bool = False,
) -> int | None:
    """Move an appointment that began at ``seen_at`` when it was taken hold of; return the change that Undo takes back.

    None when nothing differs. Raises Conflict when somebody else moved it meanwhile; Repeats while ``reach`` is to be
    asked; Invalid; Clash.
    """
    actor.require(Permission.EDIT)
    with uow.begin() as tx:
        old = held(tx, actor, record_id(appointment_id))
        if seen_at != iso(old.booking.start_at):
            raise Conflict(changes=[], version=old.version)
        stands = form_of(old.booking, zone_name=actor.time_zone)
        given = {name: getattr(to, name) for name in ("date", "time", "duration")}
        form = {
            **stands,
            **repeats.form_of(repeats.series_in_form(tx, old), old),
            **{name: value for name, value in given.items() if value},
            "staff": _staff([str(one) for one in old.booking.staff_ids], to),
        }
        include = Include(settled is True, by_hand is True)
        answer = Answer(series.read_reach(reach) if reach else None, include, str(reason), frozenset(accepted))
        return change(tx, actor, old, form, answer, version=old.version, verb=Verb.MOVED)


def _staff(present: list[str], to: Move) -> list[str]:
    if to.staff is not None:
        return list(to.staff)
    if to.from_staff == to.to_staff:
        return present
    return [one for one in present if one != to.from_staff] + [one for one in (to.to_staff,) if is_id(one)]
