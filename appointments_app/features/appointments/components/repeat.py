"""The recurring part of the booking form: the rule, the sentence that says it back, and its next dates."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.domain.recurrence import Ends, Frequency
from appointments_app.features.appointments.service import PreviewRow
from appointments_app.features.appointments.state.form import BookingForm
from appointments_app.features.appointments.state.repeat import RepeatForm
from appointments_app.features.history.components import field_word
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import button
from appointments_app.ui.fields import field, select_field, text_field, tick
from appointments_app.ui.i18n import fmt, t, tn
from appointments_app.ui.parts.dates import date_field, time_field
from appointments_app.ui.parts.focus_return import focus_return
from appointments_app.ui.parts.weekdays import weekdays


def repeat_fields() -> rx.Component:
    """The tick "Recurring" and, when it is ticked, how the appointment repeats."""
    on = tick(
        t("Recurring"),
        "recurring",
        default_checked=RepeatForm.recurring,
        key=BookingForm.form_key,
        on_change=lambda is_on: [RepeatForm.repeat(is_on), BookingForm.repeat_changed()],
    )
    rule = rx.el.div(
        rx.el.div(_frequency(), _interval(), class_name="grid2"),
        rx.match(
            RepeatForm.frequency,
            (Frequency.WEEKLY.value, _weekdays()),
            (Frequency.MONTHLY.value, _monthly()),
            rx.fragment(),
        ),
        rx.el.div(_ends(), _end(), class_name="grid2"),
        _preview(),
        class_name="repeat stack",
    )
    folded = rx.el.div(
        _sentence(),
        rx.el.div(class_name="grow"),
        button(t("Change how it repeats"), icon="pencil", on_click=RepeatForm.open_rule),
        class_name="repeat row wrap",
    )
    shown = rx.cond(RepeatForm.is_open, rule, folded)
    return rx.el.div(on, rx.cond(RepeatForm.recurring, shown, rx.fragment()), class_name="stack")


def _after(event: Any) -> list[Any]:
    return [event, BookingForm.repeat_changed()]


def _after_typing(event: Any) -> list[Any]:
    """What is typed is taken at once, for Enter may save it; what it leads to is shown when the keys rest."""
    return [event, BookingForm.repeat_changed().debounce(300)]


def _frequency() -> rx.Component:
    words = {
        Frequency.DAILY: t("Daily"),
        Frequency.WEEKLY: t("Weekly"),
        Frequency.MONTHLY: t("Monthly"),
        Frequency.YEARLY: t("Annually"),
    }
    return select_field(
        t("Frequency"),
        "frequency",
        [rx.el.option(word, value=each.value) for each, word in words.items()],
        value=RepeatForm.frequency,
        error=RepeatForm.errors["frequency"],
        on_change=lambda value: _after(RepeatForm.choose("frequency", value)),
    )


def _interval() -> rx.Component:
    n = RepeatForm.interval
    units = {
        Frequency.DAILY: tn("day", "days", n),
        Frequency.WEEKLY: tn("week", "weeks", n),
        Frequency.MONTHLY: tn("month", "months", n),
        Frequency.YEARLY: tn("year", "years", n),
    }
    number = rx.el.input(
        id="field-interval",
        name="interval",
        class_name="input",
        default_value=RepeatForm.interval,
        key=BookingForm.form_key,
        input_mode="numeric",
        max_length=3,
        auto_complete="off",
        dir="ltr",
        aria_invalid=RepeatForm.errors["interval"] != "",
        aria_describedby="error-interval",
        on_change=lambda value: _after_typing(RepeatForm.fill("interval", value)),
    )
    unit = rx.match(RepeatForm.frequency, *((each.value, word) for each, word in units.items()), "")
    return field(
        t("Every"),
        "interval",
        rx.el.div(number, rx.el.span(unit, class_name="muted nowrap"), class_name="row every"),
        error=RepeatForm.errors["interval"],
    )


def _weekdays() -> rx.Component:
    return rx.el.div(
        rx.el.div(t("On these weekdays"), class_name="label"),
        weekdays(
            label=t("On these weekdays"),
            chosen=RepeatForm.weekdays,
            on_turn=lambda day: _after(RepeatForm.turn(day)),
        ),
        class_name="field",
    )


def _monthly() -> rx.Component:
    return select_field(
        t("Which day"),
        "monthly_by",
        rx.foreach(RepeatForm.monthly_options, lambda one: rx.el.option(one.name, value=one.id, key=one.id)),
        value=RepeatForm.monthly_by,
        error=RepeatForm.errors["monthly_by"],
        on_change=lambda value: _after(RepeatForm.choose("monthly_by", value)),
    )


def _ends() -> rx.Component:
    words = {Ends.NEVER: t("Never"), Ends.ON: t("On a date"), Ends.AFTER: t("After a number of times")}
    return select_field(
        t("Ends"),
        "ends",
        [rx.el.option(word, value=each.value) for each, word in words.items()],
        value=RepeatForm.ends,
        error=RepeatForm.errors["ends"],
        on_change=lambda value: _after(RepeatForm.choose("ends", value)),
    )


def _end() -> rx.Component:
    until = date_field(
        label=t("End date"),
        name="until",
        value=RepeatForm.until,
        error=RepeatForm.errors["until"],
        on_change=lambda value: _after(RepeatForm.fill("until", value)),
    )
    count = text_field(
        t("Number of times"),
        "count",
        default_value=RepeatForm.count,
        error=RepeatForm.errors["count"],
        input_mode="numeric",
        max_length=4,
        dir="ltr",
        auto_complete="off",
        key=BookingForm.form_key,
        on_change=lambda value: _after_typing(RepeatForm.fill("count", value)),
    )
    return rx.fragment(rx.match(RepeatForm.ends, (Ends.ON.value, until), (Ends.AFTER.value, count), rx.fragment()))


def _preview() -> rx.Component:
    dates = rx.el.div(
        rx.el.div(t("Next dates"), class_name="label"),
        rx.el.ol(rx.foreach(RepeatForm.rows, _date), class_name="plain next-dates"),
        class_name="stack",
        style={"gap": "4px"},
    )
    return rx.cond(
        RepeatForm.sentence != "",
        rx.el.div(
            rx.el.div(_sentence(), role="status"),
            rx.cond(RepeatForm.rows.length() > 0, dates, rx.fragment()),
            class_name="stack",
        ),
        rx.fragment(),
    )


def _sentence() -> rx.Component:
    return rx.el.p(
        rx.icon("repeat", size=14, aria_hidden="true"), rx.el.span(RepeatForm.sentence), class_name="row sentence"
    )


def _date(row: rx.vars.ObjectVar[PreviewRow]) -> rx.Component:
    busy = rx.el.span(
        rx.icon("triangle-alert", size=12, aria_hidden="true"),
        t("Busy"),
        class_name="chip",
        custom_attrs={"data-tone": "warn"},
    )
    closed = rx.el.span(
        rx.icon("calendar-off", size=12, aria_hidden="true"),
        t("Closed"),
        class_name="chip",
        custom_attrs={"data-tone": "warn"},
    )
    when = fmt.span(row.start_at, row.end_at, Shell.time_zone)
    move = button(
        t("Move"),
        kind="ghost",
        aria_label=t("Move: {day}", day=when),
        aria_expanded=RepeatForm.moving == row.name,
        on_click=RepeatForm.begin_move(rx.cond(RepeatForm.moving == row.name, "", row.name)),
    )
    skip = button(  # one button for both ways, so that the focus stays on it
        rx.cond(row.skipped, t("Restore"), t("Skip")),
        kind="ghost",
        aria_label=rx.cond(row.skipped, t("Restore: {day}", day=when), t("Skip: {day}", day=when)),
        on_click=_after(RepeatForm.skip(row.name, ~row.skipped)),
    )
    line = rx.el.div(
        rx.el.span(when, class_name="num", custom_attrs={"data-skipped": row.skipped}),
        rx.cond(row.busy & ~row.skipped, busy, rx.fragment()),
        rx.cond(row.closed & ~row.skipped, closed, rx.fragment()),
        rx.cond(row.skipped, rx.el.span(t("Skipped"), class_name="chip"), rx.fragment()),
        rx.cond(row.moved & ~row.skipped, rx.el.span(t("Moved"), class_name="chip"), rx.fragment()),
        rx.el.div(rx.cond(row.skipped, rx.fragment(), move), skip, class_name="row choices"),
        class_name="row wrap",
    )
    return rx.el.li(line, rx.cond(RepeatForm.moving == row.name, _move(), rx.fragment()), key=row.name)


def _move() -> rx.Component:
    """Another date and time for one of the dates."""
    return rx.el.div(
        date_field(
            label=t("Moved to"),
            value=RepeatForm.move_date,
            error=RepeatForm.errors["moved"],
            on_change=lambda value: RepeatForm.type_move("date", value),
        ),
        time_field(
            label=t("Time"), value=RepeatForm.move_time, on_change=lambda value: RepeatForm.type_move("time", value)
        ),
        rx.el.div(
            button(t("Move"), on_click=_after(RepeatForm.move())),
            button(t("Cancel"), kind="ghost", on_click=RepeatForm.begin_move("")),
            class_name="row",
        ),
        focus_return(),
        class_name="inline-form",
    )


def series_card(facts: Any) -> rx.Component:
    """What the page of an occurrence says of its series: the rule, its place in it, what differs, what comes next."""
    place = rx.cond(
        facts.total > 0,
        t("{n} of {total}", n=fmt.number(facts.number), total=fmt.number(facts.total)),
        t("{n} of ∞", n=fmt.number(facts.number)),
    )
    differs = rx.el.p(
        rx.icon("pencil-line", size=14, aria_hidden="true"),
        rx.el.span(t("Changed on this one alone:")),
        rx.foreach(facts.differs, lambda name: rx.el.span(field_word(name), class_name="chip")),
        class_name="row wrap",
    )
    upcoming = rx.el.ol(
        rx.foreach(
            facts.upcoming,
            lambda one: rx.el.li(
                rx.link(
                    fmt.span(one.start_at, one.end_at, Shell.time_zone),
                    href=f"{routes.APPOINTMENTS}/" + one.id.to_string(),
                    class_name="num",
                    underline="hover",
                    color="inherit",
                ),
                key=one.id.to_string(),
            ),
        ),
        class_name="plain",
    )
    card = rx.el.section(
        rx.el.div(
            rx.el.h2(t("Series")), rx.el.span(place, class_name="chip num"), class_name="row", style={"gap": "8px"}
        ),
        rx.el.p(rx.icon("repeat", size=14, aria_hidden="true"), rx.el.span(facts.sentence), class_name="row sentence"),
        rx.cond(facts.differs.length() > 0, differs, rx.fragment()),
        rx.cond(
            facts.upcoming.length() > 0,
            rx.el.div(rx.el.div(t("Next dates"), class_name="label"), upcoming),
            rx.el.p(t("This is the last one."), class_name="muted"),
        ),
        class_name="card stack",
    )
    return rx.cond(facts.sentence != "", card, rx.fragment())
