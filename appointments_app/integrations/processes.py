"""Heavy work in a process of its own: it shares neither the interpreter's lock nor its memory with anybody's click.

What passes between the two are pickles over pipes that nobody else can write to. Closing its input asks the work to
stop; when this process ends, however it ends, that happens by itself.
"""

from __future__ import annotations

import gc
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

Progress = Callable[[int, int], bool]
ENTRY = "appointments_app.apart"
_ROOT = Path(__file__).resolve().parents[2]


class BrokenOff(Exception):
    """The process ended before its work did."""


def settle_down() -> None:
    """Make the best of a process that does one heavy thing: whoever waits for a page goes first."""
    with suppress(OSError, AttributeError):
        os.nice(5)
    gc.freeze()
    gc.set_threshold(200_000, 50, 100)  # many rows live for a moment: there is hardly anything to find among them


def run_apart(work: Callable[..., Any], values: Mapping[str, Any], progress: Progress) -> Any:
    """Return what ``work(unit of work, progress=…, **values)`` returns over there; raise what it raises, or BrokenOff.

    ``progress`` is told (done, total) and returns False to stop the work.
    """
    places = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    with subprocess.Popen(
        [sys.executable, "-m", ENTRY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": places},
    ) as process:
        assert process.stdin and process.stdout
        try:
            try:
                pickle.dump((work, dict(values)), process.stdin)
                process.stdin.flush()
                while True:
                    kind, said = pickle.load(process.stdout)  # noqa: S301  from our own process
                    if kind == "done":
                        return said
                    if kind == "raised":
                        raise said
                    if not progress(*said):
                        process.stdin.close()
            except (EOFError, BrokenPipeError, pickle.UnpicklingError) as error:
                raise BrokenOff() from error
        finally:
            process.stdin.close()
