"""Settings › Channels."""

import reflex as rx

from appointments_app.features.channels.components import email_card, removal_question, sms_card
from appointments_app.features.channels.state import ChannelsPage
from appointments_app.features.session.components import settings_frame


def channels_page() -> rx.Component:
    """How e-mails and SMS are sent."""
    waiting = rx.el.div(rx.el.span(class_name="skeleton", style={"height": "480px"}), aria_busy="true")
    return settings_frame(
        rx.cond(ChannelsPage.ready, rx.el.div(email_card(), sms_card(), class_name="stack loose"), waiting),
        removal_question(),
    )
