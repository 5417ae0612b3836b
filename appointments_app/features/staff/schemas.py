"""What the staff form holds, and what becomes of what was typed into it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TypeVar

from appointments_app.domain import sign_in
from appointments_app.domain.access import Role
from appointments_app.domain.colours import COLOURS
from appointments_app.domain.contact import email_address, phone_number, required_name
from appointments_app.domain.errors import Invalid
from appointments_app.domain.language import language_code
from appointments_app.domain.times import zone
from appointments_app.domain.words import N_

FIELDS = ("name", "email", "phone", "colour", "time_zone", "language", "role")
T = TypeVar("T")


@dataclass(frozen=True)
class RoleChoice:
    """A role in the form's drop-down; ``name`` is empty for a built-in one."""

    key: str
    name: str


@dataclass(frozen=True)
class PersonForm:
    """One person as the form shows them. ``last_change`` is the newest entry of the audit trail."""

    id: int = 0
    version: int = 0
    last_change: int = 0
    name: str = ""
    email: str = ""
    phone: str = ""
    colour: str = "indigo"
    time_zone: str = ""
    language: str = ""
    role: str = Role.STAFF.value
    active: bool = True
    may_sign_in: bool = False
    may_change: bool = True
    has_second_step: bool = False


@dataclass(frozen=True)
class Person:
    """What was typed, checked and in the form in which it is stored; ``password`` '' means: as it is."""

    name: str
    email: str
    phone: str
    colour: str
    time_zone: str
    language: str
    role: str
    may_sign_in: bool
    password: str

    def stored(self) -> dict[str, str]:
        """Return the columns by name."""
        return {name: getattr(self, name) for name in FIELDS}


def entered(values: dict[str, object], *, region: str, roles: Collection[str], has_password: bool = False) -> Person:
    """Return what was typed; raise Invalid with every wrong field at once."""
    wrong: dict[str, str] = {}

    def check(rule: Callable[[str], T], name: str, otherwise: T) -> T:
        try:
            return rule(_text(values, name))
        except Invalid as refusal:
            wrong.update(refusal.fields)
            return otherwise

    may_sign_in = bool(values.get("may_sign_in"))
    person = Person(
        name=check(required_name, "name", ""),
        email=check(_email if may_sign_in else email_address, "email", ""),
        phone=check(lambda text: phone_number(text, region), "phone", ""),
        colour=check(_colour, "colour", ""),
        time_zone=check(lambda text: zone(text).key if text else "", "time_zone", ""),
        language=check(lambda text: language_code(text) if text else "", "language", ""),
        role=check(lambda text: _role(text, roles), "role", ""),
        may_sign_in=may_sign_in,
        password=check(lambda text: _password(text, has_password), "password", "") if may_sign_in else "",
    )
    if wrong:
        raise Invalid(fields=wrong)
    return person


def taken_email() -> Invalid:
    """Return the refusal of an address that somebody has already."""
    return Invalid(fields={"email": N_("This e-mail address is in use.")})


def _text(values: dict[str, object], name: str) -> str:
    value = values.get(name, "")
    return value if isinstance(value, str) else ""


def _email(text: str) -> str:
    if not (email := email_address(text)):
        raise Invalid(fields={"email": N_("Whoever signs in needs an e-mail address.")})
    return email


def _colour(text: str) -> str:
    if text not in COLOURS:
        raise Invalid(fields={"colour": N_("Choose a colour.")})
    return text


def _role(text: str, roles: Collection[str]) -> str:
    if text not in roles:
        raise Invalid(fields={"role": N_("Choose a role.")})
    return text


def _password(text: str, has_password: bool) -> str:
    return "" if not text and has_password else sign_in.check_password(text)
