"""The Export button below a list, and its dialog."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.domain.listing import COUNT_CAP
from appointments_app.features.exports.schemas import FIELD_TITLES, FILE_TYPES
from appointments_app.features.exports.state import ExportDialog
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import button, dialog
from appointments_app.ui.fields import select_field, tick
from appointments_app.ui.i18n import fmt, t, tn
from appointments_app.ui.parts.download import download


def export_button(*, query: Any, selected: Any, all_matching: Any, total: Any) -> rx.Component:
    """The button and its dialog; exports the ``selected`` ids, or all that match the filter in ``query``."""
    only_selected = (selected.length() > 0) & ~all_matching
    url = _url(only_selected, selected, query)
    form = rx.el.div(
        rx.el.p(_scope(only_selected, selected, total), class_name="muted flush"),
        _fields(),
        _order(),
        _file_type(),
        download(url=url, label=t("Export"), disabled=ExportDialog.fields == ""),
        class_name="stack export",
    )
    nothing = (total == 0) & ~only_selected
    permissions: Any = Shell.permissions
    part = dialog(
        t("Export appointments"),
        form,
        on_open_change=ExportDialog.begin,
        trigger=button(t("Export"), icon="download", disabled=nothing, id="export"),
    )
    return rx.cond(permissions.contains(Permission.EXPORT.value), part, rx.fragment())


def _scope(only_selected: Any, selected: Any, total: Any) -> Any:
    """Say which appointments the file will hold."""
    ticked = tn("{n} selected appointment", "{n} selected appointments", selected.length())
    every = tn("The {n} appointment that matches", "All {n} appointments that match", total)
    many = t("All appointments that match (more than {n})", n=fmt.number(COUNT_CAP))
    return rx.cond(only_selected, ticked, rx.cond(total == COUNT_CAP + 1, many, every))


def _fields() -> rx.Component:
    every = button(t("All"), kind="ghost", on_click=ExportDialog.choose_all(True), aria_label=t("All fields"))
    none = button(t("None"), kind="ghost", on_click=ExportDialog.choose_all(False), aria_label=t("No fields"))
    refusal = rx.el.div(t("Choose at least one field."), class_name="field-error", role="alert")
    return rx.el.div(
        rx.el.div(
            rx.el.span(t("Fields"), class_name="label"), rx.el.div(class_name="grow"), every, none, class_name="row"
        ),
        rx.el.div(*map(_field, FIELD_TITLES), class_name="export-fields"),
        rx.cond(ExportDialog.fields == "", refusal, rx.fragment()),
        role="group",
        aria_label=t("Fields"),
    )


def _field(name: str) -> rx.Component:
    chosen: Any = ExportDialog.fields
    return tick(
        t(FIELD_TITLES[name]),
        f"export-{name}",
        checked=chosen.split(",").contains(name),
        on_change=lambda is_chosen: ExportDialog.choose_field(name, is_chosen),
    )


def _order() -> rx.Component:
    words = {"asc": t("Date ascending"), "desc": t("Date descending")}
    return rx.el.fieldset(
        rx.el.legend(t("Order by"), class_name="label"),
        rx.el.div(*(_direction(order, word) for order, word in words.items()), class_name="row wrap export-order"),
        class_name="bare",
    )


def _direction(order: str, word: Any) -> rx.Component:
    radio = rx.el.input(
        type="radio",
        name="export-order",
        value=order,
        checked=ExportDialog.order == order,
        on_change=ExportDialog.choose_order,
    )
    return rx.el.label(radio, rx.el.span(word), class_name="check")


def _file_type() -> rx.Component:
    options = [rx.el.option(t(word), value=file_type) for file_type, word in FILE_TYPES.items()]
    value, choose = ExportDialog.file_type, ExportDialog.choose_file_type
    return select_field(t("File type"), "export-type", options, value=value, on_change=choose)


def _url(only_selected: Any, selected: Any, query: Any) -> Any:
    """Return the address of the file; the list's own parameters say which appointments."""
    which = rx.cond(only_selected, "ids=" + selected.join(","), query)
    choices = "&fields=" + ExportDialog.fields + "&order=" + ExportDialog.order + "&type=" + ExportDialog.file_type
    return f"{routes.EXPORT}?" + which.to(str) + choices
