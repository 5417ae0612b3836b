"""The download of an export, with progress."""

import reflex as rx

from appointments_app.ui.parts.assets import script


def _text(text: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (text,)


class Download(rx.Component):
    """Fetches ``url``, with progress and Cancel. Events: on_done(filename), on_error(message), on_cancel().

    ``method`` is POST where fetching leaves a trace; ``quiet``: not the main thing on the page.
    """

    library = script("download.jsx")
    tag = "Download"
    url: rx.Var[str]
    method: rx.Var[str]
    filename: rx.Var[str]
    label: rx.Var[str]
    disabled: rx.Var[bool]
    quiet: rx.Var[bool]
    on_done: rx.EventHandler[_text]
    on_error: rx.EventHandler[_text]
    on_cancel: rx.EventHandler[rx.event.no_args_event_spec]


download = Download.create
