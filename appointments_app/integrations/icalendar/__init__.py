"""Appointments as iCalendar (RFC 5545): values in, the bytes of an .ics file out."""

from __future__ import annotations

from appointments_app.integrations.icalendar.events import write

__all__ = ["write"]
