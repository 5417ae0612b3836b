"""The form of the rules of booking."""

import reflex as rx

from appointments_app.domain.service import STEPS
from appointments_app.features.history.components import conflict_banner
from appointments_app.features.services.state.rules import RulesPage
from appointments_app.ui.blocks import button
from appointments_app.ui.fields import select_field
from appointments_app.ui.i18n import fmt, t


def rules_form() -> rx.Component:
    """How often a booking may begin."""
    steps = [rx.el.option(fmt.duration(step), value=str(step)) for step in STEPS]
    step = select_field(
        t("Offer a start every"),
        "step",
        steps,
        default_value=RulesPage.form.step,
        error=RulesPage.errors["step"],
        hint=t("Counted from the beginning of a shift."),
    )
    return rx.el.form(
        conflict_banner(RulesPage),
        rx.el.div(step, class_name="grid2"),
        rx.el.div(button(t("Save"), kind="primary", type="submit"), class_name="form-foot"),
        on_submit=RulesPage.save,
        key=RulesPage.form_key,
        no_validate=True,
        class_name="card stack loose",
    )
