"""Edit Actions List: the dialog that opens over the half-filled booking form (R18–R20)."""

import reflex as rx

from appointments_app.db.queries.actions import ActionRow
from appointments_app.features.appointments.state.actions import ActionsList
from appointments_app.ui.blocks import banner, button, colour_dot, dialog, icon_button
from appointments_app.ui.choices import colour_field
from appointments_app.ui.fields import text_field
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.parts.entry_form import entry_form
from appointments_app.ui.parts.menus import row_menu


def actions_dialog() -> rx.Component:
    """The list with its buttons, and the fields of the action that is being added or changed."""
    adding = ActionsList.is_editing & (ActionsList.edited.id == 0)
    return dialog(
        t("Actions"),
        rx.el.div(
            rx.cond(
                ActionsList.refusal != "",
                banner(rx.icon("info", size=16, aria_hidden="true"), ActionsList.refusal, kind="warn"),
                rx.fragment(),
            ),
            rx.el.ul(rx.foreach(ActionsList.rows, _row), class_name="actions-list"),
            rx.cond(
                adding,
                _fields(),
                button(
                    t("Add New Action"), icon="plus", on_click=ActionsList.begin(0), disabled=ActionsList.is_editing
                ),
            ),
            class_name="stack loose",
            style={"marginBlockStart": "16px"},
        ),
        is_open=ActionsList.is_open,
        on_open_change=ActionsList.show,
        wide=True,
    )


def _row(row: rx.vars.ObjectVar[ActionRow], index: rx.vars.NumberVar[int]) -> rx.Component:
    edited = ActionsList.is_editing & (ActionsList.edited.id == row.id)
    last = index == ActionsList.rows.length() - 1
    name = rx.el.span(row.name, class_name="truncate", dir="auto")
    minutes = rx.el.span(fmt.duration(row.minutes), class_name="muted small num")
    off = rx.el.span(t("Deactivated"), class_name="chip")
    shown = rx.el.div(
        colour_dot(row.colour),
        rx.el.div(
            name,
            rx.cond(row.minutes.to(int) > 0, minutes, rx.fragment()),
            rx.cond(row.active, rx.fragment(), off),
            class_name="row wrap grow action-words",
        ),
        icon_button(
            t("Move {name} up", name=row.name), "arrow-up", disabled=index == 0, on_click=ActionsList.move(row.id, True)
        ),
        icon_button(
            t("Move {name} down", name=row.name), "arrow-down", disabled=last, on_click=ActionsList.move(row.id, False)
        ),
        icon_button(t("Edit {name}", name=row.name), "pencil", on_click=ActionsList.begin(row.id)),
        _menu(row),
        class_name="row",
    )
    return rx.el.li(rx.cond(edited, _fields(), shown), key=row.id.to_string(), custom_attrs={"data-off": ~row.active})


def _menu(row: rx.vars.ObjectVar[ActionRow]) -> rx.Component:
    delete = {"id": "delete", "name": t("Delete"), "icon": "trash", "danger": True}
    entries = rx.cond(
        row.active,
        rx.Var.create([{"id": "deactivate", "name": t("Deactivate"), "icon": "ban"}, delete]),
        rx.Var.create([{"id": "activate", "name": t("Activate"), "icon": "check"}, delete]),
    )
    return row_menu(
        label=t("Actions for {name}", name=row.name),
        items=entries,
        on_action=lambda verb: ActionsList.choose(row.id, verb),
    )


def _fields() -> rx.Component:
    action, wrong = ActionsList.edited, ActionsList.errors
    name = text_field(
        t("Name"),
        "action_name",
        default_value=action.name,
        error=wrong["name"],
        required=True,
        auto_focus=True,
        auto_complete="off",
        dir="auto",
    )
    minutes = text_field(
        t("Default duration"),
        "action_minutes",
        default_value=rx.cond(action.minutes.to(int) > 0, action.minutes.to_string(), ""),
        error=wrong["minutes"],
        hint=t("Minutes; empty for none."),
        input_mode="numeric",
        auto_complete="off",
        dir="ltr",
    )
    return entry_form(
        rx.el.div(name, minutes, class_name="grid2"),
        colour_field("action_colour", value=action.colour, error=wrong["colour"]),
        rx.el.div(
            button(t("Save"), kind="primary", type="submit", custom_attrs={"data-save": ""}),
            button(t("Cancel"), on_click=ActionsList.stop_editing),
            class_name="row",
        ),
        label=rx.cond(action.id == 0, t("Add New Action"), t("Edit {name}", name=action.name)),
        attempt=ActionsList.attempt,
        on_save=ActionsList.save,
        key=action.id.to_string(),
        class_name="card stack",
    )
