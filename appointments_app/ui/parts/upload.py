"""A place to drop a file on, with progress."""

from __future__ import annotations

import reflex as rx

from appointments_app.ui.parts.assets import Part, script


def _id(upload_id: rx.Var[int]) -> tuple[rx.Var[int]]:
    return (upload_id,)


class Upload(Part):
    """Posts a file as it is to ``url``, which has a query. Event: on_done(id), the number the server answers with."""

    library = script("upload.jsx")
    tag = "Upload"
    url: rx.Var[str]
    label: rx.Var[str]
    hint: rx.Var[str]
    accept: rx.Var[str]
    largest: rx.Var[int]
    on_done: rx.EventHandler[_id]


upload = Upload.create
