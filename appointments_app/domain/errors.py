"""The one family of refusals: what a use-case says when it will not do a thing."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from appointments_app.domain.words import N_


class DomainError(Exception):
    """A refusal with a stable ``code``, a message for the person and, for forms, messages by field."""

    code = "refused"
    default = N_("That is not possible.")

    def __init__(self, message: str = "", *, fields: Mapping[str, str] | None = None, **values: Any) -> None:
        self.message = message or self.default
        self.fields = dict(fields or {})
        self.values = values
        super().__init__(self.message)


class NotSignedIn(DomainError):
    """Nobody is signed in, or the sign-in has ended."""

    code = "not_signed_in"
    default = N_("Please sign in again.")


class NotAllowed(DomainError):
    """The actor lacks the permission."""

    code = "not_allowed"
    default = N_("You may not do this.")


class NotFound(DomainError):
    """There is no such record, or the actor may not know of it: both look the same."""

    code = "not_found"
    default = N_("Not found.")


class Invalid(DomainError):
    """Some fields are wrong; ``fields`` says which and why."""

    code = "invalid"
    default = N_("Please check the marked fields.")


class Conflict(DomainError):
    """Somebody else changed the record meanwhile; ``values['changes']`` says who changed what."""

    code = "conflict"
    default = N_("Somebody else changed this meanwhile.")


class Clash(DomainError):
    """The staff member is busy at that time; ``values['clashes']`` holds the appointments in the way."""

    code = "clash"
    default = N_("The staff member is busy at that time.")


class TooManyAttempts(DomainError):
    """Signing in failed too often; ``values['seconds']`` says how long to wait."""

    code = "too_many_attempts"
    default = N_("Too many attempts. Try again in {seconds} seconds.")


class Unavailable(DomainError):
    """The database can't be reached or is busy; trying again later may work."""

    code = "unavailable"
    default = N_("The database does not answer. Nothing was lost: try again in a moment.")


class Cancelled(DomainError):
    """The person stopped the work; nothing was changed."""

    code = "cancelled"
    default = N_("Stopped. Nothing was changed.")


def check_all(*rules: Callable[[], object]) -> None:
    """Run every rule; raise one Invalid with the fields of all that refused."""
    wrong: dict[str, str] = {}
    for rule in rules:
        try:
            rule()
        except Invalid as refusal:
            wrong.update(refusal.fields)
    if wrong:
        raise Invalid(fields=wrong)
