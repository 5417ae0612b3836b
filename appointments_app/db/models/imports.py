"""Files that were brought along: what is known of each, the file itself in pieces, and how its columns were read."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel


class ImportRun(SQLModel, table=True):
    """One file, from its upload to what became of its rows."""

    __tablename__ = "import_run"

    id: int | None = Field(default=None, primary_key=True)
    kind: str = Field(max_length=12, description="domain.importing.Kind")
    state: str = Field(default="open", max_length=10, description="domain.importing.State")
    file_name: str = Field(max_length=200)
    file_kind: str = Field(max_length=4, description="csv, xlsx or ics")
    delimiter: str = Field(default=",", max_length=1)
    sheets: int = 1
    size: int = Field(description="bytes")
    head: int = Field(description="the place of the row of titles, -1 for none")
    titles: str = Field(description="the titles of the columns as JSON")
    samples: str = Field(default="[]", description="the first rows as JSON")
    mapping: str = Field(default="{}", description="column → field as JSON")
    options: str = Field(default="{}", description="domain.importing.Options as JSON")
    total: int = Field(default=0, description="rows, once it was checked")
    created: int = 0
    updated: int = 0
    skipped: int = 0
    refused: int = 0
    added: str = Field(default="{}", description="what was added on the way, as JSON: clients, actions, staff")
    checked_at: datetime | None = None
    finished_at: datetime | None = None
    change_id: int | None = Field(default=None, foreign_key="change.id", description="under which rows were created")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    created_at: datetime


class ImportPart(SQLModel, table=True):
    """One piece of what belongs to a run: of its file, or a page of rows with the same outcome."""

    __tablename__ = "import_part"
    __table_args__ = ({"sqlite_with_rowid": False},)

    run_id: int = Field(foreign_key="import_run.id", primary_key=True, ondelete="CASCADE")
    kind: str = Field(primary_key=True, max_length=10)
    number: int = Field(primary_key=True)
    body: bytes


class ImportShape(SQLModel, table=True):
    """How the columns of a file were read, for the next one with the same columns."""

    __tablename__ = "import_shape"

    fingerprint: str = Field(primary_key=True, max_length=64)
    mapping: str
    options: str
    used_at: datetime
