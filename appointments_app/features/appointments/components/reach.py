"""The question how far the change of an occurrence reaches, before a form is saved or an occurrence is deleted."""

from typing import Any

import reflex as rx

from appointments_app.domain.series import Range
from appointments_app.features.appointments.state.reach import ReachQuestion
from appointments_app.features.appointments.state.repeat import RepeatForm
from appointments_app.ui.blocks import banner, button, dialog, dialog_foot
from appointments_app.ui.i18n import t, tn
from appointments_app.ui.parts.entry_form import entry_form


def reach_dialog(on_save: Any = None) -> rx.Component:
    """The dialog; ``on_save`` takes the answer where a form is saved."""
    title = rx.cond(ReachQuestion.is_delete, t("Delete a repeating appointment"), t("Change a repeating appointment"))
    deleting = _form(ReachQuestion.delete, button(t("Delete"), kind="danger", type="submit"))
    saving = _form(on_save, button(t("Save"), kind="primary", type="submit")) if on_save else rx.fragment()
    return dialog(
        title,
        rx.cond(ReachQuestion.is_delete, deleting, saving),
        is_open=ReachQuestion.is_open,
        on_open_change=ReachQuestion.show,
    )


def _form(on_answer: Any, send: rx.Component) -> rx.Component:
    words = {
        Range.THIS: t("This one only"),
        Range.FOLLOWING: t("This one and those that follow"),
        Range.ALL: t("All of them"),
    }
    choices = [
        rx.cond(ReachQuestion.only_series, rx.fragment(), _choice(reach, word))
        if reach is Range.THIS
        else _choice(reach, word)
        for reach, word in words.items()
    ]
    ends = banner(
        rx.icon("triangle-alert", size=16, aria_hidden="true"),
        rx.el.span(
            t("This appointment stays as a single one. The others you choose here are deleted."), class_name="grow"
        ),
        kind="warn",
    )
    return entry_form(
        rx.el.div(*choices, class_name="stack", role="radiogroup", aria_label=t("What to change"), style={"gap": "0"}),
        rx.cond(ReachQuestion.only_series & ~RepeatForm.recurring, ends, rx.fragment()),
        rx.cond(
            ReachQuestion.settled + ReachQuestion.by_hand > 0,
            rx.el.div(
                rx.el.p(t("These stay as they are unless you tick them:"), class_name="muted"),
                _left(
                    "settled",
                    ReachQuestion.settled,
                    tn(
                        "{n} that is past, done or dismissed",
                        "{n} that are past, done or dismissed",
                        ReachQuestion.settled,
                    ),
                ),
                _left(
                    "by_hand",
                    ReachQuestion.by_hand,
                    tn("{n} that was changed alone", "{n} that were changed alone", ReachQuestion.by_hand),
                ),
                class_name="stack",
                style={"gap": "0"},
            ),
            rx.fragment(),
        ),
        dialog_foot(button(t("Cancel"), on_click=ReachQuestion.show(False)), send),
        label=t("What to change"),
        on_save=on_answer,
        class_name="stack",
        style={"marginBlockStart": "16px"},
    )


def _choice(reach: Range, word: Any) -> rx.Component:
    return rx.el.label(
        rx.el.input(
            type="radio",
            name="reach",
            value=reach.value,
            default_checked=ReachQuestion.at_first == reach.value,
            on_change=ReachQuestion.choose(reach.value),
        ),
        rx.el.span(word),
        class_name="check",
    )


def _left(name: str, count: Any, word: Any) -> rx.Component:
    box = rx.el.label(rx.el.input(type="checkbox", name=name), rx.el.span(word), class_name="check")
    return rx.cond(count > 0, box, rx.fragment())
