"""Sample data: a believable diary, a small one to look around in or a million rows to measure with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Engine, select
from sqlmodel import col

from appointments_app.db.models import Action, Business, Client
from appointments_app.db.sample.bookings import write_bookings, write_leave, write_services
from appointments_app.db.sample.diary import write_diary
from appointments_app.db.sample.load import Loader, settle
from appointments_app.db.sample.orders import write_orders
from appointments_app.db.sample.people import write_clients, write_staff
from appointments_app.db.sample.words import ACTIONS
from appointments_app.domain.errors import DomainError
from appointments_app.domain.text import fold
from appointments_app.domain.words import N_

CLIENTS, APPOINTMENTS, STAFF = 200, 1_500, 6
"""What the set-up page adds."""


class NotEmpty(DomainError):
    """There are clients already; sample data never mixes with real data."""

    code = "not_empty"
    default = N_("There are clients in this database already. Sample data goes only into an empty one.")


@dataclass(frozen=True)
class Sample:
    """What was added, and the addresses of the sample staff, who have no passwords."""

    clients: int
    appointments: int
    staff_emails: tuple[str, ...]


def add_sample_data(
    engine: Engine,
    *,
    clients: int = CLIENTS,
    appointments: int = APPOINTMENTS,
    seed: int = 1,
    now: datetime,
    staff: int = STAFF,
) -> Sample:
    """Fill an empty database around ``now``, the same for the same seed: all of it or nothing. Raises NotEmpty.

    No audit lines are written: in bulk they would cost more than the data, and nobody did these things.
    """
    with engine.execution_options(writes=True).begin() as connection:
        if connection.execute(select(col(Client.id)).limit(1)).first() is not None:
            raise NotEmpty()
        loader = Loader(connection, large=appointments >= 50_000)
        business = connection.execute(
            select(col(Business.time_zone), col(Business.language), col(Business.currency))
        ).first()
        time_zone, language, currency = business or ("UTC", "en", "USD")
        actions = _write_actions(connection, loader, language)
        roster, emails = write_staff(connection, loader, staff, seed=seed, now=now)
        client_ids = write_clients(loader, clients, seed=seed, now=now)
        write_diary(
            loader,
            appointments if client_ids else 0,
            seed=seed,
            now=now,
            time_zone=time_zone,
            client_ids=client_ids,
            staff_ids=roster,
            actions=actions,
        )
        write_orders(
            loader,
            seed=seed,
            now=now,
            language=language,
            currency=currency,
            client_ids=client_ids,
            staff_ids=roster,
        )
        services = write_services(connection, loader, roster, language=language, currency=currency)
        write_leave(loader, roster, now=now)
        write_bookings(connection, loader, services, seed=seed, now=now, currency=currency)
        loader.finish()
    settle(engine)
    return Sample(clients, appointments if client_ids else 0, emails)


def _write_actions(connection: Connection, loader: Loader, language: str) -> list[tuple[int, int]]:
    """Add the sample actions that are missing; return all active ones as (id, minutes)."""
    known = set(connection.execute(select(col(Action.name_key))).scalars())
    first = loader.next_id("action")
    names = [(arabic if language == "ar" else english, colour, minutes) for english, arabic, colour, minutes in ACTIONS]
    missing = [action for action in names if fold(action[0]) not in known]
    loader.add(
        "action",
        ("id", "name", "name_key", "colour", "position", "default_duration", "active", "version"),
        [
            (first + place, name, fold(name), colour, len(known) + place + 1, minutes, True, 1)
            for place, (name, colour, minutes) in enumerate(missing)
        ],
    )
    found = connection.execute(
        select(col(Action.id), col(Action.default_duration)).where(col(Action.active)).order_by(col(Action.id))
    )
    return [(row[0], row[1] or 30) for row in found]
