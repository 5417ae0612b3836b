"""The frame every page stands in: menu, person, toasts, shortcuts."""

import functools
import operator
from typing import Any

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import banner, dialog, empty, icon_button, link_button, page_head, skeleton_page
from appointments_app.ui.i18n import t
from appointments_app.ui.parts.client_only import client_only
from appointments_app.ui.parts.forms import post_form
from appointments_app.ui.parts.keep_typed import KeepTyped, TypedWaits
from appointments_app.ui.parts.shortcuts import shortcuts
from appointments_app.ui.parts.toasts import toasts

LANGUAGE_NAMES = {"en": "English", "ar": "العربية"}


def frame(*content: rx.Component, narrow: bool = False) -> rx.Component:
    """Return a page of the app: main menu, content, messages. ``content`` is drawn in the browser only."""
    new_href = rx.cond(may(Permission.ADD), routes.NEW_APPOINTMENT, "")
    main = rx.el.main(
        _standing_still(), *content, id="main", tab_index=-1, class_name="page narrow" if narrow else "page"
    )
    return client_only(
        rx.el.a(t("Skip to content"), href="#main", class_name="skip"),
        rx.el.div(
            _side(),
            rx.cond(Shell.menu_open, rx.el.div(class_name="veil", on_click=Shell.show_menu(False)), rx.fragment()),
            rx.el.div(_top(), main, class_name="main"),
            class_name="frame",
        ),
        toasts(toasts=Shell.toasts, on_undo=Shell.undo, on_close=Shell.close_toast),
        shortcuts(new_href=new_href, on_help=Shell.show_shortcuts(True)),
        _shortcut_list(),
        fallback=rx.el.div(skeleton_page(), class_name="frame"),
    )


def _standing_still() -> rx.Component:
    """Tells a manager, on every page, that messages are due and nobody sends them."""
    told = banner(
        rx.icon("circle-alert", size=16, aria_hidden="true"),
        rx.el.span(t("Reminders stand still: messages are due and nobody sends them."), class_name="grow"),
        link_button(t("Look at sending"), routes.REMINDERS),
        kind="bad",
    )
    return rx.cond(Shell.sending_stands_still, told, rx.fragment())


SETTINGS_INDEX = (
    (
        t("Business"),
        (
            (t("General"), routes.SETTINGS, Permission.SETTINGS),
            (t("Working hours"), routes.WORKING_HOURS, Permission.SETTINGS),
            (t("Closed days"), routes.CLOSED_DAYS, Permission.SETTINGS),
        ),
    ),
    (
        t("Bookings"),
        (
            (t("Services"), routes.SERVICES, Permission.SETTINGS),
            (t("Booking rules"), routes.BOOKING_RULES, Permission.SETTINGS),
        ),
    ),
    (
        t("Messages"),
        (
            (t("Reminders"), routes.REMINDERS, Permission.SETTINGS),
            (t("Templates"), routes.TEMPLATES, Permission.SETTINGS),
            (t("Channels"), routes.CHANNELS, Permission.SETTINGS),
        ),
    ),
    (
        t("Clients and staff"),
        (
            (t("Client settings"), routes.CLIENT_SETTINGS, Permission.SETTINGS),
            (t("Roles"), routes.ROLES, Permission.STAFF),
        ),
    ),
    (
        t("Data"),
        ((t("Import"), routes.IMPORTS, Permission.SETTINGS), (t("Privacy"), routes.PRIVACY, Permission.SETTINGS)),
    ),
)
"""Every page of the settings, by group: its name, its address, and who may open it."""


def settings_frame(*content: rx.Component, narrow: bool = True) -> rx.Component:
    """Return a page of the settings: the app's frame, with the index of all settings beside ``content``.

    Where there is no room beside it the index stands above, folded.
    """
    places = [place for _group, group in SETTINGS_INDEX for place in group]
    named = [rx.cond(_is_open(href), label, "") for label, href, _permission in places]
    folded = rx.el.details(
        rx.el.summary(
            rx.icon("settings", size=16, aria_hidden="true"),
            rx.el.span(*named, class_name="grow"),
            rx.icon("chevron-down", size=16, aria_hidden="true", class_name="turns"),
        ),
        _settings_menu(),
        class_name="settings-folded",
        key=Shell.path,
    )
    page = rx.el.div(*content, class_name="settings-page narrow" if narrow else "settings-page")
    beside = rx.el.div(_settings_menu(), class_name="settings-beside")
    return frame(page_head(t("Settings")), rx.el.div(folded, beside, page, class_name="settings"))


def _settings_menu() -> rx.Component:
    groups = []
    for name, places in SETTINGS_INDEX:
        links = [allowed(permission, _settings_link(label, href)) for label, href, permission in places]
        head: Any = ""
        for needed in sorted({permission for _label, _href, permission in places}):
            head = rx.cond(may(needed), name, head)
        groups.append(rx.el.div(rx.el.div(head, class_name="nav-title"), *links))
    return rx.el.nav(*groups, class_name="settings-menu", aria_label=t("Settings"))


def _settings_link(label: Any, href: str) -> rx.Component:
    return rx.link(
        label,
        href=href,
        class_name="nav-link",
        underline="none",
        custom_attrs={"aria-current": rx.cond(_is_open(href), "page", "false")},
    )


def _is_open(href: str) -> Any:
    """Whether a page of the settings is open, or one below it."""
    return Shell.path == href if href == routes.SETTINGS else (Shell.path == href) | Shell.path.startswith(f"{href}/")


def closed_page(permission: Permission, page: rx.Component) -> rx.Component:
    """Return a page for people with a permission; others read that it is not for them."""
    told = empty(
        "lock",
        t("This page is not for your role"),
        t("Somebody who manages staff can change what your role may do."),
        link_button(t("Today"), routes.TODAY),
    )
    refused = frame(rx.el.h1(t("Not allowed"), class_name="visually-hidden"), rx.el.div(told, class_name="card"))
    return rx.cond((Shell.name == "") | may(permission), page, refused)


def entrance(*content: rx.Component, broad: bool = False) -> rx.Component:
    """Return a page for people who are not signed in: one card."""
    card = rx.el.div(brand(), *content, language_choice(), class_name="card stack loose" + (" broad" if broad else ""))
    return client_only(rx.el.main(card, class_name="entrance"), fallback=rx.el.main(class_name="entrance"))


def brand() -> rx.Component:
    """The name of the program."""
    return rx.el.div(rx.icon("calendar-check-2", size=20, aria_hidden="true"), t("Appointments"), class_name="brand")


def _top() -> rx.Component:
    return rx.el.header(
        icon_button(t("Menu"), "menu", on_click=Shell.show_menu(True)),
        rx.el.span(t("Appointments"), class_name="strong"),
        class_name="top",
    )


def _side() -> rx.Component:
    return rx.el.aside(
        rx.el.div(
            brand(),
            rx.el.div(class_name="grow"),
            rx.cond(Shell.menu_open, icon_button(t("Close menu"), "x", on_click=Shell.show_menu(False)), rx.fragment()),
            class_name="row",
        ),
        rx.el.nav(
            _link(t("Today"), "sun", routes.TODAY),
            _link(t("Calendar"), "calendar-range", routes.DIARY),
            rx.el.div(t("Clients"), class_name="nav-title"),
            _link(t("Appointments"), "calendar-days", routes.APPOINTMENTS),
            _link(t("Bookings"), "calendar-check", routes.BOOKINGS),
            allowed(Permission.CLIENTS, _link(t("Manage Clients"), "users", routes.CLIENTS)),
            _link(t("Work orders"), "clipboard-list", routes.WORK_ORDERS),
            allowed(Permission.VIEW, _link(t("Messages"), "mail", routes.MESSAGES)),
            allowed(Permission.SETTINGS, _link(t("Client settings"), "user-cog", routes.CLIENT_SETTINGS)),
            rx.cond(
                may(Permission.STAFF, Permission.SETTINGS),
                rx.el.div(t("Business"), class_name="nav-title"),
                rx.fragment(),
            ),
            allowed(Permission.STAFF, _link(t("Staff"), "id-card", routes.STAFF)),
            allowed(Permission.SETTINGS, _link(t("Settings"), "settings", routes.SETTINGS)),
            aria_label=t("Main menu"),
        ),
        rx.el.div(
            _link(Shell.name, "circle-user-round", routes.ACCOUNT),
            rx.el.div(
                rx.el.button(
                    rx.icon("sun-moon", size=16, aria_hidden="true"),
                    t("Light or dark"),
                    type="button",
                    class_name="nav-link btn ghost wide",
                    on_click=rx.toggle_color_mode,
                    style={"justifyContent": "flex-start", "paddingInline": "8px", "fontWeight": "400", "gap": "10px"},
                )
            ),
            post_form(
                rx.el.button(
                    rx.icon("log-out", size=16, aria_hidden="true", class_name="flips"),
                    t("Sign out"),
                    type="submit",
                    class_name="nav-link btn ghost wide",
                    style={"justifyContent": "flex-start", "paddingInline": "8px", "fontWeight": "400", "gap": "10px"},
                ),
                action=routes.SIGN_OUT_POST,
            ),
            class_name="side-foot",
        ),
        class_name="side",
        custom_attrs={"data-open": Shell.menu_open},
    )


def _link(label: Any, icon: str, href: str) -> rx.Component:
    path = Shell.path
    current = (path == href) | path.startswith(f"{href}/")
    if href == routes.APPOINTMENTS:
        current |= path == routes.HOME
    return rx.link(
        rx.icon(icon, size=16, aria_hidden="true"),
        rx.el.span(label, class_name="truncate"),
        href=href,
        class_name="nav-link",
        underline="none",
        custom_attrs={"aria-current": rx.cond(current, "page", "false")},
    )


def may(*permissions: Permission) -> Any:
    """Whether the person holds one of the permissions: for what a page shows; use-cases ask for themselves."""
    first, *others = (Shell.permissions.contains(each.value) for each in permissions)
    return functools.reduce(operator.or_, others, first)


def allowed(permission: Permission, part: rx.Component) -> rx.Component:
    """Return what only people with a permission see."""
    return rx.cond(may(permission), part, rx.fragment())


def client_link(name: Any, client_id: Any, *, class_name: str = "", **props: Any) -> rx.Component:
    """Return a client's name, as a link to the file for those who may open it."""
    plain = rx.el.span(name, dir="auto", class_name=class_name.replace("link-quiet", "").replace("link", ""))
    href = f"{routes.CLIENTS}/" + client_id.to_string()
    return rx.cond(may(Permission.CLIENTS), rx.link(name, href=href, dir="auto", class_name=class_name, **props), plain)


def keep_typed(form: Any) -> rx.Component:
    """Return what keeps what is typed into the form around it; ``form`` tells forms of one page apart."""
    return KeepTyped.create(person=Shell.person, form=form)


def typed_waits(form: Any, *, on_found: Any) -> rx.Component:
    """Return what stands where a form is closed, and calls ``on_found`` when something typed into it is kept."""
    return TypedWaits.create(person=Shell.person, form=form, on_found=on_found)


_HERE = rx.Var("globalThis.location ? location.pathname + location.search : ''")


def language_choice() -> rx.Component:
    """Buttons for the other languages, each in its own tongue."""
    forms = [
        post_form(
            rx.el.input(type="hidden", name="language", value=code),
            rx.el.input(type="hidden", name="next", value=_HERE),
            rx.el.button(name, type="submit", class_name="btn ghost", lang=code),
            action=routes.LANGUAGE_POST,
        )
        for code, name in LANGUAGE_NAMES.items()
    ]
    return rx.el.div(*forms, class_name="row", role="group", aria_label=t("Language"))


def _shortcut_list() -> rx.Component:
    keys = (
        ("/", t("Search")),
        ("J / K", t("Next or previous row")),
        ("X", t("Select the row")),
        ("Enter", t("Open the row")),
        ("T / J / K", t("Calendar: today, next, previous")),
        ("M W D A B", t("Calendar: month, week, day, agenda, board")),
        ("?", t("This list")),
    )
    new, *rows = [
        rx.fragment(rx.el.dt(rx.el.kbd(key)), rx.el.dd(meaning))
        for key, meaning in (("N", t("New appointment")), *keys)
    ]
    return dialog(
        t("Keyboard shortcuts"),
        rx.el.dl(allowed(Permission.ADD, new), *rows, class_name="facts", style={"marginBlockStart": "16px"}),
        is_open=Shell.shortcuts_open,
        on_open_change=Shell.show_shortcuts,
    )


def offline_notice() -> rx.Component:
    """A line at the top of every page while the server can't be reached; it goes away by itself."""
    text = t("The server does not answer. What you typed stays here; trying again …")
    notice = rx.el.div(rx.icon("wifi-off", size=16, aria_hidden="true"), text, class_name="offline", role="alert")
    return client_only(rx.cond(has_connection_errors, notice, rx.fragment()), fallback=rx.fragment())
