"""What people run is what was tested: both lists of exact versions agree."""

from __future__ import annotations

import re

from tests.rules.sources import ROOT

PINNED = re.compile(r"^([\w.-]+)(?:\[[^]]*\])?==(\S+)", re.MULTILINE)


def _versions(name: str) -> dict[str, str]:
    return dict(PINNED.findall((ROOT / name).read_text()))


def test_every_package_that_runs_is_tested_in_the_same_version():
    runs, tested = _versions("requirements.lock"), _versions("requirements-test.lock")
    assert len(runs) > 30
    assert {name: version for name, version in runs.items() if tested.get(name) != version} == {}
