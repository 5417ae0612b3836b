"""Delivery reports: what SMS gateways say became of a message, each in words of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from appointments_app.domain.text import one_line

MOST = 1_000
"""So many reports of one request are read."""
LONGEST_NAME = 200
LONGEST_REASON = 300

_NAMES = (
    "messageid", "messagesid", "smssid", "smsid", "messageuuid", "msgid", "sid", "uuid", "id", "key", "clientref",
    "clientreference", "externalid", "customid", "foreignid", "reference", "ref", "tag", "callbackdata",
    "idempotencykey",
)  # fmt: skip
"""By what a report names its message: the gateway's id, or the key that it was given."""
_STATUS = (
    "status", "messagestatus", "smsstatus", "deliverystatus", "dlrstatus", "statusgroupname", "statusname", "state",
    "stat", "event", "eventtype",
)  # fmt: skip
_REASON = (
    "errormessage", "errordescription", "errortext", "statusdescription", "reason", "description", "error",
    "errorname", "errorcode", "errcode", "statuserrorcode",
)  # fmt: skip
_DELIVERED = frozenset({"delivered", "delivrd", "deliveredtohandset", "deliverysuccess", "success", "read"})
_FAILED = frozenset(
    {
        "failed", "failure", "undelivered", "undeliv", "undeliverable", "notdelivered", "deliveryfailed",
        "deliveryfailure", "rejected", "rejectd", "expired", "blocked", "deleted",
    }
)  # fmt: skip
_NO_REASON = frozenset({"", "0", "000", "none", "null", "noerror"})


@dataclass(frozen=True)
class Report:
    """What became of one message: ``names`` are what it may be called, ``reason`` why it did not arrive."""

    names: tuple[str, ...]
    is_delivered: bool
    reason: str = ""


def reports_in(said: object) -> list[Report]:
    """Return the final reports in what a gateway posted; what says nothing final, such as "queued", is left out."""
    found = (_report(each) for each in _each(said, {}, depth=3))
    return [report for report, _ in zip(filter(None, found), range(MOST), strict=False)]


def _each(said: object, around: Mapping[str, str], depth: int) -> Iterator[dict[str, str]]:
    """Yield the fields of every report: lists hold several, and what stands around a list is true of each."""
    if isinstance(said, list) and depth:
        for one in said[:MOST]:
            yield from _each(one, around, depth - 1)
    elif isinstance(said, Mapping):
        own = {**around, **_fields(said)}
        several = [value for value in said.values() if isinstance(value, list)]
        if several and depth:
            for one in several:
                yield from _each(one, own, depth - 1)
        else:
            yield own


def _fields(said: Mapping[object, object], prefix: str = "") -> dict[str, str]:
    fields: dict[str, str] = {}
    for name, value in list(said.items())[:100]:
        plain = prefix + "".join(filter(str.isalnum, str(name)[:50].lower()))
        if isinstance(value, Mapping) and not prefix:
            fields |= _fields(value, plain)
        elif isinstance(value, (str, int)):
            fields[plain] = str(value)[: LONGEST_REASON + 1]
    return fields


def _report(fields: Mapping[str, str]) -> Report | None:
    names = tuple(dict.fromkeys(value for name in _NAMES if 0 < len(value := fields.get(name, "")) <= LONGEST_NAME))
    words = ("".join(filter(str.isalnum, fields.get(name, "").lower())) for name in _STATUS)
    word = next((word for word in words if word in _DELIVERED or word in _FAILED), "")
    if not names or not word:
        return None
    said = (one_line(fields.get(name, ""), LONGEST_REASON) for name in _REASON)
    reason = next((text for text in said if text.lower().replace("_", "") not in _NO_REASON), "")
    return Report(names, True) if word in _DELIVERED else Report(names, False, reason or word)
