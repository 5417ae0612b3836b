"""Where files come in: what the next one holds, where to drop it, and the earlier ones."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.imports import RunRow
from appointments_app.domain.importing import Kind, State
from appointments_app.features.imports.service import LARGEST
from appointments_app.features.imports.state import ImportsPage
from appointments_app.features.session.state import Shell
from appointments_app.ui.i18n import fmt, t, tn
from appointments_app.ui.parts.upload import upload

ENDINGS = ".csv,.tsv,.txt,.xlsx,.ics"


def kind_word(kind: Any) -> rx.Var[str]:
    """Return what the rows of a file are."""
    return rx.cond(kind == Kind.CLIENTS.value, t("Clients"), t("Appointments"))


def bring_in() -> rx.Component:
    """Choose what the file holds, and drop it."""
    is_clients = ImportsPage.kind == Kind.CLIENTS.value
    kinds = [
        rx.link(
            t("Clients") if kind is Kind.CLIENTS else t("Appointments"),
            href=f"{routes.IMPORTS}?kind={kind.value}",
            class_name="btn",
            underline="none",
            custom_attrs={"aria-current": rx.cond(ImportsPage.kind == kind.value, "true", "false")},
        )
        for kind in Kind
    ]
    kinds_of_file = rx.cond(
        is_clients,
        t("CSV or Excel (XLSX), up to 60 MB."),
        t("CSV, Excel (XLSX) or calendar (.ics), up to 60 MB."),
    )
    promise = t("Nothing is stored before you have seen what would happen.")
    return rx.el.section(
        rx.el.div(
            rx.el.h2(t("Bring your data along")),
            rx.el.nav(*kinds, class_name="segments", aria_label=t("What the file holds")),
            class_name="row wrap spread",
        ),
        upload(
            url=f"{routes.IMPORT}?kind=" + ImportsPage.kind,
            label=t("Drop a file here, or choose one"),
            hint=rx.Var.create(f"{kinds_of_file} {promise}"),
            accept=ENDINGS,
            largest=LARGEST,
            on_done=ImportsPage.uploaded,
        ),
        rx.el.div(
            rx.el.span(t("No file yet? Start from a template:"), class_name="muted"),
            *(
                rx.el.a(
                    name,
                    href=f"{routes.IMPORT}/template/" + ImportsPage.kind + f".{ending}",
                    download=True,
                    class_name="link",
                )
                for name, ending in (("Excel (XLSX)", "xlsx"), ("CSV", "csv"))
            ),
            class_name="row wrap",
        ),
        class_name="card stack loose",
    )


def earlier() -> rx.Component:
    """What became of earlier files."""
    nobody = rx.el.p(t("Nothing was imported yet."), class_name="muted")
    listed = rx.el.ul(rx.foreach(ImportsPage.runs, _run), class_name="plain next-dates")
    return rx.el.section(
        rx.el.h2(t("Earlier imports")),
        rx.cond(ImportsPage.runs.length() > 0, listed, nobody),
        class_name="card stack loose",
    )


def _run(row: rx.vars.ObjectVar[RunRow]) -> rx.Component:
    counts = rx.el.span(
        tn("{n} new", "{n} new", row.created),
        " · ",
        tn("{n} updated", "{n} updated", row.updated),
        " · ",
        tn("{n} refused", "{n} refused", row.refused),
    )
    said = rx.match(
        row.state,
        (State.OPEN.value, rx.el.span(t("Not imported yet"), class_name="chip", custom_attrs={"data-tone": "warn"})),
        (State.UNDONE.value, rx.el.span(t("Undone"), class_name="chip")),
        rx.el.span(counts, class_name="muted"),
    )
    return rx.el.li(
        rx.el.div(
            rx.link(
                rx.el.bdi(row.file_name), href=f"{routes.IMPORTS}/" + row.id.to_string(), class_name="link truncate"
            ),
            rx.el.span(kind_word(row.kind), class_name="muted"),
            rx.el.div(class_name="grow"),
            said,
            rx.el.span(fmt.day_time(row.at, Shell.time_zone), class_name="muted num"),
            class_name="row wrap import-row",
        ),
        key=row.id.to_string(),
    )
