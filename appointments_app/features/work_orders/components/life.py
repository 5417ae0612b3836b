"""The question before a work order ends or goes: what becomes of its appointments (R3)."""

from typing import Any

import reflex as rx

from appointments_app.domain.access import Permission
from appointments_app.domain.work_order import Fate, Step
from appointments_app.features.appointments.components.bars import progress
from appointments_app.features.session.components import may
from appointments_app.features.work_orders.state.life import DELETE, OrderLife
from appointments_app.ui.blocks import button, dialog, dialog_foot
from appointments_app.ui.i18n import t, tn


def life_dialog() -> rx.Component:
    """Asks what becomes of the appointments; nothing is done before it is answered."""
    number = OrderLife.question.number
    titles = {
        Step.CLOSE.value: t("Close work order #{number}?", number=number),
        Step.CANCEL.value: t("Cancel work order #{number}?", number=number),
        DELETE: t("Delete work order #{number}?", number=number),
    }
    buttons = {Step.CLOSE.value: t("Close work order"), Step.CANCEL.value: t("Cancel work order")}
    press: Any = rx.match(
        OrderLife.verb,
        *((verb, button(word, kind="primary", type="submit")) for verb, word in buttons.items()),
        button(t("Delete"), kind="danger", type="submit"),
    )
    form = rx.el.form(
        rx.cond(OrderLife.verb == DELETE, _at_deletion(), _at_end()),
        rx.cond(
            OrderLife.running,
            progress(OrderLife),
            dialog_foot(button(t("Back"), on_click=OrderLife.show(False)), press),
        ),
        on_submit=OrderLife.answer,
        key=f"{OrderLife.verb}.{OrderLife.question.id}",
        class_name="stack loose",
        style={"marginBlockStart": "16px"},
    )
    title = rx.match(OrderLife.verb, *titles.items(), "")
    return dialog(title, form, is_open=OrderLife.is_open, on_open_change=OrderLife.show)


def _at_end() -> rx.Component:
    told = tn(
        "{n} appointment is still scheduled. What becomes of it?",
        "{n} appointments are still scheduled. What becomes of them?",
        OrderLife.question.scheduled,
    )
    may_mark = may(Permission.STATUS)
    return rx.el.fieldset(
        rx.el.legend(told),
        _choice(Fate.LEAVE, t("Leave them as they are"), chosen=True),
        _choice(Fate.DONE, t("Mark them done"), disabled=~may_mark),
        _choice(Fate.DISMISS, t("Dismiss them"), disabled=~may_mark),
        class_name="bare stack",
    )


def _at_deletion() -> rx.Component:
    question = OrderLife.question
    told = tn(
        "It has {n} appointment. What becomes of it?", "It has {n} appointments. What becomes of them?", question.total
    )
    stay = rx.el.p(t("Those that are done always stay."), class_name="muted flush")
    return rx.el.fieldset(
        rx.el.legend(told),
        _choice(Fate.LEAVE, t("Keep them as independent appointments"), chosen=True),
        _choice(Fate.DELETE, t("Delete those that are not done")),
        rx.cond(question.done > 0, stay, rx.fragment()),
        class_name="bare stack",
    )


def _choice(fate: Fate, label: Any, *, chosen: bool = False, **props: Any) -> rx.Component:
    radio = rx.el.input(type="radio", name="fate", value=fate.value, default_checked=chosen, **props)
    return rx.el.label(radio, rx.el.span(label), class_name="check")
