"""A stop in order: what is in flight is finished and kept, the rest is given back, and the exit code is 0."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from appointments_app.db.engine import engine_for
from appointments_app.db.models import Message
from appointments_app.db.queries import channels
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.channel import HttpSetup, Means
from appointments_app.domain.message import Channel
from appointments_app.features.channels.schemas import as_json
from appointments_app.features.messages.service import post
from tests.services import databases, server
from tests.services import gateway as gateways
from tests.services.gateway import Answer, Gateway
from tests.services.machine import ROOT

PATIENCE = 60
SLOW = 1.5
"""Seconds that the gateway thinks about each SMS."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with gateways.running() as running:
        running.usual = Answer(delay=SLOW)
        yield running


def fill(engine: Engine, gateway: Gateway) -> None:
    """Set the gateway up, and post three SMS."""
    setup = HttpSetup(gateway.url, "POST", "", "json", '{"to": "{to}", "text": "{text}"}')
    with UnitOfWork(engine).begin() as tx:
        channels.store(tx, Channel.SMS, Means.HTTP.value, True, as_json(setup), "")
        for number in range(3):
            post(tx, channel=Channel.SMS, to="+201001234567", subject="", text="Hello", key=f"m{number}")


def states(engine: Engine) -> list[tuple[str, bool]]:
    """Return each message's state, and whether a worker may take it now."""
    with engine.connect() as connection:
        rows = connection.execute(select(Message.state, Message.try_at).order_by(Message.id)).all()
    return [(state, state == "planned" and try_at <= datetime.now(UTC)) for state, try_at in rows]


def until_one_is_in_flight(gateway: Gateway) -> None:
    patience = time.monotonic() + PATIENCE
    while not gateway.requests:
        assert time.monotonic() < patience, "nothing is sent"
        time.sleep(0.02)


def test_a_worker_that_is_told_to_stop_finishes_what_is_in_flight(engine: Engine, database_url: str, gateway: Gateway):
    fill(engine, gateway)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("APPOINTMENTS_")}
    own = {"APPOINTMENTS_DATABASE_URL": database_url, "APPOINTMENTS_SECRET_KEY": server.SECRET_KEY}
    worker = subprocess.Popen(
        [*server.OF_THIS_CHECKOUT, "worker"],
        env={**kept, **own, "PYTHONPATH": str(ROOT)}, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        until_one_is_in_flight(gateway)
        worker.send_signal(signal.SIGTERM)
        said, _ = worker.communicate(timeout=PATIENCE)
    finally:
        worker.kill()
    assert worker.returncode == 0, said.decode()
    assert "Traceback" not in said.decode()
    assert states(engine) == [("sent", False), ("planned", True), ("planned", True)] and len(gateway.taken) == 1


def test_a_server_that_is_told_to_stop_finishes_what_is_in_flight(
    built_frontend: Path, sqlite_template: Path, tmp_path: Path, gateway: Gateway
):
    url = databases.sqlite_copy(sqlite_template, tmp_path)
    engine = engine_for(url)
    fill(engine, gateway)
    with server.running(url, tmp_path) as running:
        until_one_is_in_flight(gateway)
        assert running.process is not None
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=PATIENCE) == 0, running.output[-2000:]
    assert states(engine) == [("sent", False), ("planned", True), ("planned", True)] and len(gateway.taken) == 1
    engine.dispose()
