"""Who is known already: by e-mail, by phone, and by name where a row has neither."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from appointments_app.domain.client import ClientFields
from appointments_app.domain.text import fold


@dataclass(frozen=True)
class Twin:
    """A client that a row is about: its key, and by what it was recognised."""

    key: int
    by: str


AMBIGUOUS = Twin(0, "ambiguous")
"""Several clients have this name, and the row has nothing that tells them apart."""


class Clients:
    """Looks clients up. Keys are ids; clients that are yet to be stored have negative ones."""

    def __init__(self, rows: Iterable[tuple[int, str, str, str]]) -> None:
        """Begin with (id, folded name, e-mail, phone) of every client."""
        self._emails: dict[str, int | list[int]] = {}
        self._phones: dict[str, int | list[int]] = {}
        self._names: dict[str, int | list[int]] = {}
        self._name_of: dict[int, str] = {}
        for key, name, email, phone in rows:
            self._put(key, name, email, phone)

    def add(self, key: int, fields: ClientFields) -> None:
        """Know one more."""
        self._put(key, fold(fields.name), fields.email, fields.phone)

    def find(self, fields: ClientFields, *, by_name: bool = False) -> Twin | None:
        """Return who a row is about. ``by_name``: a name is enough where e-mail and phone are unknown."""
        name = fold(fields.name)
        for by, value, index in (("email", fields.email, self._emails), ("phone", fields.phone, self._phones)):
            if value and (keys := _listed(index.get(value))):
                same = [key for key in keys if self._name_of.get(key) == name]
                return Twin((same or keys)[0], by)
        if name and (by_name or not (fields.email or fields.phone)):
            keys = _listed(self._names.get(name))
            if len(keys) > 1 and not (fields.email or fields.phone):
                return AMBIGUOUS
            if len(keys) == 1:
                return Twin(keys[0], "name")
        return None

    def _put(self, key: int, name: str, email: str, phone: str) -> None:
        self._name_of[key] = name
        for index, value in ((self._names, name), (self._emails, email), (self._phones, phone)):
            if value:
                before = index.get(value)
                index[value] = key if before is None else [*_listed(before), key]


def _listed(keys: int | list[int] | None) -> list[int]:
    return keys if isinstance(keys, list) else [] if keys is None else [keys]
