"""Use-cases of appointments: the list, booking, drafts of the form, the actions list."""

from appointments_app.features.appointments.service.actions import (
    actions_list,
    add_action,
    change_action,
    delete_action,
    move_action,
    set_action_active,
)
from appointments_app.features.appointments.service.booking import (
    OpenForm,
    Outlook,
    book,
    edit,
    open_new,
    open_one,
    outlook,
)
from appointments_app.features.appointments.service.calendar import calendar_event
from appointments_app.features.appointments.service.choices import actions_on_offer, find_clients, find_staff
from appointments_app.features.appointments.service.drafts import discard, keep
from appointments_app.features.appointments.service.facts import Facts, facts_of
from appointments_app.features.appointments.service.horizon import extend, look_ahead
from appointments_app.features.appointments.service.horizon import stop as stop_series
from appointments_app.features.appointments.service.list import (
    BulkResult,
    ListView,
    bulk_action,
    capped_counts,
    delete,
    exact_count,
    list_rows,
    list_view,
    set_status,
)
from appointments_app.features.appointments.service.moving import Move, move
from appointments_app.features.appointments.service.preview import NextDate, Preview, PreviewRow, SeriesFacts
from appointments_app.features.appointments.service.series import ask_delete, read_reach
from appointments_app.features.appointments.service.series import delete as delete_occurrence

__all__ = [
    "BulkResult",
    "Facts",
    "ListView",
    "Move",
    "NextDate",
    "OpenForm",
    "Outlook",
    "Preview",
    "PreviewRow",
    "SeriesFacts",
    "actions_list",
    "actions_on_offer",
    "add_action",
    "ask_delete",
    "book",
    "bulk_action",
    "calendar_event",
    "capped_counts",
    "change_action",
    "delete",
    "delete_action",
    "delete_occurrence",
    "discard",
    "edit",
    "exact_count",
    "extend",
    "facts_of",
    "find_clients",
    "find_staff",
    "keep",
    "list_rows",
    "list_view",
    "look_ahead",
    "move",
    "move_action",
    "open_new",
    "open_one",
    "outlook",
    "read_reach",
    "set_action_active",
    "set_status",
    "stop_series",
]
