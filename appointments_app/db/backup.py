"""A copy of a SQLite database, taken while the program runs."""

from __future__ import annotations

import sqlite3
from pathlib import Path


def copy_sqlite(source: Path, target: Path) -> None:
    """Write one consistent picture of ``source`` to ``target``, for its owner's eyes; nothing is left when that fails.

    Raises FileExistsError rather than overwrite.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        target.touch(mode=0o600, exist_ok=False)
    except FileExistsError:
        raise FileExistsError(f"{target} exists already.") from None
    origin, copy = sqlite3.connect(source), sqlite3.connect(target)
    try:
        origin.backup(copy)
    except BaseException:
        target.unlink()
        raise
    finally:
        copy.close()
        origin.close()
