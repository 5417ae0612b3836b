"""The week of the business or of one person, leave, and days with other hours."""

from typing import Any

import reflex as rx

from appointments_app.db.queries.pickers import Choice
from appointments_app.domain.service import MOST_SPANS
from appointments_app.features.services.service import DayHours, Off
from appointments_app.features.services.state.hours import WorkingHours
from appointments_app.features.session.components import keep_typed
from appointments_app.ui.blocks import button
from appointments_app.ui.fields import select_field, text_field
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.parts.dates import date_field

ERRORS: Any = WorkingHours.errors


def whose() -> rx.Component:
    """The choice of whose hours are shown."""
    people = rx.foreach(WorkingHours.people, _option)
    return rx.el.div(
        select_field(
            t("Hours of"),
            "who",
            [rx.el.option(t("The business"), value=""), people],
            value=WorkingHours.who,
            on_change=WorkingHours.choose,
        ),
        rx.el.p(
            t("Times are in the zone {zone}.", zone=WorkingHours.zone.replace("_", " ")),
            class_name="hint",
            style={"alignSelf": "end", "paddingBlockEnd": "8px"},
        ),
        class_name="grid2",
    )


def week() -> rx.Component:
    """The weekly hours: two spans a day at most, the second for after a break."""
    same = rx.el.label(
        rx.el.input(
            type="checkbox",
            name="same",
            value="yes",
            checked=rx.cond(WorkingHours.is_own, False, True),
            on_change=WorkingHours.turn,  # pyright: ignore[reportArgumentType]  # check-boxes give booleans
        ),
        rx.el.span(t("The same hours as the business")),
        class_name="check",
    )
    rows = rx.el.div(rx.foreach(WorkingHours.week, _day), class_name="stack loose")
    return rx.el.form(
        keep_typed("week"),
        rx.el.h2(t("Weekly hours")),
        rx.cond(WorkingHours.who != "", same, rx.fragment()),
        rx.cond(
            WorkingHours.is_own,
            rx.fragment(rows, rx.el.p(t("Leave a day empty when nobody works then."), class_name="hint")),
            rx.el.ul(rx.foreach(WorkingHours.week, _said), class_name="plain stack"),
        ),
        rx.el.div(button(t("Save"), kind="primary", type="submit"), class_name="form-foot"),
        on_submit=WorkingHours.save,
        key=WorkingHours.form_key,
        no_validate=True,
        class_name="card stack loose",
    )


def _day(row: rx.vars.ObjectVar[DayHours]) -> rx.Component:
    day = row.day.to_string()
    times = row.times.to(list[str])
    name, error = fmt.weekday(row.day), ERRORS["day-" + day]
    spans = [
        rx.el.div(
            _time("from-" + day + f"-{place}", times[2 * place], t("{day}, from", day=name), first=place == 0, day=day),
            rx.el.span("–", class_name="muted", aria_hidden="true"),
            _time("to-" + day + f"-{place}", times[2 * place + 1], t("{day}, until", day=name)),
            class_name="row",
        )
        for place in range(MOST_SPANS)
    ]
    return rx.el.div(
        rx.el.span(name, class_name="label day-name"),
        rx.el.div(*spans, class_name="row wrap day-spans"),
        rx.el.div(error, class_name="field-error", role="alert"),
        class_name="day-hours",
        key=day,
    )


def _time(name: Any, value: Any, label: Any, *, first: bool = False, day: Any = "") -> rx.Component:
    known = {"id": "field-day-" + day} if first else {}
    return rx.el.input(
        type="time", name=name, default_value=value, aria_label=label, class_name="input time", dir="ltr", **known
    )


def _said(row: rx.vars.ObjectVar[DayHours]) -> rx.Component:
    times = row.times.to(list[str])
    spans = [
        rx.cond(times[2 * place] != "", rx.el.span(times[2 * place], "–", times[2 * place + 1], dir="ltr"), "")
        for place in range(MOST_SPANS)
    ]
    closed = rx.el.span(t("Closed"), class_name="muted")
    return rx.el.li(
        rx.el.span(fmt.weekday(row.day), class_name="day-name"),
        rx.cond(times[0] != "", rx.el.span(*spans, class_name="row num"), closed),
        class_name="row",
        key=row.day.to_string(),
    )


def leave() -> rx.Component:
    """The person's leave that is not over, and one more."""
    more = rx.el.form(
        keep_typed("leave"),
        _date(t("First day"), "first_day", WorkingHours.first_day),
        _date(t("Last day"), "last_day", WorkingHours.last_day),
        text_field(t("Note"), "note", max_length=80, auto_complete="off", dir="auto"),
        rx.el.div(button(t("Add"), icon="plus", type="submit"), class_name="row"),
        on_submit=WorkingHours.add_leave,
        key=WorkingHours.form_key,
        no_validate=True,
        class_name="inline-form",
    )
    return _section(t("Leave"), more, WorkingHours.leave, _leave, t("No leave ahead."))


def _leave(row: rx.vars.ObjectVar[Off]) -> rx.Component:
    days = rx.cond(
        row.first_day == row.last_day,
        fmt.date(row.first_day),
        rx.fragment(fmt.date(row.first_day), " – ", fmt.date(row.last_day)),
    )
    return _off(days, row.note, WorkingHours.remove_leave(row.id), row.id.to_string())


def other_days() -> rx.Component:
    """Days on which the person works other hours, and one more."""
    more = rx.el.form(
        keep_typed("day"),
        _date(t("Date"), "other_day", WorkingHours.other_day),
        text_field(t("From"), "opens", type="time", dir="ltr", error=WorkingHours.errors["opens"]),
        text_field(t("Until"), "closes", type="time", dir="ltr"),
        rx.el.div(button(t("Add"), icon="plus", type="submit"), class_name="row"),
        on_submit=WorkingHours.set_day,
        key=WorkingHours.form_key,
        no_validate=True,
        class_name="inline-form",
    )
    nothing = t("Every day ahead has the usual hours.")
    return _section(t("Other hours on a day"), more, WorkingHours.others, _other, nothing)


def _other(row: rx.vars.ObjectVar[Off]) -> rx.Component:
    said = rx.el.span(row.hours, dir="ltr", class_name="num")
    return _off(fmt.date(row.first_day), said, WorkingHours.clear_day(row.first_day), row.id.to_string())


def _off(days: Any, said: Any, on_remove: Any, key: Any) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.span(days, class_name="num"),
            rx.el.span(said, class_name="muted", dir="auto"),
            rx.el.div(class_name="grow"),
            button(t("Remove"), kind="ghost", aria_label=t("Remove: {day}", day=days), on_click=on_remove),
            class_name="row wrap",
        ),
        key=key,
    )


def _section(title: Any, more: rx.Component, rows: Any, draw: Any, nothing: Any) -> rx.Component:
    return rx.el.section(
        rx.el.h2(title),
        more,
        rx.cond(
            rows.length() > 0,
            rx.el.ul(rx.foreach(rows, draw), class_name="plain next-dates"),
            rx.el.p(nothing, class_name="muted"),
        ),
        class_name="card stack loose",
    )


def _date(label: Any, name: str, value: Any) -> rx.Component:
    return date_field(
        label=label,
        name=name,
        value=value,
        error=WorkingHours.errors[name],
        on_change=lambda day: WorkingHours.pick_day(name, day),
    )


def _option(one: rx.vars.ObjectVar[Choice]) -> rx.Component:
    return rx.el.option(one.name, value=one.id)
