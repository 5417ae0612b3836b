"""Rules of the sources themselves: sizes, and a layout that mirrors for Arabic."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.rules.sources import PACKAGE, ROOT, functions, modules

TESTS = ROOT / "tests"
LONGEST_FILE = 400
LONGEST_FUNCTION = 60
EXEMPT = {
    "appointments_app/db/migrations": "a migration lists every column of every table",
}

SIDES = "left|right"
PHYSICAL_CSS = re.compile(
    rf"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:{SIDES})\b|(?:{SIDES})\s*:"
    rf"|text-align\s*:\s*(?:{SIDES})|float\s*:\s*(?:{SIDES})|clear\s*:\s*(?:{SIDES})"
    rf"|border-(?:top|bottom)-(?:{SIDES})-radius)"
)
PHYSICAL_PYTHON = re.compile(
    rf"""\b(?:margin|padding|border)_?(?:{SIDES})\b|(?i:\b(?:margin|padding|border)(?:{SIDES})\b)"""
    rf"""|["'](?:{SIDES})["']\s*:|\b(?:{SIDES})\s*=\s*["'\d]|text_?align["']?\s*[=:]\s*["'](?:{SIDES})["']""",
    re.IGNORECASE,
)


def _exempt(place: str) -> bool:
    return any(place.startswith(prefix) for prefix in EXEMPT)


def test_files_are_short():
    sizes = {str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines()) for path, _ in modules()}
    assert {place: size for place, size in sizes.items() if size > LONGEST_FILE and not _exempt(place)} == {}


def test_files_of_tests_are_short():
    sizes = {str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines()) for path in TESTS.rglob("*.py")}
    assert {place: size for place, size in sizes.items() if size > LONGEST_FILE} == {}


def test_functions_are_short():
    sizes = {place: (node.end_lineno or 0) - node.lineno + 1 for place, node in functions()}
    assert {place: size for place, size in sizes.items() if size > LONGEST_FUNCTION and not _exempt(place)} == {}


def _found(files: list[Path], pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in files
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if pattern.search(line.partition("//")[0] if path.suffix in {".js", ".jsx"} else line)
    ]


def test_the_look_knows_no_left_and_right():
    styles = [path for folder in (ROOT / "assets", PACKAGE) for path in folder.rglob("*.css")]
    own = [path for path in styles if "external" not in path.parts and "_site" not in path.parts]
    assert own and _found(own, PHYSICAL_CSS) == []


def test_screens_know_no_left_and_right():
    screens = [path for path, _ in modules() if {"ui", "features"} & set(path.parts)]
    assert _found(screens, PHYSICAL_PYTHON) == []


@pytest.mark.parametrize("line", ["a { margin-left: 1px }", "left: 0;", "x{text-align:right}", "border-right: none"])
def test_the_rule_finds_what_it_is_for(line: str):
    assert PHYSICAL_CSS.search(line)


@pytest.mark.parametrize("line", ['style={"marginLeft": 1}', 'margin_right="2px"', '"left": "0"', 'text_align="right"'])
def test_the_rule_finds_it_in_python_too(line: str):
    assert PHYSICAL_PYTHON.search(line)
