"""``appointments import``."""

from __future__ import annotations

from pathlib import Path

import pytest

from appointments_app import cli
from appointments_app.features.imports import service
from tests.imports.conftest import Mover
from tests.imports.corpus import FOLDER

ROWS = [["Who", "Phone", "E-mail"], ["Cleo", "01001234567", ""], ["Dina", "12", ""]]


@pytest.fixture(autouse=True)
def _migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "_migrated", lambda: None)


def test_a_file_is_tried_and_imported(mover: Mover, capsys: pytest.CaptureFixture[str], tmp_path: Path):
    path = str(mover.file("file.csv", ROWS))
    assert cli.main(["import", path, "--kind", "clients"]) == 1
    assert "Choose the column that holds the client's name." in capsys.readouterr().err
    mapped = ["import", path, "--kind", "clients", "--map", "Who=name"]
    assert cli.main([*mapped, "--dry-run"]) == 0
    assert "Would be: 1 created, 0 updated, 0 skipped, 1 refused." in capsys.readouterr().out
    assert mover.clients() == [] and service.list_runs(mover.desk.uow, actor=mover.ada) == []
    errors = tmp_path / "errors.csv"
    assert cli.main([*mapped, "--errors", str(errors)]) == 0
    said = capsys.readouterr().out
    assert "1 created" in said and "row 3: Phone: This is not a phone number." in said
    assert [one.name for one in mover.clients()] == ["Cleo"]
    assert errors.read_text("utf-8-sig").splitlines()[1] == "Dina,12,,Phone: This is not a phone number."


def test_a_wrong_column_or_file_is_said(mover: Mover, capsys: pytest.CaptureFixture[str]):
    path = str(mover.file("file.csv", ROWS))
    assert cli.main(["import", path, "--kind", "clients", "--map", "Whom=name"]) == 1
    assert "There is no column 'Whom'" in capsys.readouterr().err
    assert cli.main(["import", path + "x", "--kind", "clients"]) == 1
    assert "There is no file" in capsys.readouterr().err
    assert service.list_runs(mover.desk.uow, actor=mover.ada) == []


def test_all_day_events_begin_at_the_time_that_is_given_or_are_refused(
    mover: Mover, capsys: pytest.CaptureFixture[str]
):
    path = str(FOLDER / "all-day.ics")
    command = ["import", path, "--kind", "appointments", "--all-day"]
    assert cli.main([*command, "refuse"]) == 0
    assert "0 created, 0 updated, 0 skipped, 1 refused" in capsys.readouterr().out
    assert cli.main([*command, "late"]) == 1
    assert "Enter a time." in capsys.readouterr().err
    assert cli.main([*command, "08:15"]) == 0
    assert [f"{one.start_at:%H:%M}" for one in mover.appointments()] == ["06:15"]
