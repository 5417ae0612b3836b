"""Business › Staff: the people who work here."""

import reflex as rx

from appointments_app import routes
from appointments_app.features.session.components import frame
from appointments_app.features.staff.components import people, person_form, tabs
from appointments_app.features.staff.state import StaffForm
from appointments_app.ui.blocks import link_button, page_head
from appointments_app.ui.i18n import t


def staff_page() -> rx.Component:
    """The list of people."""
    return frame(
        page_head(t("Staff"), link_button(t("New staff member"), routes.NEW_STAFF, icon="plus", kind="primary")),
        tabs(),
        people(),
    )


def staff_member_page() -> rx.Component:
    """The form of one person, new or known."""
    title = rx.cond(StaffForm.form.id == 0, t("New staff member"), StaffForm.form.name)
    waiting = rx.el.div(rx.el.span(class_name="skeleton", style={"height": "420px"}), aria_busy="true")
    return frame(
        rx.link(
            rx.icon("chevron-left", size=14, aria_hidden="true", class_name="flips"),
            t("Staff"),
            href=routes.STAFF,
            class_name="back",
            underline="none",
        ),
        page_head(rx.el.span(rx.cond(StaffForm.ready, title, ""), dir="auto")),
        rx.cond(StaffForm.ready, person_form(), waiting),
        narrow=True,
    )
