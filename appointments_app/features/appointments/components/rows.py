"""The table of appointments, on the complete list's page and in a client's file."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.appointments import AppointmentRow, StaffChip
from appointments_app.domain.access import Permission
from appointments_app.domain.appointment import Outcome, Status
from appointments_app.domain.listing import Sort
from appointments_app.features.appointments.state.list import AppointmentList
from appointments_app.features.appointments.state.reach import ReachQuestion
from appointments_app.features.session.components import client_link, may
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import colour_dot, skeleton_rows
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.lists import sortable
from appointments_app.ui.parts.menus import row_menu
from appointments_app.ui.parts.ticks import tick_box
from appointments_app.ui.words import how_word, record_chip, request_word, status_label

MAY_SELECT: Any = may(Permission.STATUS, Permission.DELETE, Permission.SMS, Permission.EXPORT)
"""Whether there is anything that the person may do to a selection."""


def table() -> rx.Component:
    """The rows of the page, grey bars until they are there."""
    body = rx.cond(AppointmentList.ready, rx.foreach(AppointmentList.rows, _row), rx.fragment(*skeleton_rows(7)))
    return rx.el.div(
        rx.el.table(
            rx.el.caption(t("Appointments"), class_name="visually-hidden"),
            rx.el.thead(_head()),
            rx.el.tbody(body),
            class_name=rx.cond(
                MAY_SELECT, "table cards-on-phone appointments", "table cards-on-phone appointments unticked"
            ),
        ),
        class_name="table-wrap",
    )


def _head() -> rx.Component:
    all_ticked = (AppointmentList.selected.length() == AppointmentList.rows.length()) & (
        AppointmentList.rows.length() > 0
    )
    tick = rx.el.th(
        tick_box(checked=all_ticked, label=t("Select this page"), on_tick=AppointmentList.tick_page),
        class_name="tick",
    )
    return rx.el.tr(
        rx.cond(MAY_SELECT, tick, rx.fragment()),
        _sortable(t("Date and time"), Sort.START),
        _shown("client", _sortable(t("Client"), Sort.CLIENT)),
        _shown("action", rx.el.th(t("Action"), scope="col")),
        _shown("staff", rx.el.th(t("Staff"), scope="col")),
        _shown("status", rx.el.th(t("Status"), scope="col")),
        _shown("shared", rx.el.th(t("Client sees"), scope="col")),
        _shown("notes", rx.el.th(t("Notes"), scope="col")),
        _shown("created", _sortable(t("Created"), Sort.CREATED)),
        rx.el.th(rx.el.span(t("More"), class_name="visually-hidden"), class_name="tail", scope="col"),
    )


def _shown(column: str, cell: rx.Component) -> rx.Component:
    return rx.cond(AppointmentList.columns.contains(column), cell, rx.fragment())


def _sortable(label: Any, sort: Sort) -> rx.Component:
    return sortable(
        label,
        AppointmentList.sort_links[sort.value],
        current=AppointmentList.sort == sort.value,
        descending=AppointmentList.descending,
    )


def _row(row: rx.vars.ObjectVar[AppointmentRow]) -> rx.Component:
    tick = rx.el.td(
        tick_box(
            checked=AppointmentList.selected.contains(row.id),
            label=t("Select {name}", name=row.client),
            on_tick=lambda ticked: AppointmentList.tick(row.id, ticked),
        ),
        class_name="tick",
    )
    return rx.el.tr(
        rx.cond(MAY_SELECT, tick, rx.fragment()),
        rx.el.td(_when(row), class_name="when"),
        _shown("client", rx.el.td(_client(row), class_name="client")),
        _shown("action", rx.el.td(what(row), class_name="action")),
        _shown("staff", rx.el.td(staff_chips(row), class_name="staff")),
        _shown("status", rx.el.td(status_label(row.status, row.over, row.outcome), class_name="status")),
        _shown("shared", rx.el.td(shared_label(row), class_name="shared")),
        _shown(
            "notes",
            rx.el.td(rx.el.div(row.notes, class_name="truncate muted", dir="auto", style={"maxWidth": "240px"})),
        ),
        _shown("created", rx.el.td(rx.el.span(fmt.day(row.created_at, Shell.time_zone), class_name="num muted"))),
        rx.el.td(menu(row), class_name="tail"),
        key=row.id.to_string(),
        tab_index=-1,
        custom_attrs={"data-row": row.id, "data-selected": AppointmentList.selected.contains(row.id)},
    )


def _when(row: rx.vars.ObjectVar[AppointmentRow]) -> rx.Component:
    href = f"{routes.APPOINTMENTS}/" + row.id.to_string()
    return rx.el.div(
        rx.link(
            fmt.near_day(row.start_at, Shell.time_zone),
            href=href,
            class_name="strong num",
            underline="hover",
            color="inherit",
            custom_attrs={"data-open": ""},
        ),
        rx.el.span(
            fmt.times(row.start_at, row.end_at, Shell.time_zone), recurring_mark(row), class_name="muted small num"
        ),
        class_name="two",
    )


def recurring_mark(row: rx.vars.ObjectVar[AppointmentRow]) -> rx.Component:
    """Tells that an appointment repeats."""
    mark = rx.el.span(
        rx.icon("repeat", size=12, aria_hidden="true"),
        rx.el.span(t("Recurring"), class_name="visually-hidden"),
        class_name="repeats",
        title=t("Recurring"),
    )
    return rx.cond(row.recurring, mark, rx.fragment())


def _client(row: rx.vars.ObjectVar[AppointmentRow]) -> rx.Component:
    return rx.el.div(
        client_link(row.client, row.client_id, underline="hover", color="inherit", title=row.client),
        rx.el.span(
            rx.cond(row.phone != "", rx.el.bdi(row.phone, dir="ltr", class_name="num nowrap"), rx.fragment()),
            rx.cond((row.phone != "") & (row.business != ""), rx.el.span("·"), rx.fragment()),
            rx.el.bdi(row.business, title=row.business, class_name="truncate"),
            class_name="muted small reached",
        ),
        class_name="two",
    )


def staff_chips(row: Any) -> rx.Component:
    """The first of those assigned, and how many more there are."""
    staff = row.staff.to(list[StaffChip])
    others = staff[1:].to(list[StaffChip]).map(lambda chip: chip.name).join(", ")
    more = rx.el.span(
        "+",
        fmt.number(staff.length() - 1),
        rx.el.span(others, class_name="visually-hidden"),
        class_name="chip num",
        title=others,
    )
    return rx.el.div(
        rx.foreach(staff[:1], staff_chip), rx.cond(staff.length() > 1, more, rx.fragment()), class_name="chips"
    )


def action_label(name: Any, colour: Any) -> rx.Component:
    """The action beside an independent appointment's name: its colour and its word."""
    return rx.cond(
        name != "",
        rx.el.span(colour_dot(colour), rx.el.span(name, class_name="truncate", dir="auto"), class_name="row"),
        rx.fragment(),
    )


def what(row: rx.vars.ObjectVar[AppointmentRow]) -> rx.Component:
    """What an appointment is: its action, and the record it belongs to (R2)."""
    chip = record_chip(row.kind, row.record_id, row.record_number, row.record_title)
    return rx.el.div(action_label(row.action, row.action_colour), chip, class_name="is-what")


def staff_chip(chip: rx.vars.ObjectVar[StaffChip]) -> rx.Component:
    """One assigned staff member."""
    return rx.el.span(colour_dot(chip.colour), rx.el.span(chip.name, dir="auto"), class_name="chip", title=chip.name)


def shared_label(row: rx.vars.ObjectVar[AppointmentRow]) -> rx.Component:
    """Whether the client sees the appointment, has confirmed it, or asks for something."""
    seen = rx.el.span(
        rx.icon("eye", size=13, aria_hidden="true"), t("Shared"), class_name="row muted small", style={"gap": "4px"}
    )
    agreed = rx.el.span(
        rx.icon("check-check", size=12, aria_hidden="true"),
        t("Confirmed"),
        class_name="chip",
        title=confirmed_fact(row.confirmed_at, row.confirmed_by, row.confirmed_how),
        custom_attrs={"data-tone": "done"},
    )
    asks = rx.el.span(
        rx.icon("message-square", size=12, aria_hidden="true"),
        request_word(row.asked),
        class_name="chip",
        title=request_word(row.asked),
        custom_attrs={"data-tone": "warn"},
    )
    standing = rx.cond(row.confirmed, agreed, rx.cond(row.shared, seen, rx.fragment()))
    return rx.cond(row.asked != "", asks, standing)


def confirmed_fact(at: Any, by: Any, how: Any) -> Any:
    """Return when, by whom and how an appointment was confirmed."""
    when = fmt.day_time(at, Shell.time_zone)
    told = t("{when} by {name} · {how}", when=when, name=by, how=how_word(how))
    return rx.cond(how != "", told, t("{when} by {name}", when=when, name=by))


def menu(row: rx.vars.ObjectVar[AppointmentRow], on_mark: Any = AppointmentList.mark) -> rx.Component:
    """The three-dots menu of one appointment (R24); ``on_mark`` does on another page what its entries say."""
    done = _entry("done", t("Mark done"), "done", row.status == Status.DONE.value)
    dismiss = _entry("dismissed", t("Dismiss"), "dismiss", row.status == Status.DISMISSED.value)
    no_show = _entry("no-show", t("No-show"), "user-off", row.outcome == Outcome.NO_SHOW.value)
    back = _entry("scheduled", t("Back to scheduled"), "reopen", row.status == Status.SCHEDULED.value)
    edit = {
        "id": "edit",
        "name": t("Edit"),
        "icon": "edit",
        "href": f"{routes.APPOINTMENTS}/" + row.id.to_string(),
        "hidden": ~may(Permission.EDIT),
    }
    delete = {
        "id": "delete",
        "name": t("Delete"),
        "icon": "delete",
        "danger": True,
        "hidden": ~may(Permission.DELETE),
    }
    return row_menu(
        label=t("Actions for {name}", name=row.client),
        items=[done, dismiss, no_show, back, edit, delete],
        on_action=lambda verb: rx.cond(
            row.recurring & (verb == "delete"), ReachQuestion.ask_delete(row.id), on_mark(row.id, verb)
        ),
    )


def _entry(verb: str, name: Any, icon: str, is_current: Any) -> dict[str, Any]:
    return {"id": verb, "name": name, "icon": icon, "disabled": is_current, "hidden": ~may(Permission.STATUS)}
