"""The colours staff and actions may have: names of Radix colour scales."""

from __future__ import annotations

COLOURS: tuple[str, ...] = (
    "indigo",
    "blue",
    "cyan",
    "teal",
    "green",
    "lime",
    "amber",
    "orange",
    "tomato",
    "pink",
    "purple",
    "gray",
)


def colour(name: str) -> str:
    """Return ``name`` if it is on offer, else gray."""
    return name if name in COLOURS else "gray"
