"""Somebody with many addresses and much patience: guessing is slowed down, and nobody is locked out for ever."""

from __future__ import annotations

from itertools import cycle, islice

import pytest

from appointments_app.db.engine import engine_for
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain import passwords
from appointments_app.domain.errors import Invalid, TooManyAttempts
from appointments_app.domain.sign_in import FREE_ATTEMPTS, LONGEST_WAIT
from appointments_app.features.session import service
from tests.session.desk import DAYS, PASSWORD, Desk

ADA = "ada@example.com"
ADDRESSES = [f"198.51.100.{last}" for last in range(50)]


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were compared with a hash: those that were tried in earnest."""
    seen: list[str] = []
    compare = passwords.verify

    def counting(stored: str, given: str) -> bool:
        seen.append(given)
        return compare(stored, given)

    monkeypatch.setattr(passwords, "verify", counting)
    return seen


def guess(desk: Desk, email: str, password: str, address: str) -> bool:
    """Try a password; return whether the attempt was heard at all."""
    try:
        desk.sign_in(email, password, address=address)
    except Invalid:
        return True
    except TooManyAttempts:
        return False
    raise AssertionError("a wrong password signed in")


def test_of_a_thousand_wrong_passwords_from_fifty_addresses_few_are_tried(desk: Desk, checked: list[str]):
    here, _ = desk.sign_in(ADA)
    checked.clear()
    heard = 0
    for number, address in enumerate(islice(cycle(ADDRESSES), 1_000)):
        heard += guess(desk, ADA, f"guess {number}", address)
        desk.wait(seconds=0.6)  # ten minutes in all
    assert heard == len(checked) <= FREE_ATTEMPTS["account"] + 11
    assert desk.actor(here), "who is signed in stays so"
    desk.sign_in("ben@example.com")
    desk.wait(seconds=LONGEST_WAIT)
    assert desk.sign_in(ADA)[1], "the owner waits a quarter of an hour at most"


def test_an_attack_without_end_never_shuts_the_owner_out_for_longer_than_a_quarter_of_an_hour(desk: Desk):
    for number, address in enumerate(islice(cycle(ADDRESSES), 60)):
        guess(desk, ADA, f"guess {number}", address)
        desk.wait(seconds=LONGEST_WAIT + 1)
    desk.sign_in(ADA)


def test_of_guesses_at_a_thousand_accounts_from_one_address_few_are_tried(desk: Desk, checked: list[str]):
    for number in range(1_000):
        guess(desk, f"person{number}@example.com", PASSWORD, ADDRESSES[0])
        desk.wait(seconds=0.6)
    assert len(checked) <= FREE_ATTEMPTS["address"] + 11
    desk.sign_in(ADA, address=ADDRESSES[1])


def test_guesses_at_one_process_count_in_all(desk: Desk, database_url: str):
    other = engine_for(database_url)
    try:
        elsewhere = Desk(other)
        for number in range(FREE_ATTEMPTS["account"]):
            guess(elsewhere if number % 2 else desk, ADA, "wrong", ADDRESSES[number])
        assert isinstance(elsewhere.uow, UnitOfWork)
        with pytest.raises(TooManyAttempts):
            service.sign_in(elsewhere.uow, email=ADA, password=PASSWORD, address=ADDRESSES[49], days=DAYS)
    finally:
        other.dispose()
