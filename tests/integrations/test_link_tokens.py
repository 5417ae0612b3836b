"""Tokens of links: nobody makes one up, and none is good for anything but its purpose and its time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments_app.domain.links import BrokenLink, ExpiredLink, confirm_claims
from appointments_app.integrations.link_tokens import read, sign
from appointments_app.integrations.secret_key import derived

NOW = datetime(2026, 3, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
KEY = derived(b"k" * 32, "link confirm")
CLAIMS = confirm_claims(appointment_id=1_000_017, client_id=100_003, start_at=NOW, links_revoked=0)


def test_a_token_says_what_was_signed():
    assert read(KEY, sign(KEY, CLAIMS, now=NOW), now=NOW + HOUR, max_age=HOUR) == CLAIMS


def test_a_token_is_short_and_no_program_cuts_its_end_off():
    for number in range(200):
        token = sign(KEY, CLAIMS | {"a": number}, now=NOW)
        assert len(token) < 100 and token[-1].isalnum()


def test_a_token_expires_to_the_second():
    token = sign(KEY, CLAIMS, now=NOW)
    with pytest.raises(ExpiredLink):
        read(KEY, token, now=NOW + HOUR + timedelta(seconds=1), max_age=HOUR)


def test_a_token_of_another_purpose_is_worth_nothing():
    other = derived(b"k" * 32, "link reset")
    with pytest.raises(BrokenLink):
        read(KEY, sign(other, CLAIMS, now=NOW), now=NOW, max_age=HOUR)


@pytest.mark.parametrize("place", range(0, 80, 3))
def test_a_token_with_one_changed_character_is_refused(place: int):
    token = sign(KEY, CLAIMS, now=NOW)
    place = min(place, len(token) - 2)
    changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
    with pytest.raises(BrokenLink):
        read(KEY, changed, now=NOW, max_age=HOUR)


@given(st.text(max_size=600))
def test_whatever_stands_in_the_address_is_refused_in_order(text: str):
    with pytest.raises(BrokenLink):
        read(KEY, text, now=NOW, max_age=HOUR)
