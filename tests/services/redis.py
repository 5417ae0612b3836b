"""A Redis of the tests' own: found or installed, started in a temporary folder, stopped at the end."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import redis

from tests.services.machine import Missing, distribution_install, first_on_path, free_port


@dataclass
class RunningRedis:
    """A Redis: its address, its process, and where it writes its memory to."""

    url: str
    folder: Path
    process: subprocess.Popen[bytes]

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self.url.rpartition(":")[2])

    def memory(self) -> bytes:
        """Return everything it holds, keys and values, as bytes."""
        with redis.Redis.from_url(self.url) as client:
            client.save()
        return (self.folder / "dump.rdb").read_bytes()

    def stop(self) -> None:
        """Stop it, as a machine that goes away does; harmless when it has stopped."""
        self.process.kill()
        self.process.wait(timeout=10)


def ensure() -> Path:
    """Return the server's program, installed first if need be."""
    for install in (lambda: None, lambda: distribution_install("redis-server")):
        install()
        if program := first_on_path("redis-server", "valkey-server"):
            return program
    raise Missing(
        "The tests need Redis. The distribution's package could not be installed; do it by hand "
        "(Debian: apt-get install redis-server) and run the tests again."
    )


@contextmanager
def running(folder: Path) -> Iterator[RunningRedis]:
    """Start a server on a free port that keeps nothing; yield it."""
    server = start(folder, free_port())
    try:
        yield server
    finally:
        server.stop()


def start(folder: Path, port: int) -> RunningRedis:
    """Start a server on this port, and return it when it answers."""
    options = {"bind": "127.0.0.1", "port": port, "dir": folder, "save": "", "appendonly": "no", "rdbcompression": "no"}
    command = [ensure(), *(part for name, value in options.items() for part in (f"--{name}", str(value)))]
    with (folder / "redis.log").open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    server = RunningRedis(f"redis://127.0.0.1:{port}", folder, process)
    patience = time.monotonic() + 15
    with redis.Redis.from_url(server.url) as client:
        while True:
            try:
                client.ping()
                return server
            except redis.RedisError as error:
                if process.poll() is not None or time.monotonic() > patience:
                    server.stop()
                    raise RuntimeError(f"Redis does not start: {(folder / 'redis.log').read_text()[-2000:]}") from error
                time.sleep(0.05)
