"""Clients as actors: what the settings let them do, what they see, when they may still ask for a change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from appointments_app.domain.appointment import Status
from appointments_app.domain.errors import Invalid, NotAllowed, NotFound
from appointments_app.domain.words import N_

NOTICE_HOURS = 24
MOST_HOURS = 24 * 30
LONGEST_MESSAGE = 500


class Request(StrEnum):
    """What a client can ask of an appointment. ``CANCEL`` has happened already: staff only take note."""

    OTHER_TIME = "other_time"
    CANCEL = "cancel"


class How(StrEnum):
    """How an appointment was confirmed."""

    PORTAL = "portal"
    LINK = "link"
    PHONE = "phone"


@dataclass(frozen=True)
class ClientRules:
    """What all clients may do: the settings of the business."""

    portal_on: bool = False
    view_appointments: bool = True
    confirm: bool = True
    cancel: bool = False
    ask_other_time: bool = True
    book: bool = False
    view_profile: bool = True
    edit_profile: bool = False
    notice_hours: int = NOTICE_HOURS
    to_call_hours: int = 0


TICKS = tuple(each.name for each in fields(ClientRules) if each.type == "bool")
HOURS = ("notice_hours", "to_call_hours")


def read_rules(values: Mapping[str, Any]) -> ClientRules:
    """Return the rules of a form: ticks as booleans, hours as text; raise Invalid at the hours."""
    hours, wrong = {}, {}
    for name in HOURS:
        text = str(values.get(name, "")).strip() or "0"
        if text.isascii() and text.isdigit() and len(text) < 5 and int(text) <= MOST_HOURS:
            hours[name] = int(text)
        else:
            wrong[name] = N_("Between 0 and 720 hours.")
    if wrong:
        raise Invalid(fields=wrong)
    return ClientRules(**{name: values.get(name) is True or values.get(name) == "on" for name in TICKS}, **hours)


@dataclass(frozen=True)
class ClientActor:
    """A client, or with ``seen_by`` a staff member who looks at what that client sees and may change nothing."""

    client_id: int
    name: str
    language: str
    time_zone: str
    rules: ClientRules
    seen_by: int | None = None
    staff_id: None = None

    def require(self, rule: str) -> None:
        """Raise NotFound unless clients may do this: what is not allowed looks like what is not there."""
        if not getattr(self.rules, rule):
            raise NotFound()

    def require_self(self) -> None:
        """Raise NotAllowed for a staff member who only looks on."""
        if self.seen_by is not None:
            raise NotAllowed(N_("You only look on: nothing can be changed here."))


def may_enter(rules: ClientRules, *, suspended: bool) -> bool:
    """Whether a client may use the portal at all."""
    return rules.portal_on and not suspended


def may_confirm(status: str, start_at: datetime, *, shared: bool, now: datetime) -> bool:
    """Whether a client may confirm an appointment of theirs (R31): shared, Scheduled, not yet begun."""
    return shared and status == Status.SCHEDULED and start_at > now


def may_ask(rules: ClientRules, status: str, start_at: datetime, *, now: datetime) -> bool:
    """Whether there is time left to cancel or to ask for another time."""
    return status == Status.SCHEDULED and start_at - timedelta(hours=rules.notice_hours) > now and start_at > now
