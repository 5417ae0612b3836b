"""A client's portal, as the file shows it."""

import reflex as rx

from appointments_app.features.clients.state.portal import ClientPortal
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import button
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.parts.forms import post_form


def portal_card() -> rx.Component:
    """Whether the client may use the portal; suspend, admit, and look on as the client."""
    facts = ClientPortal.facts
    seen = t("Last there: {when}", when=fmt.day_time(facts.last_seen_at, Shell.time_zone))
    may = rx.cond(facts.last_seen_at != "", seen, t("Not there yet."))
    standing = rx.cond(
        ~facts.is_on,
        t("The portal is off for all clients."),
        rx.cond(facts.suspended, t("Suspended: this client can neither sign in nor confirm by link."), may),
    )
    look = post_form(button(t("See it as the client does"), icon="eye", type="submit"), action=ClientPortal.look_on_at)
    suspend = button(t("Suspend"), icon="ban", on_click=ClientPortal.suspend(True))
    admit = button(t("Admit again"), icon="undo-2", on_click=ClientPortal.suspend(False))
    return rx.el.section(
        rx.el.h2(t("Portal")),
        rx.el.p(standing, class_name="muted"),
        rx.el.div(
            rx.cond(facts.is_on & ~facts.suspended & facts.may_look_on, look, rx.fragment()),
            rx.cond(facts.suspended, admit, suspend),
            class_name="row wrap",
        ),
        class_name="card stack",
        aria_label=t("Portal"),
    )
