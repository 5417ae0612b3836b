"""The languages the program speaks."""

from __future__ import annotations

from appointments_app.domain.errors import Invalid
from appointments_app.domain.words import N_

LANGUAGES = {"en": "English", "ar": "العربية"}
"""Each language in its own tongue."""


def language_code(code: str, field: str = "language") -> str:
    """Return the code of a language on offer; raise Invalid at ``field`` otherwise."""
    if code not in LANGUAGES:
        raise Invalid(fields={field: N_("Unknown language.")})
    return code
