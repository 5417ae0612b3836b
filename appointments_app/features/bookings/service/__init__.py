"""Use-cases of bookings."""

from appointments_app.features.bookings.service.book import (
    Asked,
    confirm,
    delete,
    make,
    move,
    reserve,
    set_status,
)
from appointments_app.features.bookings.service.free import (
    FirstFree,
    FirstFreeView,
    FreeDay,
    FreeDays,
    FreeStart,
    first_free,
    free_days,
    rules_of,
)
from appointments_app.features.bookings.service.list import (
    BookingList,
    BookingRecord,
    capped_counts,
    list_view,
    open_booking,
)
from appointments_app.features.bookings.service.wizard import ANYONE, Step, WizardView, keep_notes, open_wizard

__all__ = [
    "ANYONE",
    "Asked",
    "BookingList",
    "BookingRecord",
    "FirstFree",
    "FirstFreeView",
    "FreeDay",
    "FreeDays",
    "FreeStart",
    "Step",
    "WizardView",
    "capped_counts",
    "confirm",
    "delete",
    "first_free",
    "free_days",
    "keep_notes",
    "list_view",
    "make",
    "move",
    "open_booking",
    "open_wizard",
    "reserve",
    "rules_of",
    "set_status",
]
