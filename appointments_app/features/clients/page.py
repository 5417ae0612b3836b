"""Clients › Manage Clients: the list, and the form of one client."""

import reflex as rx

from appointments_app import routes
from appointments_app.features.clients.components import rows
from appointments_app.features.clients.components.form import client_form
from appointments_app.features.clients.state.form import ClientForm
from appointments_app.features.clients.state.list import ClientList
from appointments_app.features.session.components import frame
from appointments_app.ui.blocks import back_link, link_button, not_found, page_head
from appointments_app.ui.i18n import t
from appointments_app.ui.parts.live import live


def clients_page() -> rx.Component:
    """The list of clients."""
    return frame(
        page_head(t("Manage Clients"), link_button(t("New client"), routes.NEW_CLIENT, icon="plus", kind="primary")),
        rows.tabs(),
        rows.filters(),
        rows.client_table(),
        rows.pager(),
        live(url=routes.LIVE, on_change=ClientList.refresh),
    )


def client_form_page() -> rx.Component:
    """The form of one client, new or known."""
    title = rx.cond(ClientForm.record_id == 0, t("New client"), t("Edit client"))
    waiting = rx.el.div(rx.el.span(class_name="skeleton", style={"height": "520px"}), aria_busy="true")
    form = rx.fragment(
        page_head(rx.cond(ClientForm.ready, title, "")), rx.cond(ClientForm.ready, client_form(), waiting)
    )
    return frame(
        back_link(t("Manage Clients"), routes.CLIENTS),
        rx.cond(ClientForm.missing, not_found(t("Manage Clients"), routes.CLIENTS), form),
        narrow=True,
    )
