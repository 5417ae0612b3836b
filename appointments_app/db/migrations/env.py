"""Alembic's entry: runs the migrations on the connection that ``db.migrate`` hands over."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import appointments_app.db.models  # noqa: F401  fills the metadata

OWN_INDEXES = ("_trigram",)
"""Endings of indexes and tables that only migrations know: trigram search differs by database."""


def include(thing: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """Leave the trigram indexes and SQLite's shadow tables out of the comparison with the models."""
    return not (name and reflected and any(part in name for part in OWN_INDEXES))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=context.config.attributes["connection"].dialect.name == "sqlite",
    compare_type=True,
    include_object=include,
)
with context.begin_transaction():
    context.run_migrations()
