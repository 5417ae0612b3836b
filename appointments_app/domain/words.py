"""Marks for translation: the text is found by its msgid where it is shown."""

from __future__ import annotations


def N_(msgid: str) -> str:
    """Mark ``msgid`` for translation and return it unchanged."""
    return msgid


def NN_(singular: str, plural: str) -> tuple[str, str]:
    """Mark a sentence with a number for translation and return both forms unchanged."""
    return singular, plural
