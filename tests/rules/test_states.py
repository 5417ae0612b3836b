"""Screens' states: every public method is an event with a rule, and no row of the database is kept in one."""

from __future__ import annotations

import ast
from typing import Any, get_args, get_type_hints

import pytest
import reflex as rx
from sqlmodel import SQLModel

from appointments_app import appointments_app
from tests.rules.sources import Function, decorators, states

METHODS = [
    (f"{place}.{each.name}", each)
    for place, state in states()
    for each in state.body
    if isinstance(each, Function) and not each.name.startswith("_")
]


@pytest.mark.parametrize(("place", "method"), METHODS, ids=[place for place, _ in METHODS])
def test_every_public_method_of_a_state_is_an_event_with_a_rule_below_it(place: str, method: ast.FunctionDef):
    names = decorators(method)
    if "rx.var" in names:
        return
    assert names[:1] == ["rx.event"], f"{place}: the browser can call it; begin its name with _ or make it an event"
    assert names[1:] in (["requires"], ["public"]), f"{place}: say who may call it, right below @rx.event"


@pytest.mark.parametrize("place", [place for place, state in states() if ast.get_docstring(state) is None] or [""])
def test_every_state_says_what_it_shows(place: str):
    assert not place


def _own_states() -> list[type[rx.State]]:
    assert appointments_app.PAGES
    found, waiting = [], [rx.State]
    while waiting:
        children = waiting.pop().__subclasses__()
        found += [child for child in children if child.__module__.startswith("appointments_app.")]
        waiting += children
    return found


def _types(hint: Any) -> list[Any]:
    return [hint, *(inner for argument in get_args(hint) for inner in _types(argument))]


@pytest.mark.parametrize("state", _own_states(), ids=lambda state: state.__name__)
def test_no_row_of_the_database_is_kept_in_a_state(state: type[rx.State]):
    for name, hint in get_type_hints(state).items():
        rows = [each for each in _types(hint) if isinstance(each, type) and issubclass(each, SQLModel)]
        assert not rows, f"{state.__name__}.{name} holds {rows[0].__name__}"
