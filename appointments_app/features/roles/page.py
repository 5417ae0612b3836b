"""Settings › Roles: who may do what, on one page."""

import reflex as rx

from appointments_app.features.roles.components import roles_table
from appointments_app.features.roles.state import RolesPage
from appointments_app.features.session.components import settings_frame


def roles_page() -> rx.Component:
    """The table of roles."""
    waiting = rx.el.div(rx.el.span(class_name="skeleton", style={"height": "480px"}), aria_busy="true")
    return settings_frame(rx.cond(RolesPage.ready, roles_table(), waiting), narrow=False)
