"""What clients ask of their appointments, until staff have settled it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import Dialect, select, update

from appointments_app.db.models import Appointment, Client, ClientRequest
from appointments_app.db.queries.filters import visible
from appointments_app.db.queries.prepared import Prepared, among, prepare, run
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.times import iso


@dataclass(frozen=True)
class RequestRow:
    """What a client asks, as staff see it. Instants are UTC ISO text."""

    id: int = 0
    appointment_id: int = 0
    kind: str = ""
    message: str = ""
    created_at: str = ""
    client_id: int = 0
    client: str = ""
    start_at: str = ""
    end_at: str = ""


def ask(tx: Tx, *, appointment_id: int, client_id: int, kind: str, message: str) -> None:
    """Keep what a client asks; it takes the place of what they asked of the same appointment before."""
    settle(tx, [appointment_id], None)
    tx.add(
        ClientRequest(appointment_id=appointment_id, client_id=client_id, kind=kind, message=message, created_at=tx.now)
    )


def settle(tx: Tx, appointment_ids: Collection[int], staff_id: int | None) -> int:
    """Take what was asked of these appointments off the list; return how much that was."""
    waiting = ClientRequest.appointment_id.in_(appointment_ids) & ClientRequest.settled_at.is_(None)
    settled = update(ClientRequest).where(waiting).values(settled_at=tx.now, settled_by=staff_id)
    return tx.execute(settled.execution_options(synchronize_session=False)).rowcount


def asked_of(tx: Tx, ids: Sequence[int]) -> dict[int, str]:
    """Return what clients ask of these appointments, by kind."""
    return dict(run(tx, _asked_statement(tx.get_bind().dialect, tx.is_sqlite), {"ids": list(ids)})) if ids else {}  # type: ignore[arg-type]


@lru_cache(maxsize=8)
def _asked_statement(dialect: Dialect, is_sqlite: bool) -> Prepared:
    these = among(ClientRequest.appointment_id, "ids", is_sqlite=is_sqlite)
    columns = select(ClientRequest.appointment_id, ClientRequest.kind)
    return prepare(columns.where(these, ClientRequest.settled_at.is_(None)), dialect)


def waiting(tx: Tx, actor: Actor, *, appointment_id: int = 0, limit: int = 100) -> list[RequestRow]:
    """Return what waits for an answer, of one appointment or of all that the actor may see, the oldest first."""
    conditions = [*visible(actor), ClientRequest.settled_at.is_(None)]
    if appointment_id:
        conditions.append(ClientRequest.appointment_id == appointment_id)
    statement = (
        select(
            ClientRequest.id, ClientRequest.appointment_id, ClientRequest.kind, ClientRequest.message,
            ClientRequest.created_at, Client.id, Client.name, Appointment.start_at, Appointment.end_at,
        )
        .select_from(ClientRequest)
        .join(Appointment, Appointment.id == ClientRequest.appointment_id)
        .join(Client, Client.id == Appointment.client_id)
        .where(*conditions)
        .order_by(ClientRequest.created_at, ClientRequest.id)
        .limit(limit)
    )  # fmt: skip
    return [RequestRow(*row[:4], iso(row[4]), *row[5:7], *map(iso, row[7:])) for row in tx.execute(statement)]
