"""The README names every setting and every command there is, and shows pictures that exist."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from appointments_app.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_every_setting_is_in_the_table_with_its_default() -> None:
    for field in fields(Settings):
        row = re.search(rf"^\| `{PREFIX}{field.name.upper()}` \| (.*?) \|", README, flags=re.MULTILINE)
        assert row, f"{field.name} is not documented"
        if field.default and field.name != "public_url":
            assert f"`{field.default}`" in row[1]


def test_no_setting_is_documented_that_does_not_exist() -> None:
    assert {name.lower() for name in re.findall(rf"`{PREFIX}(\w+)`", README)} == {
        field.name for field in fields(Settings)
    }


@pytest.mark.parametrize("target", ["run", "test", "demo", "dev", "lint", "bench", "wheel", "help"])
def test_every_make_target_the_readme_names_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert f"make {target}" in README


def test_every_picture_is_there() -> None:
    for picture in re.findall(r"\]\((docs/screenshots/[^)]+)\)", README):
        assert (ROOT / picture).is_file(), picture
