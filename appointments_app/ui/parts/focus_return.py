"""Where the focus goes when a dialog closes."""

import reflex as rx

from appointments_app.ui.parts.assets import script


class FocusReturn(rx.Component):
    """Stands in a dialog: when it closes, the focus goes back to where it came from."""

    library = script("focus_return.jsx")
    tag = "FocusReturn"


focus_return = FocusReturn.create
