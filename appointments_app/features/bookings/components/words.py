"""The status of a booking in a word, an icon and a colour; its price; its free starts as buttons."""

from collections.abc import Callable
from typing import Any

import reflex as rx

from appointments_app.db.queries.appointments import StaffChip
from appointments_app.domain.bookings import BookingStatus, BookingTab
from appointments_app.features.bookings.service import FreeDay
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import banner, colour_dot
from appointments_app.ui.i18n import fmt, t

ICON = {
    BookingStatus.PENDING: "hourglass",
    BookingStatus.CONFIRMED: "calendar-check",
    BookingStatus.DONE: "circle-check",
    BookingStatus.CANCELLED: "circle-slash",
}
TONE = {
    BookingStatus.PENDING: "warn",
    BookingStatus.CONFIRMED: "scheduled",
    BookingStatus.DONE: "done",
    BookingStatus.CANCELLED: "dismissed",
}


def status_word(status: BookingStatus) -> rx.Var[str]:
    """Return the word for a status."""
    return {
        BookingStatus.PENDING: t("Pending"),
        BookingStatus.CONFIRMED: t("Confirmed"),
        BookingStatus.DONE: t("Done"),
        BookingStatus.CANCELLED: t("Cancelled"),
    }[status]


def tab_word(tab: BookingTab) -> rx.Var[str]:
    """Return the name of a tab."""
    return t("All") if tab is BookingTab.ALL else status_word(BookingStatus(tab.value))


def status_chip(status: Any) -> rx.Component:
    """Show a status by word, colour and icon."""
    return rx.fragment(rx.match(status, *((each.value, _chip(each)) for each in BookingStatus), rx.fragment()))


def _chip(status: BookingStatus) -> rx.Component:
    return rx.el.span(
        rx.icon(ICON[status], size=12, aria_hidden="true"),
        status_word(status),
        class_name="chip",
        custom_attrs={"data-tone": TONE[status]},
    )


def people(staff: Any) -> rx.Component:
    """Show who does it."""
    return rx.el.span(
        rx.foreach(
            staff.to(list[StaffChip]),
            lambda one: rx.el.span(colour_dot(one.colour), rx.el.span(one.name, dir="auto"), class_name="chip"),
        ),
        class_name="chips",
    )


def start_button(start: Any, on_take: Any, *, with_day: bool = False) -> rx.Component:
    """A free start to press: its time, and its day where that does not stand above it."""
    when = fmt.day_time(start, Shell.time_zone)
    shown = when if with_day else fmt.time(start, Shell.time_zone)
    return rx.el.button(shown, type="button", class_name="pill num", aria_label=when, on_click=on_take, key=start)


def free_days(days: Any, on_take: Callable[[Any], Any]) -> rx.Component:
    """The days with free starts, each start a button."""
    return rx.el.div(rx.foreach(days, lambda day: _day(day, on_take)), class_name="free-days")


def _day(day: rx.vars.ObjectVar[FreeDay], on_take: Callable[[Any], Any]) -> rx.Component:
    starts = rx.foreach(
        day.starts.to(list[str]),
        lambda start: start_button(start, on_take(start)),
    )
    return rx.el.section(
        rx.el.h3(fmt.date(day.day), class_name="num"),
        rx.el.div(starts, class_name="row wrap"),
        class_name="stack free-day",
        key=day.day,
        custom_attrs={"data-day": day.day},
    )


def taken_notice(is_taken: Any, nearest: Any, on_take: Callable[[Any], Any]) -> rx.Component:
    """That a time was just taken, and the nearest free ones."""
    offers = rx.foreach(nearest, lambda one: start_button(one.start_at, on_take(one.start_at), with_day=True))
    none = rx.el.span(t("Nothing else is free within two weeks."))
    told = rx.el.div(
        rx.el.div(t("This time was just taken."), class_name="strong"),
        rx.cond(
            nearest.length() > 0,
            rx.fragment(rx.el.div(t("The nearest free ones:")), rx.el.div(offers, class_name="row wrap")),
            none,
        ),
        class_name="stack grow",
    )
    image = rx.icon("calendar-x", size=16, aria_hidden="true")
    notice = banner(image, told, kind="warn", custom_attrs={"data-asks": ""})
    return rx.cond(is_taken, notice, rx.fragment())


def price(amount: Any, currency: Any) -> rx.Component:
    """An amount, a dash for none."""
    return rx.el.span(rx.cond(amount == "", "—", fmt.money(amount, currency)), class_name="num")
