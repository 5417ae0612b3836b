"""Row 17: a wrong password for an account that does not exist, beside one for an account that does: nobody can tell."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import delete

from appointments_app.db.engine import engine_for
from appointments_app.db.migrate import upgrade
from appointments_app.db.models import SignInFailure
from appointments_app.domain.errors import Invalid
from tests.benchmarks.measure import Result, compare, result
from tests.session.desk import Desk


def measure() -> Iterator[Result]:
    """Measure row 17, with hashes as dear as they are in use."""
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_for(f"sqlite:///{Path(folder) / 'desk.db'}")
        upgrade(engine)
        desk = Desk(engine)
        desk.hire("ada@example.com")

        def forget() -> None:
            with desk.uow.begin() as tx:
                tx.execute(delete(SignInFailure))

        def guess(email: str) -> Callable[[], None]:
            def work() -> None:
                with suppress(Invalid):
                    desk.sign_in(email, "not the password")

            return work

        medians = compare(guess("nobody@example.com"), guess("ada@example.com"), before=forget)
        engine.dispose()
    yield result("17 wrong password of nobody, against somebody's", "sqlite", 1, medians, most_times=1.1)
