"""The small practice of the tests of appointments, and forms of work orders that are valid unless changed."""

from __future__ import annotations

from typing import Any

from appointments_app.features.work_orders import service
from tests.appointments.conftest import Practice, practice, token

__all__ = ["create", "form", "practice"]


def form(practice: Practice, **changes: Any) -> dict[str, Any]:
    """Return a valid form: a lift for Cleo."""
    blank = dict.fromkeys(("number", "starts_on", "ends_on", "description", "tags", "budget"), "")
    return blank | {"title": "Lift", "client": str(practice.cleo), "currency": "EUR", "staff": []} | changes


def create(practice: Practice, *, is_draft: bool = False, **changes: Any) -> int:
    """Create a work order; return its id."""
    given = form(practice, **changes)
    return service.create(practice.uow, actor=practice.ada, form=given, token=token(), is_draft=is_draft)
