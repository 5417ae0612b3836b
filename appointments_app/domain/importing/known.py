"""Who is known already: by e-mail, by phone, by name and birth date, and by name where nothing contradicts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from appointments_app.domain.client import ClientFields
from appointments_app.domain.text import fold


@dataclass(frozen=True)
class Twin:
    """A client that a row is about: its key, and by what it was recognised: email, phone, birth_date or name."""

    key: int
    by: str


AMBIGUOUS = Twin(0, "ambiguous")
"""Several clients have this name, and the row has nothing that tells them apart."""


Facts = tuple[int, str, str, str, str]
"""What a client is recognised by: key, folded name, e-mail, phone, birth date."""


class _Index(dict[str, int | tuple[int, ...]]):
    """The clients with one e-mail, phone or name: hardly ever more than one, so that one is kept without a list."""

    def note(self, value: str, key: int) -> None:
        if value:
            known = self.get(value)
            self[value] = key if known is None else (*_keys(known), key)

    def of(self, value: str) -> tuple[int, ...]:
        known = self.get(value)
        return () if known is None else _keys(known)


def _keys(known: int | tuple[int, ...]) -> tuple[int, ...]:
    return known if isinstance(known, tuple) else (known,)


class Clients:
    """Looks clients up. Keys are ids; clients that are yet to be stored have negative ones."""

    def __init__(self) -> None:
        self._emails, self._phones, self._names = _Index(), _Index(), _Index()
        self._of: dict[int, tuple[str, str, str, str]] = {}

    def know(self, rows: Iterable[Facts]) -> None:
        """Know more of them."""
        for key, name, email, phone, born in rows:
            if key not in self._of:
                self._of[key] = name, email, phone, born
                self._names.note(name, key)
                self._emails.note(email, key)
                self._phones.note(phone, key)

    def add(self, key: int, fields: ClientFields) -> None:
        """Know one more."""
        self.know([(key, fold(fields.name), fields.email, fields.phone, fields.birth_date)])

    def has_any_of(self, facts: Facts) -> bool:
        """Whether this client is known, or another one with the same name, e-mail or phone."""
        key, name, email, phone, _ = facts
        return key in self._of or name in self._names or email in self._emails or phone in self._phones

    def find(self, fields: ClientFields, *, by_name: bool = False) -> Twin | None:
        """Return who a row is about. ``by_name``: also a namesake whose e-mail and phone are not other ones."""
        name = fold(fields.name)
        for by, keys in (("email", self._emails.of(fields.email)), ("phone", self._phones.of(fields.phone))):
            if keys:
                return Twin(next((key for key in keys if self._of[key][0] == name), keys[0]), by)
        namesakes = self._names.of(name)
        if fields.birth_date and (born := [key for key in namesakes if self._of[key][3] == fields.birth_date]):
            return Twin(born[0], "birth_date")
        has_contact = bool(fields.email or fields.phone)
        if has_contact and not by_name:
            return None
        keys = tuple(key for key in namesakes if self._may_be(key, fields))
        if len(keys) > 1:
            return None if has_contact else AMBIGUOUS
        return Twin(keys[0], "name") if keys else None

    def _may_be(self, key: int, fields: ClientFields) -> bool:
        _, email, phone, born = self._of[key]
        pairs = ((email, fields.email), (phone, fields.phone), (born, fields.birth_date))
        return not any(mine and theirs and mine != theirs for mine, theirs in pairs)
