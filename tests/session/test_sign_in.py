"""Signing in and out: who gets a token, how long it lives, what slows guessing down."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from appointments_app.db.queries import sign_ins
from appointments_app.domain import passwords
from appointments_app.domain import sign_in as rules
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Invalid, TooManyAttempts, Unavailable
from appointments_app.domain.sign_in import hash_of
from appointments_app.features.session import service
from tests.session.desk import DAYS, NOON, PASSWORD, Desk

WRONG = "not the password"


def test_the_right_password_signs_in(desk: Desk):
    token, actor = desk.sign_in("Ada@Example.com ")
    assert actor.name == "Ada" and actor.may(Permission.SETTINGS)
    assert desk.actor(token) == actor


def test_staff_may_not_change_staff_or_settings(desk: Desk):
    _, ben = desk.sign_in("ben@example.com")
    assert not ben.may(Permission.STAFF) and not ben.may(Permission.SETTINGS) and ben.may(Permission.ADD)


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com", "", "x" * 5000, "'; drop table staff"])
def test_a_refusal_never_tells_whether_the_account_exists(desk: Desk, email: str):
    with pytest.raises(Invalid) as refusal:
        desk.sign_in(email, WRONG)
    assert refusal.value.message == "E-mail or password is wrong."
    assert refusal.value.fields == {}


@pytest.mark.parametrize("email", ["ada@example.com", "nobody@example.com"])
def test_an_unknown_account_costs_as_much_work_as_a_known_one(desk: Desk, email: str, monkeypatch: pytest.MonkeyPatch):
    checked: list[str] = []

    class Counting:
        def verify(self, stored: str, password: str) -> bool:
            checked.append(stored)
            return passwords.PasswordHasher().verify(stored, password)

        hash = staticmethod(passwords.PasswordHasher().hash)

    monkeypatch.setattr(passwords, "_hasher", Counting())
    with pytest.raises(Invalid):
        desk.sign_in(email, WRONG)
    assert len(checked) == 1 and checked[0].startswith("$argon2id$")


def test_somebody_without_a_password_or_no_longer_active_cannot_sign_in(desk: Desk):
    from appointments_app.db.models import Staff

    with desk.uow.begin() as tx:
        for name in ("Cleo", "Dan"):
            hashed = passwords.hash_password(PASSWORD) if name == "Dan" else ""
            email = f"{name.lower()}@example.com"
            tx.add(
                Staff(
                    name=name, email=email, role="staff", active=name == "Cleo", password_hash=hashed, created_at=NOON
                )
            )
    for email, password in (("cleo@example.com", ""), ("cleo@example.com", PASSWORD), ("dan@example.com", PASSWORD)):
        with pytest.raises(Invalid):
            desk.sign_in(email, password)


def test_each_sign_in_gets_a_token_of_its_own(desk: Desk):
    first, _ = desk.sign_in("ada@example.com")
    second, _ = desk.sign_in("ada@example.com")
    assert first != second and len(first) >= 43
    assert desk.actor(first) and desk.actor(second)


def test_tokens_and_passwords_are_stored_as_hashes_only(desk: Desk):
    token, _ = desk.sign_in("ada@example.com")
    (stored,) = desk.sign_ins()
    assert stored.token_hash == rules.hash_of(token) and token not in str(stored.model_dump())
    with desk.uow.read() as tx:
        from appointments_app.db.queries.sign_ins import staff_by_email

        staff = staff_by_email(tx, "ada@example.com")
    assert staff and staff.password_hash.startswith("$argon2id$") and PASSWORD not in staff.password_hash


def test_an_unused_sign_in_ends_and_a_used_one_lives_on(desk: Desk):
    unused, _ = desk.sign_in("ada@example.com")
    used, _ = desk.sign_in("ada@example.com")
    for _ in range(DAYS + 2):
        desk.wait(days=1)
        assert desk.actor(used)
    assert desk.actor(unused) is None
    desk.sign_in("ada@example.com")
    assert rules.hash_of(unused) not in {row.token_hash for row in desk.sign_ins()}


def test_signing_out_ends_this_sign_in_only_and_twice_is_harmless(desk: Desk):
    here, _ = desk.sign_in("ada@example.com")
    there, _ = desk.sign_in("ada@example.com")
    for _ in range(2):
        service.sign_out(desk.uow, token=here)
    assert desk.actor(here) is None and desk.actor(there)


def test_signing_out_everywhere_ends_ones_own_sign_ins_and_nobody_elses(desk: Desk):
    tokens = [desk.sign_in("ada@example.com")[0] for _ in range(3)]
    ben, _ = desk.sign_in("ben@example.com")
    ada = desk.actor(tokens[0])
    assert ada and service.sign_out_everywhere(desk.uow, actor=ada) == 3
    assert [desk.actor(token) for token in tokens] == [None, None, None]
    assert desk.actor(ben)


@pytest.mark.parametrize(
    ("kind", "failures", "wait"),
    [
        ("account", 4, 0),
        ("account", 5, 1),
        ("account", 6, 2),
        ("account", 9, 16),
        ("account", 30, 900),
        ("address", 19, 0),
        ("address", 20, 1),
        ("address", 25, 32),
        ("address", 10_000, 900),
    ],
)
def test_the_wait_doubles_with_each_failure_up_to_fifteen_minutes(kind: str, failures: int, wait: int):
    assert rules.seconds_to_wait(kind, failures, NOON, NOON) == wait
    assert rules.seconds_to_wait(kind, failures, NOON, NOON + timedelta(seconds=wait)) == 0


def test_guessing_at_one_account_is_slowed_down_even_with_the_right_password_and_from_elsewhere(desk: Desk):
    for attempt in range(5):
        with pytest.raises(Invalid):
            desk.sign_in("ada@example.com", WRONG, address=f"192.0.2.{attempt}")
    with pytest.raises(TooManyAttempts) as refusal:
        desk.sign_in("ada@example.com", PASSWORD, address="198.51.100.9")
    assert refusal.value.values["seconds"] == 1
    desk.sign_in("ben@example.com")
    desk.wait(seconds=2)
    desk.sign_in("ada@example.com")


def test_guessing_from_one_address_is_slowed_down_whatever_the_account(desk: Desk):
    for attempt in range(20):
        with pytest.raises(Invalid):
            desk.sign_in(f"guess{attempt}@example.com", WRONG)
    with pytest.raises(TooManyAttempts):
        desk.sign_in("ada@example.com")
    desk.sign_in("ada@example.com", address="198.51.100.9")


def test_failures_are_forgotten_after_success_and_after_a_while(desk: Desk):
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(Invalid):
                desk.sign_in("ada@example.com", WRONG)
        desk.sign_in("ada@example.com")
    with pytest.raises(Invalid):
        desk.sign_in("ada@example.com", WRONG)
    desk.wait(hours=1)
    for _ in range(4):
        with pytest.raises(Invalid):
            desk.sign_in("ada@example.com", WRONG)


def test_a_new_password_needs_the_present_one_and_ends_the_other_sign_ins(desk: Desk):
    here, ada = desk.sign_in("ada@example.com")
    there, _ = desk.sign_in("ada@example.com")
    ben, _ = desk.sign_in("ben@example.com")
    change = {"actor": ada, "session": hash_of(here)}
    with pytest.raises(Invalid) as refusal:
        service.change_password(desk.uow, **change, present=WRONG, wanted="another long one")
    assert "present" in refusal.value.fields
    with pytest.raises(Invalid) as refusal:
        service.change_password(desk.uow, **change, present=PASSWORD, wanted="short")
    assert "wanted" in refusal.value.fields
    assert desk.actor(there)
    service.change_password(desk.uow, **change, present=PASSWORD, wanted="another long one")
    assert desk.actor(here) and desk.actor(there) is None and desk.actor(ben)
    with pytest.raises(Invalid):
        desk.sign_in("ada@example.com")
    desk.sign_in("ada@example.com", "another long one")


def test_the_present_password_cannot_be_guessed_at_leisure(desk: Desk):
    token, ada = desk.sign_in("ada@example.com")
    change = {"actor": ada, "session": hash_of(token), "wanted": "another long one"}
    for _ in range(5):
        with pytest.raises(Invalid):
            service.change_password(desk.uow, **change, present=WRONG)
    with pytest.raises(TooManyAttempts):
        service.change_password(desk.uow, **change, present=PASSWORD)


def _failures(desk: Desk, kind: str, value: str) -> int:
    with desk.uow.read() as tx:
        found = sign_ins.failures(tx, rules.failure_key(kind, value))
        return found.failures if found else 0


def _fail(desk: Desk, email: str = "ada@example.com", address: str = "192.0.2.1") -> None:
    with pytest.raises(Invalid):
        desk.sign_in(email, WRONG, address)


def test_of_failures_at_the_same_moment_each_one_counts(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    at_once = threading.Barrier(4)
    verify = passwords.verify

    def together(stored: str, password: str) -> bool:
        at_once.wait(10)
        return verify(stored, password)

    monkeypatch.setattr(passwords, "verify", together)
    with ThreadPoolExecutor(4) as pool:
        for attempt in [pool.submit(_fail, desk) for _ in range(4)]:
            attempt.result()
    assert _failures(desk, "account", "ada@example.com") == _failures(desk, "address", "192.0.2.1") == 4


def test_failures_of_long_ago_do_not_add_up_and_are_removed_after_a_day(desk: Desk):
    for _ in range(3):
        _fail(desk)
    desk.wait(hours=1)
    _fail(desk)
    assert _failures(desk, "account", "ada@example.com") == 1
    desk.wait(hours=23)
    desk.sign_in("ben@example.com")
    assert _failures(desk, "account", "ada@example.com") == 1
    desk.wait(hours=2)
    desk.sign_in("ben@example.com")
    assert _failures(desk, "account", "ada@example.com") == 0


def test_who_only_reads_needs_no_database_that_can_be_written(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    def busy(*_: object) -> None:
        raise Unavailable()

    token, ada = desk.sign_in("ada@example.com")
    monkeypatch.setattr(sign_ins, "touch", busy)
    desk.wait(hours=1)
    assert desk.actor(token) == ada


def test_passwords_are_checked_two_at_a_time(monkeypatch: pytest.MonkeyPatch):
    at_work, most = [0], [0]

    class Slow:
        def verify(self, stored: str, password: bytes) -> bool:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
            time.sleep(0.02)
            at_work[0] -= 1
            return True

    monkeypatch.setattr(passwords, "_hasher", Slow())
    with ThreadPoolExecutor(6) as pool:
        assert all(pool.map(lambda _: passwords.verify("stored", PASSWORD), range(6)))
    assert most[0] == 2


def test_a_password_of_any_text_is_one(monkeypatch: pytest.MonkeyPatch):
    assert passwords.verify(passwords.hash_password("half \ud800 a pair"), "half \ud800 a pair")
