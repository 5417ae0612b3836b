"""What every page of a client tells of the business."""

from __future__ import annotations

from dataclasses import dataclass

from appointments_app.db.queries import sign_ins
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.contact import phone_as_read


@dataclass(frozen=True)
class BusinessFacts:
    """The business as clients know it. ``phone`` is E.164, ``phone_read`` as people read it."""

    name: str = ""
    address: str = ""
    phone: str = ""
    phone_read: str = ""
    language: str = "en"
    time_zone: str = "UTC"


def business_facts(uow: UnitOfWork) -> BusinessFacts:
    """Return the business."""
    with uow.read() as tx:
        return facts_in(tx)


def facts_in(tx: Tx) -> BusinessFacts:
    """Return the business; empty facts before it is set up."""
    row = sign_ins.business(tx)
    if row is None:
        return BusinessFacts()
    return BusinessFacts(row.name, row.address, row.phone, phone_as_read(row.phone), row.language, row.time_zone)
