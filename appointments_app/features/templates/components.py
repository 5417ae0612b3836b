"""The list of templates, and the editor with its preview."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.templates import TemplateRow
from appointments_app.domain.language import LANGUAGES
from appointments_app.domain.message import Channel
from appointments_app.domain.template import LONGEST_BODY, LONGEST_NAME, LONGEST_SUBJECT, Placeholder
from appointments_app.features.session.components import keep_typed
from appointments_app.features.session.state import Shell
from appointments_app.features.templates.service import Pane
from appointments_app.features.templates.state import TemplateEditor, TemplateList
from appointments_app.ui.blocks import banner, button, dialog, dialog_foot, link_button
from appointments_app.ui.fields import long_text_field, text_field
from appointments_app.ui.i18n import fmt, t, tn
from appointments_app.ui.parts.insert import insert_buttons

RIGHT_TO_LEFT = ("ar",)


def template_list() -> rx.Component:
    """The templates of SMS and of e-mail."""
    return rx.el.div(
        _group(t("SMS"), Channel.SMS, TemplateList.sms),
        _group(t("E-mail"), Channel.EMAIL, TemplateList.email),
        class_name="stack loose",
    )


def _group(title: Any, channel: Channel, rows: Any) -> rx.Component:
    new = f"{routes.NEW_TEMPLATE}?channel={channel.value}"
    return rx.el.section(
        rx.el.div(
            rx.el.h2(title), rx.el.div(class_name="grow"), link_button(t("New"), new, icon="plus"), class_name="row"
        ),
        rx.el.ul(rx.foreach(rows, _entry), class_name="plain template-list"),
        class_name="card stack",
    )


def _entry(row: rx.vars.ObjectVar[TemplateRow]) -> rx.Component:
    return rx.el.li(
        rx.link(
            rx.el.span(row.name, class_name="strong", dir="auto"),
            rx.el.span(row.sample, class_name="muted small truncate", dir="auto"),
            href=f"{routes.TEMPLATES}/{row.id}",
            underline="none",
        ),
        key=row.id.to_string(),
    )


def placeholder_words(channel: Channel) -> list[dict[str, Any]]:
    """Return what can be inserted, with the words people know it by."""
    words = {
        Placeholder.CLIENT: t("Client's name"),
        Placeholder.DATE: t("Date"),
        Placeholder.TIME: t("Time"),
        Placeholder.DURATION: t("Duration"),
        Placeholder.ACTION: t("Action"),
        Placeholder.STAFF: t("Staff"),
        Placeholder.BUSINESS: t("Business name"),
        Placeholder.BUSINESS_PHONE: t("Phone of the business"),
        Placeholder.BUSINESS_ADDRESS: t("Address of the business"),
        Placeholder.CONFIRM: t("Link to confirm"),
        Placeholder.UNSUBSCRIBE: t("Link to unsubscribe"),
        Placeholder.OTHERS: t("How many others changed with it"),
    }
    if channel is Channel.SMS:
        del words[Placeholder.UNSUBSCRIBE]
    return [{"name": word, "text": f"{{{{{each.value}}}}}"} for each, word in words.items()]


def editor() -> rx.Component:
    """The form of one template: its name, its text in each language, and beside it what it says."""
    form = TemplateEditor.form
    conflict = banner(t("Somebody else changed this meanwhile. Reload the page to see how it is now."), kind="warn")
    restore = button(t("Bring the original back"), kind="ghost", on_click=TemplateEditor.restore)
    delete = button(t("Delete"), kind="ghost", on_click=TemplateEditor.ask(True))
    known = rx.cond(form.is_ready_made, restore, delete)
    return rx.el.form(
        keep_typed("template"),
        rx.cond(TemplateEditor.is_conflict, conflict, rx.fragment()),
        rx.el.div(
            text_field(
                t("Name"),
                "name",
                default_value=form.name,
                error=TemplateEditor.errors["name"],
                required=True,
                max_length=LONGEST_NAME,
                auto_complete="off",
                dir="auto",
            ),
            class_name="grid2",
        ),
        rx.el.div(
            rx.el.span(t("Insert"), class_name="label"),
            rx.cond(form.channel == Channel.EMAIL.value, _inserts(Channel.EMAIL), _inserts(Channel.SMS)),
            rx.el.p(
                t("{% if action %} … {% endif %} leaves out what stands between when there is no action."),
                class_name="hint",
            ),
            class_name="stack",
        ),
        *(_language(code, name) for code, name in LANGUAGES.items()),
        _about(),
        rx.el.div(
            button(t("Save"), kind="primary", type="submit"),
            link_button(t("Cancel"), routes.TEMPLATES),
            rx.el.div(class_name="grow"),
            rx.cond(form.id > 0, known, rx.fragment()),
            class_name="form-foot",
        ),
        on_submit=TemplateEditor.save,
        key=TemplateEditor.form_key,
        no_validate=True,
        class_name="card stack loose",
    )


def _inserts(channel: Channel) -> rx.Component:
    return insert_buttons(label=t("Insert"), items=placeholder_words(channel))


def _language(code: str, name: str) -> rx.Component:
    form, errors = TemplateEditor.form, TemplateEditor.errors
    is_email = form.channel == Channel.EMAIL.value
    subject, body = f"subject_{code}", f"body_{code}"
    direction = "rtl" if code in RIGHT_TO_LEFT else "ltr"
    subject_field = text_field(
        t("Subject"),
        subject,
        default_value=form.texts[subject],
        error=errors[subject],
        max_length=LONGEST_SUBJECT,
        auto_complete="off",
        lang=code,
        dir=direction,
        on_change=lambda value: TemplateEditor.type(subject, value).debounce(300),
        custom_attrs={"data-insert": ""},
    )
    body_field = long_text_field(
        t("Text"),
        body,
        default_value=form.texts[body],
        error=errors[body],
        max_length=LONGEST_BODY[Channel.EMAIL],
        lang=code,
        dir=direction,
        rows=rx.cond(is_email, 12, 5),
        on_change=lambda value: TemplateEditor.type(body, value).debounce(300),
        custom_attrs={"data-insert": ""},
    )
    return rx.el.fieldset(
        rx.el.legend(name, class_name="label", lang=code),
        rx.el.div(
            rx.el.div(rx.cond(is_email, subject_field, rx.fragment()), body_field, class_name="stack"),
            _preview(TemplateEditor.panes[code], code, is_email),
            class_name="template-pair",
        ),
        class_name="bare",
    )


def _preview(pane: rx.vars.ObjectVar[Pane] | Any, code: str, is_email: Any) -> rx.Component:
    direction = "rtl" if code in RIGHT_TO_LEFT else "ltr"
    letter = rx.el.div(
        rx.el.div(pane.subject, class_name="strong", dir=direction, lang=code),
        rx.el.iframe(src_doc=pane.html, title=t("Preview"), class_name="letter", custom_attrs={"sandbox": ""}),
        class_name="stack",
    )
    bubble = rx.el.div(
        rx.cond(
            pane.text != "", rx.el.div(pane.text, class_name="bubble prewrap", dir=direction, lang=code), rx.fragment()
        ),
        segment_count(pane),
        class_name="stack",
    )
    return rx.el.div(
        rx.el.span(t("Preview"), class_name="label"),
        rx.cond(is_email, letter, bubble),
        class_name="stack template-preview",
        aria_live="polite",
        custom_attrs={"data-stale": TemplateEditor.stale},
    )


def segment_count(pane: Any) -> rx.Component:
    """How long an SMS is."""
    return rx.el.div(
        tn("{n} message", "{n} messages", pane.segments),
        " · ",
        t("{places} characters, {left} left", places=fmt.number(pane.places), left=fmt.number(pane.left)),
        " · ",
        rx.el.bdi(pane.encoding),
        class_name="hint num",
    )


def _about() -> rx.Component:
    real = t(
        "Shown with the appointment of {client}, {when}.",
        client=TemplateEditor.about_client,
        when=fmt.day_time(TemplateEditor.about_start, Shell.time_zone),
    )
    sample = t("There is no appointment yet to show it with: dates and names are missing.")
    return rx.el.p(rx.cond(TemplateEditor.about_client != "", real, sample), class_name="hint")


def delete_question() -> rx.Component:
    """Asks before a template is deleted."""
    return dialog(
        t("Delete the template?"),
        rx.el.p(t("Reminders that use it are skipped from then on.")),
        dialog_foot(
            button(t("Cancel"), on_click=TemplateEditor.ask(False)),
            button(t("Delete"), kind="danger", on_click=TemplateEditor.delete),
        ),
        is_open=TemplateEditor.asking,
        on_open_change=TemplateEditor.ask,
    )
