"""New Appointment, and the page of one appointment: the same form."""

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.features.appointments.components.actions_dialog import actions_dialog
from appointments_app.features.appointments.components.confirmation import confirmation_card, request_banner
from appointments_app.features.appointments.components.form import booking_form
from appointments_app.features.appointments.components.new_client import new_client_dialog
from appointments_app.features.appointments.components.reach import reach_dialog
from appointments_app.features.appointments.components.record import behind, record, status_bar
from appointments_app.features.appointments.components.repeat import series_card
from appointments_app.features.appointments.state.form import BookingForm
from appointments_app.features.appointments.state.new_client import NewClient
from appointments_app.features.appointments.state.record import AppointmentRecord
from appointments_app.features.messages.components import appointment_messages
from appointments_app.features.sending.components import send_dialog
from appointments_app.features.session.components import allowed, frame
from appointments_app.ui.blocks import back_link, empty, link_button, page_head, skeleton_page
from appointments_app.ui.i18n import t
from appointments_app.ui.parts.client_only import page_title
from appointments_app.ui.parts.live import live


def new_appointment_page() -> rx.Component:
    """The empty or half-filled form."""
    return _page(back_link(t("Appointments"), routes.APPOINTMENTS), page_head(t("New appointment")), booking_form())


def appointment_page() -> rx.Component:
    """One appointment: its form, its status, its messages, its audit trail."""
    title = t("Appointment of {name}", name=BookingForm.client_name)
    file = link_button(t("Client's file"), f"{routes.CLIENTS}/" + BookingForm.client, icon="user-round")
    return _page(
        back_link(t("Appointments"), routes.APPOINTMENTS),
        page_head(title, allowed(Permission.CLIENTS, file)),
        page_title(text=title),
        status_bar(),
        behind(),
        request_banner(),
        booking_form(),
        series_card(AppointmentRecord.facts.series),
        confirmation_card(),
        appointment_messages(),
        record(),
        send_dialog(),
        live(url=routes.LIVE, on_change=AppointmentRecord.refresh),
    )


def _page(*content: rx.Component) -> rx.Component:
    missing = empty(
        "calendar-x",
        t("Not found"),
        t("There is no such appointment, or it was deleted."),
        link_button(t("Appointments"), routes.APPOINTMENTS),
    )
    loaded = rx.cond(BookingForm.is_missing, missing, rx.fragment(*content))
    return frame(
        rx.cond(BookingForm.ready, loaded, skeleton_page()),
        # Keyed, so that it tells which form is left: by then the next one may be loaded already.
        rx.el.div(key=BookingForm.form_key, on_unmount=BookingForm.leave(BookingForm.form_key), hidden=True),
        actions_dialog(),
        new_client_dialog(NewClient),
        reach_dialog(on_save=BookingForm.answer_reach),
        narrow=True,
    )
