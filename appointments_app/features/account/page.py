"""One's own account; the second step of signing in; a forgotten password."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.features.account.components import (
    browsers,
    code_field,
    details,
    look,
    offered,
    password,
    second_step,
)
from appointments_app.features.account.state import AccountPage, Doorstep, ForgottenPassword
from appointments_app.features.session.components import entrance, frame
from appointments_app.features.session.state import Entrance
from appointments_app.ui.blocks import back_link, banner, page_head
from appointments_app.ui.fields import text_field
from appointments_app.ui.i18n import t
from appointments_app.ui.parts.forms import post_form


def account_page() -> rx.Component:
    """Details, language and look, password, the second step, browsers."""
    waiting = rx.el.div(rx.el.span(class_name="skeleton", style={"height": "480px"}), aria_busy="true")
    cards = rx.fragment(details(), look(), password(), second_step(), browsers())
    return frame(page_head(t("Your account")), rx.cond(AccountPage.ready, cards, waiting), narrow=True)


def second_step_page() -> rx.Component:
    """The code that a right password still waits for; before the first time, what to set up."""
    words = rx.cond(
        Doorstep.offer.secret == "",
        rx.el.p(t("Enter the six digits that your authenticator app shows, or a recovery code."), class_name="muted"),
        rx.el.div(
            rx.el.p(t("Your role needs a second step. Set it up now; it takes a minute."), class_name="muted"),
            offered(Doorstep.offer),
            class_name="stack",
        ),
    )
    form = post_form(
        rx.el.input(type="hidden", name="next", value=Doorstep.next_address),
        words,
        code_field(auto_focus=True),
        _send(t("Sign in")),
        action=routes.SECOND_STEP_POST,
        class_name="stack loose",
    )
    waiting = rx.el.span(class_name="skeleton", style={"height": "160px"}, aria_busy="true")
    return entrance(
        back_link(t("Sign in"), routes.SIGN_IN), rx.el.h1(t("Second step")), rx.cond(Doorstep.ready, form, waiting)
    )


def forgot_page() -> rx.Component:
    """Ask for a link; the answer is the same for every address."""
    sent = banner(
        rx.icon("mail", size=16, aria_hidden="true"),
        t(
            "If somebody has this address, a link is on its way. It works once, for 30 minutes. "
            "Nothing there? Look into the spam folder, or ask whoever manages the staff for a new password."
        ),
    )
    nothing = banner(
        rx.icon("mail-x", size=16, aria_hidden="true"),
        t("No e-mail is set up here, so no link can be sent. Ask whoever manages the staff for a new password."),
        kind="warn",
    )
    form = post_form(
        rx.el.p(t("Enter your e-mail address. You get a link by which you set a new password."), class_name="muted"),
        text_field(
            t("E-mail"), "email", type="email", auto_complete="username", required=True, auto_focus=True, dir="ltr"
        ),
        _send(t("Send link")),
        action=routes.FORGOT_POST,
        class_name="stack loose",
    )
    return entrance(
        back_link(t("Sign in"), routes.SIGN_IN),
        rx.el.h1(t("Forgotten password")),
        rx.cond(
            ForgottenPassword.ready,
            rx.cond(Entrance.was_sent, sent, rx.cond(ForgottenPassword.can_be_sent, form, nothing)),
            rx.el.span(class_name="skeleton", style={"height": "160px"}, aria_busy="true"),
        ),
    )


def reset_page() -> rx.Component:
    """The new password. Opening the link changes nothing; the button does."""
    return entrance(
        rx.el.h1(t("New password")),
        post_form(
            rx.el.input(type="hidden", name="token", value=Entrance.token),
            text_field(
                t("New password"),
                "password",
                type="password",
                auto_complete="new-password",
                required=True,
                auto_focus=True,
                hint=t("At least 10 characters."),
                dir="ltr",
            ),
            _send(t("Set password")),
            action=routes.RESET_POST,
            class_name="stack loose",
        ),
        rx.link(t("Ask for a new link"), href=routes.FORGOT),
    )


def _send(label: Any) -> rx.Component:
    return rx.el.button(label, type="submit", class_name="btn primary wide")
