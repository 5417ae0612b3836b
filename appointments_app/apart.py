"""``python -m appointments_app.apart``: does one piece of heavy work for the process that started it, and ends."""

from __future__ import annotations

import logging.config
import os
import pickle
import sys
import threading
import time
from contextlib import suppress
from typing import Any, BinaryIO

from appointments_app import logs, runtime
from appointments_app.domain.errors import DomainError
from appointments_app.integrations import processes

log = logging.getLogger(__name__)
EVERY = 0.1
"""Seconds between two reports of progress."""


def main() -> None:
    """Read what is to be done, do it, write what came of it."""
    heard, said = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what is printed on the way must not get between the answers
    logging.config.dictConfig(logs.configuration(runtime.settings().log_level))
    processes.settle_down()
    work, values = pickle.load(heard)  # noqa: S301  from the process that started this one
    try:
        answer: tuple[str, Any] = ("done", work(runtime.uow(), progress=_Progress(heard, said), **values))
    except DomainError as error:
        answer = ("raised", error)
    except Exception:
        log.exception("heavy work failed")
        return
    _say(said, answer)


class _Progress:
    """Passes progress on, now and then; says stop once the other end has closed the pipe."""

    def __init__(self, heard: BinaryIO, said: BinaryIO) -> None:
        self.said = said
        self.stopped = False
        self._last = 0.0
        threading.Thread(target=self._listen, args=(heard,), daemon=True).start()

    def _listen(self, heard: BinaryIO) -> None:
        heard.read()
        self.stopped = True

    def __call__(self, done: int, total: int) -> bool:
        """Report; return whether to go on."""
        now = time.monotonic()
        if now - self._last > EVERY and not self.stopped:
            self._last = now
            _say(self.said, ("progress", (done, total)))
        return not self.stopped


def _say(said: BinaryIO, answer: tuple[str, Any]) -> None:
    with suppress(BrokenPipeError):
        pickle.dump(answer, said)
        said.flush()


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # the thread that listens holds its input, which the interpreter would wait for at its end
