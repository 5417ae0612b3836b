"""Settings › Import: files come in; and the page of one file."""

import reflex as rx

from appointments_app import routes
from appointments_app.features.imports.components import bring_in, earlier, one_import
from appointments_app.features.imports.state import ImportPage, ImportsPage
from appointments_app.features.session.components import settings_frame
from appointments_app.ui.blocks import back_link, not_found
from appointments_app.ui.i18n import t


def imports_page() -> rx.Component:
    """Where files come in."""
    return settings_frame(rx.cond(ImportsPage.ready, rx.fragment(bring_in(), earlier()), _waiting()))


def import_page() -> rx.Component:
    """One file on its way in."""
    shown = rx.cond(ImportPage.missing, not_found(t("Import"), routes.IMPORTS), one_import())
    return settings_frame(
        back_link(t("Import"), routes.IMPORTS), rx.cond(ImportPage.ready, shown, _waiting()), narrow=False
    )


def _waiting() -> rx.Component:
    return rx.el.div(rx.el.span(class_name="skeleton", style={"height": "320px"}), aria_busy="true")
