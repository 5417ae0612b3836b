"""Spreadsheet files as streams of bytes: rows in, CSV, TSV or XLSX chunks out, in flat memory.

Knows nothing of the database or the screen. Closing the stream stops the work and closes the rows.
"""

from __future__ import annotations

from appointments_app.integrations.spreadsheets.columns import Column, Kind
from appointments_app.integrations.spreadsheets.file_types import FileType
from appointments_app.integrations.spreadsheets.stream import write

__all__ = ["Column", "FileType", "Kind", "write"]
