"""The practice of the booking tests, which sends messages here."""

from tests.appointments.conftest import practice

__all__ = ["practice"]
