"""The form of the rules of booking."""

from typing import Any

import reflex as rx

from appointments_app.domain.service import STEPS
from appointments_app.features.history.components import conflict_banner
from appointments_app.features.services.state.rules import RulesPage
from appointments_app.ui.blocks import button
from appointments_app.ui.fields import select_field, text_field, tick
from appointments_app.ui.i18n import fmt, t


def rules_form() -> rx.Component:
    """How starts are offered, and what clients may book themselves."""
    steps = [rx.el.option(fmt.duration(step), value=str(step)) for step in STEPS]
    confirm = tick(
        t("Staff confirm what clients book"), "must_confirm", value="yes", default_checked=RulesPage.form.must_confirm
    )
    return rx.el.form(
        conflict_banner(RulesPage),
        rx.el.h2(t("All bookings")),
        rx.el.div(select_field(t("A start every"), "step", steps, **_typed("step")), class_name="grid2"),
        rx.el.h2(t("What clients book themselves")),
        rx.el.p(t("Whether they may is set with the permissions of clients."), class_name="hint"),
        rx.el.div(
            _number(t("Notice in hours"), "notice", t("No booking begins sooner.")),
            _number(t("Days ahead"), "ahead", t("No booking begins later.")),
            _number(t("Bookings ahead per client"), "per_client", ""),
            class_name="grid3",
        ),
        confirm,
        rx.el.div(button(t("Save"), kind="primary", type="submit"), class_name="form-foot"),
        on_submit=RulesPage.save,
        key=RulesPage.form_key,
        no_validate=True,
        class_name="card stack loose",
    )


def _number(label: Any, name: str, hint: Any) -> rx.Component:
    return text_field(label, name, type="number", input_mode="numeric", min=0, dir="ltr", hint=hint, **_typed(name))


def _typed(name: str) -> dict[str, Any]:
    return {"default_value": getattr(RulesPage.form, name), "error": RulesPage.errors[name]}
