"""A worker that can be killed.

It sends by writing the key of each message into a file, which takes a moment, as the world does.
"""

from __future__ import annotations

import os
import time
from datetime import timedelta

from appointments_app.db.engine import engine_for
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.message import Channel, Outgoing, Receipt
from appointments_app.features.messages.service.sending import Lane, settle
from tests.messages.world import plainly

MOMENT = 0.002


class Log:
    """A gateway whose memory is a file that all workers append to."""

    def __init__(self, path: str) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def send(self, outgoing: Outgoing) -> Receipt:
        """Keep that a message has arrived."""
        time.sleep(MOMENT)
        os.write(self._file, f"{outgoing.key}\n".encode())
        time.sleep(MOMENT)
        return Receipt()


def main(database: str, log: str, name: str, again: bool, lease: float) -> None:
    """Send until killed; ``lease`` is in seconds."""
    uow, gateway = UnitOfWork(engine_for(database)), Log(log)
    lane = Lane(uow, Channel.EMAIL, name, lambda: gateway, plainly, lease=timedelta(seconds=lease))
    while True:
        settle(uow, again=again)
        for _ in range(20):
            if not lane.run():
                time.sleep(0.2)
                break
