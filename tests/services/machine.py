"""What this machine has, and what may be installed on it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
CACHE = ROOT / ".cache"
ROOM_IN_MEMORY = 2 * 1024**3


class Missing(RuntimeError):
    """A program the tests need is neither here nor to be had."""


def first_on_path(*names: str) -> Path | None:
    """Return the first of these programs that is installed."""
    return next((Path(found) for name in names if (found := shutil.which(name))), None)


def distribution_install(*packages: str) -> bool:
    """Install packages of the distribution, where this is allowed; return whether it went well."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for command in (install, ["apt-get", "update", "-qq"], install):
        done = subprocess.run(command, env=quiet, stdin=subprocess.DEVNULL, capture_output=True, check=False)
        if command is install and done.returncode == 0:
            return True
    return False


def distribution_offers(package: str) -> bool:
    """Return whether a package of the distribution may be installed here, as far as is known without asking anybody."""
    if os.geteuid() != 0 or not shutil.which("apt-cache"):
        return False
    asked = subprocess.run(["apt-cache", "show", package], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    return asked.returncode == 0


def memory_folder() -> Path | None:
    """Return a folder whose files lie in memory, if there is one with room for a server's data."""
    folder = Path("/dev/shm")
    if not os.access(folder, os.W_OK) or shutil.disk_usage(folder).free < ROOM_IN_MEMORY:
        return None
    return folder


def free_port() -> int:
    """Return a port of the loopback address that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
