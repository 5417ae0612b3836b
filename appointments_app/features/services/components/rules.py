"""The form of the rules of booking."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.domain.service import STEPS
from appointments_app.features.history.components import conflict_banner
from appointments_app.features.services.state.rules import RulesPage
from appointments_app.features.session.components import keep_typed
from appointments_app.ui.blocks import button
from appointments_app.ui.fields import select_field, text_field, tick
from appointments_app.ui.i18n import fmt, t


def rules_form() -> rx.Component:
    """How often a booking may begin, and what holds for clients who book by themselves."""
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
        keep_typed("rules"),
        conflict_banner(RulesPage),
        rx.el.div(step, class_name="grid2"),
        rx.el.h2(t("When clients book in the portal")),
        rx.el.p(
            t("Off until you let them."),
            " ",
            rx.el.a(t("Client settings"), href=routes.CLIENT_SETTINGS, class_name="link"),
            class_name="muted",
        ),
        rx.el.div(
            _number(
                t("Notice for bookings, in hours"),
                "notice",
                RulesPage.form.notice,
                t("So long before the start at the latest."),
            ),
            _number(t("Days ahead"), "ahead", RulesPage.form.ahead, t("So far ahead at most.")),
            _number(
                t("Bookings per client"),
                "per_client",
                RulesPage.form.per_client,
                t("So many that are still ahead; for more, clients are asked to call."),
            ),
            class_name="grid2",
        ),
        rx.el.div(
            tick(t("Staff confirm each one"), "must_confirm", default_checked=RulesPage.form.must_confirm),
            rx.el.div(
                t("It takes its time at once and is Pending until then. Otherwise it is Confirmed at once."),
                class_name="hint",
            ),
            class_name="field",
        ),
        rx.el.p(t("While a client decides, the time is kept for five minutes."), class_name="muted"),
        rx.el.div(button(t("Save"), kind="primary", type="submit"), class_name="form-foot"),
        on_submit=RulesPage.save,
        key=RulesPage.form_key,
        no_validate=True,
        class_name="card stack loose",
    )


def _number(label: Any, name: str, value: Any, hint: Any) -> rx.Component:
    return text_field(
        label, name, default_value=value, error=RulesPage.errors[name], hint=hint, input_mode="numeric", dir="ltr"
    )
