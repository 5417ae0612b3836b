"""Form fields: label, control, and the message at the field, tied together for screen readers."""

from typing import Any

import reflex as rx

from appointments_app.ui.i18n import t


def text_field(
    label: rx.Var[str],
    name: str,
    *,
    value: Any = None,
    error: Any = "",
    hint: Any = "",
    required: bool = False,
    **props: Any,
) -> rx.Component:
    """A one-line text field. ``error`` may be a Var; it is announced and linked to the control."""
    control = rx.el.input(
        id=_id(name),
        name=name,
        class_name="input",
        required=required,
        **_described(name, error),
        **_value(value),
        **props,
    )
    return field(label, name, control, error=error, hint=hint, required=required)


def long_text_field(
    label: rx.Var[str],
    name: str,
    *,
    value: Any = None,
    error: Any = "",
    hint: Any = "",
    is_code: bool = False,
    **props: Any,
) -> rx.Component:
    """A field of several lines; ``is_code``: of what machines read."""
    look = {"class_name": "input code", "spell_check": False} if is_code else {"class_name": "input"}
    props = {"dir": "ltr" if is_code else "auto"} | props
    control = rx.el.textarea(id=_id(name), name=name, **_described(name, error), **_value(value), **look, **props)
    return field(label, name, control, error=error, hint=hint)


def select_field(
    label: rx.Var[str], name: str, choices: Any, *, value: Any = None, error: Any = "", hint: Any = "", **props: Any
) -> rx.Component:
    """A native drop-down of ``choices``: option components."""
    options = choices if isinstance(choices, list) else [choices]
    control = rx.el.select(
        *options, id=_id(name), name=name, class_name="input", **_described(name, error), **_value(value), **props
    )
    return field(label, name, control, error=error, hint=hint)


def field(
    label: rx.Var[str], name: str, control: rx.Component, *, error: Any = "", hint: Any = "", required: bool = False
) -> rx.Component:
    """Put a label, a control with the id ``field-<name>``, a hint and a message together."""
    mark = rx.el.span(" *", class_name="muted", aria_hidden="true") if required else rx.fragment()
    below = rx.el.div(hint, class_name="hint") if isinstance(hint, rx.Var) or hint else rx.fragment()
    return rx.el.div(
        rx.el.label(label, mark, html_for=_id(name)),
        control,
        rx.el.div(
            error, id=f"error-{name}", class_name="field-error", role="alert", custom_attrs={"data-error-for": name}
        ),
        below,
        class_name="field",
    )


def search_field(placeholder: rx.Var[str], *, value: Any, on_change: Any, **props: Any) -> rx.Component:
    """The search box of a list; the key / puts the cursor here."""
    return rx.el.div(
        rx.icon("search", size=15, aria_hidden="true"),
        rx.el.input(
            type="search",
            class_name="input",
            placeholder=placeholder,
            aria_label=placeholder,
            default_value=value,
            on_change=on_change,
            custom_attrs={"data-search": ""},
            dir="auto",
            **props,
        ),
        class_name="search",
    )


def tick(label: rx.Var[str], name: str, **props: Any) -> rx.Component:
    """A check-box with its label behind it."""
    return rx.el.label(rx.el.input(type="checkbox", name=name, **props), rx.el.span(label), class_name="check")


def any_option() -> rx.Component:
    """The first entry of a filter: no restriction."""
    return rx.el.option(t("Any"), value="")


def _id(name: str) -> str:
    return f"field-{name}"


def _value(value: Any) -> dict[str, Any]:
    return {} if value is None else {"value": value}


def _described(name: str, error: Any) -> dict[str, Any]:
    invalid = (error != "") if isinstance(error, rx.Var) else bool(error)
    return {"aria_invalid": invalid, "aria_describedby": f"error-{name}"}
