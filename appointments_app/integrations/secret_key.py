"""The one secret of an installation, the keys derived from it, and what is encrypted at rest with them."""

from __future__ import annotations

import base64
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

BYTES = 32


class Unreadable(ValueError):
    """What was encrypted can't be read: it was changed, or encrypted with another secret key."""


def secret_key(given: str, database: Path | None) -> bytes:
    """Return the secret key: the given one, else the one in the file beside the database, which is made if missing.

    Without either, as with a database in memory, it lives as long as the process.
    """
    if given:
        return given.encode()
    if database is None:
        return secrets.token_bytes(BYTES)
    path = database.with_suffix(".key")
    if not path.exists():
        _make(path)
    return path.read_bytes().strip()


def _make(path: Path) -> None:
    """Write a new key, readable by its owner only; of two processes that do so at once, the first one's key stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(base64.urlsafe_b64encode(secrets.token_bytes(BYTES)) + b"\n")
        os.fsync(file.fileno())
    try:
        os.link(unfinished, path)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()


def derived(key: bytes, purpose: str) -> bytes:
    """Return the 32-byte key for one purpose (HKDF-SHA256): none tells anything of another."""
    return HKDF(algorithm=SHA256(), length=BYTES, salt=None, info=purpose.encode()).derive(key)


def encrypt(key: bytes, text: str) -> str:
    """Return ``text`` encrypted and signed with a 32-byte key."""
    return _fernet(key).encrypt(text.encode()).decode()


def decrypt(key: bytes, encrypted: str) -> str:
    """Return what ``encrypt`` was given; raise Unreadable."""
    try:
        return _fernet(key).decrypt(encrypted.encode()).decode()
    except InvalidToken:
        raise Unreadable("encrypted with another secret key, or damaged") from None


def _fernet(key: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key))
