"""Who is known already: by e-mail, by phone, and by name where nothing contradicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from appointments_app.domain.client import ClientFields
from appointments_app.domain.text import fold


@dataclass(frozen=True)
class Twin:
    """A client that a row is about: its key, and by what it was recognised: email, phone or name."""

    key: int
    by: str


AMBIGUOUS = Twin(0, "ambiguous")
"""Several clients have this name, and the row has nothing that tells them apart."""


class Clients:
    """Looks clients up. Keys are ids; clients that are yet to be stored have negative ones."""

    def __init__(self) -> None:
        self._emails: dict[str, list[int]] = {}
        self._phones: dict[str, list[int]] = {}
        self._names: dict[str, list[int]] = {}
        self._of: dict[int, tuple[str, str, str]] = {}

    def know(self, rows: Iterable[tuple[int, str, str, str]]) -> None:
        """Know more of them: key, folded name, e-mail, phone."""
        for key, name, email, phone in rows:
            if key in self._of:
                continue
            self._of[key] = name, email, phone
            for index, value in ((self._names, name), (self._emails, email), (self._phones, phone)):
                if value:
                    index.setdefault(value, []).append(key)

    def add(self, key: int, fields: ClientFields) -> None:
        """Know one more."""
        self.know([(key, fold(fields.name), fields.email, fields.phone)])

    def find(self, fields: ClientFields, *, by_name: bool = False) -> Twin | None:
        """Return who a row is about. ``by_name``: also a namesake whose e-mail and phone are not other ones."""
        name = fold(fields.name)
        for by, value, index in (("email", fields.email, self._emails), ("phone", fields.phone, self._phones)):
            if value and (keys := index.get(value)):
                same = [key for key in keys if self._of[key][0] == name]
                return Twin((same or keys)[0], by)
        has_contact = bool(fields.email or fields.phone)
        if not name or (has_contact and not by_name):
            return None
        keys = [key for key in self._names.get(name, ()) if not has_contact or self._may_be(key, fields)]
        if len(keys) > 1:
            return None if has_contact else AMBIGUOUS
        return Twin(keys[0], "name") if keys else None

    def _may_be(self, key: int, fields: ClientFields) -> bool:
        _, email, phone = self._of[key]
        pairs = ((email, fields.email), (phone, fields.phone))
        return not any(mine and theirs and mine != theirs for mine, theirs in pairs)
