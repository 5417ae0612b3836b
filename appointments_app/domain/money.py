"""Amounts of money: whole numbers of a currency's smallest unit, read as people type them."""

from __future__ import annotations

import re
import unicodedata

from babel.numbers import get_territory_currencies

from appointments_app.domain.errors import Invalid
from appointments_app.domain.words import N_

_CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF
    CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD
    HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL
    LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP
    PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT
    TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = tuple(_CODES.split())
"""The currencies of ISO 4217 that people pay in."""
_DECIMALS = {
    "BIF": 0, "CLP": 0, "DJF": 0, "GNF": 0, "ISK": 0, "JPY": 0, "KMF": 0, "KRW": 0,
    "PYG": 0, "RWF": 0, "UGX": 0, "VND": 0, "VUV": 0, "XAF": 0, "XOF": 0, "XPF": 0,
    "BHD": 3, "IQD": 3, "JOD": 3, "KWD": 3, "LYD": 3, "OMR": 3, "TND": 3,
}  # fmt: skip
LARGEST = 10**14
"""So much of the smallest unit is an amount at most."""
_GROUPED = re.compile(r"[1-9]\d{0,2}([.,])(?:\d{2,3}\1)*\d{3}")
"""Thousands apart; in India also hundreds of thousands, in pairs."""
_DROPPED = re.compile(r"[\s\u066c'’_]")


def currency_code(code: object, field: str = "currency") -> str:
    """Return the code of a currency on offer; raise Invalid at ``field`` otherwise."""
    if code not in CURRENCIES:
        raise Invalid(fields={field: N_("Choose a currency from the list.")})
    return str(code)


def currency_of(region: str) -> str:
    """Return the currency that people pay with in a country (ISO 3166), USD where none is known."""
    known = [code for code in get_territory_currencies(region) if code in CURRENCIES]
    return known[-1] if known else "USD"


def decimals(currency: str) -> int:
    """Return how many decimal places a currency has."""
    return _DECIMALS.get(currency, 2)


def read_amount(text: str, currency: str, field: str) -> int | None:
    """Return the amount in the smallest unit, None for an empty text; raise Invalid at ``field``.

    Points and commas both may be the decimal mark: the last one is, unless it stands as in 1,250 or 1.250.000.
    """
    plain = _DROPPED.sub("", "".join(_plain(letter) for letter in text))
    if not plain:
        return None
    whole, fraction = _parts(plain, decimals(currency))
    if not (whole + fraction).isascii() or not (whole + fraction).isdigit():
        raise Invalid(fields={field: N_("Enter an amount such as 1250.50.")})
    if len(fraction.rstrip("0")) > decimals(currency):
        raise Invalid(fields={field: N_("This currency has fewer decimal places.")})
    amount = int((whole or "0") + fraction.rstrip("0").ljust(decimals(currency), "0"))
    if amount > LARGEST:
        raise Invalid(fields={field: N_("This amount is too large.")})
    return amount


def amount_text(amount: int | None, currency: str) -> str:
    """Return the amount as a form shows it, such as ``1250.50``; '' for none."""
    if amount is None:
        return ""
    places = decimals(currency)
    if not places:
        return str(amount)
    digits = str(amount).rjust(places + 1, "0")
    return f"{digits[:-places]}.{digits[-places:]}"


def _plain(letter: str) -> str:
    """Return a digit of any script as 0-9, the Arabic decimal mark as a point."""
    if unicodedata.category(letter) == "Nd":
        return str(unicodedata.digit(letter))
    return "." if letter == "\u066b" else letter


def _parts(plain: str, places: int) -> tuple[str, str]:
    """Return what stands before and behind the decimal mark; what can't be told apart stays whole."""
    marks = [letter for letter in plain if letter in ".,"]
    if not marks:
        return plain, ""
    if _GROUPED.fullmatch(plain) and not (places == 3 and marks == ["."]):
        return _without_marks(plain), ""
    whole, _, fraction = plain.rpartition(marks[-1])
    if len(marks) > 1 and (marks[-1] in whole or not _GROUPED.fullmatch(whole)):
        return plain, ""
    return _without_marks(whole), fraction


def _without_marks(text: str) -> str:
    return text.replace(".", "").replace(",", "")
