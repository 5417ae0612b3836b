"""``make bench`` still runs; how fast is not a test's business."""

from __future__ import annotations

import json
import subprocess
import sys

from tests.services.machine import ROOT

ROWS = ("1", "8", "10", "13", "16")


def test_rows_of_the_benchmarks_are_measured() -> None:
    command = [sys.executable, "-m", "tests.benchmarks", "--engine", "sqlite", "--rows", "1000", "--once"]
    command += [word for row in ROWS for word in ("--only", row)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode in (0, 1), done.stderr
    assert "targets met" in done.stderr
    names = [json.loads(line)["name"] for line in done.stdout.splitlines()]
    assert names
    for row in ROWS:
        assert any(name.startswith(f"{row} ") for name in names), f"row {row} is missing: {names}"
    assert all(name.startswith(ROWS) for name in names)
