"""What would become, or became, of the rows: by outcome, row by row, with the reason at the cell."""

import reflex as rx

from appointments_app.domain.importing import Outcome
from appointments_app.features.imports.components.columns import title_of
from appointments_app.features.imports.state import CellView, ImportPage, RowView
from appointments_app.ui.blocks import empty, link_button, tab
from appointments_app.ui.i18n import fmt, t


def outcomes() -> rx.Component:
    """Tabs with counts, and the rows of the one that is open."""
    view = ImportPage.view
    is_done = view.finished_at != ""
    words = {
        Outcome.CREATE: rx.cond(is_done, t("Created", context="records"), t("Will be created")),
        Outcome.UPDATE: rx.cond(is_done, t("Updated"), t("Will be updated")),
        Outcome.SKIP: rx.cond(is_done, t("Skipped"), t("Will be skipped")),
        Outcome.REFUSE: t("Refused"),
    }
    counted = {
        Outcome.CREATE: "created",
        Outcome.UPDATE: "updated",
        Outcome.SKIP: "skipped",
        Outcome.REFUSE: "refused",
    }
    tabs = [
        tab(
            word,
            ImportPage.tabs[outcome.value],
            current=ImportPage.outcome == outcome.value,
            count=fmt.number(view.counts[counted[outcome]]),
        )
        for outcome, word in words.items()
    ]
    return rx.el.section(
        rx.el.nav(*tabs, class_name="tabs", aria_label=t("What becomes of the rows")),
        rx.cond(ImportPage.outcome == Outcome.REFUSE.value, _error_file(), rx.fragment()),
        rx.cond(ImportPage.rows.length() > 0, _table(), _none()),
        class_name="stack loose",
    )


def _error_file() -> rx.Component:
    link = rx.el.a(
        rx.icon("download", size=15, aria_hidden="true"),
        t("Download the refused rows"),
        href=ImportPage.refused_link,
        download=True,
        class_name="btn",
        custom_attrs={"reloadDocument": True},
    )
    told = rx.el.span(t("Correct them in that file and bring it in: the others are known by then."), class_name="muted")
    return rx.cond(ImportPage.rows.length() > 0, rx.el.div(link, told, class_name="row wrap"), rx.fragment())


def _none() -> rx.Component:
    return rx.el.div(
        empty("circle-check", t("No rows here"), t("No row of the file comes to this.")), class_name="card"
    )


def _table() -> rx.Component:
    head = rx.el.thead(
        rx.el.tr(
            rx.el.th(t("Row"), scope="col"),
            rx.foreach(ImportPage.shown, lambda column: rx.el.th(rx.el.bdi(title_of(column)), scope="col")),
        )
    )
    table = rx.el.table(
        head, rx.el.tbody(rx.foreach(ImportPage.rows, _row)), class_name="table import-rows cards-on-phone"
    )
    pages = rx.el.div(
        rx.cond(ImportPage.previous != "", link_button(t("Previous"), ImportPage.previous), rx.fragment()),
        rx.cond(ImportPage.following != "", link_button(t("Next"), ImportPage.following), rx.fragment()),
        rx.el.span(
            t("Page {page} of {pages}", page=fmt.number(ImportPage.page + 1), pages=fmt.number(ImportPage.pages)),
            class_name="muted",
        ),
        class_name="row wrap",
    )
    return rx.fragment(
        rx.el.div(table, class_name="table-wrap", tab_index=0, role="region", aria_label=t("Rows of the file")),
        rx.cond(ImportPage.pages > 1, pages, rx.fragment()),
    )


def _row(row: rx.vars.ObjectVar[RowView]) -> rx.Component:
    why = rx.cond(row.why != "", rx.el.div(row.why, class_name="field-error"), rx.fragment())
    return rx.el.tr(
        rx.el.td(rx.el.span(fmt.number(row.number), class_name="num"), why, custom_attrs={"data-title": t("Row")}),
        rx.foreach(row.cells, lambda cell, place: _cell(cell, title_of(ImportPage.shown[place]))),
        key=row.number.to_string(),
    )


def _cell(cell: rx.vars.ObjectVar[CellView], title: rx.Var[str]) -> rx.Component:
    """One cell; on a phone it is a line of the row's card, led by the title of its column."""
    return rx.el.td(
        rx.el.bdi(cell.text),
        rx.cond(cell.why != "", rx.el.div(cell.why, class_name="field-error"), rx.fragment()),
        custom_attrs={"data-wrong": rx.cond(cell.why != "", "true", "false"), "data-title": title},
    )
