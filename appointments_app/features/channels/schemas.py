"""What the page of the channels shows and takes in."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace

from appointments_app.domain.channel import (
    KINDS,
    MEANS,
    AppriseSetup,
    BodyType,
    HttpSetup,
    Means,
    Security,
    Setup,
    SmtpSetup,
    http_setup,
    smtp_setup,
)
from appointments_app.domain.errors import Invalid
from appointments_app.domain.message import Channel
from appointments_app.domain.words import N_

SECRETS = {Means.SMTP: "password", Means.HTTP: "secret", Means.APPRISE: "apprise_url"}
"""The field of the form that holds what is kept encrypted."""
SHARED = ("means", "active")
LONGEST_SECRET = 2_000


@dataclass(frozen=True)
class ChannelForm:
    """One channel as its form shows it. The secret itself never gets here: only whether there is one."""

    channel: str = ""
    version: int = 0
    means: str = ""
    active: bool = True
    from_environment: bool = False
    has_secret: bool = False
    secret_lost: bool = False
    incoming: str = ""
    delivered: str = ""
    host: str = ""
    port: str = "587"
    security: str = Security.STARTTLS.value
    user: str = ""
    sender: str = ""
    sender_name: str = ""
    url: str = ""
    method: str = "POST"
    headers: str = "Authorization: Bearer {secret}"
    body_type: str = BodyType.JSON.value
    body: str = '{"to": "{to}", "text": "{text}"}'


@dataclass(frozen=True)
class Entered:
    """A form as it is stored: ``secret`` is '' when the one that is kept goes on."""

    means: Means
    active: bool
    setup: Setup
    secret: str


FIELDS = tuple(name for kind in (SmtpSetup, HttpSetup) for name in kind.__dataclass_fields__)


def empty_form(channel: Channel) -> ChannelForm:
    """Return the form of a channel that is not set up."""
    return ChannelForm(channel=channel.value, means=MEANS[channel][0].value)


def form_of(form: ChannelForm, means: str, settings: str) -> ChannelForm:
    """Return ``form`` with a channel's stored settings in it."""
    known = {name: str(value) for name, value in json.loads(settings).items()}
    return replace(form, means=means, **known)


def entered(channel: Channel, values: dict[str, object], *, apprise_knows: object) -> Entered:
    """Return what a form holds; raise Invalid. ``apprise_knows`` says whether Apprise understands an address."""
    text = {name: value if isinstance(value := values.get(name, ""), str) else "" for name in (*FIELDS, "means")}
    means = next((each for each in MEANS[channel] if each.value == text["means"]), None)
    if means is None:
        raise Invalid(fields={"means": N_("Choose how it is sent.")})
    given = values.get(SECRETS[means], "")
    secret = given.strip()[:LONGEST_SECRET] if isinstance(given, str) else ""
    if means is Means.APPRISE:
        _check_apprise(secret, apprise_knows)
        setup: Setup = AppriseSetup()
    else:
        setup = smtp_setup(text) if means is Means.SMTP else http_setup(text)
    return Entered(means, bool(values.get("active")), setup, secret)


def _check_apprise(url: str, apprise_knows: object) -> None:
    if url and "{to}" not in url:
        raise Invalid(fields={"apprise_url": N_("{to} has to stand in the address, in the place of the number.")})
    if url and callable(apprise_knows) and not apprise_knows(url):
        raise Invalid(fields={"apprise_url": N_("Apprise does not know such an address.")})


def needs_secret_again(old: str, old_means: str, new: Entered) -> bool:
    """Whether the secret would go to another place, or another account, than the one it was entered for."""
    if old_means != new.means.value:
        return True
    known = json.loads(old)
    places = ("host", "user", "security") if new.means is Means.SMTP else ("url", "headers", "body")
    return any(str(known.get(name)) != str(asdict(new.setup).get(name)) for name in places)


def as_json(setup: Setup) -> str:
    """Return settings as they are stored."""
    return json.dumps(asdict(setup), ensure_ascii=False, sort_keys=True)


def in_audit(means: str, active: bool, settings: str) -> dict[str, object]:
    """Return a channel's fields as the audit trail compares them."""
    return {"means": means, "active": active, **json.loads(settings)}


assert set(KINDS) == set(SECRETS)
