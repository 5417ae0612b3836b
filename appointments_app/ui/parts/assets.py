"""Puts the scripts of the wrapped React parts side by side where the front-end build finds them."""

from __future__ import annotations

from pathlib import Path

import reflex as rx
from reflex_base.environment import EnvironmentVariables
from reflex_base.vars import VarData
from reflex_components_lucide.icon import LUCIDE_LIBRARY

from appointments_app.ui.catalog import write_catalog

HERE = Path(__file__).parent
PATHS = {
    file.name: rx.asset(file.name, shared=True).importable_path
    for file in sorted(HERE.iterdir())
    if file.suffix in {".js", ".jsx", ".css"}
}
ARIA = "react-aria-components@1.22.1"
ARIA_DATE = "@internationalized/date@3.12.4"


def script(name: str) -> str:
    """Return the import path of one script of this folder."""
    return PATHS[name]


def imported(name: str, *tags: str) -> VarData:
    """Return what a Var needs in order to use ``tags`` of one script."""
    return VarData(imports={script(name): [rx.ImportVar(tag=tag, install=False) for tag in tags]})


class Part(rx.Component):
    """A React component of this folder that shows icons."""

    lib_dependencies: list[str] = [LUCIDE_LIBRARY]  # noqa: RUF012  Reflex reads it as a field


if not EnvironmentVariables.REFLEX_BACKEND_ONLY.get():
    write_catalog(Path.cwd() / "assets" / "external" / Path(*__name__.split(".")) / "catalog.mjs")
