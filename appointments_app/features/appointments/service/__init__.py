"""Use-cases of appointments: the list, booking, drafts of the form, the actions list."""

from appointments_app.features.appointments.service.list import (
    BulkResult,
    ListView,
    bulk_action,
    delete,
    exact_count,
    list_rows,
    list_view,
    set_status,
    undo,
)

__all__ = ["BulkResult", "ListView", "bulk_action", "delete", "exact_count", "list_rows", "list_view", "set_status", "undo"]
