"""Sample clients and staff: English, Arabic and French names, addresses and numbers that reach nobody."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta

from faker import Faker
from sqlalchemy import Connection, select
from sqlmodel import col

from appointments_app.db.copying import moment
from appointments_app.db.models import Staff
from appointments_app.db.queries.search import client_body
from appointments_app.db.sample.load import Loader
from appointments_app.db.sample.words import CLIENT_NOTES, LONG_BUSINESS, LONG_NAMES, TAGS
from appointments_app.domain.access import Role
from appointments_app.domain.colours import COLOURS
from appointments_app.domain.text import fold, one_line

LANGUAGES = (("en", "en_GB", 55), ("ar", "ar_AA", 25), ("fr", "fr_FR", 20))
ZONES = {"en": "", "ar": "Africa/Cairo", "fr": "Europe/Paris"}
DOMAINS = ("example.com", "example.org", "example.net")
"""Reserved by RFC 2606: nothing sent there arrives anywhere."""

_STAFF = (
    "id", "name", "email", "phone", "colour", "time_zone", "language", "role", "active", "password_hash", "version",
    "created_at",
)  # fmt: skip
_CLIENT = (
    "id", "name", "sort_name", "business_name", "email", "phone", "address", "notes", "language", "time_zone",
    "archived_at", "version", "created_at",
)  # fmt: skip


def write_staff(
    connection: Connection, loader: Loader, count: int, *, seed: int, now: datetime
) -> tuple[list[int], tuple[str, ...]]:
    """Add ``count`` staff members without passwords; return the ids of all active staff and the new addresses."""
    rng = random.Random(f"staff {seed}")  # noqa: S311  no secrets are made of it
    names, first = _names(f"staff {seed}"), loader.next_id("staff")
    taken = set(connection.execute(select(col(Staff.email))).scalars())
    rows = []
    for row_id in range(first, first + count):
        name, colour = one_line(next(names)[1], 120), COLOURS[row_id % (len(COLOURS) - 1)]
        email = _email("staff", row_id, "example.com", taken)
        rows.append((row_id, name, email, _phone(rng), colour, "", "", Role.STAFF.value, True, "", 1, moment(now)))
    loader.add("staff", _STAFF, rows)
    active = connection.execute(select(col(Staff.id)).where(col(Staff.active)).order_by(col(Staff.id))).scalars()
    return list(active), tuple(row[2] for row in rows)


def write_clients(loader: Loader, count: int, *, seed: int, now: datetime) -> range:
    """Add ``count`` clients with tags and the text they are found by; return their ids."""
    rng = random.Random(f"clients {seed}")  # noqa: S311  no secrets are made of it
    names, companies, first = _names(f"clients {seed}"), Faker("en_GB", use_weighting=False), loader.next_id("client")
    companies.seed_instance(seed)
    clients, tags, texts = [], [], []
    for row_id in range(first, first + count):
        language, name = next(names)
        name = rng.choice(LONG_NAMES) if rng.random() < 0.01 else one_line(name, 120)
        business = "" if rng.random() > 0.3 else LONG_BUSINESS if rng.random() < 0.02 else companies.company()
        email = "" if rng.random() < 0.1 else _email("client", row_id, rng.choice(DOMAINS))
        phone = "" if rng.random() < 0.1 else _phone(rng)
        address = one_line(companies.address(), 500) if rng.random() < 0.6 else ""
        notes = rng.choice(CLIENT_NOTES) if rng.random() < 0.2 else ""
        archived = moment(now - timedelta(days=20)) if rng.random() < 0.01 else None
        created = moment(now - timedelta(days=rng.randrange(30, 1500), seconds=rng.randrange(86_400)))
        own = rng.sample(TAGS, rng.choice((0, 0, 0, 1, 1, 2, 3)))
        spoken = "ar" if language == "ar" else ""
        clients.append((
            row_id, name, fold(name), business, email, phone, address, notes, spoken, ZONES[language], archived, 1,
            created,
        ))  # fmt: skip
        tags += [(row_id, tag) for tag in own]
        texts.append((row_id, client_body(name, business, email, phone, own)))
    loader.add("client", _CLIENT, clients)
    loader.add("client_tag", ("client_id", "tag"), tags)
    loader.add("client_text", ("client_id", "body"), texts)
    return range(first, first + count)


def _names(seed: str) -> Iterator[tuple[str, str]]:
    """Return endless names as (language, name), the same for the same seed."""
    rng = random.Random(seed)  # noqa: S311  no secrets are made of it
    fakers = {}
    for language, locale, _share in LANGUAGES:
        fakers[language] = Faker(locale, use_weighting=False)
        fakers[language].seed_instance(seed)
    shares = [share for _language, _locale, share in LANGUAGES]
    while True:
        language = rng.choices([language for language, _locale, _share in LANGUAGES], shares)[0]
        yield language, fakers[language].name()


def _email(word: str, number: int, domain: str, taken: set[str] | None = None) -> str:
    address = f"{word}{number}@{domain}"
    return f"{word}{number}.sample@{domain}" if taken and address in taken else address


def _phone(rng: random.Random) -> str:
    """Return a valid land line of Cairo, or a number France keeps for films: no text message reaches a stranger."""
    return f"+2022000{rng.randrange(10_000):04}" if rng.random() < 0.6 else f"+3319900{rng.randrange(10_000):04}"
