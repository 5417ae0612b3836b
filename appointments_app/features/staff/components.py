"""The table of people and the fields of one of them."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.staff import StaffRow
from appointments_app.features.history.components import conflict_banner
from appointments_app.features.session.components import keep_typed
from appointments_app.features.staff.state import StaffForm, StaffPage
from appointments_app.ui.blocks import banner, button, colour_dot, empty, link_button, skeleton_rows, tab
from appointments_app.ui.choices import colour_field, language_field, time_zone_field
from appointments_app.ui.fields import select_field, text_field
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.parts.menus import row_menu
from appointments_app.ui.words import role_word


def tabs() -> rx.Component:
    """Active and Inactive, with how many there are."""
    return rx.el.nav(
        tab(t("Active"), routes.STAFF, current=StaffPage.shows_active, count=fmt.number(StaffPage.active)),
        tab(
            t("Inactive"),
            f"{routes.STAFF}?show=inactive",
            current=~StaffPage.shows_active,
            count=fmt.number(StaffPage.inactive),
        ),
        class_name="tabs",
        aria_label=t("Staff"),
    )


def people() -> rx.Component:
    """The table, grey bars until it is there, or a word when it is empty."""
    nobody = empty("id-card", t("Nobody here"), t("People who no longer work here are listed on this tab."))
    head = rx.el.tr(
        *(rx.el.th(label, scope="col") for label in (t("Name"), t("E-mail"), t("Phone"), t("Role"), t("Sign-in"))),
        rx.el.th(rx.el.span(t("More"), class_name="visually-hidden"), class_name="tail", scope="col"),
    )
    body = rx.cond(StaffPage.ready, rx.foreach(StaffPage.rows, _row), rx.fragment(*skeleton_rows(6, 4)))
    table = rx.el.table(
        rx.el.caption(t("Staff"), class_name="visually-hidden"),
        rx.el.thead(head),
        rx.el.tbody(body),
        class_name="table cards-on-phone no-tick",
    )
    return rx.el.div(
        rx.cond(
            StaffPage.ready & (rx.cond(StaffPage.shows_active, StaffPage.active, StaffPage.inactive) == 0),
            nobody,
            table,
        ),
        class_name="table-wrap",
    )


def _row(row: rx.vars.ObjectVar[StaffRow]) -> rx.Component:
    href = f"{routes.STAFF}/" + row.id.to_string()
    name = rx.link(
        row.name,
        href=href,
        class_name="strong truncate",
        underline="hover",
        color="inherit",
        dir="auto",
        custom_attrs={"data-open": ""},
    )
    known = rx.el.span(
        rx.icon("key-round", size=13, aria_hidden="true"),
        t("May sign in"),
        class_name="row muted small",
        style={"gap": "4px"},
    )
    return rx.el.tr(
        rx.el.td(rx.el.span(colour_dot(row.colour), name, class_name="row")),
        rx.el.td(
            rx.cond(
                row.email != "",
                rx.el.a(row.email, href=f"mailto:{row.email}", dir="ltr"),
                rx.el.span(t("No e-mail yet"), class_name="muted small"),
            )
        ),
        rx.el.td(
            rx.cond(row.phone != "", rx.el.a(row.phone, href=f"tel:{row.phone}", dir="ltr", class_name="num"), "")
        ),
        rx.el.td(role_word(row.role, row.role_name)),
        rx.el.td(rx.cond(row.may_sign_in, known, rx.el.span(t("No sign-in"), class_name="muted small"))),
        rx.el.td(_menu(row, href), class_name="tail"),
        key=row.id.to_string(),
        custom_attrs={"data-row": row.id},
    )


def _menu(row: rx.vars.ObjectVar[StaffRow], href: Any) -> rx.Component:
    edit = {"id": "edit", "name": t("Edit"), "icon": "pencil", "href": href}
    turn = rx.cond(
        row.active,
        rx.Var.create([edit, {"id": "deactivate", "name": t("Deactivate"), "icon": "user-off"}]),
        rx.Var.create([edit, {"id": "activate", "name": t("Activate"), "icon": "user"}]),
    )
    return row_menu(
        label=t("Actions for {name}", name=row.name),
        items=turn,
        on_action=lambda verb: StaffPage.set_active(row.id, verb),
    )


def person_form() -> rx.Component:
    """The form of one person, the same for adding and editing."""
    return rx.el.form(
        keep_typed("person"),
        conflict_banner(StaffForm),
        rx.cond(
            StaffForm.form.may_change,
            rx.fragment(),
            banner(
                rx.icon("info", size=16, aria_hidden="true"),
                t("Only somebody who can do as much may change this account."),
                kind="warn",
            ),
        ),
        rx.el.div(*_person(), class_name="grid2"),
        colour_field("colour", value=StaffForm.form.colour, error=StaffForm.errors["colour"]),
        _sign_in(),
        rx.el.div(
            rx.cond(StaffForm.form.may_change, button(t("Save"), kind="primary", type="submit"), rx.fragment()),
            link_button(t("Cancel"), routes.STAFF),
            class_name="form-foot",
        ),
        on_submit=StaffForm.save,
        key=StaffForm.form_key,
        no_validate=True,
        class_name="card stack loose",
    )


def _person() -> list[rx.Component]:
    as_business = [rx.el.option(t("As the business"), value="")]
    roles = rx.foreach(
        StaffForm.roles, lambda role: rx.el.option(role_word(role.key, role.name), value=role.key, key=role.key)
    )
    hint = rx.link(t("What each role may do"), href=routes.ROLES, class_name="link", underline="none")
    return [
        text_field(t("Name"), "name", required=True, max_length=120, dir="auto", **_typed("name")),
        select_field(t("Role"), "role", roles, hint=hint, **_typed("role")),
        text_field(
            t("E-mail"),
            "email",
            type="email",
            dir="ltr",
            hint=t("Needed for signing in and for reminders by e-mail."),
            **_typed("email"),
        ),
        text_field(t("Phone"), "phone", type="tel", dir="ltr", **_typed("phone")),
        time_zone_field(first=as_business, **_typed("time_zone")),
        language_field(first=as_business, **_typed("language")),
    ]


def _typed(name: str) -> dict[str, Any]:
    """Return what a field begins with and the message at it; the browser's own suggestions would be the owner's."""
    return {
        "default_value": getattr(StaffForm.form, name),
        "error": StaffForm.errors[name],
        "auto_complete": "off",
    }


def _sign_in() -> rx.Component:
    tick = rx.el.label(
        rx.el.input(
            type="checkbox",
            name="may_sign_in",
            value="yes",
            default_checked=StaffForm.form.may_sign_in,
            on_change=StaffForm.allow_sign_in,  # pyright: ignore[reportArgumentType]  # check-boxes give booleans
        ),
        rx.el.span(t("May sign in")),
        class_name="check",
    )
    hint = rx.cond(
        StaffForm.form.may_sign_in, t("Leave empty to keep the present password."), t("At least 10 characters.")
    )
    password = text_field(
        t("New password"),
        "password",
        type="password",
        error=StaffForm.errors["password"],
        hint=hint,
        auto_complete="new-password",
        dir="ltr",
    )
    lost = rx.el.div(
        rx.el.p(
            t("Signs in with a second step. Take it away only from somebody you have spoken to."), class_name="hint"
        ),
        button(t("Take the second step away"), on_click=StaffForm.forget_second_step),
        class_name="stack",
    )
    own = rx.el.p(t("Change your own password in your account."), class_name="hint")
    return rx.el.div(
        tick,
        rx.cond(
            StaffForm.may_sign_in,
            rx.cond(StaffForm.is_self, own, rx.el.div(password, class_name="grid2")),
            rx.fragment(),
        ),
        rx.cond(StaffForm.form.has_second_step & ~StaffForm.is_self & StaffForm.form.may_change, lost, rx.fragment()),
        class_name="stack",
    )
