"""Settings › Privacy: for how long things are kept."""

import reflex as rx

from appointments_app.features.privacy.components import keeping_form
from appointments_app.features.privacy.state import PrivacyPage
from appointments_app.features.session.components import settings_frame


def privacy_page() -> rx.Component:
    """For how long clients and the history are kept."""
    waiting = rx.el.div(rx.el.span(class_name="skeleton", style={"height": "320px"}), aria_busy="true")
    return settings_frame(rx.cond(PrivacyPage.ready, keeping_form(), waiting))
