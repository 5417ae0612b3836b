"""An empty table to fill in, with the titles that are known."""

from __future__ import annotations

from appointments_app import runtime
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.importing import FIELDS, Kind
from appointments_app.features.imports.service.files import read_kind

_EXAMPLES = {
    Kind.CLIENTS: {
        "name": "Sample Client",
        "business_name": "Sample & Co",
        "email": "client@example.com",
        "phone": "+44 20 7946 0000",
        "address": "1 Sample Street",
        "notes": "This row is an example: delete it",
        "tags": "new, example",
        "birth_date": "1990-05-31",
    },
    Kind.APPOINTMENTS: {
        "date": "2026-12-31",
        "time": "14:30",
        "minutes": "45",
        "client": "Sample Client",
        "phone": "+44 20 7946 0000",
        "email": "client@example.com",
        "action": "Consultation",
        "staff": "",
        "status": "Scheduled",
        "notes": "This row is an example: delete it",
    },
}


def template(*, actor: Actor, kind: object) -> list[tuple[str, ...]]:
    """Return the titles of a table in the actor's language, and an example of a row."""
    actor.require(Permission.SETTINGS)
    wanted = read_kind(kind)
    example = _EXAMPLES[wanted]
    fields = [field for field in FIELDS[wanted] if field.key in example]
    titles = tuple(runtime.translate(actor.language, field.title) for field in fields)
    return [titles, tuple(example[field.key] for field in fields)]
