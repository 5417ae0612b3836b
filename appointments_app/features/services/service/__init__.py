"""Use-cases of services, working hours, and the rules of booking."""

from appointments_app.features.services.service.hours import (
    DayHours,
    HoursView,
    Off,
    add_leave,
    clear_day,
    open_hours,
    remove_leave,
    save_week,
    set_day,
)
from appointments_app.features.services.service.rules import RulesForm, open_rules, save_rules
from appointments_app.features.services.service.services import (
    ServiceForm,
    list_services,
    open_service,
    save,
    set_active,
)

__all__ = [
    "DayHours",
    "HoursView",
    "Off",
    "RulesForm",
    "ServiceForm",
    "add_leave",
    "clear_day",
    "list_services",
    "open_hours",
    "open_rules",
    "open_service",
    "remove_leave",
    "save",
    "save_rules",
    "save_week",
    "set_active",
    "set_day",
]
