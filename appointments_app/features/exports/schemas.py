"""What may be asked of an export: fields, order, kind of file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from appointments_app.domain.errors import Invalid
from appointments_app.domain.listing import AppointmentFilter, Selection, is_id
from appointments_app.domain.words import N_

MOST_IDS = 1000
"""So many appointments can be named one by one; more are exported as "all that match"."""

FIELD_TITLES: dict[str, str] = {
    "start": N_("Date and time"),
    "end": N_("End"),
    "minutes": N_("Duration (minutes)"),
    "client": N_("Client"),
    "business": N_("Business name"),
    "phone": N_("Phone"),
    "email": N_("E-mail"),
    "action": N_("Action"),
    "kind": N_("Kind"),
    "staff": N_("Staff"),
    "status": N_("Status"),
    "outcome": N_("Outcome"),
    "shared": N_("Shared with client"),
    "confirmed": N_("Confirmed at"),
    "notes": N_("Notes"),
    "created": N_("Created"),
}
"""Every field, in the order of the columns."""

KINDS = {
    **dict.fromkeys(("start", "end", "confirmed", "created"), "datetime"),
    "minutes": "number",
    "shared": "bool",
}
"""What a field holds, where it is not text."""

ORDERS = ("asc", "desc")

FILE_TYPES: dict[str, str] = {
    "xlsx": N_("Excel (XLSX)"),
    "csv-comma": N_("CSV, separated by commas"),
    "csv-semicolon": N_("CSV, separated by semicolons"),
    "tsv": N_("Text, separated by tabs (TSV)"),
}


@dataclass(frozen=True)
class Wanted:
    """One export as it was asked for."""

    selection: Selection
    fields: tuple[str, ...] = tuple(FIELD_TITLES)
    descending: bool = False
    file_type: str = "xlsx"


def wanted_in(query: Mapping[str, str]) -> Wanted:
    """Return the export that an address asks for; raise Invalid for anything that is not on offer."""
    errors: dict[str, str] = {}
    fields = tuple(query["fields"].split(",")) if query.get("fields") else ()
    if "fields" not in query:
        fields = tuple(FIELD_TITLES)
    elif not fields:
        errors["fields"] = N_("Choose at least one field.")
    elif len(set(fields)) < len(fields) or not FIELD_TITLES.keys() >= set(fields):
        errors["fields"] = N_("There is no such field.")
    if (order := query.get("order", "asc")) not in ORDERS:
        errors["order"] = N_("There is no such order.")
    if (file_type := query.get("type", "xlsx")) not in FILE_TYPES:
        errors["type"] = N_("There is no such kind of file.")
    selection = _selection(query, errors)
    if errors:
        raise Invalid(next(iter(errors.values())), fields=errors)
    return Wanted(selection, fields, order == "desc", file_type)


def _selection(query: Mapping[str, str], errors: dict[str, str]) -> Selection:
    if "ids" not in query:
        return Selection(matching=AppointmentFilter.from_query(query))
    parts = query["ids"].split(",", MOST_IDS)
    if len(parts) > MOST_IDS:
        errors["ids"] = N_("Too many appointments were selected one by one. Select all that match instead.")
    elif not all(map(is_id, parts)):
        errors["ids"] = N_("Choose appointments from the list.")
    return Selection(ids=() if errors else tuple(map(int, parts)))
