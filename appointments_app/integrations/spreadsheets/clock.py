"""Dates and times as text, fast: appointments share few days and few times of day, so each is put into words once."""

from __future__ import annotations

from datetime import datetime

EPOCH = datetime.fromisoformat("1899-12-30")  # day 0 of the serial numbers of spreadsheets
_EPOCH_ORDINAL = EPOCH.toordinal()
_SECONDS_PER_DAY = 86_400


class _Days(dict[int, str]):
    """Days since the epoch as YYYY-MM-DD."""

    def __missing__(self, day: int) -> str:
        text = self[day] = datetime.fromordinal(_EPOCH_ORDINAL + day).date().isoformat()
        return text


class _Times(dict[int, str]):
    """Seconds since midnight as HH:MM:SS."""

    def __missing__(self, second: int) -> str:
        text = self[second] = f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}"
        return text


class _Fractions(dict[int, str]):
    """Seconds since midnight as the decimals of a serial number: noon is ".5", midnight is ""."""

    def __missing__(self, second: int) -> str:
        text = self[second] = f"{second / _SECONDS_PER_DAY:.12f}"[1:].rstrip("0").rstrip(".")
        return text


_days, _times, _fractions = _Days(), _Times(), _Fractions()


def iso_text(moment: datetime) -> str:
    """YYYY-MM-DD HH:MM:SS, which every spreadsheet and every program reads back as that moment."""
    since = moment - EPOCH
    return f"{_days[since.days]} {_times[since.seconds]}"


def serial(moment: datetime) -> str:
    """The number a spreadsheet stores for that moment, to the second."""
    since = moment - EPOCH
    return f"{since.days}{_fractions[since.seconds]}"


def day_serial(day: int) -> str:
    """The number a spreadsheet stores for the day with this proleptic ordinal."""
    return str(day - _EPOCH_ORDINAL)
