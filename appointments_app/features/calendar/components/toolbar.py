"""Above the calendar: its days, its views, whose appointments and which."""

from typing import Any

import reflex as rx

from appointments_app.db.queries.pickers import Choice
from appointments_app.domain.access import Permission
from appointments_app.domain.appointment import Kind, Tab
from appointments_app.domain.calendar import ALL, ColourBy, View
from appointments_app.domain.listing import UNASSIGNED
from appointments_app.features.calendar.state.page import CalendarPage
from appointments_app.features.session.components import allowed
from appointments_app.ui.blocks import banner, button, colour_dot, link_button
from appointments_app.ui.fields import any_option, search_field, select_field
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.parts.ticks import tick_box
from appointments_app.ui.words import kind_word, tab_word


def head() -> rx.Component:
    """The days that are shown, and the way to others."""
    first, last = CalendarPage.days[0].day, CalendarPage.days[-1].day
    title = rx.match(
        CalendarPage.view,
        (View.MONTH.value, fmt.month(CalendarPage.day)),
        (View.DAY.value, fmt.date(CalendarPage.day)),
        (View.BOARD.value, fmt.date(CalendarPage.day)),
        fmt.days(first, last),
    )
    why = rx.el.span(CalendarPage.days[0].closed, class_name="muted head-day", dir="auto")
    closed = rx.cond(CalendarPage.view == View.BOARD.value, why, rx.fragment())
    new = link_button(t("New appointment"), CalendarPage.new_link, icon="plus", kind="primary")
    return rx.el.div(
        rx.el.h1(title, closed, class_name="num", aria_live="polite"),
        rx.el.div(
            link_button(t("Today"), CalendarPage.today_link, custom_attrs={"data-key": "t", "aria-keyshortcuts": "T"}),
            _turn(t("Earlier"), "chevron-left", CalendarPage.previous_link, "k"),
            _turn(t("Later"), "chevron-right", CalendarPage.next_link, "j"),
            class_name="row",
            style={"gap": "4px"},
        ),
        allowed(Permission.ADD, new),
        class_name="page-head",
    )


def _turn(label: rx.Var[str], icon: str, href: Any, key: str) -> rx.Component:
    return rx.link(
        rx.icon(icon, size=16, aria_hidden="true", class_name="flips"),
        href=href,
        class_name="btn icon",
        aria_label=label,
        title=label,
        underline="none",
        custom_attrs={"data-key": key, "aria-keyshortcuts": key.upper()},
    )


def bar() -> rx.Component:
    """Views, staff, filters, and what colours tell."""
    return rx.el.div(
        _views(),
        rx.el.div(class_name="grow"),
        rx.cond(CalendarPage.view == View.BOARD.value, _print(), rx.fragment()),
        _staff(),
        _filters(),
        rx.cond(CalendarPage.narrowed, _clear(custom_attrs={"data-wide-only": ""}), rx.fragment()),
        class_name="bar calendar-bar",
    )


def limits() -> rx.Component:
    """What a day leaves out because it has no room for it, and the way to see it."""
    way = rx.el.span(t("Choose staff or filters to see the rest."))
    mark = rx.icon("triangle-alert", size=16, aria_hidden="true")
    shown, columns = CalendarPage.entries.length(), CalendarPage.columns.length()
    rows = t("The first {n} of {total} appointments are shown.", n=shown, total=CalendarPage.total)
    people = t("{n} of {total} staff members are shown.", n=columns, total=CalendarPage.people)
    told = rx.el.div(
        rx.cond(CalendarPage.left_out > 0, rx.el.span(rows, " "), rx.fragment()),
        rx.cond(CalendarPage.people_left_out > 0, rx.el.span(people, " "), rx.fragment()),
        way,
        class_name="grow",
    )
    by_day = banner(
        t("So many appointments are shown by day. Choose staff to see them by hour."),
        custom_attrs={"data-wide-only": ""},
    )
    return rx.cond(
        (CalendarPage.left_out > 0) | (CalendarPage.people_left_out > 0),
        banner(mark, told, kind="warn"),
        rx.cond((CalendarPage.view == View.WEEK.value) & CalendarPage.crowded, by_day, rx.fragment()),
    )


def _print() -> rx.Component:
    press = rx.call_function("() => globalThis.print()")
    return button(t("Print"), icon="printer", on_click=press, custom_attrs={"data-wide-only": ""})


def _views() -> rx.Component:
    words = {
        View.MONTH: t("Month"),
        View.WEEK: t("Week"),
        View.DAY: t("Day", context="calendar"),
        View.AGENDA: t("Agenda"),
        View.BOARD: t("Board"),
    }
    links = [
        rx.link(
            word,
            href=CalendarPage.view_links[view.value],
            class_name="btn",
            underline="none",
            custom_attrs={
                "aria-current": rx.cond(CalendarPage.view == view.value, "page", "false"),
                "data-key": view.value[0],
                "aria-keyshortcuts": view.value[0].upper(),
            },
        )
        for view, word in words.items()
    ]
    return rx.el.nav(*links, class_name="segments", aria_label=t("View"))


def _clear(**props: Any) -> rx.Component:
    return link_button(t("Clear filters"), CalendarPage.clear_link, icon="x", kind="ghost", **props)


def _counted(label: rx.Var[str], count: Any) -> rx.Component:
    number = rx.el.span(fmt.number(count), class_name="count")
    return rx.fragment(label, rx.cond(count > 0, number, rx.fragment()))


def _staff() -> rx.Component:
    """Everybody, or those who are ticked."""
    everybody = rx.el.label(
        tick_box(
            checked=CalendarPage.staff.contains(UNASSIGNED),
            on_tick=lambda ticked: CalendarPage.tick_staff(UNASSIGNED, ticked),
        ),
        t("Unassigned"),
        class_name="check",
    )
    return rx.popover.root(
        rx.popover.trigger(button(_counted(t("Staff"), CalendarPage.staff.length()), icon="users")),
        rx.popover.content(
            rx.el.div(
                rx.foreach(CalendarPage.staff_choices, _person),
                everybody,
                class_name="stack scrolls",
                role="group",
                aria_label=t("Staff"),
                style={"gap": "0"},
            ),
            rx.el.p(t("Nobody ticked: everybody is shown."), class_name="hint"),
            size="2",
            aria_label=t("Staff"),
        ),
    )


def _person(choice: rx.vars.ObjectVar[Choice]) -> rx.Component:
    return rx.el.label(
        tick_box(
            checked=CalendarPage.staff.contains(choice.id),
            on_tick=lambda ticked: CalendarPage.tick_staff(choice.id, ticked),
        ),
        colour_dot(choice.colour),
        rx.el.span(choice.name, dir="auto"),
        class_name="check",
        key=choice.id,
    )


def _filters() -> rx.Component:
    yes_no = [any_option(), rx.el.option(t("Yes"), value="yes"), rx.el.option(t("No"), value="no")]
    kinds = [any_option(), *(rx.el.option(kind_word(kind), value=kind.value) for kind in Kind)]
    action = [any_option(), rx.foreach(CalendarPage.action_choices, _option)]
    status = [
        rx.el.option(t("All but dismissed"), value=""),
        rx.el.option(t("All"), value=ALL),
        *(rx.el.option(tab_word(each), value=each.value) for each in Tab if each is not Tab.ALL),
    ]
    colours = {ColourBy.STAFF: t("Staff"), ColourBy.ACTION: t("Action"), ColourBy.STATUS: t("Status")}
    colour = select_field(
        t("Colour by"),
        "calendar-colour",
        [rx.el.option(word, value=each.value) for each, word in colours.items()],
        value=CalendarPage.colour,
        on_change=lambda value: CalendarPage.narrow("colour", value),
    )
    search = search_field(
        t("Search client, phone, notes, action"),
        value=CalendarPage.filters["q"],
        key=CalendarPage.search_box,
        on_change=CalendarPage.search.debounce(250),
    )
    return rx.popover.root(
        rx.popover.trigger(button(_counted(t("Filters"), CalendarPage.filters_set), icon="list-filter")),
        rx.popover.content(
            search,
            rx.el.div(
                _choice(t("Status"), "tab", status),
                _choice(t("Action"), "action", action),
                _choice(t("Kind"), "kind", kinds),
                _choice(t("Shared with client"), "shared", yes_no),
                _choice(t("Confirmed"), "confirmed", yes_no),
                colour,
                class_name="filter-grid",
                style={"marginBlockStart": "16px"},
            ),
            rx.cond(
                CalendarPage.narrowed,
                rx.el.div(_clear(), class_name="row", style={"marginBlockStart": "16px"}),
                rx.fragment(),
            ),
            width="min(480px, 92vw)",
            size="2",
            aria_label=t("Filters"),
        ),
    )


def _choice(label: rx.Var[str], name: str, options: list[Any]) -> rx.Component:
    return select_field(
        label,
        f"calendar-{name}",
        options,
        value=CalendarPage.filters[name],
        on_change=lambda value: CalendarPage.narrow(name, value),
    )


def _option(choice: rx.vars.ObjectVar[Choice]) -> rx.Component:
    return rx.el.option(choice.name, value=choice.id)
