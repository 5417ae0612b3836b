"""What the form of a reminder rule holds, and what becomes of what was typed into it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Any

from appointments_app.domain.errors import Invalid
from appointments_app.domain.listing import is_id
from appointments_app.domain.message import Channel
from appointments_app.domain.reminder import NOTICES, Anchor, QuietWay, Recipient, Unit
from appointments_app.domain.text import one_line
from appointments_app.domain.words import N_

KINDS = ("independent", "bookings", "work_orders")
AT_ONCE = "at_once"
MOMENTS = (*(each.value for each in Anchor), AT_ONCE)
MOST = {Unit.MINUTES: 60 * 24, Unit.HOURS: 24 * 31, Unit.DAYS: 366}
NAME_LIMIT = 80


@dataclass(frozen=True)
class RuleForm:
    """A rule as its form shows it. Nothing chosen among actions or staff means: all of them."""

    id: int = 0
    version: int = 0
    name: str = ""
    amount: str = "1"
    unit: str = Unit.DAYS.value
    moment: str = Anchor.BEFORE_START.value
    recipient: str = Recipient.CLIENT.value
    channel: str = Channel.EMAIL.value
    template: str = ""
    quiet_from: str = ""
    quiet_until: str = ""
    quiet_way: str = QuietWay.WAIT.value
    active: bool = True
    kinds: list[str] = field(default_factory=lambda: list(KINDS))
    shared_only: bool = False
    actions: list[str] = field(default_factory=list)
    staff: list[str] = field(default_factory=list)


FIELDS = tuple(RuleForm.__dataclass_fields__)


@dataclass(frozen=True)
class Entered:
    """What was typed, checked, as it is stored."""

    values: dict[str, Any]
    action_ids: tuple[int, ...]
    staff_ids: tuple[int, ...]


def entered(given: Mapping[str, object]) -> Entered:
    """Return what was typed; raise one Invalid that names everything wrong."""
    wrong: dict[str, str] = {}
    name = one_line(_text(given, "name"), NAME_LIMIT + 1)
    if not name:
        wrong["name"] = N_("Enter a name.")
    elif len(name) > NAME_LIMIT:
        wrong["name"] = N_("This is too long.")
    moment = _one_of(given, "moment", MOMENTS, wrong)
    unit = _one_of(given, "unit", tuple(each.value for each in Unit), wrong)
    amount = 0 if moment in (AT_ONCE, *NOTICES) else _amount(_text(given, "amount"), unit, wrong)
    quiet_from, quiet_until = _quiet(given, wrong)
    template = _text(given, "template")
    if template and not is_id(template):
        wrong["template"] = N_("Choose a template.")
    kinds = given.get("kinds")
    chosen = [each for each in KINDS if isinstance(kinds, list) and each in kinds]
    if not chosen:
        wrong["kinds"] = N_("Choose at least one.")
    recipient = _one_of(given, "recipient", tuple(each.value for each in Recipient), wrong)
    if moment in NOTICES and recipient == Recipient.STAFF:
        wrong["recipient"] = N_("Of this, clients only are told.")
    values = {
        "name": name,
        "amount": amount,
        "unit": unit,
        "anchor": Anchor.AFTER_CREATION.value if moment == AT_ONCE else moment,
        "recipient": recipient,
        "channel": _one_of(given, "channel", tuple(each.value for each in Channel), wrong),
        "template_id": int(template) if is_id(template) else None,
        "quiet_from": quiet_from,
        "quiet_until": quiet_until,
        "quiet_way": _one_of(given, "quiet_way", tuple(each.value for each in QuietWay), wrong),
        **{tick: given.get(tick) in (True, "on", "true") for tick in ("active", "shared_only")},
        **{each: each in chosen for each in KINDS},
    }
    actions, staff = _ids(given, "actions"), _ids(given, "staff")
    if wrong:
        raise Invalid(fields=wrong)
    return Entered({**values, "every_action": not actions, "every_staff": not staff}, actions, staff)


def _text(given: Mapping[str, object], name: str) -> str:
    value = given.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _one_of(given: Mapping[str, object], name: str, allowed: tuple[str, ...], wrong: dict[str, str]) -> str:
    value = _text(given, name)
    if value not in allowed:
        wrong[name] = N_("Choose one.")
    return value


def _amount(text: str, unit: str, wrong: dict[str, str]) -> int:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 7 else 0
    if not 1 <= number <= MOST.get(Unit(unit) if unit in Unit._value2member_map_ else Unit.DAYS, 366):
        wrong["amount"] = N_("Enter a number from 1; at most a day of minutes, a month of hours, a year of days.")
    return number


def _quiet(given: Mapping[str, object], wrong: dict[str, str]) -> tuple[str, str]:
    times = {}
    for name in ("quiet_from", "quiet_until"):
        text = _text(given, name)
        try:
            times[name] = time.fromisoformat(text).strftime("%H:%M") if text else ""
        except ValueError:
            wrong[name] = N_("Enter a time.")
            times[name] = ""
    since, until = times["quiet_from"], times["quiet_until"]
    if not wrong.keys() & times.keys() and bool(since) != bool(until):
        wrong["quiet_until" if since else "quiet_from"] = N_("Quiet hours have a beginning and an end.")
    if since and since == until:
        wrong["quiet_until"] = N_("They would never end.")
    return since, until


def _ids(given: Mapping[str, object], name: str) -> tuple[int, ...]:
    several = given.get(name)
    return tuple(sorted({int(one) for one in several if is_id(one)})) if isinstance(several, list) else ()
