"""Events and series of events, with what was changed by hand."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import icalendar
from icalendar.prop import vRecur

from appointments_app.domain.event import Changed, Event
from appointments_app.domain.times import zone
from appointments_app.integrations.icalendar.zones import time_zone

PRODUCT = "-//Appointments//Appointments//EN"
YEARS_AHEAD = 30
"""Programs that know a zone by its name go by that; all others agree with us for so many years."""


def write(events: Iterable[Event], *, stamp: datetime) -> bytes:
    """Return the .ics file of ``events``, as it stands at ``stamp``."""
    several = list(events)
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    since: dict[str, int] = {}
    for event in several:
        since[event.zone_name] = min(event.dtstart.year, since.get(event.zone_name, event.dtstart.year))
    for zone_name, year in sorted(since.items()):
        calendar.add_component(time_zone(zone_name, year, max(year, stamp.year) + YEARS_AHEAD))
    for event in several:
        calendar.add_component(_series(event, stamp))
        for one in event.changed:
            calendar.add_component(_changed(event, one, stamp))
    return calendar.to_ical()


def _series(event: Event, stamp: datetime) -> icalendar.Event:
    place = zone(event.zone_name)
    component = _component(event.uid, event, stamp)
    component.add("dtstart", event.dtstart.replace(tzinfo=place))
    if event.rrule:
        component.add("rrule", vRecur.from_ical(event.rrule))
    if event.exdates:
        component.add("exdate", [exdate.replace(tzinfo=place) for exdate in sorted(event.exdates)])
    return component


def _changed(event: Event, one: Changed, stamp: datetime) -> icalendar.Event:
    component = _component(event.uid, one, stamp)
    component.add("recurrence-id", one.recurrence_id.replace(tzinfo=zone(event.zone_name)))
    component.add("dtstart", one.start_at.astimezone(UTC))  # as an instant: an hour that occurs twice has no wall time
    return component


def _component(uid: str, values: Event | Changed, stamp: datetime) -> icalendar.Event:
    component = icalendar.Event()
    component.add("uid", uid)
    component.add("dtstamp", stamp.astimezone(UTC))
    component.add("sequence", values.sequence)
    component.add("duration", values.duration)  # exact, whatever the clocks do; DTEND would be a wall time
    component.add("summary", values.summary)
    if values.description:
        component.add("description", values.description)
    return component
