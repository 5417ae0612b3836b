"""How handlers are called with what is somebody else's: from which pages, with which arguments."""

from __future__ import annotations

import re

from appointments_app.appointments_app import PAGES
from tests.session.contract import Handler
from tests.session.world import FOREIGN

VERBS = ("done", "dismissed", "scheduled", "delete", "archive", "restore", "deactivate", "all")
QUERY = {
    name: str(FOREIGN)
    for name in (
        "appointment_id", "client_id", "staff_id", "order_id", "booking_id", "rule_id", "service_id", "template_id",
        "run_id", "client", "action", "id", "work_order", "service", "staff",
    )
}  # fmt: skip
"""What an address says behind its question mark, and what the framework reads out of its path."""

_PAGES = tuple(page.route for page in PAGES if "[" in page.route)
_OF_A_RECORD = tuple(re.sub(r"\[\w+\]", str(FOREIGN), route) for route in _PAGES)


def addresses(each: Handler, person: str) -> tuple[str, ...]:
    """Return the pages a handler is called from: of every kind of foreign record, where its arguments name none.

    For whoever reaches least: strangers reach no handler whatever the page, and the others are let see more.
    """
    return _OF_A_RECORD if not each.arguments and person == "staff" else _OF_A_RECORD[:1]


def foreign_arguments(each: Handler) -> list[dict[str, object]]:
    """Return arguments that name what is not theirs, with each verb that a menu could send."""
    if not each.arguments:
        return [{}]
    named = {
        "id": FOREIGN, "client": str(FOREIGN), "client_id": str(FOREIGN), "name": "x", "role": "owner",
        "erase_name": "x", "staff": [str(FOREIGN)], "service": str(FOREIGN), "work_order": str(FOREIGN),
    }  # fmt: skip
    same: list[object] = [FOREIGN, str(FOREIGN), [f"appointment:{FOREIGN}", f"client:{FOREIGN}"], named]
    found = [dict.fromkeys(each.arguments, value) for value in same]
    if len(each.arguments) > 1:
        first, *others = each.arguments
        found += [{first: FOREIGN, **dict.fromkeys(others, verb)} for verb in VERBS]
    return found
