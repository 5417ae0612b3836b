"""Messages: what is put into the outbox, and what became of it."""

from appointments_app.features.messages.service.outbox import post

__all__ = ["post"]
