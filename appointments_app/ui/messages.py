"""Collects every text of the program and brings the .po files up to date.

``python -m appointments_app.ui.messages`` adds what is new (empty, to be translated), drops what is gone, and says what
is left to do. Texts are string literals in ``t("…")``, ``tn("…", "…", n)``, ``N_("…")``, ``_("…")``, gettext's own
functions, ``translate(language, "…")``; in states and in scripts ``tr("…")`` and ``trn("…", "…", n)``; in templates
``t("…")``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import write_po

from appointments_app.ui.catalog import LOCALE, SOURCE_LANGUAGE, languages, read_catalog

PACKAGE = LOCALE.parent
ONE = {"t": 0, "tr": 0, "_": 0, "N_": 0, "gettext": 0, "translate": 1}
MANY = {"tn": 0, "NN_": 0, "trn": 0, "ngettext": 0, "ntranslate": 1, "translate_many": 1}
SCRIPT_KEYWORDS = {"tr": None, "trn": (1, 2)}
TEMPLATE_KEYWORDS = {"t": None}


class Text(NamedTuple):
    """One text of the program and where it stands."""

    singular: str
    plural: str
    context: str
    file: str


def texts() -> list[Text]:
    """Return every text in the sources, in the order of the files."""
    found: list[Text] = []
    for path in sorted(PACKAGE.rglob("*")):
        if "_site" in path.parts or "node_modules" in path.parts:
            continue
        if path.suffix == ".py":
            found.extend(_in_python(path))
        elif path.suffix in {".js", ".jsx"}:
            found.extend(_extracted("javascript", path, SCRIPT_KEYWORDS))
        elif path.suffix == ".html":
            found.extend(_extracted("jinja2", path, TEMPLATE_KEYWORDS))
    return found


def update(language: str) -> Catalog:
    """Bring the .po file of ``language`` in line with the sources and return it."""
    old = read_catalog(language)
    new = Catalog(
        locale=language,
        project="Appointments",
        version="1",
        header_comment="",
        fuzzy=False,
        creation_date=old.creation_date,
        revision_date=old.creation_date,
        last_translator="Appointments",
        language_team="Appointments",
        msgid_bugs_address="Appointments",
    )
    new.mime_headers = [("Plural-Forms", old.plural_forms)]
    for text in texts():
        msgid = (text.singular, text.plural) if text.plural else text.singular
        known = old.get(text.singular, text.context or None)
        same_kind = known is not None and isinstance(known.id, (list, tuple)) == bool(text.plural)
        new.add(
            msgid,
            known.string if known and same_kind else None,
            locations=[(text.file, 0)],
            context=text.context or None,
        )
    with (LOCALE / language / "LC_MESSAGES" / "messages.po").open("wb") as file:
        write_po(file, new, width=120, sort_by_file=True, include_lineno=False, omit_header=False)
    return new


def untranslated(catalog: Catalog) -> list[str]:
    """Return the messages of ``catalog`` that have no translation, or an uncertain one."""
    return [str(message.id) for message in catalog if message.id and (message.fuzzy or not _filled(message.string))]


def _filled(string: object) -> bool:
    return all(string) if isinstance(string, (list, tuple)) else bool(string)


def _in_python(path: Path) -> Iterator[Text]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        name = _called(node.func)
        at, count = (MANY[name], 2) if name in MANY else (ONE.get(name, -1), 1)
        words = [_literal(argument) for argument in node.args[at : at + count]] if at >= 0 else []
        if len(words) == count and all(words):
            context = next((_literal(word.value) for word in node.keywords if word.arg == "context"), "")
            yield Text(words[0], words[1] if count == 2 else "", context, _name(path))


def _called(function: ast.expr) -> str:
    """Return the name of what is called; short names count only by themselves, for ``rx.el.tr`` is a table row."""
    if isinstance(function, ast.Attribute):
        return function.attr if len(function.attr) > 3 else ""
    return function.id if isinstance(function, ast.Name) else ""


def _literal(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _extracted(method: str, path: Path, keywords: dict) -> Iterator[Text]:
    with path.open("rb") as file:
        for _line, words, _comments, _context in extract(method, file, keywords=keywords):
            singular, plural = words if isinstance(words, tuple) else (words, "")
            yield Text(singular, plural, "", _name(path))


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE.parent).as_posix()


def main() -> None:
    """Update every .po file and say what is left to translate."""
    for language in languages():
        if language != SOURCE_LANGUAGE:
            missing = untranslated(update(language))
            print(f"{language}: {len(missing)} to translate", *missing, sep="\n  ")


if __name__ == "__main__":
    main()
