"""Settings › Templates: the list, and the page of one."""

import reflex as rx

from appointments_app import routes
from appointments_app.features.session.components import settings_frame
from appointments_app.features.templates.components import delete_question, editor, template_list
from appointments_app.features.templates.state import TemplateEditor, TemplateList
from appointments_app.ui.blocks import back_link, not_found, section_head
from appointments_app.ui.i18n import t


def templates_page() -> rx.Component:
    """What messages say."""
    return settings_frame(rx.cond(TemplateList.ready, template_list(), _waiting()))


def template_page() -> rx.Component:
    """One template, new or known."""
    name = rx.el.span(TemplateEditor.form.name, dir="auto")
    title = section_head(rx.cond(TemplateEditor.form.id == 0, t("New template"), name))
    return settings_frame(
        back_link(t("Templates"), routes.TEMPLATES),
        rx.cond(
            TemplateEditor.missing,
            not_found(t("Templates"), routes.TEMPLATES),
            rx.cond(TemplateEditor.ready, rx.fragment(title, editor()), _waiting()),
        ),
        delete_question(),
        narrow=False,
    )


def _waiting() -> rx.Component:
    return rx.el.div(rx.el.span(class_name="skeleton", style={"height": "480px"}), aria_busy="true")
