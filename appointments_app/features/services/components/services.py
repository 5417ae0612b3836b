"""The table of services, and the form of one of them."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.pickers import Choice
from appointments_app.db.queries.services import ServiceRow
from appointments_app.domain.money import CURRENCIES
from appointments_app.features.history.components import conflict_banner
from appointments_app.features.services.state.services import ServiceEditor, ServiceList
from appointments_app.features.session.components import keep_typed
from appointments_app.ui.blocks import button, colour_dot, empty, link_button, skeleton_rows
from appointments_app.ui.choices import colour_field
from appointments_app.ui.fields import long_text_field, select_field, text_field, tick
from appointments_app.ui.i18n import fmt, t, tn
from appointments_app.ui.parts.menus import row_menu

FORM: Any = ServiceEditor.form


def service_table() -> rx.Component:
    """The services, grey bars until they are there, a word when there are none."""
    new = link_button(t("New service"), routes.NEW_SERVICE, icon="plus", kind="primary")
    nothing = empty(
        "scissors", t("No services yet"), t("A service has a duration, a price and people who perform it."), new
    )
    heads = (t("Name"), t("Duration"), t("Price"), t("Who performs it"))
    head = rx.el.tr(
        *(rx.el.th(label, scope="col") for label in heads),
        rx.el.th(rx.el.span(t("More"), class_name="visually-hidden"), class_name="tail", scope="col"),
    )
    body = rx.cond(ServiceList.ready, rx.foreach(ServiceList.rows, _row), rx.fragment(*skeleton_rows(5, 4)))
    table = rx.el.table(
        rx.el.caption(t("Services"), class_name="visually-hidden"),
        rx.el.thead(head),
        rx.el.tbody(body),
        class_name="table cards-on-phone no-tick",
    )
    is_empty = ServiceList.ready & (ServiceList.rows.length() == 0)
    return rx.el.div(rx.cond(is_empty, nothing, table), class_name="table-wrap")


def _row(row: rx.vars.ObjectVar[ServiceRow]) -> rx.Component:
    href = f"{routes.SERVICES}/" + row.id.to_string()
    name = rx.link(
        row.name, href=href, class_name="strong truncate", underline="hover", color="inherit", dir="auto",
        custom_attrs={"data-open": ""},
    )  # fmt: skip
    off = rx.el.span(t("Not on offer"), class_name="chip")
    inside = rx.el.span(t("By staff only"), class_name="chip")
    standing = rx.cond(row.active, rx.cond(row.clients_book, rx.fragment(), inside), off)
    people = row.staff.to(list[Choice])
    nobody = rx.el.span(
        rx.icon("circle-alert", size=12, aria_hidden="true"), t("Nobody"), class_name="chip",
        custom_attrs={"data-tone": "warn"},
    )  # fmt: skip
    many = rx.el.span(tn("{n} person", "{n} people", people.length()), class_name="muted")
    performers = rx.match(people.length(), (0, nobody), (1, rx.el.span(people[0].name, dir="auto")), many)
    return rx.el.tr(
        rx.el.td(rx.el.span(colour_dot(row.colour), name, standing, class_name="row")),
        rx.el.td(rx.el.span(fmt.duration(row.minutes), class_name="num")),
        rx.el.td(rx.el.span(fmt.money(row.price, row.currency), class_name="num")),
        rx.el.td(performers),
        rx.el.td(_menu(row, href), class_name="tail"),
        key=row.id.to_string(),
        custom_attrs={"data-row": row.id},
    )


def _menu(row: rx.vars.ObjectVar[ServiceRow], href: Any) -> rx.Component:
    edit = {"id": "edit", "name": t("Edit"), "icon": "pencil", "href": href}
    book = {
        "id": "book",
        "name": t("New booking"),
        "icon": "calendar",
        "href": f"{routes.NEW_BOOKING}?service=" + row.id.to_string(),
    }
    turn = rx.cond(
        row.active,
        rx.Var.create([book, edit, {"id": "deactivate", "name": t("Deactivate"), "icon": "archive"}]),
        rx.Var.create([edit, {"id": "activate", "name": t("Activate"), "icon": "restore"}]),
    )
    return row_menu(
        label=t("Actions for {name}", name=row.name),
        items=turn,
        on_action=lambda verb: ServiceList.set_active(row.id, verb),
    )


def service_form() -> rx.Component:
    """The form of one service, the same for adding and editing."""
    return rx.el.form(
        keep_typed("service"),
        conflict_banner(ServiceEditor),
        rx.el.div(
            text_field(t("Name"), "name", required=True, max_length=80, dir="auto", **_typed("name")),
            select_field(
                t("Action"),
                "action",
                [rx.el.option(t("None"), value=""), rx.foreach(ServiceEditor.form.actions, _option)],
                **_typed("action"),
                hint=t("The action of its appointments."),
            ),
            class_name="grid2",
        ),
        long_text_field(
            t("Description"), "description", max_length=500, rows=2, hint=t("Clients read it before they book."),
            **_typed("description"),
        ),
        _times(),
        rx.el.div(
            text_field(
                t("Price"), "price", input_mode="decimal", dir="ltr", hint=t("Empty: no price is shown."),
                **_typed("price"),
            ),
            select_field(
                t("Currency"), "currency", [rx.el.option(code, value=code) for code in CURRENCIES],
                **_typed("currency"),
            ),
            class_name="grid2",
        ),
        _performers(),
        tick(t("Clients can book it themselves"), "clients_book", value="yes", default_checked=FORM.clients_book),
        colour_field("colour", value=ServiceEditor.form.colour),
        rx.el.div(
            button(t("Save"), kind="primary", type="submit"),
            link_button(t("Cancel"), routes.SERVICES),
            class_name="form-foot",
        ),
        on_submit=ServiceEditor.save,
        key=ServiceEditor.form_key,
        no_validate=True,
        class_name="card stack loose",
    )  # fmt: skip


def _times() -> rx.Component:
    def minutes(label: Any, name: str, **more: Any) -> rx.Component:
        return text_field(label, name, type="number", input_mode="numeric", min=0, dir="ltr", **more, **_typed(name))

    return rx.el.div(
        minutes(t("Duration in minutes"), "minutes", required=True),
        minutes(t("Minutes free before"), "before"),
        minutes(t("Minutes free after"), "after"),
        class_name="grid3",
    )


def _performers() -> rx.Component:
    people = rx.foreach(
        ServiceEditor.form.people,
        lambda one: tick(one.name, "staff-" + one.id, value="yes", default_checked=FORM.staff.contains(one.id)),
    )
    return rx.el.fieldset(
        rx.el.legend(t("Who performs it"), class_name="label"),
        rx.el.div(people, class_name="row wrap", style={"columnGap": "24px"}),
        rx.el.div(ServiceEditor.errors["staff"], class_name="field-error", role="alert"),
        class_name="bare",
    )


def _option(one: rx.vars.ObjectVar[Choice]) -> rx.Component:
    return rx.el.option(one.name, value=one.id)


def _typed(name: str) -> dict[str, Any]:
    return {
        "default_value": getattr(ServiceEditor.form, name),
        "error": ServiceEditor.errors[name],
        "auto_complete": "off",
    }
