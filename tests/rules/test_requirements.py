"""Every requirement that is done has a test named after it: ``test_r15_…``, ``test_r5_to_r8_…``."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.rules.sources import ROOT, Function

DONE = {
    1: "independent with an action, or linked to a work order or a booking",
    2: "the two kinds of appointment are told apart",
    3: "scheduled from its record; deleting one keeps what is done",
    4: "Clients, with Appointments and Manage Clients under it",
    5: "the client's drop-down",
    6: "date",
    7: "time",
    8: "duration",
    9: "action",
    10: "notes",
    11: "share with client: all 16 combinations of what decides whether the client sees it",
    12: "Recurring, Frequency, End date",
    13: "without end: 2040 shows the occurrence, storage stays bounded",
    14: "staff",
    15: "Save leads to that client's list",
    16: "the 31st and 29 February",
    17: "wall time across daylight saving",
    18: "Edit Actions List",
    19: "Add New Action",
    20: "actions are renamed, coloured, ordered, deactivated",
    21: "the tabs of a client's file",
    22: "the status filter of a client's file",
    23: "the nearest active appointment",
    24: "the three-dots menu",
    25: "the complete list",
    26: "Actions for the selection",
    27: "the page is selected, then all that match",
    28: "bulk changes ask, can be undone, and report what they skipped; SMS shows a preview",
    29: "this / this and following / all",
    30: "a client sees shared appointments and confirms them",
    31: "staff see the confirmation; only a button confirms; rescheduling resets it",
    32: "reminders by rules: each once, decided again at the moment of sending",
    33: "every occurrence is reminded of; a rule that changes plans anew",
    34: "Export: the selected rows, or all that match",
    35: "the dialog of the export",
    36: "the files of the export",
    37: "client settings, and suspending one client",
    38: "roles, with all or own",
}
NUMBERS = re.compile(r"r(\d+)(?:_to_r(\d+))?(?=_)")


def numbers_in(name: str) -> set[int]:
    """Return the requirements a test is named after."""
    found: set[int] = set()
    place = len("test_")
    while name.startswith("test_") and (named := NUMBERS.match(name, place)):
        found |= set(range(int(named[1]), int(named[2] or named[1]) + 1))
        place = named.end() + 1
    return found


def _named() -> set[int]:
    found: set[int] = set()
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
            if isinstance(node, Function):
                found |= numbers_in(node.name)
    return found


NAMED = _named()


@pytest.mark.parametrize("number", DONE, ids=lambda number: f"R{number}")
def test_a_requirement_that_is_done_has_a_test_named_after_it(number: int) -> None:
    assert number in NAMED, f"R{number}, {DONE[number]}: no test is named after it"


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("test_r15_save_leads_there", {15}),
        ("test_r9_r18_r19_an_action", {9, 18, 19}),
        ("test_r5_to_r8_what_is_missing", {5, 6, 7, 8}),
        ("test_r2d2_is_a_robot", set()),
        ("test_one_of_r4_items", set()),
    ],
)
def test_the_rule_reads_numbers_from_names(name: str, numbers: set[int]) -> None:
    assert numbers_in(name) == numbers
