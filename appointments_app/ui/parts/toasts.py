"""Short messages with Undo."""

from typing import Any

import reflex as rx

from appointments_app.ui.parts.assets import Part, script


def _id(toast: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (toast,)


class Toasts(Part):
    """Shows ``toasts``: {id, text, kind: info|success|error, undo}. Events: on_undo(id), on_close(id)."""

    library = script("toasts.jsx")
    tag = "Toasts"
    toasts: rx.Var[list[Any]]
    on_undo: rx.EventHandler[_id]
    on_close: rx.EventHandler[_id]


toasts = Toasts.create
