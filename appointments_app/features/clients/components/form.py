"""The fields of one client, the same for adding and editing."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.clients import Twin
from appointments_app.features.clients.state.form import ClientForm
from appointments_app.features.history.components import conflict_banner
from appointments_app.features.session.components import keep_typed
from appointments_app.ui.blocks import banner, button, link_button
from appointments_app.ui.choices import language_field, time_zone_field
from appointments_app.ui.fields import long_text_field, text_field
from appointments_app.ui.i18n import t


def client_form() -> rx.Component:
    """The form of one client."""
    as_business = [rx.el.option(t("As the business"), value="")]
    return rx.el.form(
        keep_typed("client"),
        conflict_banner(ClientForm),
        rx.el.div(
            text_field(t("Name"), **_begin("name"), required=True, dir="auto", auto_focus=ClientForm.record_id == 0),
            text_field(t("Business name"), **_begin("business_name"), dir="auto"),
            text_field(t("Phone"), **_begin("phone"), type="tel", dir="ltr", on_blur=_look("phone")),
            text_field(t("E-mail"), **_begin("email"), type="email", dir="ltr", on_blur=_look("email")),
            class_name="grid2",
        ),
        _twins(),
        long_text_field(t("Address"), **_begin("address"), rows=2, style={"minHeight": "56px"}),
        rx.el.div(
            text_field(t("Tags"), **_begin("tags"), dir="auto", hint=t("Separated by commas.")),
            text_field(t("Birth date"), **_begin("birth_date"), type="date", min="1900-01-01"),
            class_name="grid2",
        ),
        rx.el.div(
            language_field(first=as_business, **_value("language")),
            time_zone_field(first=as_business, **_value("time_zone")),
            class_name="grid2",
        ),
        long_text_field(t("Notes"), **_begin("notes"), rows=5),
        rx.el.div(
            button(t("Save"), kind="primary", type="submit"),
            link_button(t("Cancel"), ClientForm.back),
            class_name="form-foot",
        ),
        on_submit=ClientForm.save,
        key=ClientForm.form_key,
        no_validate=True,
        class_name="card stack loose",
    )


def _begin(name: str) -> dict[str, Any]:
    return {"name": name, "auto_complete": "off", **_value(name)}


def _value(name: str) -> dict[str, Any]:
    return {"default_value": ClientForm.values[name], "error": ClientForm.errors[name]}


def _look(name: str) -> Any:
    return lambda value: ClientForm.look_for_twins(name, value)


def _twins() -> rx.Component:
    """Other clients with the same phone number or e-mail address: a warning, not a refusal."""
    lines = rx.el.ul(rx.foreach(ClientForm.twins, _twin), class_name="plain stack", style={"gap": "2px"})
    told = banner(rx.icon("triangle-alert", size=16, aria_hidden="true"), lines, kind="warn")
    return rx.cond(ClientForm.twins.length() > 0, told, rx.fragment())


def _twin(twin: rx.vars.ObjectVar[Twin]) -> rx.Component:
    same = rx.cond(twin.same == "email", t("has the same e-mail address."), t("has the same phone number."))
    link = rx.el.a(
        twin.name,
        href=f"{routes.CLIENTS}/" + twin.id.to_string(),
        target="_blank",
        class_name="link strong",
        dir="auto",
    )
    return rx.el.li(link, " ", same)
