"""The practice of the appointments' tests, for the calendar."""

from tests.appointments.conftest import practice

__all__ = ["practice"]
