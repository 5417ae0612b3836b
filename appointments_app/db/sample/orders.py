"""Sample work orders: some for every tenth client, and the appointments of that client that belong to them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import text

from appointments_app.db.copying import moment
from appointments_app.db.sample.load import Loader
from appointments_app.db.sample.words import JOBS, ORDER_TAGS
from appointments_app.domain.text import fold
from appointments_app.domain.work_order import OrderStatus

FIRST_NUMBER = 1001
PER_CLIENTS = 8
"""One work order for so many clients."""

_ORDER = (
    "id", "number", "number_key", "title", "client_id", "status", "starts_on", "ends_on", "description", "budget",
    "currency", "deleted_at", "created_at", "created_by", "version",
)  # fmt: skip
_STATUSES = [OrderStatus.OPEN] * 5 + [OrderStatus.CLOSED] * 3 + [OrderStatus.DRAFT, OrderStatus.CANCELLED]


def write_orders(
    loader: Loader, *, seed: int, now: datetime, language: str, currency: str, client_ids: Sequence[int],
    staff_ids: Sequence[int],
) -> None:  # fmt: skip
    """Add work orders with staff, tags and the text they are found by, and hand them appointments of their clients."""
    rng = random.Random(f"orders {seed}")  # noqa: S311  no secrets are made of it
    rows, staff, tags, texts = [], [], [], []
    first = loader.next_id("work_order")
    for place, client in enumerate(client_ids[::PER_CLIENTS]):
        order, number, today = first + place, str(FIRST_NUMBER + place), now.astimezone(UTC).date()
        title, description = rng.choice(JOBS)[language == "ar"]
        begins = today + timedelta(days=rng.randrange(-60, 20))
        ends = begins + timedelta(days=rng.randrange(10, 60))
        status, tag = rng.choice(_STATUSES), rng.choice(ORDER_TAGS)
        budget = rng.randrange(20, 900) * 5_000
        made = moment(now - timedelta(days=rng.randrange(1, 90), minutes=rng.randrange(600)))
        rows.append((
            order, number, number, title, client, status.value, begins.isoformat(), ends.isoformat(), description,
            budget if rng.random() < 0.8 else None, currency, None, made, rng.choice(staff_ids), 1,
        ))  # fmt: skip
        staff += [(order, one) for one in rng.sample(list(staff_ids), k=min(len(staff_ids), rng.choice((1, 1, 2))))]
        tags.append((order, tag))
        texts.append((order, fold(" ".join((number, title, tag, description)))))
    loader.add("work_order", _ORDER, rows)
    loader.add("work_order_staff", ("work_order_id", "staff_id"), staff)
    loader.add("work_order_tag", ("work_order_id", "tag"), tags)
    loader.add("work_order_text", ("work_order_id", "body"), texts)
    _hand_over(loader, len(rows))


def _hand_over(loader: Loader, count: int) -> None:
    """Give every second appointment of those clients to their work order, and let numbers go on behind the last."""
    theirs = "(SELECT work_order.id FROM work_order WHERE work_order.client_id = appointment.client_id)"
    some = "id % 2 = 0 AND client_id IN (SELECT client_id FROM work_order)"
    loader.connection.execute(text(f"UPDATE appointment SET work_order_id = {theirs} WHERE {some}"))
    last = {"last": FIRST_NUMBER + count - 1}
    loader.connection.execute(text("UPDATE counter SET last = :last WHERE name = 'work_order'"), last)
