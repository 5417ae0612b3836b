"""The practice of the appointments' tests, for the page Today."""

from tests.appointments.conftest import practice

__all__ = ["practice"]
