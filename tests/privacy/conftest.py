"""The practice of the booking tests, whose clients may want their data, or want them gone."""

from tests.appointments.conftest import practice

__all__ = ["practice"]
