"""A stop in order: what is in flight is finished and kept, the rest is given back, and the exit code is 0."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from appointments_app import launch
from appointments_app.db.engine import engine_for
from appointments_app.db.models import Message
from appointments_app.db.queries import channels
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.channel import HttpSetup, Means
from appointments_app.domain.message import Channel
from appointments_app.features.channels.schemas import as_json
from appointments_app.features.messages.service import post
from appointments_app.integrations import sms_http, smtp
from appointments_app.settings import SECONDS_FOR_HANDLERS, SECONDS_FOR_MESSAGES
from tests.services import databases, server
from tests.services import gateway as gateways
from tests.services.gateway import Answer, Gateway
from tests.services.machine import ROOT

PATIENCE = 90
POSTED = 60
"""More than can be sent while the order to stop is on its way, however busy the machine is."""
SLOW = 1.5
LONGEST = pytest.param(sms_http.SECONDS - 1.0, marks=pytest.mark.long)
"""Seconds that the gateway thinks about each SMS: as long as it is believed to answer at all."""


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    with gateways.running() as running:
        running.usual = Answer(delay=SLOW)
        yield running


def fill(engine: Engine, gateway: Gateway) -> None:
    """Set the gateway up, and post some SMS."""
    setup = HttpSetup(gateway.url, "POST", "", "json", '{"to": "{to}", "text": "{text}"}')
    with UnitOfWork(engine).begin() as tx:
        channels.store(tx, Channel.SMS, Means.HTTP.value, True, as_json(setup), "")
        for number in range(POSTED):
            post(tx, channel=Channel.SMS, to="+201001234567", subject="", text="Hello", key=f"m{number}")


def until(condition: Callable[[], object]) -> None:
    patience = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < patience, "it does not come about"
        time.sleep(0.02)


def assert_stopped_in_order(engine: Engine, gateway: Gateway) -> None:
    """Everything that the gateway was asked for is kept as sent, once; anybody may take the rest now."""
    with engine.connect() as connection:
        rows = connection.execute(select(Message.key, Message.state, Message.try_at).order_by(Message.id)).all()
    sent = [key for key, state, _ in rows if state == "sent"]
    left = [key for key, state, try_at in rows if state == "planned" and try_at <= datetime.now(UTC)]
    assert sent and left and sent + left == [key for key, _, _ in rows]
    assert [request.headers["idempotency-key"] for request in gateway.requests] == sent


def children(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def test_a_worker_that_is_told_to_stop_finishes_what_is_in_flight(engine: Engine, database_url: str, gateway: Gateway):
    fill(engine, gateway)
    kept = {name: value for name, value in os.environ.items() if not name.startswith("APPOINTMENTS_")}
    own = {"APPOINTMENTS_DATABASE_URL": database_url, "APPOINTMENTS_SECRET_KEY": server.SECRET_KEY}
    worker = subprocess.Popen(
        [*server.OF_THIS_CHECKOUT, "worker"],
        env={**kept, **own, "PYTHONPATH": str(ROOT)}, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    try:
        until(lambda: gateway.requests)
        worker.send_signal(signal.SIGTERM)
        said, _ = worker.communicate(timeout=PATIENCE)
    finally:
        worker.kill()
    assert worker.returncode == 0, said.decode()
    assert "Traceback" not in said.decode()
    assert_stopped_in_order(engine, gateway)


@pytest.mark.parametrize("slow", [SLOW, LONGEST])
def test_a_server_that_is_told_to_stop_finishes_what_is_in_flight(
    built_frontend: Path, sqlite_template: Path, tmp_path: Path, gateway: Gateway, slow: float
):
    gateway.usual = Answer(delay=slow)
    url = databases.sqlite_copy(sqlite_template, tmp_path)
    engine = engine_for(url)
    with server.running(url, tmp_path) as running:
        assert running.process is not None
        fill(engine, gateway)
        until(lambda: gateway.requests)
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(timeout=PATIENCE) == 0, running.output[-2000:]
        with pytest.raises(ProcessLookupError):
            os.killpg(running.process.pid, 0)
        assert "Traceback" not in running.output and "Killing" not in running.output
    assert_stopped_in_order(engine, gateway)
    engine.dispose()


def test_a_server_that_is_told_to_stop_while_it_starts_ends_at_once(
    built_frontend: Path, sqlite_template: Path, tmp_path: Path
):
    running = server.RunningServer(databases.sqlite_copy(sqlite_template, tmp_path), tmp_path)
    started = running.begin()
    try:
        until(lambda: children(started.pid))
        started.send_signal(signal.SIGTERM)
        started.wait(timeout=launch.SECONDS_TO_FINISH / 2)
        with pytest.raises(ProcessLookupError):
            os.killpg(started.pid, 0)
    finally:
        running.stop()
    assert "Killing" not in running.output


def test_those_who_wait_longer_wait_long_enough():
    assert max(2 * sms_http.SECONDS, smtp.SECONDS) < SECONDS_FOR_MESSAGES  # a connection, then an answer
    assert SECONDS_FOR_MESSAGES + SECONDS_FOR_HANDLERS < launch.SECONDS_TO_FINISH
