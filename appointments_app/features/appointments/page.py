"""Clients › Appointments: the complete list."""

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.features.appointments.components import bars, rows
from appointments_app.features.appointments.components.reach import reach_dialog
from appointments_app.features.appointments.state.list import AppointmentList
from appointments_app.features.exports.components import export_button
from appointments_app.features.sending.components import send_dialog
from appointments_app.features.session.components import allowed, frame
from appointments_app.ui.blocks import link_button, page_head
from appointments_app.ui.i18n import t
from appointments_app.ui.parts.alarm import alarm
from appointments_app.ui.parts.live import live


def appointments_page() -> rx.Component:
    """The complete list of appointments."""
    book = link_button(t("New appointment"), routes.NEW_APPOINTMENT, icon="plus", kind="primary")
    return frame(
        page_head(t("Appointments"), allowed(Permission.ADD, book)),
        bars.tabs(),
        bars.filters(),
        appointment_list(),
        send_dialog(),
    )


def appointment_list() -> rx.Component:
    """Selection, table, pages and export: the same here and in a client's file."""
    is_empty = AppointmentList.ready & (AppointmentList.rows.length() == 0)
    return rx.fragment(
        bars.not_whole(),
        rx.cond(is_empty, rx.el.div(bars.nothing(), class_name="table-wrap"), rows.table()),
        rx.el.div(bars.selection(), class_name="selection"),
        bars.pager(_export()),
        bars.delete_question(),
        reach_dialog(),
        live(url=routes.LIVE, on_change=AppointmentList.refresh),
        alarm(at=AppointmentList.tomorrow, on_ring=AppointmentList.refresh),
    )


def _export() -> rx.Component:
    return export_button(
        query=AppointmentList.export_query,
        selected=AppointmentList.selected,
        all_matching=AppointmentList.all_matching,
        total=AppointmentList.total,
    )
