"""Clients › Manage Clients › one client: the file."""

import reflex as rx

from appointments_app import routes
from appointments_app.domain.appointment import Tab
from appointments_app.features.appointments.components import bars
from appointments_app.features.appointments.page import appointment_list
from appointments_app.features.client_file.components import head, head_skeleton, notes, overview, tabs
from appointments_app.features.client_file.state import ClientFile, FileTab
from appointments_app.features.sending.components import send_dialog
from appointments_app.features.session.components import frame
from appointments_app.ui.blocks import back_link, not_found
from appointments_app.ui.i18n import t
from appointments_app.ui.parts.alarm import alarm
from appointments_app.ui.parts.client_only import page_title
from appointments_app.ui.parts.live import live


def client_page() -> rx.Component:
    """A client's file."""
    opened = rx.fragment(
        rx.cond(ClientFile.ready, head(), head_skeleton()),
        tabs(),
        rx.match(
            ClientFile.tab,
            (FileTab.APPOINTMENTS.value, _appointments()),
            (FileTab.NOTES.value, rx.cond(ClientFile.ready, notes(), rx.fragment())),
            overview(),
        ),
        page_title(text=ClientFile.client.name),
    )
    return frame(
        back_link(t("Manage Clients"), routes.CLIENTS),
        rx.cond(ClientFile.missing, not_found(t("Manage Clients"), routes.CLIENTS), opened),
        send_dialog(),
        live(url=routes.LIVE, on_change=ClientFile.refresh),
        alarm(at=ClientFile.nearest_end, on_ring=ClientFile.refresh),
    )


def _appointments() -> rx.Component:
    return rx.fragment(
        rx.el.div(bars.tabs(Tab.ALL, Tab.SCHEDULED, Tab.DONE, Tab.DISMISSED), class_name="as-pills"),
        bars.filters(),
        appointment_list(),
    )
