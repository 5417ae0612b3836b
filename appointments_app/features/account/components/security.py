"""The cards of the account page that keep others out: the second step, and the browsers that are signed in."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.features.account.service import BrowserRow
from appointments_app.features.account.state import OwnBrowsers, OwnSecondStep
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import banner, button
from appointments_app.ui.fields import text_field
from appointments_app.ui.i18n import fmt, t, tn
from appointments_app.ui.parts.forms import post_form


def second_step() -> rx.Component:
    """The second step of signing in: how it stands, and what can be done about it."""
    step = OwnSecondStep
    on = rx.el.div(
        banner(rx.icon("shield-check", size=16, aria_hidden="true"), t("The second step is on."), kind="good"),
        rx.cond(
            step.facts.codes_left == 0,
            banner(
                rx.icon("triangle-alert", size=16, aria_hidden="true"),
                t("You have no recovery codes. Without them, losing your phone locks you out."),
                kind="warn",
            ),
            rx.el.p(
                tn("{n} recovery code left.", "{n} recovery codes left.", step.facts.codes_left), class_name="muted"
            ),
        ),
        rx.el.div(
            button(t("New recovery codes"), icon="key-round", on_click=step.ask("codes")),
            rx.cond(step.facts.is_needed, rx.fragment(), button(t("Turn off"), kind="ghost", on_click=step.ask("off"))),
            class_name="row wrap",
        ),
        rx.cond(step.asks != "", _asked_password(), rx.fragment()),
        class_name="stack",
    )
    off = rx.el.div(
        rx.el.p(
            t("With it, signing in also takes six digits from an app on your phone: a stolen password is not enough."),
            class_name="muted",
        ),
        rx.cond(
            step.offer.secret == "",
            rx.cond(
                step.asks == "set_up",
                _asked_password(),
                rx.el.div(button(t("Set up"), icon="smartphone", on_click=step.ask("set_up")), class_name="row"),
            ),
            rx.el.form(
                offered(step.offer),
                code_field(error=step.errors["code"]),
                rx.el.div(button(t("Turn on"), kind="primary", type="submit"), class_name="form-foot"),
                on_submit=step.confirm,
                no_validate=True,
                class_name="stack loose",
            ),
        ),
        class_name="stack",
    )
    return rx.el.section(
        rx.el.h2(t("Second step")),
        rx.cond(step.codes.length() > 0, _codes(), rx.fragment()),
        rx.cond(step.facts.is_on, on, off),
        class_name="card stack loose",
    )


def offered(offer: Any) -> rx.Component:
    """What an authenticator app takes: a picture to scan, and the same as text."""
    return rx.el.div(
        rx.el.p(t("Scan this with an authenticator app, or type the key into it. Then enter the code that it shows.")),
        rx.el.img(
            src=offer.picture, alt=t("QR code of the key"), width="200", height="200", class_name="qr", style=_WHITE
        ),
        rx.el.code(offer.secret, dir="ltr", class_name="num", style={"overflowWrap": "anywhere"}),
        class_name="stack",
    )


_WHITE = {"background": "white", "borderRadius": "8px"}


def code_field(**props: Any) -> rx.Component:
    """The field of a code, which phones fill in by themselves."""
    return text_field(
        t("Code"),
        "code",
        auto_complete="one-time-code",
        input_mode="text",
        dir="ltr",
        required=True,
        max_length=40,
        **props,
    )


def _codes() -> rx.Component:
    items = rx.foreach(
        OwnSecondStep.codes, lambda code: rx.el.li(rx.el.code(code, dir="ltr", class_name="num"), key=code)
    )
    return rx.el.div(
        rx.el.strong(t("Your recovery codes")),
        rx.el.p(
            t("Each works once in place of a code of the app. Print them or write them down: they are not shown again.")
        ),
        rx.el.ul(items, class_name="codes"),
        class_name="banner stack",
        role="status",
    )


def _asked_password() -> rx.Component:
    step = OwnSecondStep
    return rx.el.form(
        text_field(
            t("Present password"),
            "second_password",
            type="password",
            error=step.errors["second_password"],
            required=True,
            auto_complete="current-password",
            auto_focus=True,
            dir="ltr",
        ),
        rx.el.div(
            rx.match(
                step.asks,
                ("off", button(t("Turn off"), kind="danger", type="submit")),
                ("set_up", button(t("Set up"), kind="primary", type="submit")),
                button(t("New recovery codes"), kind="primary", type="submit"),
            ),
            button(t("Cancel"), on_click=step.ask("")),
            class_name="row",
        ),
        on_submit=step.act,
        no_validate=True,
        class_name="stack",
    )


def browsers() -> rx.Component:
    """The browsers in which one is signed in, with a way out of each."""
    return rx.el.section(
        rx.el.h2(t("Signed-in browsers")),
        rx.el.ul(rx.foreach(OwnBrowsers.rows, _browser), class_name="actions-list"),
        rx.el.div(
            rx.cond(
                OwnBrowsers.rows.length() > 1,
                button(t("Sign out all others"), icon="log-out", on_click=OwnBrowsers.sign_out_others),
                rx.fragment(),
            ),
            _everywhere(),
            class_name="row wrap",
        ),
        class_name="card stack loose",
    )


def _browser(row: rx.vars.ObjectVar[BrowserRow]) -> rx.Component:
    name = rx.cond(row.browser != "", row.browser, t("Unknown browser"))
    seen = rx.el.span(
        fmt.day_time(row.last_seen_at, Shell.time_zone), " · ", rx.el.bdi(row.address), class_name="muted small num"
    )
    here = rx.el.span(t("This browser"), class_name="chip")
    out = button(
        t("Sign out"),
        on_click=OwnBrowsers.sign_out(row.id),
        aria_label=t("Sign out {name}", name=row.browser),
    )
    return rx.el.li(
        rx.el.div(
            rx.icon("monitor-smartphone", size=16, aria_hidden="true"),
            rx.el.div(rx.el.span(name, dir="auto"), rx.el.br(), seen, class_name="grow"),
            rx.cond(row.is_this, here, out),
            class_name="row",
        ),
        key=row.id,
    )


def _everywhere() -> rx.Component:
    return post_form(
        rx.el.input(type="hidden", name="everywhere", value="1"),
        button(t("Sign out everywhere"), type="submit", kind="ghost"),
        action=routes.SIGN_OUT_POST,
    )
