"""Composition root: the one place that puts database, clock and settings together. Tests put in others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import Engine

from appointments_app.db.engine import make_engine
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.event import Event
from appointments_app.domain.recurrence import Rule
from appointments_app.integrations import catalogs, icalendar, pictures, secret_key, sentences, shared_state
from appointments_app.settings import Settings

P = ParamSpec("P")
R = TypeVar("R")

_threads = ThreadPoolExecutor(max_workers=16, thread_name_prefix="use-case")


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


def translate(language: str, msgid: str, **values: Any) -> str:
    """Return ``msgid`` in ``language`` with its placeholders filled."""
    return catalogs.translate(language, msgid, **values)


def translate_many(language: str, singular: str, plural: str, n: int) -> str:
    """Return the form that fits ``n`` in ``language``."""
    return catalogs.ntranslate(language, singular, plural, n)


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


def add_sample_data() -> None:
    """Fill the empty database with a small believable diary around today."""
    from appointments_app.db import sample  # Faker takes a third of a second to import, and hardly anybody needs it

    sample.add_sample_data(engine(), now=uow().clock())


async def off_the_loop(work: Callable[P, R], *args: P.args, **values: P.kwargs) -> R:
    """Run blocking ``work`` in a thread, so that nobody else's click waits for it."""
    return await asyncio.get_running_loop().run_in_executor(_threads, lambda: work(*args, **values))
