"""The table of roles and the dialog of a role's name."""

from typing import Any

import reflex as rx

from appointments_app.domain.access import Permission, Role
from appointments_app.features.roles.service import Cell, Column, Line
from appointments_app.features.roles.state import RolesPage
from appointments_app.features.session.components import keep_typed, typed_waits
from appointments_app.ui.blocks import button, dialog, dialog_foot, section_head
from appointments_app.ui.fields import select_field, text_field
from appointments_app.ui.i18n import t, tn
from appointments_app.ui.parts.menus import row_menu
from appointments_app.ui.words import role_word


def roles_table() -> rx.Component:
    """Every role beside every other: what it may do, and how far."""
    head = rx.el.tr(rx.el.th(t("Permission"), scope="col"), rx.foreach(RolesPage.columns, _head))
    table = rx.el.table(
        rx.el.caption(t("Roles"), class_name="visually-hidden"),
        rx.el.thead(head),
        rx.el.tbody(rx.foreach(RolesPage.lines, _line), _second_step()),
        class_name="table matrix no-tick",
    )
    return rx.el.div(
        section_head(t("Roles"), button(t("New role"), icon="plus", kind="primary", on_click=RolesPage.begin(""))),
        rx.el.p(
            t(
                "“Own” means: appointments that a person made or is assigned to, and their clients. "
                "Appointments are never changed, sent or exported further than they are seen."
            ),
            class_name="muted",
        ),
        _waiting(""),
        rx.el.div(table, class_name="table-wrap", tab_index=0, role="region", aria_label=t("Roles")),
        _dialog(),
        class_name="stack loose",
    )


def _head(role: rx.vars.ObjectVar[Column]) -> rx.Component:
    entries = [
        {"id": "rename", "name": t("Rename"), "icon": "pencil"},
        {"id": "delete", "name": t("Delete"), "icon": "trash", "danger": True},
    ]
    menu = row_menu(
        label=t("Actions for {name}", name=role.name),
        items=rx.Var.create(entries),
        on_action=lambda verb: RolesPage.choose(role.key, verb),
    )
    return rx.el.th(
        rx.el.span(
            rx.el.span(role_word(role.key, role.name), dir="auto", class_name="truncate"),
            rx.cond(role.may_change, rx.fragment(menu, _waiting(role.key)), rx.fragment()),
            class_name="row",
        ),
        rx.el.span(tn("{n} person", "{n} people", role.people), class_name="muted small num"),
        scope="col",
        key=role.key,
    )


def _waiting(key: Any) -> rx.Component:
    """Opens the dialog of a role again in which something was typed when the program was started anew."""
    waits = typed_waits("role" + key, on_found=RolesPage.begin(key))
    return rx.cond(RolesPage.is_open, rx.fragment(), waits)


def _line(line: rx.vars.ObjectVar[Line]) -> rx.Component:
    return rx.el.tr(
        rx.el.th(permission_word(line.permission), scope="row"),
        rx.foreach(line.cells, lambda cell: _cell(cell, line)),
        key=line.permission,
    )


def _second_step() -> rx.Component:
    """Which roles sign in with a second step only."""
    return rx.el.tr(
        rx.el.th(t("Second step needed to sign in"), scope="row"),
        rx.foreach(
            RolesPage.columns,
            lambda role: rx.el.td(
                rx.el.input(
                    type="checkbox",
                    checked=role.needs_second_step,
                    disabled=rx.cond(role.may_give, False, True),
                    on_change=lambda is_needed: RolesPage.need_second_step(role.key, is_needed),  # pyright: ignore[reportArgumentType]
                    aria_label=role_word(role.key, role.name),
                ),
                key=role.key,
            ),
        ),
    )


def _cell(cell: rx.vars.ObjectVar[Cell], line: rx.vars.ObjectVar[Line]) -> rx.Component:
    is_view = line.permission == Permission.VIEW.value
    yes = rx.cond(line.has_reach, t("All"), t("Yes"))
    options = [
        rx.cond(is_view, rx.fragment(), rx.el.option(t("No"), value="")),
        rx.cond(line.has_reach, rx.el.option(t("Own"), value="own"), rx.fragment()),
        rx.el.option(yes, value="all"),
    ]
    choice = rx.el.select(
        *options,
        value=cell.reach,
        on_change=lambda reach: RolesPage.set_grant(cell.role, line.permission, reach),
        aria_label=permission_word(line.permission),
        class_name="input",
    )
    word = rx.match(cell.reach, ("all", yes), ("own", t("Own")), "—")
    shown = rx.el.span(word, custom_attrs={"data-reach": cell.reach})
    return rx.el.td(rx.cond(cell.may_change, choice, shown), key=cell.role)


def permission_word(permission: Any) -> Any:
    """Return what a permission lets people do."""
    words = {
        Permission.VIEW: t("See appointments"),
        Permission.ADD: t("Add appointments"),
        Permission.EDIT: t("Edit appointments"),
        Permission.DELETE: t("Delete appointments"),
        Permission.STATUS: t("Mark done or dismissed"),
        Permission.SMS: t("Send messages"),
        Permission.EXPORT: t("Export"),
        Permission.CLIENTS: t("See and edit clients"),
        Permission.ACTIONS: t("Edit the actions list"),
        Permission.REPORTS: t("See reports"),
        Permission.STAFF: t("Manage staff and roles"),
        Permission.SETTINGS: t("Change settings"),
        Permission.ERASE: t("Erase clients"),
    }
    return rx.match(permission, *((each.value, word) for each, word in words.items()), permission)


def _dialog() -> rx.Component:
    is_new = RolesPage.key == ""
    like = rx.foreach(
        RolesPage.columns,
        lambda role: rx.cond(
            role.key == Role.OWNER.value,
            rx.fragment(),
            rx.el.option(role_word(role.key, role.name), value=role.key, key=role.key),
        ),
    )
    form = rx.el.form(
        keep_typed("role" + RolesPage.key),
        text_field(
            t("Name"),
            "role_name",
            default_value=RolesPage.name,
            error=RolesPage.errors["role_name"],
            required=True,
            max_length=60,
            auto_complete="off",
            dir="auto",
        ),
        rx.cond(
            is_new,
            select_field(t("Begins as"), "like", like, default_value=RolesPage.like, error=RolesPage.errors["like"]),
            rx.fragment(),
        ),
        dialog_foot(
            button(t("Cancel"), on_click=RolesPage.show(False)), button(t("Save"), kind="primary", type="submit")
        ),
        on_submit=RolesPage.save,
        key=RolesPage.key,
        no_validate=True,
        class_name="stack",
        style={"marginBlockStart": "16px"},
    )
    return dialog(
        rx.cond(is_new, t("New role"), t("Rename")), form, is_open=RolesPage.is_open, on_open_change=RolesPage.show
    )
