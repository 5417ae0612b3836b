"""One file on its way in: columns, options, what its rows would become, and what came of it."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.domain.importing import FileKind, Kind, Order, State, Twins
from appointments_app.features.imports.components.bringing import kind_word
from appointments_app.features.imports.components.columns import columns
from appointments_app.features.imports.components.rows import outcomes
from appointments_app.features.imports.state import ImportPage
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import banner, button, dialog, dialog_foot, link_button
from appointments_app.ui.choices import time_zone_field
from appointments_app.ui.fields import select_field, text_field
from appointments_app.ui.i18n import fmt, t, tn
from appointments_app.ui.parts.ticks import tick_box

VIEW = ImportPage.view


def one_import() -> rx.Component:
    """The page of one file."""
    is_open = VIEW.state == State.OPEN.value
    head = rx.el.div(
        rx.el.h2(rx.el.bdi(VIEW.file_name)),
        rx.el.span(kind_word(VIEW.kind), class_name="chip"),
        class_name="row wrap",
    )
    return rx.fragment(head, rx.cond(is_open, _preparing(), _finished()), _undo_question())


def _preparing() -> rx.Component:
    sheets = banner(t("Only the first of the {n} sheets is read.", n=VIEW.sheets), kind="warn")
    return rx.fragment(
        rx.cond(VIEW.sheets > 1, sheets, rx.fragment()),
        columns(),
        _options(),
        rx.cond(ImportPage.error != "", banner(ImportPage.error, kind="bad"), rx.fragment()),
        rx.cond(ImportPage.running, _progress(), _steps()),
        rx.cond(
            VIEW.checked & ~ImportPage.running, rx.fragment(_others_wait(), _new_staff(), outcomes()), rx.fragment()
        ),
    )


def _others_wait() -> rx.Component:
    """Say that others can't save meanwhile, where that is so and takes long enough to be noticed."""
    words = tn(
        "While it is being imported, about {n} second, others can look but not save.",
        "While it is being imported, about {n} seconds, others can look but not save.",
        VIEW.blocks,
    )
    return rx.cond(VIEW.blocks > 1, banner(rx.icon("info", size=16, aria_hidden="true"), words), rx.fragment())


def _new_staff() -> rx.Component:
    """Say what becomes of staff who come along: nobody can sign in without an address."""
    many = VIEW.added["staff"]
    words = tn(
        "{n} new staff member has no e-mail address yet, and can't sign in before getting one under Staff.",
        "{n} new staff members have no e-mail address yet, and can't sign in before getting one under Staff.",
        many,
    )
    return rx.cond(many > 0, banner(rx.icon("info", size=16, aria_hidden="true"), words), rx.fragment())


def _steps() -> rx.Component:
    counts = VIEW.counts
    importable = counts["created"] + counts["updated"]
    forget = button(t("Discard the file"), kind="ghost", on_click=ImportPage.forget)
    check = button(t("Check the file"), kind="primary", on_click=ImportPage.check, disabled=VIEW.lacking != "")
    go = button(
        tn("Import {n} row", "Import {n} rows", importable),
        kind="primary",
        on_click=ImportPage.carry_out,
        disabled=importable == 0,
    )
    hint = rx.el.span(t("Checking changes nothing: it shows what would become of each row."), class_name="muted")
    return rx.el.div(rx.cond(VIEW.checked, go, rx.fragment(check, hint)), forget, class_name="row wrap")


def _progress() -> rx.Component:
    words = rx.match(
        ImportPage.doing,
        ("check", t("Checking the rows…")),
        ("undo", t("Undoing the import…")),
        t("Importing…"),
    )
    bar = rx.cond(
        ImportPage.total > 0,
        rx.el.progress(value=ImportPage.done, max=ImportPage.total, aria_label=t("Progress"), class_name="grow"),
        rx.el.progress(aria_label=t("Progress"), class_name="grow"),
    )
    stop = button(t("Stop"), icon="square", on_click=ImportPage.stop)
    return banner(rx.el.span(words), bar, stop)


def _options() -> rx.Component:
    options = VIEW.options
    known = [
        rx.el.option(t("Leave them as they are"), value=Twins.SKIP.value),
        rx.el.option(t("Update them from the file"), value=Twins.UPDATE.value),
        rx.el.option(t("Create them once more"), value=Twins.CREATE.value),
    ]
    twins = select_field(
        t("Records that are there already"),
        "twins",
        known,
        value=options["twins"],
        on_change=lambda value: ImportPage.choose("twins", value),
    )
    return rx.el.section(
        rx.el.h3(t("How to read it")),
        rx.el.div(
            twins,
            rx.cond((VIEW.kind == Kind.APPOINTMENTS.value) | VIEW.needs_order, _order(), rx.fragment()),
            rx.cond(VIEW.kind == Kind.APPOINTMENTS.value, _times(), rx.fragment()),
            class_name="grid2",
        ),
        rx.cond(VIEW.kind == Kind.APPOINTMENTS.value, _ticks(), rx.fragment()),
        class_name="card stack loose",
    )


def _order() -> rx.Component:
    orders = [
        rx.el.option(t("Choose …"), value=""),
        rx.el.option(t("Day first: 31/12/2026"), value=Order.DAY_FIRST.value),
        rx.el.option(t("Month first: 12/31/2026"), value=Order.MONTH_FIRST.value),
    ]
    asked = t("The dates in this file could be meant either way.")
    return select_field(
        t("Dates are written"),
        "order",
        orders,
        value=VIEW.options["order"],
        error=ImportPage.order_error,
        hint=rx.cond(VIEW.needs_order, asked, ""),
        on_change=lambda value: ImportPage.choose("order", value),
    )


def _times() -> rx.Component:
    options = VIEW.options
    zone = time_zone_field(
        value=options["time_zone"],
        hint=t("For times that say no other."),
        on_change=lambda value: ImportPage.choose("time_zone", value),
    )
    minutes = text_field(
        t("Minutes, where no duration is given"),
        "minutes",
        default_value=options["minutes"],
        error=ImportPage.minutes_error,
        input_mode="numeric",
        max_length=4,
        on_change=lambda value: ImportPage.choose("minutes", value).debounce(400),
    )
    begins = text_field(
        t("All-day events begin at"),
        "day_begins",
        type="time",
        default_value=options["day_begins"],
        error=ImportPage.begins_error,
        hint=t("On their first day, and last as long as what has no duration."),
        on_change=lambda value: ImportPage.choose("day_begins", value).debounce(400),
    )
    takes_days = (VIEW.file_kind == FileKind.ICS.value) & VIEW.ticks["all_day"]
    return rx.fragment(zone, minutes, rx.cond(takes_days, begins, rx.fragment()))


def _ticks() -> rx.Component:
    words = {
        "create_clients": t("Add clients that are not known yet"),
        "create_actions": t("Add actions that are not known yet"),
        "create_staff": t("Add staff that are not known yet, without an e-mail address or a sign-in"),
        "past_done": t("What is over and has no status is Done"),
    }
    all_day = _tick("all_day", t("Take in events that last all day"))
    return rx.el.div(
        *(_tick(name, word) for name, word in words.items()),
        rx.cond(VIEW.file_kind == FileKind.ICS.value, all_day, rx.fragment()),
        class_name="grid2 import-ticks",
    )


def _tick(name: str, word: rx.Var[str]) -> rx.Component:
    box = tick_box(checked=VIEW.ticks[name], on_tick=lambda is_on: ImportPage.tick(name, is_on))
    return rx.el.label(box, word, class_name="check")


def _finished() -> rx.Component:
    is_done = VIEW.state == State.DONE.value
    where = rx.cond(VIEW.kind == Kind.CLIENTS.value, routes.CLIENTS, routes.APPOINTMENTS)
    done = rx.el.div(
        rx.el.div(
            rx.icon("circle-check", size=18, aria_hidden="true"),
            rx.el.span(t("Imported"), class_name="strong"),
            rx.el.span(fmt.day_time(VIEW.finished_at, Shell.time_zone), class_name="muted num"),
            class_name="row wrap",
        ),
        rx.cond(ImportPage.running, _progress(), _after(where)),
        class_name="card stack loose",
    )
    return rx.fragment(
        rx.cond(is_done, done, banner(t("This import was undone. To bring the file in again, upload it again."))),
        rx.cond(is_done & ~ImportPage.running, outcomes(), rx.fragment()),
    )


def _after(where: Any) -> rx.Component:
    added = VIEW.added
    along = rx.el.p(
        t(
            "Added on the way: clients {clients}, actions {actions}, staff {staff}.",
            clients=fmt.number(added["clients"]),
            actions=fmt.number(added["actions"]),
            staff=fmt.number(added["staff"]),
        ),
        class_name="muted",
    )
    see = rx.cond(VIEW.kind == Kind.CLIENTS.value, t("See the clients"), t("See the appointments"))
    return rx.fragment(
        rx.cond(VIEW.kind == Kind.APPOINTMENTS.value, along, rx.fragment()),
        rx.el.div(
            link_button(see, where, kind="primary"),
            button(t("Undo the import"), icon="undo-2", on_click=ImportPage.ask(True)),
            class_name="row wrap",
        ),
    )


def _undo_question() -> rx.Component:
    return dialog(
        t("Undo the whole import?"),
        rx.el.p(
            t("What it created is removed and what it updated is as it was before. What somebody changed since stays.")
        ),
        dialog_foot(
            button(t("Cancel"), on_click=ImportPage.ask(False)),
            button(t("Undo the import"), kind="danger", on_click=ImportPage.undo),
        ),
        is_open=ImportPage.asking,
        on_open_change=ImportPage.ask,
    )
