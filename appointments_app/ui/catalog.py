"""The browser's message catalog: a JavaScript module made of the .po files of every language but English."""

from __future__ import annotations

import json
import re
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent.parent / "locale"
SOURCE_LANGUAGE = "en"
_PLURAL = re.compile(r"[n0-9\s=!<>&|?:()%+*/-]+")


def languages() -> list[str]:
    """Return the codes of all languages: English, then those that have a .po file."""
    return [SOURCE_LANGUAGE, *sorted(path.parent.parent.name for path in LOCALE.glob("*/LC_MESSAGES/messages.po"))]


def read_catalog(language: str) -> Catalog:
    """Return the catalog of ``language`` as it stands in its .po file."""
    with (LOCALE / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def write_catalog(target: Path) -> None:
    """Write the JavaScript module to ``target`` unless it already says the same."""
    text = "".join(f"{_module(read_catalog(language), language)}" for language in languages()[1:])
    script = f"// Made from locale/*/LC_MESSAGES/messages.po.\nexport const catalogs = {{\n{text}}};\n"
    if not target.exists() or target.read_text(encoding="utf-8") != script:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        target.write_text(script, encoding="utf-8")


def key(msgid: str, context: str | None) -> str:
    """Return the name under which a message stands in the module: gettext's own, context and all."""
    return f"{context}\x04{msgid}" if context else msgid


def _module(catalog: Catalog, language: str) -> str:
    if not _PLURAL.fullmatch(catalog.plural_expr):
        raise ValueError(f"The plural rule of {language} is not an expression of n: {catalog.plural_expr}")
    messages = {}
    for message in catalog:
        if not message.id or message.fuzzy or not _is_translated(message.string):
            continue
        msgid = message.id[0] if isinstance(message.id, (list, tuple)) else message.id
        messages[key(msgid, message.context)] = message.string
    body = json.dumps(messages, ensure_ascii=False, indent=0, sort_keys=True)
    return f"{json.dumps(language)}: {{ plural: (n) => Number({catalog.plural_expr}), messages: {body} }},\n"


def _is_translated(string: object) -> bool:
    return all(string) if isinstance(string, (list, tuple)) else bool(string)
