"""A Chromium for the tests: one that is here, else Playwright's own, else the distribution's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.services.machine import Missing, distribution_install, first_on_path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--metrics-recording-only",
    "--no-first-run",
    "--no-default-browser-check",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
]


def find() -> Path | None:
    """Return a browser that starts on this machine."""
    candidates = (first_on_path(*NAMES), *(Path("/usr/bin") / name for name in NAMES), *_of_playwright())
    return next((path for path in candidates if path and _starts(path)), None)


def ensure() -> Path:
    """Return a browser, installed first if need be."""
    for install in (lambda: None, _install_of_playwright, lambda: distribution_install("chromium")):
        install()
        if browser := find():
            return browser
    raise Missing(
        "The tests need a Chromium. Neither Playwright nor the distribution could install one; do it by hand "
        "(Debian: apt-get install chromium) and run the tests again."
    )


def _of_playwright() -> list[Path]:
    home = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    names = ("chrome-linux*/chrome", "chrome-headless-shell-*/chrome-headless-shell", "chrome-linux*/headless_shell")
    return [path for name in names for path in sorted(Path(home).glob(f"chromium*/{name}"), reverse=True)]


def _install_of_playwright() -> None:
    command = [sys.executable, "-m", "playwright", "install", "chromium"]
    if os.geteuid() == 0 and first_on_path("apt-get"):
        command.insert(-1, "--with-deps")
    try:
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=240)
    except subprocess.TimeoutExpired:
        return


def _starts(path: Path) -> bool:
    command = [path, "--version"]
    try:
        asked = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 0
