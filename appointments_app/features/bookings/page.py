"""Bookings: the list, the wizard, one booking, its printed sheet, and who is free when."""

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.features.bookings.components import free, record, rows, wizard
from appointments_app.features.bookings.state.free import FreeStarts
from appointments_app.features.bookings.state.list import BookingsPage
from appointments_app.features.bookings.state.record import BookingPage
from appointments_app.features.bookings.state.wizard import Wizard
from appointments_app.features.session.components import allowed, frame
from appointments_app.ui.blocks import back_link, link_button, not_found, page_head
from appointments_app.ui.i18n import t
from appointments_app.ui.parts.client_only import client_only, page_title
from appointments_app.ui.parts.live import live
from appointments_app.ui.parts.print import print_button


def bookings_page() -> rx.Component:
    """The list of bookings."""
    return frame(
        page_head(
            t("Bookings"),
            allowed(Permission.ADD, link_button(t("Free times"), routes.FREE_STARTS, icon="calendar-search")),
            allowed(Permission.ADD, link_button(t("New booking"), routes.NEW_BOOKING, icon="plus", kind="primary")),
        ),
        rows.tabs(),
        rows.filters(),
        rows.booking_table(),
        rows.pager(),
        live(url=routes.LIVE, on_change=BookingsPage.refresh),
    )


def new_booking_page() -> rx.Component:
    """The wizard."""
    steps = rx.el.div(
        rx.el.div(wizard.open_step(), class_name="grow"),
        rx.el.aside(wizard.chosen(), class_name="chosen"),
        class_name="wizard",
    )
    return frame(
        back_link(t("Bookings"), routes.BOOKINGS),
        page_head(t("New booking")),
        rx.cond(Wizard.ready, rx.fragment(wizard.steps(), steps), _waiting()),
    )


def booking_page() -> rx.Component:
    """One booking."""
    title = t("Booking #{number}", number=BookingPage.row.id)
    shown = rx.fragment(
        page_title(text=title), record.head(), record.moving(), record.facts(), record.history(), record.delete_dialog()
    )
    return frame(
        back_link(t("Bookings"), routes.BOOKINGS),
        rx.cond(
            BookingPage.missing,
            not_found(t("Bookings"), routes.BOOKINGS),
            rx.cond(BookingPage.ready, shown, _waiting()),
        ),
        live(url=routes.LIVE, on_change=BookingPage.refresh),
        narrow=True,
    )


def print_booking_page() -> rx.Component:
    """One booking, to be printed."""
    tools = rx.el.div(
        link_button(t("Back"), f"{routes.BOOKINGS}/{BookingPage.row.id}", icon="arrow-left"),
        print_button(t("Print")),
        class_name="row tools",
    )
    shown = rx.cond(BookingPage.missing, not_found(t("Bookings"), routes.BOOKINGS), rx.fragment(tools, record.sheet()))
    main = rx.el.main(rx.cond(BookingPage.ready, shown, _waiting()), class_name="page narrow", id="main")
    return client_only(main, fallback=rx.el.main(class_name="page narrow"))


def free_starts_page() -> rx.Component:
    """The first free starts of everybody."""
    return frame(
        back_link(t("Bookings"), routes.BOOKINGS),
        page_head(t("Free times")),
        free.which_service(),
        free.first_free(),
        live(url=routes.LIVE, on_change=FreeStarts.refresh),
    )


def _waiting() -> rx.Component:
    return rx.el.div(rx.el.span(class_name="skeleton", style={"height": "320px"}), aria_busy="true")
