"""Amounts as people type them, in the currencies they pay in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments_app.domain.errors import Invalid
from appointments_app.domain.money import (
    CURRENCIES,
    LARGEST,
    amount_text,
    currency_code,
    currency_of,
    decimals,
    read_amount,
)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [
        ("", "EUR", None),
        ("  ", "EUR", None),
        ("1250.50", "EUR", 125_050),
        ("1,250.50", "USD", 125_050),
        ("1.250,50", "EUR", 125_050),
        ("1 250,5", "EUR", 125_050),
        ("1'250.50", "CHF", 125_050),
        ("1,250", "USD", 125_000),
        ("1.250", "EUR", 125_000),
        ("1.250.000", "EUR", 125_000_000),
        ("1.250", "KWD", 1_250),
        ("1,250", "KWD", 1_250_000),
        ("12,50", "KWD", 12_500),
        ("1250", "JPY", 1_250),
        ("1250.00", "JPY", 1_250),
        ("١٢٥٠٫٥", "EGP", 125_050),
        ("١٬٢٥٠٫٥٠", "EGP", 125_050),
        (".5", "EUR", 50),
        ("0.500", "EUR", 50),
        ("1250.500", "USD", 125_050),
        ("1,00,000.50", "INR", 10_000_050),
        ("0", "EUR", 0),
    ],
)
def test_amounts_are_read_as_people_write_them(text: str, currency: str, amount: int | None):
    assert read_amount(text, currency, "budget") == amount


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("abc", "EUR"),
        ("-5", "EUR"),
        ("1e3", "EUR"),
        ("1.5", "JPY"),
        ("1.234567", "EUR"),
        ("²", "EUR"),
        ("0.125", "USD"),
        ("1250.375", "USD"),
        ("1,2345.50", "USD"),
        ("1,5,0", "EUR"),
        ("1..5", "EUR"),
    ],
)
def test_what_is_no_amount_is_refused_at_its_field(text: str, currency: str):
    with pytest.raises(Invalid) as refusal:
        read_amount(text, currency, "budget")
    assert refusal.value.fields.keys() == {"budget"}


@given(st.integers(0, LARGEST), st.sampled_from(CURRENCIES))
def test_what_a_form_shows_reads_back_as_the_same_amount(amount: int, currency: str):
    assert read_amount(amount_text(amount, currency), currency, "budget") == amount


def test_a_business_begins_with_the_currency_of_its_country():
    assert [currency_of(region) for region in ("EG", "DE", "KW", "JP", "AQ", "??")] == [
        "EGP",
        "EUR",
        "KWD",
        "JPY",
        "USD",
        "USD",
    ]


def test_currencies_are_those_of_the_list_with_their_own_decimals():
    assert [decimals(code) for code in ("EUR", "JPY", "KWD")] == [2, 0, 3]
    assert len(set(CURRENCIES)) == len(CURRENCIES)
    for wrong in ("eur", "XXX", "", None, ["EUR"]):
        with pytest.raises(Invalid):
            currency_code(wrong)
