"""What must wait for the browser: anything that depends on its language, clock or zone."""

import reflex as rx

from appointments_app.ui.parts.assets import script


class ClientOnly(rx.Component):
    """Shows its first child until the page is alive, the others afterwards."""

    library = script("client_only.jsx")
    tag = "ClientOnly"


class PageTitle(rx.Component):
    """Sets the title of the browser tab to ``text``."""

    library = script("client_only.jsx")
    tag = "PageTitle"
    text: rx.Var[str]


def client_only(*children: rx.Component, fallback: rx.Component) -> rx.Component:
    """Show ``fallback`` (without text) on the prerendered page and ``children`` once the language is known."""
    return ClientOnly.create(fallback, *children)


page_title = PageTitle.create
