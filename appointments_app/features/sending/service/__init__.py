"""Sending SMS by hand."""

from appointments_app.features.sending.service.drafting import About, To
from appointments_app.features.sending.service.sending import Line, Outlook, Sent, choices, preview, send

__all__ = ["About", "Line", "Outlook", "Sent", "To", "choices", "preview", "send"]
