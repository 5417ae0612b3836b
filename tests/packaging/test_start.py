"""Starting the program: what is printed, what is refused, what survives a stop."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.services.machine import ROOT, free_port
from tests.services.server import RunningServer


def command(*words: str, given: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    """Run ``appointments`` with these words and variables."""
    return subprocess.run(
        [sys.executable, "-m", "appointments_app", *words],
        cwd=ROOT,
        env={**os.environ, **settings},
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_first_start_prints_the_address_and_a_link_that_opens(built_frontend: Path, tmp_path: Path) -> None:
    server = RunningServer(f"sqlite:///{tmp_path / 'new' / 'a.db'}", tmp_path)
    server.start()
    try:
        assert f"Appointments is running at {server.url}\n" in server.output
        (link,) = re.findall(r"http://localhost:\d+/setup\?token=\S+", server.output)
        assert httpx.get(link, follow_redirects=True, trust_env=False).status_code == 200
    finally:
        server.stop()


def test_the_server_answers_as_soon_as_it_says_that_it_runs(
    built_frontend: Path, sqlite_url: str, tmp_path: Path
) -> None:
    server = RunningServer(sqlite_url, tmp_path)
    server.start()
    try:
        assert httpx.get(f"{server.url}/readyz", trust_env=False).json() == {"database": "ready"}
    finally:
        server.stop()


def test_a_redis_that_does_not_answer_stops_the_start_without_naming_its_password(
    built_frontend: Path, sqlite_url: str
) -> None:
    address = f"redis://:hush@127.0.0.1:{free_port()}"
    refused = command("serve", APPOINTMENTS_DATABASE_URL=sqlite_url, APPOINTMENTS_REDIS_URL=address)
    assert refused.returncode == 1
    assert "APPOINTMENTS_REDIS_URL" in refused.stderr
    assert "Traceback" not in refused.stderr and "hush" not in refused.stderr


def test_no_link_is_printed_once_somebody_can_sign_in(built_frontend: Path, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'a.db'}"
    words = ("user", "add", "--role", "owner", "--email", "ada@example.com", "--password-stdin")
    added = command(*words, given="correct horse battery staple\n", APPOINTMENTS_DATABASE_URL=database)
    assert added.returncode == 0, added.stderr
    server = RunningServer(database, tmp_path)
    server.start()
    server.stop()
    assert "/setup" not in server.output


def test_a_second_account_of_the_same_address_is_refused(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'a.db'}"
    words = ("user", "add", "--email", "ada@example.com", "--password-stdin")
    first, second = (command(*words, given="correct horse battery\n", APPOINTMENTS_DATABASE_URL=database) for _ in "ab")
    assert first.returncode == 0, first.stderr
    assert second.returncode == 1
    assert "Traceback" not in second.stderr


def test_a_taken_port_is_named(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = command("serve", "--port", port, APPOINTMENTS_DATABASE_URL=f"sqlite:///{tmp_path / 'a.db'}")
    assert refused.returncode == 1
    assert f"Port {port}" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_an_unknown_setting_stops_the_start() -> None:
    refused = command("serve", APPOINTMENTS_DATABSE_URL="sqlite:///typo.db")
    assert refused.returncode == 1
    assert "APPOINTMENTS_DATABSE_URL" in refused.stderr


def test_a_stop_leaves_no_process_and_the_port_free(built_frontend: Path, sqlite_url: str, tmp_path: Path) -> None:
    server = RunningServer(sqlite_url, tmp_path)
    server.start()
    assert server.process is not None
    leader = server.process
    leader.send_signal(signal.SIGTERM)
    assert leader.wait(timeout=15) == 0
    with pytest.raises(ProcessLookupError):
        os.killpg(leader.pid, 0)
    server.restart()
    server.stop(signal.SIGKILL)


def test_one_build_serves_any_host(built_frontend: Path, sqlite_url: str, tmp_path: Path) -> None:
    (chunk,) = (built_frontend / "web" / "build" / "client" / "assets").glob("reflex-env-*.js")
    assert "location.origin" in chunk.read_text()
    assert "localhost" not in chunk.read_text()


def test_only_pages_of_this_server_may_open_the_websocket(
    built_frontend: Path, sqlite_url: str, tmp_path: Path
) -> None:
    server = RunningServer(sqlite_url, tmp_path)
    server.start()
    try:
        upgrade = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        address = f"{server.url}/_event/?EIO=4&transport=websocket&token=00000000-0000-4000-8000-000000000000"
        key = {"Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ=="}
        for origin, welcome in ((server.url, True), ("http://evil.example", False)):
            with httpx.stream("GET", address, headers={**upgrade, **key, "Origin": origin}, trust_env=False) as answer:
                assert (answer.status_code == 101) is welcome, origin
    finally:
        server.stop()
