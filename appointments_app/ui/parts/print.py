"""A button that prints the page."""

import reflex as rx

from appointments_app.ui.parts.assets import script


class PrintButton(rx.Component):
    """Prints the page that is open; what stands in it is its label."""

    library = script("print.jsx")
    tag = "PrintButton"


print_button = PrintButton.create
