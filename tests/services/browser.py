"""A Chromium for the tests: one that is here, else Playwright's own, else the distribution's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.services.machine import Missing, distribution_install, distribution_offers, first_on_path

LIGHT = "chromium-headless-shell"
"""Chromium without what draws its windows: the same pages for little more than half the work."""
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NAMES = (LIGHT, *WHOLE)
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


class KeptBrowser:
    """A Chromium without a window, from the first test that asks for it until ``close``."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    def get(self) -> Browser:
        """Return the browser, started if need be."""
        if self._browser is None:
            self._playwright = sync_playwright().start()
            self._browser = self._playwright.chromium.launch(executable_path=find() or ensure(), args=FLAGS)
        return self._browser

    def close(self) -> None:
        """Close the browser, and leave the thread's event loop to others."""
        if self._browser:
            self._browser.close()
        if self._playwright:
            self._playwright.stop()
        self._playwright = self._browser = None


KEPT = KeptBrowser()
"""The browser of this worker."""


def find(*names: str) -> Path | None:
    """Return a browser that starts on this machine, one of these names if given."""
    here = [first_on_path(name) or Path("/usr/bin") / name for name in names or NAMES]
    return next((path for path in (*here, *(() if names else _of_playwright())) if _starts(path)), None)


def ensure() -> Path:
    """Return a browser, installed first if need be: the light one where the distribution has it."""
    if not find(LIGHT) and distribution_offers(LIGHT):
        distribution_install(LIGHT)
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
    names = ("chrome-headless-shell-*/chrome-headless-shell", "chrome-linux*/headless_shell", "chrome-linux*/chrome")
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
