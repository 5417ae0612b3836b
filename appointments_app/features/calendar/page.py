"""Calendar: month, week, day, agenda, and the board of one day."""

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.domain.calendar import View
from appointments_app.features.appointments.components.reach import reach_dialog
from appointments_app.features.calendar.components.card import busy_dialog, card, move_dialog
from appointments_app.features.calendar.components.toolbar import bar, head, limits
from appointments_app.features.calendar.state.card import CalendarCard
from appointments_app.features.calendar.state.page import CalendarPage
from appointments_app.features.session.components import frame, may
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import skeleton_page
from appointments_app.ui.parts.alarm import alarm
from appointments_app.ui.parts.calendar import board, calendar
from appointments_app.ui.parts.live import live


def calendar_page() -> rx.Component:
    """The appointments of a month, a week, a day."""
    return frame(
        rx.cond(CalendarPage.ready, rx.fragment(head(), bar(), limits(), _grid()), skeleton_page()),
        card(),
        move_dialog(),
        busy_dialog(),
        reach_dialog(on_save=CalendarCard.answer_reach),
        live(url=routes.LIVE, on_change=CalendarPage.refresh),
        alarm(at=CalendarPage.tomorrow, on_ring=CalendarPage.refresh),
    )


def _grid() -> rx.Component:
    both = {
        "date": CalendarPage.day,
        "entries": CalendarPage.entries,
        "people": CalendarPage.columns,
        "hours": CalendarPage.hours,
        "away": CalendarPage.away,
        "colour": CalendarPage.colour,
        "zone": Shell.time_zone,
        "editable": may(Permission.EDIT),
        "addable": may(Permission.ADD),
        "refused": CalendarCard.refused,
        "on_open": CalendarCard.show,
        "on_move": CalendarCard.drop,
        "on_create": CalendarPage.create,
    }
    by_days = calendar(
        view=CalendarPage.view,
        days=CalendarPage.days,
        first_weekday=CalendarPage.first_weekday,
        crowded=CalendarPage.crowded,
        alone=CalendarPage.staff.length() == 1,
        on_day=CalendarPage.open_day,
        **both,
    )
    return rx.cond(CalendarPage.view == View.BOARD.value, board(closed=CalendarPage.days[0].is_closed, **both), by_days)
