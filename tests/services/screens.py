"""Screenshots for people to look at, in ``tests/screens/`` (not kept in the repository)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

FOLDER = Path(__file__).parents[1] / "screens"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}


def shoot(page: Page, name: str, variant: str = "light") -> Path:
    """Save what the page shows now as ``<name>-<variant>.png``; return the file."""
    FOLDER.mkdir(exist_ok=True)
    page.evaluate("document.fonts.ready")
    path = FOLDER / f"{name}-{variant}.png"
    page.screenshot(path=path, animations="disabled", caret="hide")
    return path


def shoot_all(page: Page, name: str) -> list[Path]:
    """Save the page in light, dark and phone width. Arabic: ``shoot(…, "arabic")``, as its reader."""
    taken = [shoot(page, name)]
    with dark(page):
        taken.append(shoot(page, name, "dark"))
    with size(page, PHONE):
        taken.append(shoot(page, name, "phone"))
    return taken


@contextmanager
def dark(page: Page) -> Iterator[None]:
    """Show the page in dark colours for a while."""
    _colours(page, "dark")
    try:
        yield
    finally:
        _colours(page, "light")


@contextmanager
def size(page: Page, viewport: dict[str, int]) -> Iterator[None]:
    """Show the page in another size for a while."""
    before: Any = page.viewport_size
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    _drawn(page)
    try:
        yield
    finally:
        page.set_viewport_size(before)


def _colours(page: Page, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.evaluate(
        """scheme => {
            for (const element of [document.documentElement, ...document.querySelectorAll(".radix-themes")]) {
                element.classList.remove("light", "dark");
                element.classList.add(scheme);
            }
            document.documentElement.style.colorScheme = scheme;
        }""",
        scheme,
    )
    _drawn(page)


def _drawn(page: Page) -> None:
    """Wait until the browser has drawn what was changed."""
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
