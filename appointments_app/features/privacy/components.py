"""A client's data, as the file shows it; and the fields of how long things are kept."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.features.history.components import conflict_banner
from appointments_app.features.privacy.state import ErasingClient, PrivacyPage
from appointments_app.features.session.components import may
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import banner, button, dialog, dialog_foot
from appointments_app.ui.fields import text_field
from appointments_app.ui.i18n import fmt, t, tn
from appointments_app.ui.parts.download import download


def privacy_card(client_id: Any) -> rx.Component:
    """Everything about a client in one file, and erasing the client, for those who may."""
    may_export, may_erase = (may(each) for each in (Permission.EXPORT, Permission.ERASE))
    give = download(
        url=f"{routes.CLIENT_DATA}/" + client_id.to_string() + "/data",
        method="POST",
        quiet=True,
        label=t("Export all data"),
    )
    erase = button(t("Erase client"), icon="eraser", on_click=ErasingClient.ask)
    card = rx.el.section(
        rx.el.h2(t("Privacy")),
        rx.el.p(
            t("Everything that is kept about this client, in one file to hand out; or nothing any more."),
            class_name="muted",
        ),
        rx.el.div(
            rx.cond(may_export, give, rx.fragment()),
            rx.cond(may_erase, erase, rx.fragment()),
            class_name="row wrap",
            style={"alignItems": "flex-end"},
        ),
        _question(),
        class_name="card stack",
        aria_label=t("Privacy"),
    )
    return rx.cond(may_export | may_erase, card, rx.fragment())


def erased_banner() -> rx.Component:
    """Says that there is nothing personal in this file any more."""
    return banner(
        rx.icon("eraser", size=16, aria_hidden="true"),
        t("The personal data of this client were erased. The appointments stay for statistics."),
    )


def _question() -> rx.Component:
    facts = ErasingClient.facts
    ahead = tn(
        "{n} appointment ahead is dismissed, and nothing is sent about it.",
        "{n} appointments ahead are dismissed, and nothing is sent about them.",
        facts.ahead,
    )
    form = rx.el.form(
        rx.el.ul(
            rx.el.li(t("Name, contact, notes, messages and what stands in the history are removed for good.")),
            rx.el.li(t("Past appointments stay for statistics, under no name.")),
            rx.cond(facts.ahead > 0, rx.el.li(ahead), rx.fragment()),
            rx.el.li(t("There is no Undo. Backups made before still hold everything.")),
            style={"display": "grid", "gap": "6px", "margin": "0", "paddingInlineStart": "18px", "listStyle": "disc"},
        ),
        text_field(
            t("Type the client's name to erase: {name}", name=facts.name),
            "erase_name",
            error=ErasingClient.errors["erase_name"],
            required=True,
            max_length=120,
            auto_complete="off",
            dir="auto",
        ),
        dialog_foot(
            button(t("Cancel"), on_click=ErasingClient.show(False)),
            button(t("Erase for good"), kind="danger", type="submit"),
        ),
        on_submit=ErasingClient.erase,
        no_validate=True,
        class_name="stack",
        style={"marginBlockStart": "16px"},
    )
    title = t("Erase {name}?", name=facts.name)
    return dialog(title, form, is_open=ErasingClient.is_open, on_open_change=ErasingClient.show)


def keeping_form() -> rx.Component:
    """For how long clients and the history are kept."""
    form = PrivacyPage.form
    wait = banner(
        rx.icon("clock", size=16, aria_hidden="true"),
        t("Nothing goes before {when}.", when=fmt.day_time(form.begins_at, Shell.time_zone)),
        kind="warn",
    )
    clients = tn("Would erase {n} client now.", "Would erase {n} clients now.", PrivacyPage.clients)
    changes = tn(
        "Would forget {n} change of the history now.",
        "Would forget {n} changes of the history now.",
        PrivacyPage.changed_rows,
    )
    return rx.el.form(
        conflict_banner(PrivacyPage),
        rx.cond(form.begins_at != "", wait, rx.fragment()),
        rx.el.h2(t("Clients")),
        _months(
            t("Erase clients after months without an appointment or a change"),
            "keep_clients",
            form.keep_clients,
            t("0: never. Who has something ahead, or an open work order, stays."),
        ),
        rx.el.p(clients, class_name="flush", role="status", custom_attrs={"data-preview": "clients"}),
        rx.el.h2(t("History")),
        _months(
            t("Forget the history after months"),
            "keep_history",
            form.keep_history,
            t("0: never. With it go texts of messages, files of imports, and what was deleted."),
        ),
        rx.el.p(changes, class_name="flush", role="status", custom_attrs={"data-preview": "changes"}),
        rx.el.p(
            t("It is done every hour, from a day after these settings were changed, and can't be undone."),
            class_name="muted",
        ),
        rx.el.div(button(t("Save"), kind="primary", type="submit"), class_name="form-foot"),
        on_submit=PrivacyPage.save,
        key=PrivacyPage.form_key,
        no_validate=True,
        class_name="card stack loose",
    )


def _months(label: Any, name: str, value: Any, hint: Any) -> rx.Component:
    return text_field(
        label,
        name,
        default_value=value,
        error=PrivacyPage.errors[name],
        hint=hint,
        input_mode="numeric",
        dir="ltr",
        max_length=5,
        on_change=lambda text: PrivacyPage.look(name, text).debounce(300),  # pyright: ignore[reportCallIssue]
    )
