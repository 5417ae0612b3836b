"""The kinds of file an export can be."""

from __future__ import annotations

from enum import StrEnum

_XLSX_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class FileType(StrEnum):
    """A file type offered in the export dialog."""

    XLSX = "xlsx"
    CSV_COMMA = "csv_comma"
    CSV_SEMICOLON = "csv_semicolon"
    TSV = "tsv"

    @property
    def extension(self) -> str:
        """The file name's ending, without the dot."""
        return "csv" if self in (FileType.CSV_COMMA, FileType.CSV_SEMICOLON) else self.value

    @property
    def media_type(self) -> str:
        """The value of the Content-Type header."""
        if self is FileType.XLSX:
            return _XLSX_MEDIA_TYPE
        return "text/tab-separated-values; charset=utf-8" if self is FileType.TSV else "text/csv; charset=utf-8"
