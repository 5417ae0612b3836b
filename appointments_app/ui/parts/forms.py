"""A form posted by fetch, and the guard of what is not saved yet."""

import reflex as rx

from appointments_app.ui.parts.assets import script


def _answer(answer: rx.Var[str]) -> tuple[rx.Var[str]]:
    return (answer,)


class PostForm(rx.Component):
    """Posts to ``action``; the answer is JSON: {next} or {error, fields}. Event: on_answer(json), unless {next}."""

    library = script("forms.jsx")
    tag = "PostForm"
    action: rx.Var[str]
    label: rx.Var[str]
    on_answer: rx.EventHandler[_answer]


class UnsavedGuard(rx.Component):
    """Asks before the tab is closed or left while ``active``."""

    library = script("forms.jsx")
    tag = "UnsavedGuard"
    active: rx.Var[bool]


post_form = PostForm.create
unsaved_guard = UnsavedGuard.create
