"""The table of clients with its tabs, search and pages."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.clients import ClientRow
from appointments_app.domain.access import Permission
from appointments_app.domain.client import ClientTab
from appointments_app.domain.listing import Sort
from appointments_app.features.clients.state.list import ClientList
from appointments_app.features.session.components import may
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import colour_dot, empty, link_button, skeleton_rows, tab
from appointments_app.ui.fields import search_field
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.lists import capped, pages, sortable
from appointments_app.ui.parts.menus import row_menu

SHOWN = 2
"""So many tags stand in a row; the others are counted."""


def tabs() -> rx.Component:
    """Active and Archived, with how many there are."""
    words = {ClientTab.ACTIVE: t("Active"), ClientTab.ARCHIVED: t("Archived")}
    return rx.el.nav(
        *(
            tab(
                word,
                ClientList.tab_links[each.value],
                current=ClientList.tab == each.value,
                count=capped(ClientList.counts[each.value]),
                counted=ClientList.counted,
            )
            for each, word in words.items()
        ),
        class_name="tabs",
        aria_label=t("Status"),
    )


def filters() -> rx.Component:
    """Search, and the tag to filter by."""
    search = search_field(
        t("Search name, phone, e-mail, tag"),
        value=ClientList.typed,
        key=ClientList.search_box,
        on_change=ClientList.search.debounce(250),
    )
    gone = (ClientList.tag != "") & ~ClientList.tags.contains(ClientList.tag)
    choice = rx.el.select(
        rx.el.option(t("Any tag"), value=""),
        rx.cond(gone, rx.el.option(ClientList.tag, value=ClientList.tag), rx.fragment()),
        rx.foreach(ClientList.tags, lambda tag: rx.el.option(tag, value=tag)),
        class_name="input",
        aria_label=t("Tag"),
        value=ClientList.tag,
        on_change=ClientList.narrow,
        style={"width": "auto", "maxWidth": "200px"},
    )
    clear = link_button(t("Clear filters"), ClientList.clear_link, icon="x", kind="ghost")
    return rx.el.div(
        rx.el.div(search, style={"flex": "1 1 240px", "maxWidth": "400px"}),
        choice,
        rx.cond(ClientList.narrowed, clear, rx.fragment()),
        class_name="bar",
    )


def client_table() -> rx.Component:
    """The rows of the page: grey bars until they are there, a word when there are none."""
    is_empty = ClientList.ready & (ClientList.rows.length() == 0)
    body = rx.cond(ClientList.ready, rx.foreach(ClientList.rows, _row), rx.fragment(*skeleton_rows(6)))
    table = rx.el.table(
        rx.el.caption(t("Clients"), class_name="visually-hidden"),
        rx.el.thead(_head()),
        rx.el.tbody(body),
        class_name="table cards-on-phone no-tick",
    )
    return rx.el.div(rx.cond(is_empty, _nothing(), table), class_name="table-wrap")


def _head() -> rx.Component:
    return rx.el.tr(
        _sortable(t("Name"), Sort.CLIENT),
        rx.el.th(t("Contact"), scope="col"),
        rx.el.th(t("Tags"), scope="col"),
        rx.el.th(t("Next appointment"), scope="col"),
        _sortable(t("Created"), Sort.CREATED),
        rx.el.th(rx.el.span(t("More"), class_name="visually-hidden"), class_name="tail", scope="col"),
    )


def _sortable(label: Any, sort: Sort) -> rx.Component:
    return sortable(
        label,
        ClientList.sort_links[sort.value],
        current=ClientList.sort == sort.value,
        descending=ClientList.descending,
    )


def _row(row: rx.vars.ObjectVar[ClientRow]) -> rx.Component:
    href = f"{routes.CLIENTS}/" + row.id.to_string()
    name = rx.link(
        row.name,
        href=href,
        class_name="strong",
        underline="hover",
        color="inherit",
        dir="auto",
        title=row.name,
        custom_attrs={"data-open": ""},
    )
    return rx.el.tr(
        rx.el.td(rx.el.div(name, rx.el.span(row.business, class_name="muted small", dir="auto"), class_name="two")),
        rx.el.td(_contact(row)),
        rx.el.td(_tags(row)),
        rx.el.td(rx.cond(row.nearest_id != 0, _nearest(row), rx.fragment())),
        rx.el.td(
            rx.el.span(fmt.day(row.created_at, Shell.time_zone), class_name="num muted nowrap small"),
            class_name="not-on-phone",
        ),
        rx.el.td(_menu(row, href), class_name="tail"),
        key=row.id.to_string(),
        tab_index=-1,
        custom_attrs={"data-row": row.id},
    )


def _contact(row: rx.vars.ObjectVar[ClientRow]) -> rx.Component:
    return rx.el.div(
        rx.cond(row.phone != "", phone_link(row.phone, row.phone_read), rx.fragment()),
        rx.cond(row.email != "", email_link(row.email), rx.fragment()),
        class_name="two",
    )


def _tags(row: rx.vars.ObjectVar[ClientRow]) -> rx.Component:
    tags = row.tags.to(list[str])
    more = rx.el.span("+", fmt.number(tags.length() - SHOWN), class_name="chip num", title=tags[SHOWN:].join(", "))
    shown = rx.foreach(tags[:SHOWN], lambda tag: rx.el.span(tag, class_name="chip", dir="auto", title=tag))
    return rx.el.div(shown, rx.cond(tags.length() > SHOWN, more, rx.fragment()), class_name="row", style={"gap": "4px"})


def phone_link(phone: Any, as_read: Any) -> rx.Component:
    """A phone number to call, in the form people read."""
    return rx.el.a(as_read, href="tel:" + phone, dir="ltr", class_name="num nowrap link-quiet")


def email_link(email: Any) -> rx.Component:
    """An e-mail address to write to."""
    return rx.el.a(email, href="mailto:" + email, dir="ltr", class_name="truncate link-quiet", title=email)


def tag_chips(tags: Any) -> rx.Component:
    """The tags of a client."""
    return rx.el.div(
        rx.foreach(tags, lambda tag: rx.el.span(tag, class_name="chip", dir="auto")),
        class_name="row wrap",
        style={"gap": "4px"},
    )


def _nearest(row: rx.vars.ObjectVar[ClientRow]) -> rx.Component:
    when = rx.link(
        fmt.day_time(row.nearest_at, Shell.time_zone),
        href=f"{routes.APPOINTMENTS}/" + row.nearest_id.to_string(),
        underline="hover",
        color="inherit",
        class_name="num",
    )
    action = rx.el.span(
        colour_dot(row.nearest_colour),
        rx.el.span(row.nearest_action, class_name="truncate", dir="auto"),
        class_name="row muted small",
    )
    return rx.el.div(when, rx.cond(row.nearest_action != "", action, rx.fragment()), class_name="two")


def _menu(row: rx.vars.ObjectVar[ClientRow], href: Any) -> rx.Component:
    return row_menu(
        label=t("Actions for {name}", name=row.name),
        items=rx.cond(row.archived, entries(href, row.id, is_archived=True), entries(href, row.id, is_archived=False)),
        on_action=lambda verb: ClientList.put(row.id, verb),
    )


def entries(href: Any, client_id: Any, *, is_archived: bool) -> rx.Var[list[dict[str, Any]]]:
    """Return the entries of a client's three-dots menu."""
    book = {
        "id": "book",
        "name": t("New appointment"),
        "icon": "calendar",
        "href": f"{routes.NEW_APPOINTMENT}?client=" + client_id.to_string(),
        "hidden": ~may(Permission.ADD),
    }
    edit = {"id": "edit", "name": t("Edit"), "icon": "pencil", "href": href + "/edit"}
    archive = {"id": "archive", "name": t("Archive"), "icon": "archive"}
    restore = {"id": "restore", "name": t("Restore"), "icon": "restore"}
    return rx.Var.create([edit, restore] if is_archived else [book, edit, archive])


def pager() -> rx.Component:
    """Pages and page size."""
    return pages(
        total=ClientList.total,
        is_exact=ClientList.total_is_exact,
        counted=ClientList.counted,
        size=ClientList.size,
        on_resize=ClientList.resize,
        previous=ClientList.previous_link,
        following=ClientList.next_link,
    )


def _nothing() -> rx.Component:
    """What stands in place of rows: nothing yet, nothing archived, or nothing that matches."""
    new = link_button(t("New client"), routes.NEW_CLIENT, icon="plus", kind="primary")
    clear = link_button(t("Clear filters"), ClientList.clear_link)
    return rx.cond(
        ClientList.narrowed,
        empty("search-x", t("Nothing matches"), t("Try other words or fewer filters."), clear),
        rx.cond(
            ClientList.tab == ClientTab.ARCHIVED.value,
            empty("archive", t("Nothing archived"), t("Archived clients are kept here, with all their appointments.")),
            empty("users", t("No clients yet"), t("Add the first one to book an appointment."), new),
        ),
    )
