"""Builds the pages once, and again only when their sources have changed."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from appointments_app import node

PACKAGE = Path(__file__).parent
ROOT = PACKAGE.parent
SOURCES = (".py", ".jsx", ".js", ".css", ".po")
STAMP = "fingerprint"


class BuildError(RuntimeError):
    """The pages could not be built."""


def is_checkout() -> bool:
    """Whether the program runs from its sources, rather than from an installed wheel."""
    return (ROOT / "rxconfig.py").exists() and (ROOT / "pyproject.toml").exists()


def web_dir() -> Path:
    """Return the folder Reflex works in while it builds."""
    return ROOT / os.environ.get("REFLEX_WEB_WORKDIR", ".web")


def site_dir() -> Path:
    """Return the folder of the finished site: in the package, or with REFLEX_WEB_WORKDIR in a private one."""
    return web_dir() / "site" if "REFLEX_WEB_WORKDIR" in os.environ else PACKAGE / "_site"


def ensure_site() -> Path:
    """Return the folder of the finished site, built first if it is missing or older than its sources."""
    site = site_dir()
    if not is_checkout():
        return site
    with _one_at_a_time():
        compile_catalogs()
        sources = _fingerprint(_sources())
        if _stamp(site) != sources + _fingerprint(_lock()):
            print("Building the pages. The first time this takes about a minute, later 10 seconds.", flush=True)
            _export()
            _assemble(site, stamp=sources + _fingerprint(_lock()))
    return site


def compile_catalogs() -> None:
    """Compile every message catalog that is newer than its compiled form."""
    for catalog in (PACKAGE / "locale").glob("*/LC_MESSAGES/*.po"):
        compiled = catalog.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime_ns < catalog.stat().st_mtime_ns:
            _compile(catalog, compiled)


def build_environment() -> dict[str, str]:
    """Return the environment in which the pages are built: the bundled Node, and nobody's private settings."""
    private = ("REFLEX_", "__REFLEX_", "APPOINTMENTS_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(private)}
    return node.environment(
        {
            **kept,
            "REFLEX_WEB_WORKDIR": str(web_dir()),
            "REFLEX_DIR": str(ROOT / ".cache" / "reflex"),
            "REFLEX_CHECK_LATEST_VERSION": "0",
            "NPM_CONFIG_REGISTRY": os.environ.get("NPM_CONFIG_REGISTRY") or node.registry(ROOT),
            "APPOINTMENTS_DATABASE_URL": "sqlite:///:memory:",
        }
    )


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    (ROOT / ".cache").mkdir(exist_ok=True)
    with (ROOT / ".cache" / "build.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sources() -> list[Path]:
    inside = (
        path
        for path in PACKAGE.rglob("*")
        if path.suffix in SOURCES and not path.relative_to(PACKAGE).parts[0].startswith("_site")
    )
    assets = (path for path in (ROOT / "assets").rglob("*") if path.is_file() and "external" not in path.parts)
    return [*inside, *assets, *(ROOT / name for name in ("rxconfig.py", "pyproject.toml", "requirements.lock"))]


def _lock() -> list[Path]:
    # Apart from the sources, for Reflex may complete these files while it builds.
    return [path for path in (ROOT / "reflex.lock").glob("*") if path.is_file()]


def _fingerprint(files: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in sorted(files):
        digest.update(f"{path.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _stamp(site: Path) -> str:
    stamp = site / STAMP
    return stamp.read_text() if stamp.exists() else ""


def _export() -> None:
    log = ROOT / ".cache" / "build.log"
    command = [sys.executable, "-m", "reflex", "export", "--frontend-only", "--no-zip"]
    with log.open("w", encoding="utf-8") as output:
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=build_environment(),
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    if done.returncode or not (web_dir() / "build" / "client").is_dir():
        tail = "\n".join(log.read_text(encoding="utf-8").splitlines()[-40:])
        raise BuildError(f"{tail}\nThe pages could not be built; the whole log is in {log}.")


def _assemble(site: Path, stamp: str) -> None:
    fresh = site.with_name(site.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.copytree(web_dir() / "build" / "client", fresh / "web" / "build" / "client")
    if (web_dir() / "backend").exists():
        shutil.copytree(web_dir() / "backend", fresh / "web" / "backend")
    shutil.copy(ROOT / "rxconfig.py", fresh)
    (fresh / STAMP).write_text(stamp)
    shutil.rmtree(site, ignore_errors=True)
    fresh.rename(site)


def _compile(catalog: Path, compiled: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with catalog.open("rb") as source:
        messages = read_po(source, locale=catalog.parent.parent.name)
    with compiled.open("wb") as target:
        write_mo(target, messages)
