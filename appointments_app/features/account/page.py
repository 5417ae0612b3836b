"""One's own account."""

import reflex as rx

from appointments_app.features.account.components import details, everywhere, look, password
from appointments_app.features.account.state import AccountPage
from appointments_app.features.session.components import frame
from appointments_app.ui.blocks import page_head
from appointments_app.ui.i18n import t


def account_page() -> rx.Component:
    """Details, language and look, password, sign-ins."""
    waiting = rx.el.div(rx.el.span(class_name="skeleton", style={"height": "480px"}), aria_busy="true")
    cards = rx.fragment(details(), look(), password(), everywhere())
    return frame(page_head(t("Your account")), rx.cond(AccountPage.ready, cards, waiting), narrow=True)
