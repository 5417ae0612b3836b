"""Sending SMS and e-mails by hand."""

from appointments_app.features.sending.service.drafting import About, Said, To
from appointments_app.features.sending.service.sending import (
    Line,
    Outlook,
    Sent,
    Sizes,
    measure,
    offer,
    preview,
    send,
)

__all__ = ["About", "Line", "Outlook", "Said", "Sent", "Sizes", "To", "measure", "offer", "preview", "send"]
