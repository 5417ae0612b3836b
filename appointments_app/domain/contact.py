"""E-mail addresses and phone numbers as they are stored."""

from __future__ import annotations

import re
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from appointments_app.domain.errors import Invalid
from appointments_app.domain.text import one_line
from appointments_app.domain.words import N_

_PLAIN_ADDRESS = re.compile(r"([A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*)@([^@]+)")
_LONGEST_LOCAL, _LONGEST_ADDRESS = 64, 254


def required_name(text: str, field: str = "name") -> str:
    """Return a person's or a business's name as it is stored; raise Invalid at ``field`` when there is none."""
    if not (name := one_line(text, 120)):
        raise Invalid(fields={field: N_("Enter a name.")})
    return name


def email_address(text: str, field: str = "email") -> str:
    """Return the address in lower case, or '' for none; raise Invalid at ``field``."""
    if not text.strip():
        return ""
    plain = _PLAIN_ADDRESS.fullmatch(text.strip())
    if plain and len(plain[1]) <= _LONGEST_LOCAL and len(text) <= _LONGEST_ADDRESS and (domain := _domain(plain[2])):
        return f"{plain[1].lower()}@{domain}"
    try:
        return validate_email(text.strip(), check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError:
        raise Invalid(fields={field: N_("This is not an e-mail address.")}) from None


@lru_cache(maxsize=4096)  # many addresses, few domains
def _domain(name: str) -> str:
    """Return the domain in lower case, '' for one that needs a closer look."""
    try:
        found = validate_email(f"a@{name}", check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return ""
    return found.domain.lower()


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


@lru_cache(maxsize=4096)  # a list shows the same people again and again
def phone_as_read(e164: str) -> str:
    """Return the number in international form with spaces, as people read it."""
    if not e164:
        return ""
    try:
        return phonenumbers.format_number(phonenumbers.parse(e164), phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    except phonenumbers.NumberParseException:
        return e164


def phone_region(code: str, field: str = "phone_region") -> str:
    """Return the ISO 3166 code of a country whose phone numbers are known; raise Invalid at ``field`` otherwise."""
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise Invalid(fields={field: N_("Choose a country.")})
    return code


def phone_regions() -> list[tuple[str, int]]:
    """Return every country with its calling code, by ISO 3166 code."""
    return [(code, phonenumbers.country_code_for_region(code)) for code in sorted(phonenumbers.SUPPORTED_REGIONS)]
