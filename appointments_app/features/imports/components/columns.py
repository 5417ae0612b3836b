"""The columns of a file, with what stands in them, and what each is taken for."""

import reflex as rx

from appointments_app.domain.importing import FIELDS, Kind
from appointments_app.features.imports.service import ColumnView
from appointments_app.features.imports.state import ImportPage
from appointments_app.ui.i18n import fmt, t


def columns() -> rx.Component:
    """The table in which columns are matched."""
    head = rx.el.thead(
        rx.el.tr(
            rx.el.th(t("Column of the file"), scope="col"),
            rx.el.th(t("What stands in it"), scope="col"),
            rx.el.th(t("Is taken for"), scope="col"),
        )
    )
    body = rx.el.tbody(rx.foreach(ImportPage.view.columns, _column))
    return rx.el.section(
        rx.el.div(rx.el.table(head, body, class_name="table cards-on-phone no-tick mapping"), class_name="table-wrap"),
        aria_label=t("Columns"),
    )


def title_of(column: rx.vars.ObjectVar[ColumnView]) -> rx.Var[str]:
    """Return what a column is called; one without a title by its number."""
    return rx.cond(column.title != "", column.title, t("Column {n}", n=fmt.number(column.number)))


def _column(column: rx.vars.ObjectVar[ColumnView]) -> rx.Component:
    is_clients = ImportPage.view.kind == Kind.CLIENTS.value
    return rx.el.tr(
        rx.el.td(rx.el.span(title_of(column), class_name="strong", dir="auto")),
        rx.el.td(
            rx.el.div(
                rx.foreach(column.samples, lambda text: rx.el.bdi(text, class_name="sample")), class_name="samples"
            )
        ),
        rx.el.td(rx.cond(is_clients, _select(column, Kind.CLIENTS), _select(column, Kind.APPOINTMENTS))),
        key=column.place.to_string(),
        custom_attrs={"data-off": rx.cond(column.field == "", "true", "false")},
    )


def _select(column: rx.vars.ObjectVar[ColumnView], kind: Kind) -> rx.Component:
    options = [rx.el.option(t(field.title), value=field.key) for field in FIELDS[kind]]
    return rx.el.select(
        rx.el.option(t("Leave out"), value=""),
        *options,
        value=column.field,
        on_change=lambda key: ImportPage.take_column(column.place, key),
        class_name="input",
        aria_label=t("{column} is taken for", column=title_of(column)),
    )
