"""Every text on screen comes from the catalogs, and the catalogs are complete."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from appointments_app.integrations.catalogs import gettext_for, ntranslate, translate
from appointments_app.ui.catalog import SOURCE_LANGUAGE, languages, read_catalog, write_catalog
from appointments_app.ui.messages import PACKAGE, Text, texts, untranslated

TRANSLATIONS = [language for language in languages() if language != SOURCE_LANGUAGE]
PLACEHOLDER = re.compile(r"\{\w+\}")
LETTERS = re.compile(r"[^\W\d_]{2}")
SPOKEN = {"placeholder", "title", "aria_label", "alt", "label", "hint", "empty_text"}
ARIA = {"aria-label", "aria-description", "aria-valuetext", "title", "placeholder"}
SILENT = {"icon", "script", "style", "asset", "foreach", "redirect", "call_script", "call_function", "Var", "ImportVar"}
ENGLISH_WORD = re.compile(r"[A-Z][a-z]+( |$|[.?!:…])")


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_text_in_the_sources_is_in_the_catalog(language: str) -> None:
    catalog = read_catalog(language)
    missing = {text for text in texts() if not _is_in(catalog, text)}
    assert not missing, f"Run python -m appointments_app.ui.messages: {sorted(missing)}"


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_message_is_translated(language: str) -> None:
    assert untranslated(read_catalog(language)) == []


@pytest.mark.parametrize("language", TRANSLATIONS)
def test_translations_have_the_placeholders_of_the_original(language: str) -> None:
    wrong = [str(message.id) for message in read_catalog(language) if message.id and not _same_placeholders(message)]
    assert wrong == []


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_text_on_screen_stands_outside_the_catalogs(path: Path) -> None:
    if _is_screen(path):
        assert list(_bare_texts(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "source",
    [
        'rx.el.p("Hello there")',
        'rx.el.p(rx.cond(S.x, "yes", "no"))',
        'rx.el.input(placeholder="type here")',
        'rx.el.div(f"by {name}")',
        'button("Save")',
        'rx.el.div(custom_attrs={"aria-label": "menu"})',
    ],
)
def test_the_search_for_bare_texts_finds_them(source: str) -> None:
    assert list(_bare_texts(ast.parse(source)))


@pytest.mark.parametrize(
    "source", ['rx.el.p(t("Hello"))', 'rx.icon("menu")', 'rx.el.p("·")', 'rx.el.p(class_name="Big")']
)
def test_the_search_for_bare_texts_leaves_the_rest_alone(source: str) -> None:
    assert list(_bare_texts(ast.parse(source))) == []


def test_the_server_translates_and_chooses_the_plural() -> None:
    assert translate("ar", "Save") == "حفظ"
    assert translate("ar", "Actions for {name}", name="Ada") == "إجراءات Ada"
    assert translate("en", "{name} was saved.", name="{odd}") == "{odd} was saved."
    assert ntranslate("en", "{n} choice", "{n} choices", 1) == "1 choice"
    assert ntranslate("ar", "{n} choice", "{n} choices", 2) == "خياران"
    assert ntranslate("ar", "{n} choice", "{n} choices", 11) == "١١ خيارًا"
    assert translate("xx", "Save") == "Save"
    assert gettext_for("ar").gettext("Undo") == "تراجع"


def test_the_browser_gets_every_translation(tmp_path: Path) -> None:
    write_catalog(tmp_path / "catalog.mjs")
    script = (tmp_path / "catalog.mjs").read_text(encoding="utf-8")
    assert '"Save": "حفظ"' in script
    assert "plural: (n) => Number(" in script


def _is_in(catalog: object, text: Text) -> bool:
    message = catalog.get(text.singular, text.context or None)  # type: ignore[attr-defined]
    if message is None:
        return False
    return message.id == (text.singular, text.plural) if text.plural else message.id == text.singular


def _same_placeholders(message: object) -> bool:
    many = isinstance(message.id, tuple)  # type: ignore[attr-defined]
    expected = set(PLACEHOLDER.findall("".join(message.id) if many else message.id))  # type: ignore[attr-defined]
    forms = message.string if many else (message.string,)  # type: ignore[attr-defined]
    dispensable = {"{n}"} if many else set()  # "one appointment", "two appointments" are words in Arabic
    return all(expected - dispensable <= set(PLACEHOLDER.findall(form)) <= expected for form in forms)


def _is_screen(path: Path) -> bool:
    inside = path.relative_to(PACKAGE).parts
    if inside[0] == "features":
        return any(part.removesuffix(".py") in {"page", "components"} for part in inside)
    return inside[0] == "ui" or inside == ("appointments_app.py",)


def _bare_texts(tree: ast.AST) -> Iterator[str]:
    """Return the literal texts that calls of components would show."""
    raised = {id(node.exc) for node in ast.walk(tree) if isinstance(node, ast.Raise)}  # for programmers
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and id(node) not in raised):
        root, name = _names(call.func)
        if name in SILENT or root in {"t", "tn", "N_", "re", "Path"}:
            continue
        is_element = root == "rx" and name not in {"cond", "match"}
        children = [*call.args] if is_element else []
        shown = [word for child in children for word in _literals(child)]
        shown += [word for key in call.keywords if key.arg in SPOKEN for word in _literals(key.value)]
        shown += [word for key in call.keywords if key.arg == "custom_attrs" for word in _aria(key.value)]
        yield from (word for word in shown if LETTERS.search(word))
        if not is_element and root not in {"rx", "TypeVar", "getattr", "Field"}:
            yield from (word for child in call.args for word in _literals(child) if ENGLISH_WORD.match(word))


def _names(function: ast.expr) -> tuple[str, str]:
    """Return the first and the last name of a call: ("rx", "div") of ``rx.el.div``."""
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    while isinstance(function, ast.Attribute):
        function = function.value
    return getattr(function, "id", ""), name


def _literals(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        yield "".join(part.value for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.IfExp):
        yield from _literals(node.body)
        yield from _literals(node.orelse)
    elif isinstance(node, ast.Call) and _names(node.func) == ("rx", "cond"):
        for branch in node.args[1:]:
            yield from _literals(branch)


def _aria(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value in ARIA:
                yield from _literals(value)
