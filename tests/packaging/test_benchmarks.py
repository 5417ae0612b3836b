"""``make bench`` still runs; how fast is not a test's business."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.services.machine import ROOT


@pytest.mark.parametrize("row", ["1", "8", "13", "16"])
def test_a_row_of_the_benchmarks_is_measured(row: str) -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "--engine", "sqlite", "--rows", "1000", "--only", row]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    assert "targets met" in done.stderr
    assert all(json.loads(line)["name"].startswith(row) for line in done.stdout.splitlines())
    assert done.stdout
