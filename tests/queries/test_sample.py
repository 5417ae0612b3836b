"""Sample data: believable, the same for the same seed, and only for an empty database."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import phonenumbers
import pytest
from sqlalchemy import Engine, func, select

from appointments_app.db.models import Appointment, Booking, Slot
from appointments_app.db.sample import NotEmpty, add_sample_data
from appointments_app.db.unit_of_work import UnitOfWork
from tests.queries.diary import NOW, Diary, facts


def test_sample_data_goes_only_into_an_empty_database(engine: Engine):
    add_sample_data(engine, clients=5, appointments=20, now=NOW)
    with pytest.raises(NotEmpty):
        add_sample_data(engine, clients=5, appointments=20, now=NOW)
    assert len(facts(UnitOfWork(engine))) == 20


def test_nobody_is_in_two_places_at_once(diary: Diary):
    spans = sorted((person, fact.row.start_at, fact.row.end_at) for fact in diary.facts for person in fact.staff)
    for (one, _start, end), (other, start, _end) in pairwise(spans):
        assert one != other or start >= end


def test_every_number_is_valid_and_every_address_reserved(diary: Diary):
    clients = {fact.client.id: fact.client for fact in diary.facts}.values()
    for client in clients:
        assert not client.phone or phonenumbers.is_valid_number(phonenumbers.parse(client.phone))
        assert not client.email or client.email.partition("@")[2] in {"example.com", "example.org", "example.net"}


def test_the_past_is_nearly_all_marked_and_the_future_is_not(diary: Diary):
    ahead = [fact.row.status for fact in diary.facts if fact.row.end_at > NOW]
    behind = [fact.row.status for fact in diary.facts if fact.row.end_at <= NOW]
    assert "done" not in ahead
    assert set(behind) == {"done", "dismissed", "scheduled"}
    assert behind.count("done") > len(behind) / 2
    assert 0.5 < len(behind) / len(diary.facts) < 0.9


def test_sample_bookings_take_the_time_of_their_appointments(engine: Engine):
    add_sample_data(engine, clients=20, appointments=600, now=NOW)
    with UnitOfWork(engine).read() as tx:
        booked = tx.execute(
            select(Appointment.status, Appointment.start_at, Slot.start_at, Booking.before, Slot.active)
            .join(Booking, Booking.id == Appointment.booking_id)
            .join(Slot, Slot.booking_id == Booking.id)
        ).all()
        number = tx.execute(select(func.count()).select_from(Booking)).scalar_one()
    assert len(booked) == number > 20
    for status, start, taken, before, active in booked:
        assert (start - taken, active) == (timedelta(minutes=before), status != "dismissed")
