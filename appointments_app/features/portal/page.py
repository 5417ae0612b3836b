"""Clients › Client settings: what clients may do by themselves (R37)."""

import reflex as rx

from appointments_app.features.portal.components import client_settings_form
from appointments_app.features.portal.state import ClientSettingsPage
from appointments_app.features.session.components import settings_frame


def client_settings_page() -> rx.Component:
    """What clients may do."""
    waiting = rx.el.div(rx.el.span(class_name="skeleton", style={"height": "520px"}), aria_busy="true")
    return settings_frame(rx.cond(ClientSettingsPage.ready, client_settings_form(), waiting))
