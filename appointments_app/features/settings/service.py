"""Use-cases of the settings of the business."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from appointments_app.db.models import Business
from appointments_app.db.queries import closed_days, history
from appointments_app.db.queries.staff import one_at_a_time
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.appointment import YEARS
from appointments_app.domain.change import Verb, differences
from appointments_app.domain.contact import phone_as_read, phone_number, phone_region, required_name
from appointments_app.domain.errors import Conflict, Invalid, NotFound, check_all
from appointments_app.domain.language import language_code
from appointments_app.domain.money import currency_code
from appointments_app.domain.text import many_lines, one_line
from appointments_app.domain.times import parse_day, zone
from appointments_app.domain.words import N_

NAME_LIMIT = 80
FIELDS = ("name", "time_zone", "language", "phone_region", "currency", "address", "phone")
ADDRESS_LIMIT = 500


@dataclass(frozen=True)
class BusinessForm:
    """The settings as the form shows them. ``last_change`` is the newest entry of the audit trail."""

    version: int = 0
    last_change: int = 0
    name: str = ""
    time_zone: str = ""
    language: str = ""
    phone_region: str = ""
    currency: str = ""
    address: str = ""
    phone: str = ""


def open_settings(uow: UnitOfWork, *, actor: Actor) -> BusinessForm:
    """Return the settings of the business."""
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        business = tx.get(Business, 1)
        if business is None:
            raise NotFound()
        values = {name: getattr(business, name) for name in FIELDS} | {"phone": phone_as_read(business.phone)}
        return BusinessForm(business.version, history.last_change_id(tx), **values)


def save(uow: UnitOfWork, *, actor: Actor, values: dict[str, object], version: object, last_change: int = 0) -> None:
    """Store the settings. Raises Conflict with the changes since ``last_change`` when ``version`` is an old one."""
    actor.require(Permission.SETTINGS)
    wanted = _entered(values)
    with uow.begin() as tx:
        business = one_at_a_time(tx)
        if business.version != version:
            raise Conflict(changes=history.of_record(tx, "business", 1, since=last_change), version=business.version)
        changed = differences({name: getattr(business, name) for name in FIELDS}, wanted)
        if changed:
            _write(tx, business, wanted)
            history.record(tx, actor, Verb.EDITED, "business", 1, changed)


def _write(tx: Tx, business: Business, wanted: dict[str, str]) -> None:
    for name, value in wanted.items():
        setattr(business, name, value)
    business.version += 1
    tx.add(business)


def _entered(values: dict[str, object]) -> dict[str, str]:
    text = {name: value if isinstance(value := values.get(name, ""), str) else "" for name in FIELDS}
    check_all(
        lambda: required_name(text["name"]),
        lambda: zone(text["time_zone"]),
        lambda: language_code(text["language"]),
        lambda: phone_region(text["phone_region"]),
        lambda: currency_code(text["currency"]),
        lambda: _address(text["address"]),
        lambda: phone_number(text["phone"], text["phone_region"]),
    )
    return {
        **text,
        "name": required_name(text["name"]),
        "address": _address(text["address"]),
        "phone": phone_number(text["phone"], text["phone_region"]),
    }


def _address(text: str) -> str:
    address = many_lines(text, ADDRESS_LIMIT + 1).strip()
    if len(address) > ADDRESS_LIMIT:
        raise Invalid(fields={"address": N_("This is too long.")})
    return address


@dataclass(frozen=True)
class ClosedDayRow:
    """A closed day as the settings show it: ``day`` is YYYY-MM-DD."""

    day: str
    name: str


def list_closed(uow: UnitOfWork, *, actor: Actor) -> list[ClosedDayRow]:
    """Return the days on which the business is closed, the latest first."""
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        return [ClosedDayRow(day.isoformat(), name) for day, name in closed_days.all_days(tx)]


def close_day(uow: UnitOfWork, *, actor: Actor, day: object, name: object) -> None:
    """Close the business on a day. What is booked there stays. Raises Invalid."""
    actor.require(Permission.SETTINGS)
    closed, why = _day(day), one_line(name if isinstance(name, str) else "", NAME_LIMIT)
    with uow.begin() as tx:
        closed_days.close(tx, closed, why)
        history.record(tx, actor, Verb.CREATED, "closed_day", _number(closed), {"name": ("", why)})


def open_day(uow: UnitOfWork, *, actor: Actor, day: object) -> None:
    """Open the business on a closed day again; raises NotFound when it is not closed."""
    actor.require(Permission.SETTINGS)
    closed = _day(day)
    with uow.begin() as tx:
        if not closed_days.open_again(tx, closed):
            raise NotFound()
        history.record(tx, actor, Verb.DELETED, "closed_day", _number(closed))


def _day(text: object) -> date:
    day = parse_day(text if isinstance(text, str) else "", "closed_day")
    if day.year not in YEARS:
        raise Invalid(fields={"closed_day": N_("Enter a year between 1900 and 2200.")})
    return day


def _number(day: date) -> int:
    """Return the id that the audit trail knows a day by."""
    return int(f"{day:%Y%m%d}")
