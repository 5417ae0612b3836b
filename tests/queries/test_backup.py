"""A copy of a SQLite database: whole or not at all, and nobody else's to read."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from appointments_app.db.backup import copy_sqlite


def test_a_copy_is_whole_and_takes_the_place_of_no_other(sqlite_template: Path, tmp_path: Path):
    target = tmp_path / "copies" / "copy.db"
    copy_sqlite(sqlite_template, target)
    with sqlite3.connect(target) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert copy.execute("SELECT count(*) FROM business").fetchone() == (0,)
    assert target.stat().st_mode & 0o077 == 0
    before = target.read_bytes()
    with pytest.raises(FileExistsError):
        copy_sqlite(sqlite_template, target)
    assert target.read_bytes() == before


def test_of_a_copy_that_fails_nothing_is_left_that_could_be_taken_for_one(tmp_path: Path):
    source, target = tmp_path / "damaged.db", tmp_path / "copy.db"
    source.write_bytes(b"no database" * 1_000)
    with pytest.raises(sqlite3.DatabaseError):
        copy_sqlite(source, target)
    assert not target.exists()
