"""Around the table: tabs, filters, what is done to the selection, pages."""

from typing import Any

import reflex as rx

from appointments_app.db.queries.pickers import Choice
from appointments_app.domain.access import Permission
from appointments_app.domain.appointment import Kind, Tab
from appointments_app.domain.listing import TO_CALL, UNASSIGNED, Period
from appointments_app.features.appointments.state.bulk import BulkActions
from appointments_app.features.appointments.state.list import COLUMNS, AppointmentList
from appointments_app.features.session.components import allowed, may
from appointments_app.ui.blocks import banner, button, dialog, dialog_foot, empty, link_button, tab
from appointments_app.ui.fields import any_option, search_field, select_field, text_field
from appointments_app.ui.i18n import fmt, t, tn
from appointments_app.ui.lists import capped, pages
from appointments_app.ui.parts.menus import menu_button
from appointments_app.ui.parts.ticks import tick_box
from appointments_app.ui.words import kind_word, tab_word


def tabs(*which: Tab) -> rx.Component:
    """The status tabs with their counts."""
    return rx.el.nav(
        *(
            tab(
                tab_word(each),
                AppointmentList.tab_links[each.value],
                current=AppointmentList.tab == each.value,
                count=capped(AppointmentList.counts[each.value]),
                counted=AppointmentList.counted,
            )
            for each in which or tuple(Tab)
        ),
        class_name="tabs",
        aria_label=t("Status"),
    )


def filters() -> rx.Component:
    """Search and the row of filters."""
    wanted = AppointmentList.filters
    staff = [
        any_option(),
        rx.el.option(t("Unassigned"), value=UNASSIGNED),
        rx.foreach(AppointmentList.staff_choices, _option),
    ]
    action = [any_option(), rx.foreach(AppointmentList.action_choices, _option)]
    yes_no = [any_option(), rx.el.option(t("Yes"), value="yes"), rx.el.option(t("No"), value="no")]
    kinds = [any_option(), *(rx.el.option(kind_word(kind), value=kind.value) for kind in Kind)]
    number = rx.el.span(fmt.number(AppointmentList.filters_set), class_name="count")
    label = rx.fragment(t("Filters"), rx.cond(AppointmentList.filters_set > 0, number, rx.fragment()))
    more = rx.popover.root(
        rx.popover.trigger(button(label, icon="list-filter")),
        rx.popover.content(
            _periods(),
            rx.el.div(
                _choice(t("Staff"), "staff", staff),
                _choice(t("Action"), "action", action),
                _day(t("From"), "since"),
                _day(t("To"), "until"),
                _choice(t("Kind"), "kind", kinds),
                _choice(t("Shared with client"), "shared", yes_no),
                _choice(t("Confirmed"), "confirmed", [*yes_no, rx.el.option(t("To call"), value=TO_CALL)]),
                _choice(t("Client asks for something"), "asked", [any_option(), rx.el.option(t("Yes"), value="yes")]),
                class_name="filter-grid",
            ),
            rx.cond(
                AppointmentList.narrowed,
                rx.el.div(_clear(), class_name="row", style={"marginBlockStart": "16px"}),
                rx.fragment(),
            ),
            width="min(480px, 92vw)",
            size="2",
            aria_label=t("Filters"),
        ),
    )
    search = search_field(
        t("Search client, phone, notes, action"),
        value=wanted["q"],
        key=AppointmentList.search_box,
        on_change=AppointmentList.search.debounce(250),
    )
    return rx.el.div(
        rx.el.div(search, style={"flex": "1 1 240px", "maxWidth": "400px"}),
        more,
        _columns(),
        rx.cond(AppointmentList.narrowed, _clear(custom_attrs={"data-wide-only": ""}), rx.fragment()),
        class_name="bar",
    )


def _clear(**props: Any) -> rx.Component:
    return link_button(t("Clear filters"), AppointmentList.clear_link, icon="x", kind="ghost", **props)


def _option(choice: rx.vars.ObjectVar[Choice]) -> rx.Component:
    return rx.el.option(choice.name, value=choice.id)


def _choice(label: Any, name: str, options: list[rx.Component]) -> rx.Component:
    return select_field(
        label,
        f"filter-{name}",
        options,
        value=AppointmentList.filters[name],
        on_change=lambda value: AppointmentList.narrow(name, value),
    )


def _periods() -> rx.Component:
    """The usual spans of days, one press each."""
    words = {
        Period.TODAY: t("Today"),
        Period.TOMORROW: t("Tomorrow"),
        Period.NEXT_7_DAYS: t("Next 7 days"),
        Period.THIS_MONTH: t("This month"),
        Period.LAST_MONTH: t("Last month"),
    }
    return rx.el.div(
        *(
            rx.el.button(
                word,
                type="button",
                class_name="pill",
                aria_pressed=AppointmentList.period == period.value,
                on_click=AppointmentList.choose_period(period.value),
            )
            for period, word in words.items()
        ),
        class_name="row wrap",
        role="group",
        aria_label=t("Period"),
        style={"marginBlockEnd": "16px", "gap": "4px"},
    )


def _day(label: Any, name: str) -> rx.Component:
    return text_field(
        label,
        f"filter-{name}",
        value=AppointmentList.filters[name],
        type="date",
        on_change=lambda value: AppointmentList.narrow(name, value),
    )


def _columns() -> rx.Component:
    words = {
        "client": t("Client"),
        "action": t("Action"),
        "staff": t("Staff"),
        "status": t("Status"),
        "shared": t("Client sees"),
        "notes": t("Notes"),
        "created": t("Created"),
    }
    ticks = [
        rx.el.label(
            tick_box(
                checked=AppointmentList.columns.contains(name),
                on_tick=lambda shown, name=name: AppointmentList.show_column(name, shown),
            ),
            words[name],
            class_name="check",
        )
        for name in COLUMNS
    ]
    return rx.popover.root(
        rx.popover.trigger(button(t("Columns"), icon="columns-3", custom_attrs={"data-wide-only": ""})),
        rx.popover.content(
            rx.el.div(*ticks, class_name="stack", style={"gap": "0"}), size="2", aria_label=t("Columns")
        ),
    )


def selection() -> rx.Component:
    """What can be done with the ticked rows; a progress bar while a long action runs."""
    return rx.cond(
        BulkActions.running, progress(), rx.cond(AppointmentList.selected.length() > 0, _selected(), rx.fragment())
    )


def _selected() -> rx.Component:
    entries = [
        {"id": "done", "name": t("Done"), "icon": "done", "hidden": ~may(Permission.STATUS)},
        {"id": "dismissed", "name": t("Dismiss"), "icon": "dismiss", "hidden": ~may(Permission.STATUS)},
        {"id": "sms-client", "name": t("Send SMS to client"), "icon": "message", "hidden": ~may(Permission.SMS)},
        {"id": "sms-staff", "name": t("Send SMS to staff"), "icon": "message", "hidden": ~may(Permission.SMS)},
        {"id": "delete", "name": t("Delete"), "icon": "delete", "danger": True, "hidden": ~may(Permission.DELETE)},
    ]
    whole_page = AppointmentList.selected.length() == AppointmentList.rows.length()
    there_is_more = (AppointmentList.previous_link != "") | (AppointmentList.next_link != "")
    count = rx.cond(AppointmentList.all_matching, AppointmentList.total, AppointmentList.selected.length())
    offer = button(
        rx.cond(
            AppointmentList.total_is_exact,
            tn("Select all {n} that match", "Select all {n} that match", AppointmentList.total),
            t("Select all that match"),
        ),
        kind="ghost",
        on_click=AppointmentList.tick_all_matching,
    )
    return banner(
        menu_button(label=t("Actions"), items=entries, kind="primary", on_action=BulkActions.choose),
        rx.el.span(tn("{n} selected", "{n} selected", count), class_name="strong"),
        rx.cond(whole_page & there_is_more & ~AppointmentList.all_matching, offer, rx.fragment()),
        button(t("Clear selection"), kind="ghost", on_click=AppointmentList.tick_page(False)),
    )


def progress(work: Any = BulkActions) -> rx.Component:
    """How far a long action is, and the button that stops it."""
    return banner(
        rx.el.span(
            t("{done} of {total}", done=fmt.number(work.done), total=fmt.number(work.total)),
            class_name="num",
        ),
        rx.el.progress(
            value=work.done,
            max=work.total,
            aria_label=t("Progress"),
            style={"flex": "1", "width": "auto"},
        ),
        button(t("Stop"), icon="square", on_click=work.stop),
    )


def delete_question() -> rx.Component:
    """Asks before a bulk deletion, with the count (R28)."""
    return dialog(
        t("Delete appointments?"),
        rx.el.p(
            tn(
                "{n} appointment will be deleted. You can undo this right afterwards.",
                "{n} appointments will be deleted. You can undo this right afterwards.",
                BulkActions.count,
            )
        ),
        dialog_foot(
            button(t("Cancel"), on_click=BulkActions.ask(False)),
            button(t("Delete"), kind="danger", on_click=BulkActions.delete),
        ),
        is_open=BulkActions.asking,
        on_open_change=BulkActions.ask,
    )


def pager(*extra: rx.Component) -> rx.Component:
    """Pages, page size, and what else stands below the list."""
    return pages(
        *extra,
        total=AppointmentList.total,
        counted=AppointmentList.counted,
        is_exact=AppointmentList.total_is_exact,
        size=AppointmentList.size,
        on_resize=AppointmentList.resize,
        previous=AppointmentList.previous_link,
        following=AppointmentList.next_link,
    )


def not_whole() -> rx.Component:
    """Tells up to which day recurring appointments are shown, when the days asked for are too many."""
    told = t(
        "Recurring appointments are shown until {day}. Choose fewer days to look further.",
        day=fmt.date(AppointmentList.whole_until),
    )
    return rx.cond(AppointmentList.whole_until != "", banner(told, kind="warn"), rx.fragment())


def nothing() -> rx.Component:
    """What stands in place of rows: nothing yet, nothing under this tab, or nothing that matches."""
    book = allowed(
        Permission.ADD, link_button(t("New appointment"), AppointmentList.new_link, icon="plus", kind="primary")
    )
    clear = link_button(t("Clear filters"), AppointmentList.clear_link)
    every = link_button(t("All appointments"), AppointmentList.tab_links[Tab.ALL.value])
    here = rx.match(
        AppointmentList.tab,
        (
            Tab.YET_TO_MARK.value,
            empty("circle-check", t("Everything is marked"), t("What is over is done or dismissed."), every),
        ),
        (
            Tab.DONE.value,
            empty("circle-check", t("Nothing done yet"), t("Appointments marked done appear here."), every),
        ),
        (
            Tab.DISMISSED.value,
            empty("circle-slash", t("Nothing dismissed"), t("Dismissed appointments appear here."), every),
        ),
        empty("calendar-plus", t("No appointments here"), t("Appointments you book appear in this list."), book),
    )
    return rx.cond(
        AppointmentList.narrowed,
        empty("search-x", t("Nothing matches"), t("Try other words or fewer filters."), clear),
        here,
    )
