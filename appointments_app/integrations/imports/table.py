"""What every kind of file is held to."""

from __future__ import annotations

from collections.abc import Iterator

from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing.table import MOST_COLUMNS, Row
from appointments_app.domain.words import N_

MOST_ROWS = 500_000
LONGEST_CELL = 100_000
CELL_TOO_LONG = N_("A cell holds more than 100,000 characters. Shorten it and upload the file again.")
DAMAGED = N_("The file is damaged, or was not copied completely.")
TOO_LARGE = N_("The file unpacks to far more than it seems to hold, so it was not opened.")


def unreadable(message: str) -> Invalid:
    """Return the refusal of a whole file."""
    return Invalid(message, fields={"file": message})


def bounded(rows: Iterator[Row]) -> Iterator[Row]:
    """Yield the rows that are not empty, as wide as a table may be; raise Invalid when they are too many."""
    count = 0
    for row in rows:
        if any(cell is not None and cell != "" for cell in row.cells):
            count += 1
            if count > MOST_ROWS:
                raise unreadable(N_("The file has more than 500,000 rows. Split it into smaller ones."))
            yield row if len(row.cells) <= MOST_COLUMNS else row._replace(cells=row.cells[:MOST_COLUMNS])
