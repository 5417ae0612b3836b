"""The secret key: made once, kept to its owner, and what is encrypted with it."""

from __future__ import annotations

import stat
import threading
from pathlib import Path

import pytest

from appointments_app.integrations.secret_key import Unreadable, decrypt, derived, encrypt, secret_key
from appointments_app.settings import Settings, SettingsError


def test_a_key_is_made_once_beside_the_database_for_its_owner_only(tmp_path: Path):
    database = tmp_path / "data" / "appointments.db"
    key = secret_key("", database)
    assert len(key) >= 32 and secret_key("", database) == key
    (file,) = database.parent.iterdir()
    assert file.name == "appointments.key" and stat.S_IMODE(file.stat().st_mode) == 0o600


def test_processes_that_start_at_once_agree_on_the_key(tmp_path: Path):
    start, keys = threading.Barrier(8), []

    def begin() -> None:
        start.wait()
        keys.append(secret_key("", tmp_path / "appointments.db"))

    threads = [threading.Thread(target=begin) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(keys) == 8 and len(set(keys)) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["appointments.key"]


def test_a_given_key_wins_and_no_file_is_written(tmp_path: Path):
    assert secret_key("k" * 32, tmp_path / "appointments.db") == b"k" * 32
    assert not list(tmp_path.iterdir())


def test_each_purpose_has_a_key_of_its_own():
    keys = {derived(b"k" * 32, purpose) for purpose in ("links", "channels", "second factor")}
    assert len(keys) == 3 and all(len(key) == 32 for key in keys)


def test_what_was_encrypted_is_read_with_the_same_key_only():
    key = derived(b"k" * 32, "channels")
    hidden = encrypt(key, "pässword ✓")
    assert "pässword" not in hidden and hidden != encrypt(key, "pässword ✓")
    assert decrypt(key, hidden) == "pässword ✓"
    for wrong_key, text in ((derived(b"k" * 32, "links"), hidden), (key, hidden[:-8] + "AAAAAAA="), (key, "nonsense")):
        with pytest.raises(Unreadable):
            decrypt(wrong_key, text)


def test_postgresql_needs_a_key_that_is_long_enough():
    place = {"APPOINTMENTS_DATABASE_URL": "postgresql://desk@db.internal/appointments"}
    for key in ({}, {"APPOINTMENTS_SECRET_KEY": "short"}):
        with pytest.raises(SettingsError, match="SECRET_KEY"):
            Settings.from_env({**place, **key})
    assert Settings.from_env({**place, "APPOINTMENTS_SECRET_KEY": "k" * 32}).secret_key == "k" * 32
    assert Settings.from_env({}).secret_key == ""
