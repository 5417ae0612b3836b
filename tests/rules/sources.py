"""The program's own sources, as syntax trees."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "appointments_app"
Function = ast.FunctionDef | ast.AsyncFunctionDef


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Yield every module of the program."""
    for path in sorted(PACKAGE.rglob("*.py")):
        if "_site" not in path.parts:
            yield path, ast.parse(path.read_text(encoding="utf-8"))


def functions() -> Iterator[tuple[str, Function]]:
    """Yield every function with the place where it stands."""
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, Function):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node


def states() -> Iterator[tuple[str, ast.ClassDef]]:
    """Yield every class that holds a screen's state, by its direct base."""
    for path, tree in modules():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef) and any(ast.unparse(base).endswith("State") for base in node.bases):
                yield f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", node


def decorators(function: Function) -> list[str]:
    """Return the names of a function's decorators, the outermost first."""
    return [ast.unparse(each.func if isinstance(each, ast.Call) else each) for each in function.decorator_list]
