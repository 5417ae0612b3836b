"""Who sent a request, when proxies stand in between."""

from __future__ import annotations

import re
from ipaddress import ip_address

from starlette.requests import HTTPConnection


def client_address(request: HTTPConnection, *, proxies: int) -> str:
    """Return the address of the client, seen past that many proxies of our own; '' when nobody can say.

    Each proxy appends the address it was called from to X-Forwarded-For: only the last entries are ours, all before
    them is whatever the client wrote. A header that is too short, or holds no address there, is not believed.
    """
    peer = request.client.host if request.client else ""
    if not proxies:
        return peer
    forwarded = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    if len(forwarded) < proxies:
        return peer
    return _address(forwarded[-proxies].strip()) or peer


def _address(text: str) -> str:
    """Return the IP address in one entry, which may carry a port; '' when it holds none."""
    with_port = re.fullmatch(r"\[(.+)\](?::\d+)?|([^:]+):\d+", text)
    try:
        return str(ip_address((with_port[1] or with_port[2]) if with_port else text))
    except ValueError:
        return ""
