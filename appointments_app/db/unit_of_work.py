"""Transactions: a use-case opens one, everything inside happens or nothing does."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session

from appointments_app.domain.errors import Unavailable
from appointments_app.domain.words import N_

log = logging.getLogger(__name__)
BUSY = N_("Something large is being written, such as an import. Nothing was lost: try again in a moment.")
Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


class Tx(Session):
    """One open transaction. ``now`` is the instant it began: all its rows carry the same time."""

    now: datetime
    at_the_end: dict[Callable[[Tx], None], None]
    """What is done once before this transaction is stored, in the order in which it was first asked for."""

    @property
    def is_sqlite(self) -> bool:
        """Whether this transaction runs on SQLite."""
        return self.get_bind().dialect.name == "sqlite"


class UnitOfWork:
    """Opens transactions on one engine with one clock."""

    def __init__(self, engine: Engine, clock: Clock = system_clock) -> None:
        self.engine = engine
        self.clock = clock

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A transaction that writes: committed at the end, rolled back by any exception. Raises Unavailable."""
        with self._open(writes=True) as tx:
            yield tx
            for each in tx.at_the_end:
                each(tx)
            tx.commit()

    @contextmanager
    def read(self) -> Iterator[Tx]:
        """A transaction that only reads: one consistent picture. Raises Unavailable."""
        with self._open(writes=False) as tx:
            yield tx

    @contextmanager
    def _open(self, *, writes: bool) -> Iterator[Tx]:
        try:
            with self._begun(writes=writes) as tx:
                tx.now = self.clock()
                yield tx
        except PoolTimeout as error:
            log.warning("the database is busy: every connection is in use")
            raise Unavailable() from error
        except DBAPIError as error:
            if isinstance(error, OperationalError) or error.connection_invalidated:
                log.warning("the database does not answer: %s", _reason(error))
                raise Unavailable(BUSY if _is_busy(error) else "") from error
            raise

    def _begun(self, *, writes: bool) -> Tx:
        """Return a transaction that has begun, on a new connection if the server closed the old one meanwhile."""
        try:
            return self._begin(writes=writes)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
        return self._begin(writes=writes)  # nothing was done yet, so nothing is done twice

    def _begin(self, *, writes: bool) -> Tx:
        tx = Tx(self.engine.execution_options(writes=writes), expire_on_commit=False, autoflush=False)
        tx.at_the_end = {}
        try:
            tx.connection()
        except DBAPIError:
            tx.close()
            raise
        return tx


def _is_busy(error: DBAPIError) -> bool:
    """Whether another writer had SQLite's lock all the time: only something large holds it for that long."""
    return str(getattr(error.orig, "sqlite_errorname", None) or "").startswith("SQLITE_BUSY")


def _reason(error: DBAPIError) -> str:
    """Return what the driver says, without the statement, its parameters and details: they hold what people typed."""
    cause = error.orig
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorname", None) or "no code"
    said = getattr(getattr(cause, "diag", None), "message_primary", None) or str(cause).partition("\n")[0]
    return f"{type(cause).__name__} ({code}): {said}"
