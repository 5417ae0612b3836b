"""The first free starts of everybody, in one table."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.features.bookings.components.words import start_button
from appointments_app.features.bookings.service import FreeDay
from appointments_app.features.bookings.state.free import FreeStarts
from appointments_app.ui.blocks import colour_dot, empty, link_button, skeleton_rows
from appointments_app.ui.fields import select_field
from appointments_app.ui.i18n import fmt, t, tn


def which_service() -> rx.Component:
    """The choice of the service."""
    choices = rx.foreach(FreeStarts.services, lambda one: rx.el.option(one.name, value=one.id))
    return rx.el.div(
        select_field(t("Service"), "service", [choices], value=FreeStarts.service, on_change=FreeStarts.choose),
        style={"maxWidth": "320px"},
    )


def first_free() -> rx.Component:
    """Everybody who performs the service, with the first free starts as buttons."""
    settings = link_button(t("Services"), routes.SERVICES)
    where = t("Who performs a service is set up in the settings.")
    nobody = empty("calendar-x", t("Nobody performs it"), where, settings)
    head = rx.el.tr(
        *(rx.el.th(label, scope="col") for label in (t("Staff"), t("First free times"), t("Free in 30 days")))
    )
    body = rx.cond(FreeStarts.ready, rx.foreach(FreeStarts.people, _row), rx.fragment(*skeleton_rows(3, 5)))
    table = rx.el.table(
        rx.el.caption(t("Free times"), class_name="visually-hidden"),
        rx.el.thead(head),
        rx.el.tbody(body),
        class_name="table cards-on-phone no-tick",
    )
    is_empty = FreeStarts.ready & (FreeStarts.people.length() == 0)
    return rx.el.div(rx.cond(is_empty, nobody, table), class_name="table-wrap")


def _row(one: Any) -> rx.Component:
    days = rx.foreach(one.days.to(list[FreeDay]), lambda day: _day(one.id, day))
    nothing = rx.el.span(t("Nothing in 30 days"), class_name="muted")
    return rx.el.tr(
        rx.el.td(
            rx.el.span(colour_dot(one.colour), rx.el.span(one.name, class_name="strong", dir="auto"), class_name="row")
        ),
        rx.el.td(rx.cond(one.count > 0, rx.el.div(days, class_name="row wrap"), nothing)),
        rx.el.td(rx.el.span(tn("{n} start", "{n} starts", one.count), class_name="num muted")),
        key=one.id.to_string(),
        custom_attrs={"data-row": one.id},
    )


def _day(person: Any, day: rx.vars.ObjectVar[FreeDay]) -> rx.Component:
    starts = rx.foreach(
        day.starts.to(list[str]),
        lambda start: start_button(start, FreeStarts.take(person, start)),
    )
    return rx.el.span(rx.el.span(fmt.date(day.day), class_name="muted small num"), starts, class_name="row wrap")
