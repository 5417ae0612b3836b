"""The second factor: six digits that change every half minute (RFC 6238), and the codes that stand in for them once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from pyotp import random_base32
from pyotp.totp import TOTP

from appointments_app.domain.sign_in import hash_of

STEP = timedelta(seconds=30)
LEEWAY = 1
"""Clocks may differ by so many steps."""

CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _LETTERS_IN_GROUP = 3, 4


def new_secret() -> str:
    """Return a random secret of 160 bits, in base 32 as authenticator apps take it."""
    return random_base32()


def address_of(secret: str, *, account: str, issuer: str) -> str:
    """Return the address that a QR code holds for an authenticator app."""
    return TOTP(secret).provisioning_uri(name=account, issuer_name=issuer)


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """Return the step in which ``code`` is right, None when it is wrong now. A step is used once: see ``staff``."""
    digits = "".join(letter for letter in code if letter.isdecimal())
    totp = TOTP(secret)
    for each in range(-LEEWAY, LEEWAY + 1):
        at = now + each * STEP
        if len(digits) == totp.digits and totp.verify(digits, for_time=at):
            return totp.timecode(at)
    return None


def new_codes() -> list[str]:
    """Return new recovery codes such as ``k7pm-x2qa-9hdt``, of 59 bits each."""
    return [
        "-".join("".join(secrets.choice(_LETTERS) for _ in range(_LETTERS_IN_GROUP)) for _ in range(_GROUPS))
        for _ in range(CODES)
    ]


def code_hash(staff_id: int, code: str) -> str:
    """Return what is stored of a recovery code, however it is typed: spaces, hyphens and capitals don't count."""
    plain = "".join(letter for letter in code.lower() if letter.isalnum())
    return hash_of(f"{staff_id} {plain}")
