"""Tokens of links: claims, the time and a signature, short enough for an SMS and safe in any address."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from datetime import datetime, timedelta

from itsdangerous import BadSignature, SignatureExpired, TimestampSigner
from itsdangerous.signer import SigningAlgorithm

from appointments_app.domain.links import BrokenLink, Claims, ExpiredLink

LONGEST = 500


class _ShortHmac(SigningAlgorithm):
    """The first 128 bits of HMAC-SHA256: 22 characters, the last always a letter: programs leave others off."""

    def get_signature(self, key: bytes, value: bytes) -> bytes:
        """Return the signature of ``value``."""
        return hmac.new(key, value, hashlib.sha256).digest()[:16]


class _Signer(TimestampSigner):
    def __init__(self, key: bytes, now: datetime) -> None:
        super().__init__(key, salt=b"link", digest_method=hashlib.sha256, algorithm=_ShortHmac())
        self._now = int(now.timestamp())

    def get_timestamp(self) -> int:
        """Return the time that the caller names: this module looks at no clock."""
        return self._now


def sign(key: bytes, claims: Claims, *, now: datetime) -> str:
    """Return a token that says ``claims``."""
    body = json.dumps(claims, separators=(",", ":"), ensure_ascii=True).encode()
    return _Signer(key, now).sign(base64.urlsafe_b64encode(body).rstrip(b"=")).decode()


def read(key: bytes, token: str, *, now: datetime, max_age: timedelta) -> Claims:
    """Return the claims of a token signed with ``key``; raise BrokenLink, or ExpiredLink when it is too old."""
    if len(token) > LONGEST or not token.isascii():
        raise BrokenLink()
    try:
        body = _Signer(key, now).unsign(token, max_age=int(max_age.total_seconds()))
    except SignatureExpired:
        raise ExpiredLink() from None
    except BadSignature:
        raise BrokenLink() from None
    try:
        return json.loads(base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4)))
    except (ValueError, binascii.Error):
        raise BrokenLink() from None
