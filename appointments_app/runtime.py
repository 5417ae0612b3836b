"""Composition root: the one place that puts database, clock and settings together. Tests put in others."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Engine

from appointments_app import routes
from appointments_app.db.engine import make_engine
from appointments_app.db.queries import channels
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain import links
from appointments_app.domain.channel import HttpSetup, Means, SmtpSetup, smtp_from_url
from appointments_app.domain.errors import Unavailable
from appointments_app.domain.event import Event
from appointments_app.domain.importing import Table
from appointments_app.domain.message import Channel, Sender
from appointments_app.domain.recurrence import Rule
from appointments_app.domain.template import Placeholder, Values
from appointments_app.domain.words import N_
from appointments_app.integrations import (
    catalogs,
    icalendar,
    letters,
    link_tokens,
    pictures,
    processes,
    secret_key,
    sentences,
    shared_state,
    templates,
)
from appointments_app.integrations.imports import open_table
from appointments_app.integrations.sms_http import HttpSmsSender
from appointments_app.integrations.smtp import SmtpSender
from appointments_app.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")

log = logging.getLogger(__name__)
CHANNELS = "channels"
"""What the secrets of channels are encrypted for."""

_threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="use-case")
_door = ThreadPoolExecutor(max_workers=4, thread_name_prefix="sign-in")
_heavy = ThreadPoolExecutor(max_workers=2, thread_name_prefix="heavy")
"""Each waits for a process; more than two at a time would leave nothing for those who click."""
HARDLY_ANY = 100_000
"""So many bytes of a file are no reason to begin a process, which takes a second of the processor."""


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process."""
    return Settings.from_env()


@lru_cache(maxsize=1)
def engine() -> Engine:
    """Return the engine of this process; connects on first use."""
    return make_engine(settings())


@lru_cache(maxsize=1)
def uow() -> UnitOfWork:
    """Return the unit of work that use-cases get."""
    return UnitOfWork(engine())


@lru_cache(maxsize=16)
def derived_key(purpose: str) -> bytes:
    """Return this installation's 32-byte key for one purpose."""
    return secret_key.derived(_secret_key(), purpose)


@lru_cache(maxsize=1)
def _secret_key() -> bytes:
    return secret_key.secret_key(settings().secret_key, settings().sqlite_path)


def encrypt(purpose: str, text: str) -> str:
    """Return ``text`` encrypted for keeping; '' stays ''."""
    return secret_key.encrypt(derived_key(purpose), text) if text else ""


def decrypt(purpose: str, encrypted: str) -> str | None:
    """Return what ``encrypt`` was given; None when it was encrypted with another secret key."""
    try:
        return secret_key.decrypt(derived_key(purpose), encrypted) if encrypted else ""
    except secret_key.Unreadable:
        return None


def link_token(purpose: links.Purpose, **claims: Any) -> str:
    """Return a signed token that says ``claims``, good for ``purpose`` only."""
    return link_tokens.sign(derived_key(f"link {purpose}"), claims, now=uow().clock())


def read_token(purpose: links.Purpose, token: str, max_age: timedelta) -> links.Claims:
    """Return what a token for ``purpose`` says; raise BrokenLink or ExpiredLink."""
    return link_tokens.read(derived_key(f"link {purpose}"), token, now=uow().clock(), max_age=max_age)


def confirm_link(*, appointment_id: int, client_id: int, start_at: datetime, links_revoked: int) -> str:
    """Return the address under which the client confirms this appointment at this time."""
    claims = links.confirm_claims(
        appointment_id=appointment_id, client_id=client_id, start_at=start_at, links_revoked=links_revoked
    )
    return f"{settings().origin}{routes.CONFIRM}/{link_token(links.Purpose.CONFIRM, **claims)}"


def sender(channel: Channel) -> Sender | None:
    """Return what sends by ``channel`` as it is set up at this moment; None when it is not, or is switched off."""
    with uow().read() as tx:
        stored = channels.stored(tx, channel)
    if stored is not None:
        return _sender(stored) if stored.active else None
    return _sender_of_environment() if channel is Channel.EMAIL else None


def channels_set_up() -> tuple[Channel, ...]:
    """Return the channels by which messages can be sent at this moment."""
    return tuple(channel for channel in Channel if sender(channel) is not None)


@lru_cache(maxsize=8)
def _sender(stored: channels.Stored) -> Sender | None:
    secret = decrypt(CHANNELS, stored.secret)
    if secret is None:
        log.warning("the secret of a channel was encrypted with another secret key: enter it again")
        return None
    return make_sender(Means(stored.means), stored.settings, secret)


@lru_cache(maxsize=1)
def _sender_of_environment() -> Sender | None:
    if not settings().smtp_url:
        return None
    setup, password = smtp_from_url(settings().smtp_url, host_of_app=settings().host_name)
    return SmtpSender(setup, password)


def make_sender(means: Means, setup: str, secret: str) -> Sender:
    """Return what sends by these settings, JSON as they are stored."""
    values = json.loads(setup)
    if means is Means.SMTP:
        return SmtpSender(SmtpSetup(**values), secret)
    if means is Means.HTTP:
        return HttpSmsSender(HttpSetup(**values), secret)
    return _apprise().AppriseSender(secret)


def is_apprise_address(url: str) -> bool:
    """Whether Apprise knows the gateway of this address."""
    return _apprise().is_known(url)


def _apprise() -> Any:
    from appointments_app.integrations import sms_apprise  # takes a fifth of a second to import, and few need it

    return sms_apprise


def unsubscribe_link(*, client_id: int) -> str:
    """Return the address at which a client stops e-mails."""
    token = link_tokens.sign(derived_key("link unsubscribe"), {"c": client_id}, now=uow().clock())
    return f"{settings().origin}{routes.UNSUBSCRIBE}/{token}"


def read_unsubscribe(token: str, max_age: timedelta) -> links.Claims:
    """Return what the token of such an address says; raise BrokenLink or ExpiredLink."""
    return link_tokens.read(derived_key("link unsubscribe"), token, now=uow().clock(), max_age=max_age)


def incoming_sms_path() -> str:
    """Return the path at which a gateway passes SMS on that arrive: nobody else can know it."""
    return f"{routes.INCOMING_SMS}/{derived_key('incoming sms').hex()[:32]}/incoming"


def delivered_sms_path() -> str:
    """Return the path at which a gateway reports what became of SMS: nobody else can know it."""
    return f"{routes.INCOMING_SMS}/{derived_key('delivered sms').hex()[:32]}/delivered"


def translate(language: str, msgid: str, **values: Any) -> str:
    """Return ``msgid`` in ``language`` with its placeholders filled."""
    return catalogs.translate(language, msgid, **values)


def translate_many(language: str, singular: str, plural: str, n: int) -> str:
    """Return the form that fits ``n`` in ``language``."""
    return catalogs.ntranslate(language, singular, plural, n)


def first_weekday(region: str) -> int:
    """Return the day with which a week begins in a country: 0 Monday … 6 Sunday."""
    return catalogs.first_weekday(region)


def full_date(language: str, day: date) -> str:
    """Return a date with its weekday: Tuesday, 24 March 2026."""
    return catalogs.full_date(language, day)


def clock_span(language: str, start: datetime, end: datetime) -> str:
    """Return two wall times: 10:00 – 10:30."""
    return catalogs.clock_span(language, start, end)


def zone_name(language: str, zone: str) -> str:
    """Return what people call the time of a zone: Egypt Time."""
    return catalogs.zone_name(language, zone)


def short_date(language: str, day: date, *, with_year: bool) -> str:
    """Return a date with its weekday, as short as it can be: Tue 24 Mar."""
    return catalogs.short_date(language, day, with_year=with_year)


def clock(language: str, wall: datetime) -> str:
    """Return a wall time: 10:00."""
    return catalogs.clock(language, wall)


def duration_in_words(language: str, minutes: int) -> str:
    """Return a length of time: 1 hour and 30 minutes."""
    return catalogs.duration(language, minutes)


def money(language: str, amount: str, currency: str) -> str:
    """Return an amount such as ``25.00`` of a currency: €25.00."""
    return catalogs.money(language, amount, currency)


def placeholders_in(template: str) -> frozenset[Placeholder]:
    """Return the placeholders that a message's template names; raise WrongTemplate for anything else in it."""
    return templates.placeholders(template)


def fill_template(template: str, values: Values) -> str:
    """Return a message's template with its placeholders filled in."""
    return templates.fill(template, values)


def html_letter(text: str, *, language: str, sender: str, buttons: dict[str, str], small_print: str) -> str:
    """Return the HTML part of an e-mail with this text; lines that are one of ``buttons`` are shown as such."""
    return letters.html_letter(text, language=language, sender=sender, buttons=buttons, small_print=small_print)


def describe_rule(language: str, rule: Rule | None, dtstart: datetime) -> str:
    """Return what a recurrence rule says, as a sentence in ``language``; None is a rule that the form can't show."""
    return sentences.describe(language, rule, dtstart)


def days_of_rule(language: str, rule: Rule, dtstart: datetime) -> str:
    """Return on which days a recurrence rule falls, such as "on the last Friday"."""
    return sentences.days(language, rule, dtstart)


def is_redis_away(error: Exception) -> bool:
    """Whether Redis could not be reached, and with it the state of any page."""
    return shared_state.is_away(error)


def redis_answers() -> bool | None:
    """Whether Redis can be reached; None when there is none in the settings."""
    return shared_state.answers(settings().redis_url) if settings().redis_url else None


def calendar_file(event: Event) -> bytes:
    """Return the .ics file of one event."""
    return icalendar.write([event], stamp=uow().clock())


def picture_of(text: str) -> str:
    """Return the QR code of a text, as the address of a picture."""
    return pictures.qr_code(text)


def imported_table(path: Path) -> AbstractContextManager[Table]:
    """Open a file that was brought along, as a table; raises Invalid when it can't be read."""
    return open_table(path)


def add_sample_data() -> None:
    """Fill the empty database with a small believable diary around today."""
    from appointments_app.db import sample  # Faker takes a third of a second to import, and hardly anybody needs it

    sample.add_sample_data(engine(), now=uow().clock())


async def off_the_loop(work: Callable[P, R], *args: P.args, **values: P.kwargs) -> R:
    """Run blocking ``work`` in a thread, so that nobody else's click waits for it."""
    return await asyncio.get_running_loop().run_in_executor(_threads, lambda: work(*args, **values))


async def at_the_door(work: Callable[P, R], *args: P.args, **values: P.kwargs) -> R:
    """Run what checks or makes a password in a few threads of its own: a crowd of guesses holds up nobody else."""
    return await asyncio.get_running_loop().run_in_executor(_door, lambda: work(*args, **values))


async def apart(work: Callable[..., Any], *, size: int, progress: processes.Progress, **values: Any) -> Any:
    """Run the use-case ``work`` in a process of its own, on this installation's database; return what it returns.

    ``size``: the bytes it is about; with few of them, it is done before a process would have begun. Raises what it
    refuses with, and Unavailable when it was broken off. ``progress`` as ``carry_out`` has it.
    """
    if size <= HARDLY_ANY:
        return await off_the_loop(work, uow(), progress=progress, **values)
    try:
        return await asyncio.get_running_loop().run_in_executor(
            _heavy, lambda: processes.run_apart(work, values, progress)
        )
    except processes.BrokenOff:
        raise Unavailable(N_("The work was broken off, and nothing was changed. Try again.")) from None
