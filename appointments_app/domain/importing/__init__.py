"""Taking in what another program kept: which column is what, what a cell means, and who is known already."""

from __future__ import annotations

from appointments_app.domain.importing.fields import FIELDS, Field, Kind
from appointments_app.domain.importing.matching import Shape, match, shape_of
from appointments_app.domain.importing.options import Options, Twins
from appointments_app.domain.importing.rows import AppointmentRecord, Cell, ClientRecord, Refused, read_row

__all__ = [
    "FIELDS",
    "AppointmentRecord",
    "Cell",
    "ClientRecord",
    "Field",
    "Kind",
    "Options",
    "Refused",
    "Shape",
    "Twins",
    "match",
    "read_row",
    "shape_of",
]
