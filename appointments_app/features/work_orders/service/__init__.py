"""Use-cases of work orders: the list, the form, and what moves one through its life."""

from appointments_app.features.work_orders.service.form import (
    TEXTS,
    OpenOrder,
    create,
    discard,
    edit,
    keep,
    open_new,
    open_one,
)
from appointments_app.features.work_orders.service.life import Question, Result, ask, delete, move
from appointments_app.features.work_orders.service.linking import link, to_link
from appointments_app.features.work_orders.service.list import (
    OrdersView,
    Record,
    capped_counts,
    exact_count,
    list_view,
    record_of,
)

__all__ = [
    "TEXTS",
    "OpenOrder",
    "OrdersView",
    "Question",
    "Record",
    "Result",
    "ask",
    "capped_counts",
    "create",
    "delete",
    "discard",
    "edit",
    "exact_count",
    "keep",
    "link",
    "list_view",
    "move",
    "open_new",
    "open_one",
    "record_of",
    "to_link",
]
