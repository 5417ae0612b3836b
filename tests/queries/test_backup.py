"""SQLite databases as files: nobody else's to read, and a copy is whole or not at all."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from appointments_app.db.backup import copy_sqlite
from appointments_app.db.engine import engine_for


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


def test_the_folder_that_is_made_for_a_database_is_nobody_elses_to_enter(tmp_path: Path):
    engine_for(f"sqlite:///{tmp_path / 'data' / 'new.db'}").dispose()
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0


def test_of_a_copy_that_fails_nothing_is_left_that_could_be_taken_for_one(tmp_path: Path):
    source, target = tmp_path / "damaged.db", tmp_path / "copy.db"
    source.write_bytes(b"no database" * 1_000)
    with pytest.raises(sqlite3.DatabaseError):
        copy_sqlite(source, target)
    assert not target.exists()


def test_a_new_database_is_for_nobody_elses_eyes(tmp_path: Path):
    engine = engine_for(f"sqlite:///{tmp_path}/new.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE diary (text TEXT)")
        modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    engine.dispose()
    assert modes == {"new.db": 0o600, "new.db-wal": 0o600, "new.db-shm": 0o600}
