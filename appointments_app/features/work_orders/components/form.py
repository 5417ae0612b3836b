"""The fields of a work order, the same for adding and editing."""

from types import SimpleNamespace
from typing import Any

import reflex as rx

from appointments_app.domain.work_order import NUMBER_LIMIT, TITLE_LIMIT
from appointments_app.features.appointments.components.new_client import new_client_entry
from appointments_app.features.history.components import conflict_banner
from appointments_app.features.work_orders.state.form import OrderForm
from appointments_app.features.work_orders.state.new_client import NewOrderClient
from appointments_app.ui.blocks import button
from appointments_app.ui.choices import currency_field
from appointments_app.ui.fields import long_text_field, text_field
from appointments_app.ui.i18n import t
from appointments_app.ui.parts.dates import date_field
from appointments_app.ui.parts.entry_form import back_button, entry_form
from appointments_app.ui.parts.pickers import combobox, multi_combobox


def order_form() -> rx.Component:
    """The whole form."""
    choice = SimpleNamespace(
        is_conflict=OrderForm.is_conflict,
        changes=OrderForm.changes,
        load=OrderForm.discard,
        insist=OrderForm.insist,
    )
    next_number = t("Left empty, it gets the number {number}.", number=OrderForm.next_number)
    hint = rx.cond(OrderForm.order_id == 0, next_number, "")
    return entry_form(
        conflict_banner(choice),
        rx.el.div(
            _text(t("Title"), "title", required=True, max_length=TITLE_LIMIT, auto_focus=OrderForm.order_id == 0),
            _text(t("Number"), "number", max_length=NUMBER_LIMIT, hint=hint),
            class_name="grid2",
        ),
        rx.el.div(_client(), _staff(), class_name="grid2"),
        rx.el.div(_day(t("Start"), "starts_on"), _day(t("Finish"), "ends_on"), class_name="grid2"),
        rx.el.div(
            _text(t("Budget"), "budget", input_mode="decimal", max_length=40),
            currency_field(
                value=OrderForm.currency,
                error=OrderForm.errors["currency"],
                on_change=lambda code: OrderForm.choose("currency", code),
            ),
            class_name="grid2",
        ),
        long_text_field(t("Description"), **_typed("description"), rows="5"),
        _text(t("Tags"), "tags", hint=t("Separated by commas."), max_length=1_000),
        _foot(),
        label=rx.cond(OrderForm.order_id == 0, t("New work order"), t("Edit work order")),
        attempt=OrderForm.attempt,
        on_save=OrderForm.save,
        class_name="card stack loose",
    )


def _typed(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "default_value": OrderForm.texts[name],
        "error": OrderForm.errors[name],
        "key": OrderForm.form_key,
        "on_change": lambda text: OrderForm.type(name, text).debounce(400),
        "on_blur": lambda text: OrderForm.type(name, text),  # or the next field's letters would take its place
    }


def _text(label: Any, name: str, **props: Any) -> rx.Component:
    return text_field(label, **_typed(name), auto_complete="off", dir="auto", **props)


def _client() -> rx.Component:
    return combobox(
        label=t("Client"),
        name="client",
        value=OrderForm.client,
        text=OrderForm.client_name,
        options=OrderForm.client_options,
        placeholder=t("Search name, phone or e-mail"),
        error=OrderForm.errors["client"],
        required=True,
        footer=new_client_entry(),
        on_search=OrderForm.find_clients,
        on_pick=OrderForm.pick_client,
        on_footer=NewOrderClient.ask,
    )


def _staff() -> rx.Component:
    return multi_combobox(
        label=t("Assign to staff members"),
        name="staff",
        values=OrderForm.staff,
        options=OrderForm.staff_options,
        placeholder=t("Unassigned"),
        error=OrderForm.errors["staff"],
        on_search=OrderForm.find_staff,
        on_add=OrderForm.add_staff,
        on_remove=OrderForm.remove_staff,
    )


def _day(label: Any, name: str) -> rx.Component:
    return date_field(
        label=label,
        name=name,
        value=getattr(OrderForm, name),
        error=OrderForm.errors[name],
        on_change=lambda day: OrderForm.choose(name, day),
    )


def _foot() -> rx.Component:
    as_draft = button(t("Save as draft"), type="submit", name="draft", value="yes")
    kept = rx.fragment(
        rx.el.span(t("Draft kept"), class_name="muted small"),
        button(t("Discard changes"), kind="ghost", on_click=OrderForm.discard),
    )
    return rx.el.div(
        button(t("Save"), kind="primary", type="submit", title=t("Ctrl+Enter saves"), custom_attrs={"data-save": ""}),
        rx.cond(OrderForm.order_id == 0, as_draft, rx.fragment()),
        back_button(t("Cancel"), href=OrderForm.cancel_href, class_name="btn"),
        rx.el.div(class_name="grow"),
        rx.cond(OrderForm.is_changed, kept, rx.fragment()),
        class_name="form-foot",
    )
