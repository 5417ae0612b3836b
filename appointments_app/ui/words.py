"""Status and kind as people see them: one word, one icon, one tone, in one table."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Role
from appointments_app.domain.appointment import Kind, Outcome, Status, Tab
from appointments_app.ui.i18n import t

STATUS_ICON = {Status.SCHEDULED: "calendar-clock", Status.DONE: "circle-check", Status.DISMISSED: "circle-slash"}


def status_word(status: Status) -> rx.Var[str]:
    """Return the word for a status."""
    return {Status.SCHEDULED: t("Scheduled"), Status.DONE: t("Done"), Status.DISMISSED: t("Dismissed")}[status]


def tab_word(tab: Tab) -> rx.Var[str]:
    """Return the name of a tab."""
    if tab is Tab.ALL:
        return t("All")
    return t("Yet to mark") if tab is Tab.YET_TO_MARK else status_word(Status(tab.value))


def status_chip(status: Any) -> rx.Component:
    """Show a status by word, colour and icon."""
    cases = [(each.value, _chip(each)) for each in Status]
    return rx.fragment(rx.match(status, *cases, rx.fragment()))


def outcome_word(outcome: Outcome) -> rx.Var[str]:
    """Return the word for how a dismissed appointment went."""
    return {Outcome.NO_SHOW: t("No-show")}[outcome]


def status_label(status: Any, over: Any, outcome: Any) -> rx.Component:
    """Show a status; of what is over and still Scheduled, that it is yet to mark; of a dismissed one, how it went."""
    late = rx.el.span(
        rx.icon("circle-alert", size=12, aria_hidden="true"),
        tab_word(Tab.YET_TO_MARK),
        class_name="chip",
        custom_attrs={"data-tone": "warn"},
    )
    went = [
        (
            each.value,
            rx.el.span(
                rx.icon("user-x", size=12, aria_hidden="true"),
                outcome_word(each),
                class_name="chip",
                custom_attrs={"data-tone": Status.DISMISSED.value},
            ),
        )
        for each in Outcome
    ]
    shown = rx.match(outcome, *went, status_chip(status))
    return rx.cond((status == Status.SCHEDULED.value) & over, late, shown)


def _chip(status: Status) -> rx.Component:
    return rx.el.span(
        rx.icon(STATUS_ICON[status], size=12, aria_hidden="true"),
        status_word(status),
        class_name="chip",
        custom_attrs={"data-tone": status.value},
    )


KIND_ICON = {Kind.WORK_ORDER: "clipboard-list"}


def kind_word(kind: Kind) -> rx.Var[str]:
    """Return the word for a kind of appointment."""
    return {Kind.INDEPENDENT: t("Independent"), Kind.WORK_ORDER: t("Of a work order")}[kind]


def record_name(kind: Kind, number: Any) -> rx.Var[str]:
    """Return what the record is called that an appointment of this kind belongs to."""
    return {Kind.WORK_ORDER: t("Work order #{number}", number=number)}[kind]


def record_chip(kind: Any, record_id: Any, number: Any, title: Any) -> rx.Component:
    """Name the record that an appointment belongs to, and open it; nothing for an independent one (R2)."""
    folders = {Kind.WORK_ORDER: routes.WORK_ORDERS}
    cases = [
        (
            each.value,
            rx.link(
                rx.icon(KIND_ICON[each], size=12, aria_hidden="true"),
                rx.el.bdi(record_name(each, number)),
                href=f"{folder}/" + record_id.to_string(),
                class_name="chip record",
                underline="none",
                title=title,
            ),
        )
        for each, folder in folders.items()
    ]
    return rx.fragment(rx.match(kind, *cases, rx.fragment()))


def colour_word(colour: str) -> rx.Var[str]:
    """Return the word for one of domain.colours.COLOURS."""
    return {
        "indigo": t("Indigo"),
        "blue": t("Blue"),
        "cyan": t("Cyan"),
        "teal": t("Teal"),
        "green": t("Green"),
        "lime": t("Lime"),
        "amber": t("Amber"),
        "orange": t("Orange"),
        "tomato": t("Red"),
        "pink": t("Pink"),
        "purple": t("Purple"),
        "gray": t("Grey"),
    }[colour]


def role_word(key: Any, name: Any = None) -> Any:
    """Return the word for a role: of a built-in one ours, of another the ``name`` that the business gave it."""
    words = {
        Role.OWNER: t("Owner"),
        Role.MANAGER: t("Manager"),
        Role.RECEPTIONIST: t("Receptionist"),
        Role.STAFF: t("Staff member"),
        Role.READ_ONLY: t("Read-only"),
    }
    return rx.match(key, *((role.value, word) for role, word in words.items()), key if name is None else name)
