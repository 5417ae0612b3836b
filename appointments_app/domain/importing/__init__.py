"""Taking in what another program kept: which column is what, what a cell means, and who is known already."""

from __future__ import annotations

from appointments_app.domain.importing.cells import Refused, as_text, columns_of
from appointments_app.domain.importing.fields import FIELDS, Field, Kind, missing
from appointments_app.domain.importing.known import AMBIGUOUS, Clients, Facts, Twin
from appointments_app.domain.importing.matching import Shape, match, order_in, shape_of
from appointments_app.domain.importing.options import Options, Order, Outcome, State, Twins
from appointments_app.domain.importing.rows import (
    AppointmentRecord,
    ClientRecord,
    forget_seen,
    names_in,
    read_row,
)
from appointments_app.domain.importing.table import Cell, FileKind, Repeating, Row, Table

__all__ = [
    "AMBIGUOUS",
    "FIELDS",
    "AppointmentRecord",
    "Cell",
    "ClientRecord",
    "Clients",
    "Facts",
    "Field",
    "FileKind",
    "Kind",
    "Options",
    "Order",
    "Outcome",
    "Refused",
    "Repeating",
    "Row",
    "Shape",
    "State",
    "Table",
    "Twin",
    "Twins",
    "as_text",
    "columns_of",
    "forget_seen",
    "match",
    "missing",
    "names_in",
    "order_in",
    "read_row",
    "shape_of",
]
