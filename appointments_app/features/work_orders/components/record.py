"""One work order's page: its head, its facts, its appointments, its audit trail."""

from typing import Any

import reflex as rx

from appointments_app.db.queries.appointments import StaffChip
from appointments_app.domain.access import Permission
from appointments_app.domain.appointment import Tab
from appointments_app.domain.work_order import OrderStatus
from appointments_app.features.appointments.components import bars
from appointments_app.features.appointments.components.rows import staff_chip
from appointments_app.features.appointments.page import appointment_list
from appointments_app.features.history.components import history_timeline
from appointments_app.features.session.components import client_link, may
from appointments_app.features.session.state import Shell
from appointments_app.features.work_orders.components.linking import opener
from appointments_app.features.work_orders.components.rows import days, late_chip, menu, status_chip, tag_chips
from appointments_app.features.work_orders.state.record import OrderRecord
from appointments_app.ui.blocks import link_button
from appointments_app.ui.i18n import fmt, t


def head() -> rx.Component:
    """Number, title, status, and what can be done."""
    row: Any = OrderRecord.row
    takes_more = (row.status == OrderStatus.OPEN.value) | (row.status == OrderStatus.DRAFT.value)
    schedule = link_button(t("Schedule appointment"), OrderRecord.schedule_link, icon="plus", kind="primary")
    edit = link_button(t("Edit"), OrderRecord.edit_link, icon="pencil")
    may_add, may_edit = (may(each) for each in (Permission.ADD, Permission.EDIT))
    client = client_link(row.client, row.client_id, class_name="link")
    return rx.el.div(
        rx.el.div(
            rx.el.h1(rx.el.span(row.title, dir="auto")),
            rx.cond(takes_more & may_add, schedule, rx.fragment()),
            rx.cond(may_edit, edit, rx.fragment()),
            menu(row),
            class_name="page-head",
        ),
        rx.el.div(
            rx.el.bdi(t("Work order #{number}", number=row.number), class_name="num"),
            rx.el.span("·", aria_hidden="true"),
            client,
            status_chip(row.status),
            class_name="row wrap muted contact",
        ),
        class_name="stack",
    )


def facts() -> rx.Component:
    """What was agreed."""
    row: Any = OrderRecord.row
    staff, tags = row.staff.to(list[StaffChip]), row.tags.to(list[str])
    people = rx.el.div(rx.foreach(staff, staff_chip), class_name="row wrap")
    text = OrderRecord.description
    return rx.el.section(
        rx.el.dl(
            _fact(t("Dates"), (row.starts_on != "") | (row.ends_on != ""), rx.fragment(days(row), late_chip(row))),
            _fact(t("Budget"), row.budget != "", rx.el.span(fmt.money(row.budget, row.currency), class_name="num")),
            _fact(t("Staff"), staff.length() > 0, people),
            _fact(t("Tags"), tags.length() > 0, rx.el.div(tag_chips(row.tags), class_name="row wrap")),
            _fact(t("Created"), row.created_at != "", fmt.day(row.created_at, Shell.time_zone)),
            class_name="facts two-columns",
        ),
        rx.cond(text != "", rx.el.div(text, class_name="prewrap", dir="auto"), rx.fragment()),
        class_name="card stack loose",
        aria_label=t("Details"),
    )


def _fact(label: Any, is_known: Any, value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(label), rx.el.dd(rx.cond(is_known, value, rx.el.span("—", class_name="muted"))))


def appointments() -> rx.Component:
    """Its appointments: the list that stands on every page, for this work order alone."""
    row: Any = OrderRecord.row
    takes_more = (row.status == OrderStatus.OPEN.value) | (row.status == OrderStatus.DRAFT.value)
    may_link = takes_more & may(Permission.EDIT)
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("Appointments"), class_name="grow"),
            rx.cond(may_link, opener(), rx.fragment()),
            class_name="row",
        ),
        rx.el.div(bars.tabs(Tab.ALL, Tab.SCHEDULED, Tab.DONE, Tab.DISMISSED), class_name="as-pills"),
        bars.filters(),
        appointment_list(),
        class_name="stack loose",
        aria_label=t("Appointments"),
    )


def history() -> rx.Component:
    """Who changed what."""
    title = rx.el.h2(t("History"))
    return rx.el.section(title, history_timeline(OrderRecord.changes_made), class_name="card stack")
