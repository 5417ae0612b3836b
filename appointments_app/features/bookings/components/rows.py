"""The list of bookings: tabs, search, filters, rows, pages."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.bookings import BookingRow
from appointments_app.domain.access import Permission
from appointments_app.domain.bookings import BookingStatus, BookingTab
from appointments_app.features.bookings.components.words import people, price, status_chip, tab_word
from appointments_app.features.bookings.state.list import BookingsPage
from appointments_app.features.session.components import allowed, client_link, may
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import colour_dot, empty, link_button, skeleton_rows, tab
from appointments_app.ui.fields import any_option, search_field, select_field, text_field
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.lists import capped, filter_panel, pages
from appointments_app.ui.parts.menus import row_menu


def tabs() -> rx.Component:
    """All, Pending, Confirmed, Done, Cancelled, with how many there are."""
    return rx.el.nav(
        *(
            tab(
                tab_word(each),
                BookingsPage.tab_links[each.value],
                current=BookingsPage.tab == each.value,
                count=capped(BookingsPage.counts[each.value]),
                counted=BookingsPage.counted,
            )
            for each in BookingTab
        ),
        class_name="tabs",
        aria_label=t("Status"),
    )


def filters() -> rx.Component:
    """Search, service, staff, days."""
    search = search_field(
        t("Search client, phone, number"),
        value=BookingsPage.typed,
        key=BookingsPage.search_box,
        on_change=BookingsPage.search.debounce(250),
    )
    clear = link_button(t("Clear filters"), BookingsPage.clear_link, icon="x", kind="ghost")
    fields = rx.el.div(
        _choice(t("Service"), "service", BookingsPage.services),
        _choice(t("Staff"), "staff", BookingsPage.staff),
        _day(t("From"), "since"),
        _day(t("To"), "until"),
        class_name="filter-grid",
    )
    return rx.el.div(
        rx.el.div(search, style={"flex": "1 1 240px", "maxWidth": "400px"}),
        filter_panel(BookingsPage.filters_set, fields),
        rx.cond(BookingsPage.narrowed, clear, rx.fragment()),
        class_name="bar",
    )


def _choice(label: Any, name: str, choices: Any) -> rx.Component:
    options = rx.foreach(choices, lambda one: rx.el.option(one.name, value=one.id))
    return select_field(
        label,
        f"filter-{name}",
        [any_option(), options],
        value=BookingsPage.values[name],
        on_change=lambda value: BookingsPage.narrow(name, value),
    )


def _day(label: Any, name: str) -> rx.Component:
    return text_field(
        label,
        f"filter-{name}",
        value=BookingsPage.values[name],
        type="date",
        on_change=lambda day: BookingsPage.narrow(name, day),
    )


def booking_table() -> rx.Component:
    """The rows of the page: grey bars until they are there, a word when there are none."""
    is_empty = BookingsPage.ready & (BookingsPage.rows.length() == 0)
    heads = (t("Number"), t("When"), t("Client"), t("Service"), t("Staff"), t("Price"), t("Status"))
    head = rx.el.tr(
        *(rx.el.th(label, scope="col") for label in heads),
        rx.el.th(rx.el.span(t("More"), class_name="visually-hidden"), class_name="tail", scope="col"),
    )
    body = rx.cond(BookingsPage.ready, rx.foreach(BookingsPage.rows, _row), rx.fragment(*skeleton_rows(8)))
    table = rx.el.table(
        rx.el.caption(t("Bookings"), class_name="visually-hidden"),
        rx.el.thead(head),
        rx.el.tbody(body),
        class_name="table cards-on-phone no-tick bookings",
    )
    return rx.el.div(rx.cond(is_empty, _nothing(), table), class_name="table-wrap")


def _row(row: rx.vars.ObjectVar[BookingRow]) -> rx.Component:
    href = f"{routes.BOOKINGS}/" + row.id.to_string()
    number = rx.link(
        rx.el.bdi("#", fmt.serial(row.id)),
        href=href,
        class_name="strong num",
        underline="hover",
        color="inherit",
        custom_attrs={"data-open": ""},
    )
    client = client_link(row.client, row.client_id, underline="hover", color="inherit", title=row.client)
    when = rx.el.div(
        rx.el.span(fmt.near_day(row.start_at, Shell.time_zone), class_name="num"),
        rx.el.span(fmt.times(row.start_at, row.end_at, Shell.time_zone), class_name="muted small num"),
        class_name="two",
    )
    service = rx.el.span(
        colour_dot(row.colour), rx.el.span(row.service, class_name="truncate", dir="auto"), class_name="row"
    )
    who = rx.el.div(client, rx.el.span(row.phone, class_name="muted small num", dir="ltr"), class_name="two")
    return rx.el.tr(
        rx.el.td(number),
        rx.el.td(when),
        rx.el.td(who),
        rx.el.td(service),
        rx.el.td(people(row.staff)),
        rx.el.td(price(row.price, row.currency)),
        rx.el.td(status_chip(row.status)),
        rx.el.td(_menu(row, href), class_name="tail"),
        key=row.id.to_string(),
        tab_index=-1,
        custom_attrs={"data-row": row.id},
    )


def _menu(row: rx.vars.ObjectVar[BookingRow], href: Any) -> rx.Component:
    return row_menu(
        label=t("Actions for booking #{number}", number=row.id),
        items=entries(row.status, href),
        on_action=lambda verb: BookingsPage.do(row.id, verb),
    )


def entries(status: Any, href: Any) -> Any:
    """Return what can be done with a booking of this status, as the entries of a menu."""
    marks = {"hidden": ~may(Permission.STATUS)}
    confirm = {"id": "confirm", "name": t("Confirm"), "icon": "check", **marks}
    done = {"id": "done", "name": t("Mark done"), "icon": "check", **marks}
    cancel = {"id": "cancel", "name": t("Cancel booking"), "icon": "dismiss", **marks}
    restore = {"id": "restore", "name": t("Bring back"), "icon": "restore", **marks}
    move = {
        "id": "move",
        "name": t("Move"),
        "icon": "calendar",
        "href": href + "?move=yes",
        "hidden": ~may(Permission.EDIT),
    }
    sheet = {"id": "print", "name": t("Print"), "icon": "print", "href": href + "/print"}
    return rx.match(
        status,
        (BookingStatus.PENDING.value, rx.Var.create([confirm, move, done, cancel, sheet])),
        (BookingStatus.CONFIRMED.value, rx.Var.create([done, move, cancel, sheet])),
        rx.Var.create([restore, sheet]),
    )


def pager() -> rx.Component:
    """Pages and page size."""
    return pages(
        total=BookingsPage.total,
        is_exact=BookingsPage.total_is_exact,
        counted=BookingsPage.counted,
        size=BookingsPage.size,
        on_resize=BookingsPage.resize,
        previous=BookingsPage.previous_link,
        following=BookingsPage.next_link,
    )


def _nothing() -> rx.Component:
    new = allowed(Permission.ADD, link_button(t("New booking"), routes.NEW_BOOKING, icon="plus", kind="primary"))
    clear = link_button(t("Clear filters"), BookingsPage.clear_link)
    return rx.cond(
        BookingsPage.narrowed,
        empty("search-x", t("Nothing matches"), t("Try other words or fewer filters."), clear),
        rx.cond(
            BookingsPage.tab == BookingTab.ALL.value,
            empty("calendar-check", t("No bookings yet"), t("A booking takes a free time of somebody's day."), new),
            empty("calendar-check", t("Nothing here"), t("No booking has this status.")),
        ),
    )
