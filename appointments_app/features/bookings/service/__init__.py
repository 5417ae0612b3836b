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
    FreeDay,
    FreeStart,
    first_free,
    free_days,
    rules_of,
)

__all__ = [
    "Asked",
    "FirstFree",
    "FreeDay",
    "FreeStart",
    "confirm",
    "delete",
    "first_free",
    "free_days",
    "make",
    "move",
    "reserve",
    "rules_of",
    "set_status",
]
