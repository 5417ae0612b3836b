"""The table of work orders with its tabs, search, filters and pages: on the list's page and in a client's file."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.queries.work_orders import OrderRow
from appointments_app.domain.access import Permission
from appointments_app.domain.listing import Sort
from appointments_app.domain.work_order import LIFE, OrderStatus, OrderTab, Step
from appointments_app.features.appointments.components.rows import staff_chips
from appointments_app.features.session.components import allowed, may
from appointments_app.features.work_orders.state.life import DELETE, OrderLife
from appointments_app.features.work_orders.state.list import OrderList
from appointments_app.ui.blocks import empty, link_button, skeleton_rows, tab
from appointments_app.ui.fields import any_option, search_field, select_field, text_field
from appointments_app.ui.i18n import fmt, t, tn
from appointments_app.ui.lists import capped, filter_panel, pages, sortable
from appointments_app.ui.parts.menus import row_menu

_ICONS = {
    OrderStatus.DRAFT: ("pencil-line", "dismissed"),
    OrderStatus.OPEN: ("circle-dot", "scheduled"),
    OrderStatus.CLOSED: ("circle-check", "done"),
    OrderStatus.CANCELLED: ("circle-slash", "dismissed"),
}


def status_word(status: OrderStatus) -> rx.Var[str]:
    """Return the word for where a work order stands."""
    return {
        OrderStatus.DRAFT: t("Draft"),
        OrderStatus.OPEN: t("Open"),
        OrderStatus.CLOSED: t("Closed"),
        OrderStatus.CANCELLED: t("Cancelled"),
    }[status]


def status_chip(status: Any) -> rx.Component:
    """Show where a work order stands by word, colour and icon."""
    cases = [
        (
            each.value,
            rx.el.span(
                rx.icon(icon, size=12, aria_hidden="true"),
                status_word(each),
                class_name="chip",
                custom_attrs={"data-tone": tone},
            ),
        )
        for each, (icon, tone) in _ICONS.items()
    ]
    return rx.fragment(rx.match(status, *cases, rx.fragment()))


def tabs() -> rx.Component:
    """Open, Closed, Cancelled, Draft and all of them, with how many there are."""
    words = {each: t("All") if each is OrderTab.ALL else status_word(OrderStatus(each.value)) for each in OrderTab}
    return rx.el.nav(
        *(
            tab(
                word,
                OrderList.tab_links[each.value],
                current=OrderList.tab == each.value,
                count=capped(OrderList.counts[each.value]),
                counted=OrderList.counted,
            )
            for each, word in words.items()
        ),
        class_name="tabs",
        aria_label=t("Status"),
    )


def filters(*extra: rx.Component) -> rx.Component:
    """Search, the row of filters, and what else stands beside them."""
    search = search_field(
        t("Search number, title, client, tag"),
        value=OrderList.filters["q"],
        key=OrderList.search_box,
        on_change=OrderList.search.debounce(250),
    )
    people = rx.foreach(OrderList.staff_choices, _option)
    tags = rx.foreach(OrderList.tags, lambda tag: rx.el.option(tag, value=tag))
    fields = rx.el.div(
        _choice(t("Staff"), "staff", [any_option(), people]),
        _choice(t("Tag"), "tag", [any_option(), tags]),
        _day(t("From"), "since"),
        _day(t("To"), "until"),
        class_name="filter-grid",
    )
    clear = link_button(t("Clear filters"), OrderList.clear_link, icon="x", kind="ghost")
    return rx.el.div(
        rx.el.div(search, style={"flex": "1 1 240px", "maxWidth": "400px"}),
        filter_panel(OrderList.filters_set, fields),
        rx.cond(OrderList.narrowed, clear, rx.fragment()),
        *extra,
        class_name="bar",
    )


def _option(choice: rx.vars.ObjectVar[Choice]) -> rx.Component:
    return rx.el.option(choice.name, value=choice.id)


def _choice(label: Any, name: str, options: list[Any]) -> rx.Component:
    value = OrderList.filters[name]
    return select_field(
        label, f"filter-{name}", options, value=value, on_change=lambda value: OrderList.narrow(name, value)
    )


def _day(label: Any, name: str) -> rx.Component:
    value = OrderList.filters[name]
    return text_field(
        label, f"filter-{name}", value=value, type="date", on_change=lambda value: OrderList.narrow(name, value)
    )


def order_table() -> rx.Component:
    """The rows of the page: grey bars until they are there, a word when there are none."""
    is_empty = OrderList.ready & (OrderList.rows.length() == 0)
    body = rx.cond(OrderList.ready, rx.foreach(OrderList.rows, _row), rx.fragment(*skeleton_rows(7)))
    table = rx.el.table(
        rx.el.caption(t("Work orders"), class_name="visually-hidden"),
        rx.el.thead(_head()),
        rx.el.tbody(body),
        class_name="table cards-on-phone no-tick orders",
    )
    return rx.el.div(rx.cond(is_empty, _nothing(), table), class_name="table-wrap")


def _head() -> rx.Component:
    client = rx.el.th(t("Client"), scope="col")
    return rx.el.tr(
        _sortable(t("Work order"), Sort.CREATED),
        rx.cond(OrderList.of_client, rx.fragment(), client),
        _sortable(t("Dates"), Sort.START),
        rx.el.th(t("Staff"), scope="col"),
        rx.el.th(t("Appointments"), scope="col"),
        rx.el.th(t("Budget"), scope="col", class_name="end"),
        rx.cond(_of_all(), rx.el.th(t("Status"), scope="col"), rx.fragment()),
        rx.el.th(rx.el.span(t("More"), class_name="visually-hidden"), class_name="tail", scope="col"),
    )


def _of_all() -> Any:
    """Whether rows of several statuses stand together."""
    return OrderList.tab == OrderTab.ALL.value


def _sortable(label: Any, sort: Sort) -> rx.Component:
    link = OrderList.sort_links[sort.value]
    return sortable(label, link, current=OrderList.sort == sort.value, descending=OrderList.descending)


def _row(row: rx.vars.ObjectVar[OrderRow]) -> rx.Component:
    href = f"{routes.WORK_ORDERS}/" + row.id.to_string()
    name = rx.link(
        row.title,
        href=href,
        class_name="strong",
        underline="hover",
        color="inherit",
        dir="auto",
        title=row.title,
        custom_attrs={"data-open": ""},
    )
    under = rx.el.span(
        rx.el.bdi("#", fmt.serial(row.number), class_name="num"),
        tag_chips(row.tags),
        late_chip(row),
        class_name="muted small row",
    )
    client = rx.el.td(rx.el.span(row.client, class_name="truncate", dir="auto", title=row.client))
    return rx.el.tr(
        rx.el.td(rx.el.div(name, under, class_name="two")),
        rx.cond(OrderList.of_client, rx.fragment(), client),
        rx.el.td(days(row)),
        rx.el.td(staff_chips(row), class_name="staff"),
        rx.el.td(booked(row), class_name="num"),
        rx.el.td(rx.cond(row.budget != "", fmt.money(row.budget, row.currency), ""), class_name="num end not-on-phone"),
        rx.cond(_of_all(), rx.el.td(status_chip(row.status), class_name="status"), rx.fragment()),
        rx.el.td(menu(row), class_name="tail"),
        key=row.id.to_string(),
        tab_index=-1,
        custom_attrs={"data-row": row.id},
    )


def tag_chips(tags: Any) -> rx.Component:
    """The tags of a work order."""
    return rx.foreach(tags.to(list[str]), lambda tag: rx.el.span(tag, class_name="chip", dir="auto", title=tag))


def days(row: Any) -> rx.Component:
    """From when to when; weekdays would make the column wider than they are worth."""
    begin, end = (fmt.days(day, day) for day in (row.starts_on, row.ends_on))
    return rx.el.div(
        rx.cond(row.starts_on != "", rx.el.span(t("From {day}", day=begin), class_name="num"), rx.fragment()),
        rx.cond(row.ends_on != "", rx.el.span(t("until {day}", day=end), class_name="num"), rx.fragment()),
        class_name="two span",
    )


def late_chip(row: Any) -> rx.Component:
    """Tells that an open work order's end has passed."""
    chip = rx.el.span(
        rx.icon("circle-alert", size=12, aria_hidden="true"),
        t("Overdue"),
        class_name="chip",
        custom_attrs={"data-tone": "warn"},
    )
    return rx.cond(row.late, chip, rx.fragment())


def booked(row: Any) -> rx.Component:
    """How many appointments there are, and how many of them are still scheduled."""
    ahead = rx.el.span(tn("{n} scheduled", "{n} scheduled", row.scheduled), class_name="muted small")
    return rx.cond(
        row.appointments > 0,
        rx.el.div(
            rx.el.span(fmt.number(row.appointments), class_name="not-on-phone"),
            rx.el.span(tn("{n} appointment", "{n} appointments", row.appointments), class_name="phone-only"),
            rx.cond(row.scheduled > 0, ahead, rx.fragment()),
            class_name="two",
        ),
        rx.fragment(),
    )


def menu(row: Any) -> rx.Component:
    """The three-dots menu of one work order: what its status allows."""
    cases = [(status.value, entries(row, status)) for status in OrderStatus]
    return row_menu(
        label=t("Actions for work order #{number}", number=row.number),
        items=rx.match(row.status, *cases, rx.Var.create([])),
        on_action=lambda verb: OrderLife.choose(row.id, verb),
    )


def entries(row: Any, status: OrderStatus) -> rx.Var[list[dict[str, Any]]]:
    """Return the entries of the menu in one status."""
    href = f"{routes.WORK_ORDERS}/" + row.id.to_string()
    no_edit = ~may(Permission.EDIT)
    schedule = {
        "id": "schedule",
        "name": t("Schedule appointment"),
        "icon": "calendar",
        "href": f"{routes.NEW_APPOINTMENT}?work_order=" + row.id.to_string(),
        "hidden": ~may(Permission.ADD),
    }
    edit = {"id": "edit", "name": t("Edit"), "icon": "edit", "href": href + "/edit", "hidden": no_edit}
    words = {
        Step.OPEN: (t("Open again") if status is not OrderStatus.DRAFT else t("Open work order"), "reopen"),
        Step.CLOSE: (t("Close work order"), "done"),
        Step.CANCEL: (t("Cancel work order"), "dismiss"),
    }
    steps = [
        {"id": step.value, "name": words[step][0], "icon": words[step][1], "hidden": no_edit} for step in LIFE[status]
    ]
    delete = {
        "id": DELETE,
        "name": t("Delete"),
        "icon": "delete",
        "danger": True,
        "hidden": ~may(Permission.DELETE),
    }
    first = [schedule] if status in (OrderStatus.OPEN, OrderStatus.DRAFT) else []
    return rx.Var.create([*first, edit, *steps, delete])


def pager() -> rx.Component:
    """Pages and page size."""
    return pages(
        total=OrderList.total,
        is_exact=OrderList.total_is_exact,
        counted=OrderList.counted,
        size=OrderList.size,
        on_resize=OrderList.resize,
        previous=OrderList.previous_link,
        following=OrderList.next_link,
    )


def _nothing() -> rx.Component:
    """What stands in place of rows: nothing yet, nothing under this tab, or nothing that matches."""
    new = allowed(Permission.ADD, link_button(t("New work order"), OrderList.new_link, icon="plus", kind="primary"))
    clear = link_button(t("Clear filters"), OrderList.clear_link)
    every = link_button(t("All work orders"), OrderList.tab_links[OrderTab.ALL.value])
    ended = empty("clipboard-check", t("Nothing here"), t("No work order has this status."), every)
    fresh = empty(
        "clipboard-list", t("No work orders here"), t("A work order gathers the appointments of one job."), new
    )
    return rx.cond(
        OrderList.narrowed,
        empty("search-x", t("Nothing matches"), t("Try other words or fewer filters."), clear),
        rx.match(OrderList.tab, (OrderTab.OPEN.value, fresh), (OrderTab.ALL.value, fresh), ended),
    )
