"""E-mail addresses and phone numbers as they are stored."""

from __future__ import annotations

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from appointments_app.domain.errors import Invalid
from appointments_app.domain.words import N_


def email_address(text: str, field: str = "email") -> str:
    """Return the address in lower case, or '' for none; raise Invalid at ``field``."""
    if not text.strip():
        return ""
    try:
        return validate_email(text.strip(), check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise Invalid(fields={field: N_("This is not an e-mail address.")}) from None


def phone_number(text: str, region: str, field: str = "phone") -> str:
    """Return the number in E.164, or '' for none; a number without + is read as one of ``region``."""
    if not text.strip():
        return ""
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number):
        raise Invalid(fields={field: N_("This is not a phone number.")})
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_as_read(e164: str) -> str:
    """Return the number in international form with spaces, as people read it."""
    if not e164:
        return ""
    try:
        return phonenumbers.format_number(phonenumbers.parse(e164), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return e164
