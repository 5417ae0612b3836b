"""A work order: its statuses and what leads from one to another, its form, the address of a list of them."""

from __future__ import annotations

from enum import StrEnum

from appointments_app.domain.errors import Invalid
from appointments_app.domain.words import N_


class OrderStatus(StrEnum):
    """Where a work order stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"
    CANCELLED = "cancelled"


class Step(StrEnum):
    """What a person does to the status."""

    OPEN = "open"
    CLOSE = "close"
    CANCEL = "cancel"


LIFE = {
    OrderStatus.DRAFT: {Step.OPEN: OrderStatus.OPEN, Step.CANCEL: OrderStatus.CANCELLED},
    OrderStatus.OPEN: {Step.CLOSE: OrderStatus.CLOSED, Step.CANCEL: OrderStatus.CANCELLED},
    OrderStatus.CLOSED: {Step.OPEN: OrderStatus.OPEN},
    OrderStatus.CANCELLED: {Step.OPEN: OrderStatus.OPEN},
}
"""The whole life of a work order: what can be done in each status, and where it leads."""

TAKES_APPOINTMENTS = frozenset({OrderStatus.DRAFT, OrderStatus.OPEN})


def after(status: str, step: Step) -> OrderStatus:
    """Return the status that ``step`` leads to; raise Invalid where it leads nowhere."""
    try:
        return LIFE[OrderStatus(status)][step]
    except KeyError:
        raise Invalid(N_("This can't be done with the work order as it stands now.")) from None
