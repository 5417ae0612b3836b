"""How a file is to be read, and what is to become of records that are known already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import time
from enum import StrEnum
from typing import Any

from appointments_app.domain.appointment import LONGEST, SHORTEST
from appointments_app.domain.errors import Invalid
from appointments_app.domain.times import parse_time, zone
from appointments_app.domain.words import N_


class Twins(StrEnum):
    """What becomes of a row whose record is there already."""

    SKIP = "skip"
    UPDATE = "update"
    CREATE = "create"


class Order(StrEnum):
    """How dates such as 03/04/2026 are meant."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


@dataclass(frozen=True)
class Options:
    """What a person chooses for one file. ``order`` '' : not known yet, and only asked for when it matters."""

    twins: Twins = Twins.SKIP
    order: str = ""
    time_zone: str = "UTC"
    region: str = ""
    minutes: int = 30
    """The duration of an appointment whose row, and whose action, has none."""
    past_done: bool = True
    """Whether appointments that are over and have no status are Done; else they are Scheduled, and yet to mark."""
    create_clients: bool = True
    create_actions: bool = True
    create_staff: bool = False
    all_day: bool = True
    """Whether events that last all day are taken in, each as an appointment on its first day; else they are refused."""
    day_begins: str = "09:00"
    """When such an appointment begins."""

    @property
    def all_day_at(self) -> time | None:
        """When events that last all day begin, None where they are refused."""
        return time.fromisoformat(self.day_begins) if self.all_day else None

    def as_stored(self) -> dict[str, Any]:
        """Return the options as JSON keeps them."""
        return {**asdict(self), "twins": self.twins.value}

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Options:
        """Return the options that a form or a stored row asks for; raise Invalid naming every wrong one."""
        errors: dict[str, str] = {}
        twins = str(values.get("twins", Twins.SKIP))
        if twins not in Twins._value2member_map_:
            errors["twins"] = N_("Choose one of the list.")
        order = str(values.get("order", ""))
        if order and order not in Order._value2member_map_:
            errors["order"] = N_("Choose one of the list.")
        try:
            zone_name = zone(str(values.get("time_zone", "UTC"))).key
        except Invalid as refusal:
            errors |= refusal.fields
            zone_name = "UTC"
        written = str(values.get("minutes", 30))
        minutes = int(written) if written.isascii() and written.isdigit() and len(written) < 6 else 0
        if not SHORTEST <= minutes <= LONGEST:
            errors["minutes"] = N_("Between 5 minutes and 24 hours.")
        try:
            begins = f"{parse_time(str(values.get('day_begins', '09:00')), 'day_begins'):%H:%M}"
        except Invalid as refusal:
            errors |= refusal.fields
            begins = "09:00"
        if errors:
            raise Invalid(fields=errors)
        ticks = {name: values.get(name) is True for name in _TICKS if name in values}
        region = str(values.get("region", ""))[:2]
        return cls(Twins(twins), order, zone_name, region, minutes, **ticks, day_begins=begins)


_TICKS = ("past_done", "create_clients", "create_actions", "create_staff", "all_day")


class State(StrEnum):
    """How far a file has come."""

    OPEN = "open"
    DONE = "done"
    UNDONE = "undone"


class Outcome(StrEnum):
    """What becomes of a row."""

    CREATE = "create"
    UPDATE = "update"
    SKIP = "skip"
    REFUSE = "refuse"
