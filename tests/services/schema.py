"""``python -m tests.services.schema``: fail when the models and the migrations differ."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic.util.exc import CommandError

from appointments_app.db import migrate
from appointments_app.db.engine import engine_for


def main() -> int:
    """Migrate an empty database and compare it with the models; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        engine = engine_for(f"sqlite:///{Path(folder) / 'empty.db'}")
        try:
            migrate.upgrade(engine)
            migrate.check(engine)
        except CommandError as difference:
            print(f"The migrations lack what the models have: {difference}", file=sys.stderr)
            return 1
        finally:
            engine.dispose()
    print("Models and migrations agree.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
