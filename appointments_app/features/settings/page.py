"""Business › Settings."""

import reflex as rx

from appointments_app.features.session.components import frame
from appointments_app.features.settings.components import closed_days, settings_form
from appointments_app.features.settings.state import SettingsPage
from appointments_app.ui.blocks import page_head
from appointments_app.ui.i18n import t


def settings_page() -> rx.Component:
    """The settings of the business."""
    waiting = rx.el.div(rx.el.span(class_name="skeleton", style={"height": "320px"}), aria_busy="true")
    parts = rx.fragment(settings_form(), closed_days())
    return frame(page_head(t("Settings")), rx.cond(SettingsPage.ready, parts, waiting), narrow=True)
