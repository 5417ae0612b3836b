"""Business › Settings: the business itself, and the days on which it is closed."""

import reflex as rx

from appointments_app.features.session.components import settings_frame
from appointments_app.features.settings.components import closed_days, settings_form
from appointments_app.features.settings.state import ClosedDays, SettingsPage


def settings_page() -> rx.Component:
    """The settings of the business."""
    return settings_frame(rx.cond(SettingsPage.ready, settings_form(), _waiting()))


def closed_days_page() -> rx.Component:
    """The days on which the business is closed."""
    return settings_frame(rx.cond(ClosedDays.ready, closed_days(), _waiting()))


def _waiting() -> rx.Component:
    return rx.el.div(rx.el.span(class_name="skeleton", style={"height": "320px"}), aria_busy="true")
