"""Messages in the person's language, from the gettext catalogs in ``locale/``."""

from __future__ import annotations

from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).parent.parent / "locale"


@lru_cache
def gettext_for(language: str) -> NullTranslations:
    """Return the translations of ``language``; those of an unknown one leave every text as it is."""
    source = LOCALE / language / "LC_MESSAGES" / "messages.po"
    if not language.isalpha() or not source.exists():
        return NullTranslations()
    compiled = BytesIO()
    with source.open("rb") as catalog:
        write_mo(compiled, read_po(catalog, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def translate(language: str, msgid: str, **values: object) -> str:
    """Return ``msgid`` in ``language`` with ``{name}`` replaced by ``values['name']``."""
    return _filled(gettext_for(language).gettext(msgid) if msgid else "", values)


def ntranslate(language: str, singular: str, plural: str, n: int, **values: object) -> str:
    """Return the form for the number ``n``, which stands in it as ``{n}``."""
    return _filled(gettext_for(language).ngettext(singular, plural, n), {"n": n, **values})


def _filled(text: str, values: dict[str, object]) -> str:
    for name, value in values.items():
        text = text.replace("{" + name + "}", str(value))
    return text
