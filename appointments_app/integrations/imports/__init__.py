"""Files that people bring along, as tables: CSV, XLSX and iCalendar in, rows of cells out, in bounded memory."""

from __future__ import annotations

from appointments_app.integrations.imports.opening import open_table
from appointments_app.integrations.imports.table import FileKind, Row, Table

__all__ = ["FileKind", "Row", "Table", "open_table"]
