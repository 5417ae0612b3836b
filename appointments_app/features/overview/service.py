"""Use-cases of the page Today: what is still to come, and what is over and yet to mark."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from appointments_app.db.queries import appointments, bookings, calendar, client_requests
from appointments_app.db.queries.appointments import AppointmentPage, AppointmentRow
from appointments_app.db.queries.client_requests import RequestRow
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.appointment import Tab
from appointments_app.domain.calendar import CalendarFilter
from appointments_app.domain.listing import TO_CALL, AppointmentFilter, Place
from appointments_app.domain.times import iso, to_instant, to_wall

SHOWN = 12
YET_TO_MARK = AppointmentFilter(tab=Tab.YET_TO_MARK)
UNCONFIRMED = AppointmentFilter(tab=Tab.SCHEDULED, confirmed=TO_CALL)


@dataclass(frozen=True)
class TodayView:
    """What the page shows. ``today`` is the reader's; at the instant ``next_at`` something of it changes by itself."""

    today: date
    ahead: list[AppointmentRow]
    has_more: bool
    yet_to_mark: AppointmentPage
    next_at: str
    to_call: list[AppointmentRow]
    """Unconfirmed ones that begin so soon that the client is to be called."""
    requests: list[RequestRow]
    """What clients ask for and nobody settled, the oldest first."""
    to_confirm: int
    """How many bookings ahead nobody has accepted yet."""


def today_view(uow: UnitOfWork, *, actor: Actor, place: Place) -> TodayView:
    """Return what is on or still to come today, and one page of what is over and still Scheduled."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        today = to_wall(tx.now, actor.time_zone).date()
        midnight = to_instant(today + timedelta(days=1), time(), actor.time_zone)
        scheduled = CalendarFilter(AppointmentFilter(tab=Tab.SCHEDULED))
        ahead = calendar.rows_within(tx, actor, scheduled, tx.now, midnight, SHOWN + 1)
        return TodayView(
            today=today,
            ahead=ahead[:SHOWN],
            has_more=len(ahead) > SHOWN,
            yet_to_mark=appointments.page(tx, actor, YET_TO_MARK, place),
            next_at=min([iso(midnight), *(row.end_at for row in ahead)]),
            to_call=appointments.page(tx, actor, UNCONFIRMED, Place(size=SHOWN, descending=False)).rows,
            requests=client_requests.waiting(tx, actor, limit=SHOWN),
            to_confirm=bookings.count_to_confirm(tx, actor),
        )


def count_yet_to_mark(uow: UnitOfWork, *, actor: Actor) -> int:
    """Return how many are over and still Scheduled, however many there are."""
    actor.require(Permission.VIEW)
    with uow.read() as tx:
        return appointments.exact_count(tx, actor, YET_TO_MARK)
