"""Fills templates with Jinja2, of which only placeholders and {% if %} are let through."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from appointments_app.domain.template import Placeholder, WrongTemplate

_environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)
_KNOWN = frozenset(each.value for each in Placeholder)
_PARTS = (nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.And, nodes.Or, nodes.Not)


def placeholders(template: str) -> frozenset[Placeholder]:
    """Return the placeholders that a template names; raise WrongTemplate when anything else stands in it."""
    try:
        tree = _environment.parse(template)
    except TemplateSyntaxError as error:
        raise WrongTemplate(line=error.lineno) from None
    return frozenset(_named_in(tree))


def fill(template: str, values: Mapping[Placeholder, str]) -> str:
    """Return the template with its placeholders filled in; one without a value is empty."""
    return _compiled(template).render(_nested(values))


@lru_cache(maxsize=256)
def _compiled(template: str) -> Template:
    placeholders(template)
    return _environment.from_string(template)


def _named_in(node: nodes.Node) -> set[Placeholder]:
    if isinstance(node, (nodes.Name, nodes.Getattr)):
        name = _path(node)
        if name not in _KNOWN:
            raise WrongTemplate(name, node.lineno)
        return {Placeholder(name)}
    if not isinstance(node, _PARTS):
        raise WrongTemplate(line=node.lineno)
    found: set[Placeholder] = set()
    for child in node.iter_child_nodes():
        found |= _named_in(child)
    return found


def _path(node: nodes.Node) -> str:
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{_path(node.node)}.{node.attr}"
    return "…"


def _nested(values: Mapping[Placeholder, str]) -> dict[str, object]:
    given: dict[str, object] = {}
    for placeholder in Placeholder:
        value = values.get(placeholder, "")
        group, _, name = placeholder.value.partition(".")
        if name:
            inner = given.setdefault(group, {})
            assert isinstance(inner, dict)
            inner[name] = value
        else:
            given[group] = value
    return given
