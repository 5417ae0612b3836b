"""Business › Staff: the people who work here."""

import reflex as rx

from appointments_app import routes
from appointments_app.features.session.components import frame
from appointments_app.features.staff.components import people, person_form, tabs
from appointments_app.features.staff.state import StaffForm
from appointments_app.ui.blocks import back_link, link_button, not_found, page_head
from appointments_app.ui.i18n import t
from appointments_app.ui.parts.client_only import page_title


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
    form = rx.fragment(
        page_title(text=rx.cond(StaffForm.ready, title, "")),
        page_head(rx.el.span(rx.cond(StaffForm.ready, title, ""), dir="auto")),
        rx.cond(StaffForm.ready, person_form(), waiting),
    )
    return frame(
        back_link(t("Staff"), routes.STAFF),
        rx.cond(StaffForm.missing, not_found(t("Staff"), routes.STAFF), form),
        narrow=True,
    )
