"""How a channel is set up: the settings of a mail server, of an SMS gateway, and what is wrong with them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import parse_qsl, unquote, urlsplit

from appointments_app.domain.contact import email_address
from appointments_app.domain.errors import Invalid
from appointments_app.domain.message import Channel
from appointments_app.domain.text import one_line
from appointments_app.domain.words import N_

LONGEST_BODY = 4_000
LONGEST_HEADERS = 2_000


class Means(StrEnum):
    """By what a channel sends."""

    SMTP = "smtp"
    APPRISE = "apprise"
    HTTP = "http"


MEANS = {Channel.EMAIL: (Means.SMTP,), Channel.SMS: (Means.HTTP, Means.APPRISE)}


class Security(StrEnum):
    """How the way to a mail server is encrypted."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class BodyType(StrEnum):
    """How the body of a request to a gateway is written."""

    JSON = "json"
    FORM = "form"


METHODS = ("POST", "GET", "PUT")


@dataclass(frozen=True)
class SmtpSetup:
    """A mail server, and what its letters come from. The password is kept apart, encrypted."""

    host: str
    port: int
    security: str
    user: str
    sender: str
    sender_name: str = ""


@dataclass(frozen=True)
class HttpSetup:
    """A request that sends an SMS: {to}, {text}, {key} and {secret} are filled in."""

    url: str
    method: str
    headers: str
    body_type: str
    body: str


@dataclass(frozen=True)
class AppriseSetup:
    """An SMS gateway that Apprise knows; its address is the secret, with {to} for the number."""


Setup = SmtpSetup | HttpSetup | AppriseSetup
KINDS: dict[Means, type[SmtpSetup] | type[HttpSetup] | type[AppriseSetup]] = {
    Means.SMTP: SmtpSetup,
    Means.HTTP: HttpSetup,
    Means.APPRISE: AppriseSetup,
}

PLACEHOLDER = re.compile(r"\{(to|text|key|secret)\}")


def filled(template: str, values: dict[str, str]) -> str:
    """Return the template with {to}, {text}, {key} and {secret} filled in; other braces stay."""
    return PLACEHOLDER.sub(lambda found: values[found[1]], template)


def in_json(text: str) -> str:
    """Return ``text`` as it stands between the quotes of a JSON string."""
    return json.dumps(text)[1:-1]


def header_lines(headers: str) -> list[tuple[str, str]]:
    """Return ``Name: value`` lines as pairs; raise Invalid at ``headers``."""
    pairs = []
    for line in filter(str.strip, headers.splitlines()):
        name, colon, value = line.partition(":")
        if not colon or not re.fullmatch(r"[A-Za-z0-9-]+", name.strip()) or not value.strip().isprintable():
            raise Invalid(
                fields={"headers": N_("Write one header in each line, such as Authorization: Bearer {secret}.")}
            )
        pairs.append((name.strip(), value.strip()))
    return pairs


def smtp_setup(values: dict[str, str]) -> SmtpSetup:
    """Return a mail server's settings as they are stored; raise Invalid."""
    wrong: dict[str, str] = {}
    host = one_line(values["host"], 253)
    if not host or not re.fullmatch(r"[A-Za-z0-9.:_-]+", host):
        wrong["host"] = N_("Enter the name of the mail server, such as smtp.example.com.")
    port = values["port"].strip()
    if not (port.isascii() and port.isdigit() and 1 <= int(port[:6]) <= 65535):
        wrong["port"] = N_("Enter a port between 1 and 65535.")
    if values["security"] not in Security._value2member_map_:
        wrong["security"] = N_("Choose how the connection is encrypted.")
    try:
        sender = email_address(values["sender"], "sender")
        if not sender:
            wrong["sender"] = N_("Enter the address that e-mails come from.")
    except Invalid as refusal:
        sender = ""
        wrong.update(refusal.fields)
    if wrong:
        raise Invalid(fields=wrong)
    names = one_line(values["user"], 254), sender, one_line(values["sender_name"], 120)
    return SmtpSetup(host, int(port), values["security"], *names)


def http_setup(values: dict[str, str]) -> HttpSetup:
    """Return a gateway's request as it is stored; raise Invalid."""
    wrong: dict[str, str] = {}
    url, method, body_type = values["url"].strip()[:2_000], values["method"], values["body_type"]
    if not _is_web_address(filled(url, _SAMPLE)):
        wrong["url"] = N_("Enter an address that begins with https:// or http://.")
    if method not in METHODS:
        wrong["method"] = N_("Choose a method.")
    if body_type not in BodyType._value2member_map_:
        wrong["body_type"] = N_("Choose a kind of body.")
    headers, body = values["headers"].strip(), values["body"].strip()
    if len(headers) > LONGEST_HEADERS or len(body) > LONGEST_BODY:
        wrong["headers" if len(headers) > LONGEST_HEADERS else "body"] = N_("This is too long.")
    try:
        header_lines(headers)
    except Invalid as refusal:
        wrong.update(refusal.fields)
    if body and body_type == BodyType.JSON and not _is_json(body):
        wrong["body"] = N_("This is no JSON.")
    given = {found[1] for text in (url, headers, body) for found in PLACEHOLDER.finditer(text)}
    if "url" not in wrong and not {"to", "text"} <= given:
        wrong.setdefault("body", N_("{to} and {text} have to stand in the body or in the address."))
    if wrong:
        raise Invalid(fields=wrong)
    return HttpSetup(url, method, headers, body_type, body)


_SAMPLE = {"to": "%2B15005550006", "text": "text", "key": "key", "secret": "secret"}


def _is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and url.isprintable()
    except ValueError:
        return False


def _is_json(body: str) -> bool:
    try:
        json.loads(filled(body, _SAMPLE))
    except ValueError:
        return False
    return True


def smtp_from_url(url: str, *, host_of_app: str) -> tuple[SmtpSetup, str]:
    """Return settings and password of ``smtp://user:password@host:587?from=desk@example.com``; raise ValueError.

    smtps:// means TLS; smtp:// STARTTLS, except on this machine itself.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        raise ValueError("must look like smtp://user:password@host:587")
    security = Security.TLS if parts.scheme == "smtps" else Security.STARTTLS
    if security is Security.STARTTLS and _is_this_machine(parts.hostname):
        security = Security.NONE
    user = unquote(parts.username or "")
    asked = dict(parse_qsl(parts.query))
    sender = asked.get("from", "") or (user if "@" in user else "")
    values = {
        "host": parts.hostname,
        "port": str(parts.port or (465 if security is Security.TLS else 587)),
        "security": security.value,
        "user": user,
        "sender": sender or "appointments@example.com",
        "sender_name": asked.get("name", ""),
    }
    try:
        setup = smtp_setup(values)
    except Invalid as refusal:
        raise ValueError(f"names no usable {', '.join(refusal.fields)}") from None
    return setup if sender else replace(setup, sender=f"appointments@{host_of_app}"), unquote(parts.password or "")


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
