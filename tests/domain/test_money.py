"""Amounts as people type them."""

from __future__ import annotations

import pytest

from appointments_app.domain.errors import Invalid
from appointments_app.domain.money import as_typed, currency, read_amount


@pytest.mark.parametrize(
    ("typed", "code", "amount"),
    [
        ("12.50", "EUR", 1250),
        ("12,5", "EUR", 1250),
        ("1,200", "EUR", 120_000),
        ("1.200,50", "EUR", 120_050),
        ("1,200.50", "USD", 120_050),
        ("1 200", "USD", 120_000),
        ("1.250", "KWD", 1250),
        ("1200", "JPY", 1200),
        ("١٢٫٥", "EGP", 1250),
        ("0", "EUR", 0),
        ("", "EUR", None),
        (None, "EUR", None),
    ],
)
def test_amounts_are_read_as_they_are_typed(typed: object, code: str, amount: int | None):
    assert read_amount(typed, code, "price") == amount


@pytest.mark.parametrize("typed", ["x", "-1", "1.2.3,4x", "12.345.6", "1e400", "NaN", "9" * 20, "12..5", "."])
def test_what_is_no_amount_is_refused_at_its_field(typed: str):
    with pytest.raises(Invalid) as refusal:
        read_amount(typed, "EUR", "price")
    assert list(refusal.value.fields) == ["price"]


def test_more_decimals_than_the_currency_has_are_refused():
    with pytest.raises(Invalid):
        read_amount("12.5", "JPY", "price")


def test_a_field_shows_what_was_typed():
    assert (as_typed(1250, "EUR"), as_typed(1200, "JPY"), as_typed(None, "EUR")) == ("12.50", "1200", "")
    assert read_amount(as_typed(123_456_789, "KWD"), "KWD", "price") == 123_456_789


@pytest.mark.parametrize("code", ["", "XXX", None, 7, "eur"])
def test_only_currencies_of_the_list_are_taken(code: object):
    with pytest.raises(Invalid):
        currency(code)
