"""Files that people bring along, as tables: CSV, XLSX and iCalendar in, rows of cells out, in bounded memory."""

from __future__ import annotations

from appointments_app.integrations.imports.errors import error_file
from appointments_app.integrations.imports.opening import open_table

__all__ = ["error_file", "open_table"]
