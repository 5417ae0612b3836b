"""Argon2id password hashes."""

from __future__ import annotations

from functools import lru_cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()
_at_work = BoundedSemaphore(2)
"""Each hash takes 64 MB and a core for a moment: many at once would take the machine from everybody else."""


def one_at_a_time() -> None:
    """Let this process make one hash at a time, for there are others beside it."""
    global _at_work
    _at_work = BoundedSemaphore(1)


def hash_password(password: str) -> str:
    """Return the Argon2id hash with its parameters and salt."""
    with _at_work:
        return _hasher.hash(_bytes(password))


def verify(stored: str, password: str) -> bool:
    """Whether ``password`` belongs to the hash. Takes as long when there is no hash, so that nobody learns of it."""
    with _at_work:
        try:
            return _hasher.verify(stored or _nobody(), _bytes(password)) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


def _bytes(password: str) -> bytes:
    return password.encode(errors="surrogatepass")


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash("nobody has this password")
