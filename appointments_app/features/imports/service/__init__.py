"""Use-cases of imports: take a file in, match its columns, try it, import it, take it back."""

from __future__ import annotations

from appointments_app.features.imports.service.carrying import Result, carry_out, check
from appointments_app.features.imports.service.files import LARGEST, keep_going, take_in
from appointments_app.features.imports.service.report import PAGE, ReportRow
from appointments_app.features.imports.service.templates import template
from appointments_app.features.imports.service.undoing import Undone, undo
from appointments_app.features.imports.service.views import (
    ColumnView,
    Refusals,
    RunView,
    choose_field,
    choose_option,
    forget,
    in_words,
    list_runs,
    open_run,
    refusals,
    rows,
    shown,
)

__all__ = [
    "LARGEST",
    "PAGE",
    "ColumnView",
    "Refusals",
    "ReportRow",
    "Result",
    "RunView",
    "Undone",
    "carry_out",
    "check",
    "choose_field",
    "choose_option",
    "forget",
    "in_words",
    "keep_going",
    "list_runs",
    "open_run",
    "refusals",
    "rows",
    "shown",
    "take_in",
    "template",
    "undo",
]
