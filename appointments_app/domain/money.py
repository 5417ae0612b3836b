"""Amounts of money: whole numbers of a currency's minor units (cents), read as people type them."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from appointments_app.domain.errors import Invalid
from appointments_app.domain.text import one_line
from appointments_app.domain.words import N_

CURRENCIES: dict[str, int] = {
    "AED": 2, "ARS": 2, "AUD": 2, "BHD": 3, "BRL": 2, "CAD": 2, "CHF": 2, "CLP": 0, "CNY": 2, "COP": 2, "CZK": 2,
    "DKK": 2, "DZD": 2, "EGP": 2, "EUR": 2, "GBP": 2, "HKD": 2, "HUF": 2, "IDR": 2, "ILS": 2, "INR": 2, "IQD": 3,
    "ISK": 0, "JOD": 3, "JPY": 0, "KES": 2, "KRW": 0, "KWD": 3, "LBP": 2, "LYD": 3, "MAD": 2, "MXN": 2, "MYR": 2,
    "NGN": 2, "NOK": 2, "NZD": 2, "OMR": 3, "PHP": 2, "PKR": 2, "PLN": 2, "QAR": 2, "RON": 2, "SAR": 2, "SEK": 2,
    "SGD": 2, "THB": 2, "TND": 3, "TRY": 2, "TWD": 2, "UAH": 2, "USD": 2, "VND": 0, "ZAR": 2,
}  # fmt: skip
"""ISO 4217 codes on offer, and the decimals of each."""

LARGEST = 10**12
"""No amount has as many minor units."""

_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹٫", "01234567890123456789.", "٬ \u00a0\u202f'")


_SIMPLE = re.compile(r"(?P<whole>\d+)(?:[.,](?P<part>\d+))?")
_GROUPED = re.compile(
    r"(?P<whole>\d{1,3}(?:(?P<sign>[.,])\d{3})(?:(?P=sign)\d{3})*)(?:(?!(?P=sign))[.,](?P<part>\d+))?"
)


def currency(code: object) -> str:
    """Return a currency's code; raise Invalid for one that is not on offer."""
    if not isinstance(code, str) or code not in CURRENCIES:
        raise Invalid(fields={"currency": N_("Choose a currency from the list.")})
    return code


def read_amount(text: object, code: str, field: str) -> int | None:
    """Return an amount in minor units, None when nothing was typed; raise Invalid at ``field``.

    Point and comma may both stand before the decimals and between thousands: ``12,50``, ``1,200.50``, ``1.200,50``.
    """
    typed = one_line(text if isinstance(text, str) else "", 40).translate(_DIGITS)
    if not typed:
        return None
    try:
        amount = Decimal(_plain(typed, CURRENCIES[code])).scaleb(CURRENCIES[code])
    except InvalidOperation:
        raise Invalid(fields={field: N_("Enter an amount, such as 12.50.")}) from None
    if amount >= LARGEST:
        raise Invalid(fields={field: N_("Enter an amount, such as 12.50.")})
    if amount != amount.to_integral_value():
        raise Invalid(fields={field: N_("This currency has fewer decimals.")})
    return int(amount)


def as_typed(amount: int | None, code: str) -> str:
    """Return an amount as a field shows it: ``12.50``; '' for None."""
    return "" if amount is None else f"{Decimal(amount).scaleb(-CURRENCIES[code]):.{CURRENCIES[code]}f}"


def _plain(typed: str, decimals: int) -> str:
    """Return what was typed with a point before its decimals and nothing between thousands; '' for no number."""
    if re.fullmatch(r"\d+[.,]\d{3}", typed) and decimals == 3:
        return typed.replace(",", ".")
    number = _GROUPED.fullmatch(typed) or _SIMPLE.fullmatch(typed)
    if number is None:
        return ""
    return re.sub("[.,]", "", number["whole"]) + (f".{number['part']}" if number["part"] else "")
