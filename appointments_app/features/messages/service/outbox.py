"""The step by which every use-case sends: it writes a row, and a worker does the sending."""

from __future__ import annotations

from datetime import datetime

from appointments_app.db.queries import outbox
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.message import Channel


def post(
    tx: Tx,
    *,
    channel: Channel,
    to: str,
    subject: str,
    text: str,
    html: str = "",
    client_id: int | None = None,
    staff_id: int | None = None,
    appointment_id: int | None = None,
    key: str,
    due: datetime | None = None,
    secret: bool = False,
) -> int | None:
    """Put a message into the outbox; return its id, or None when one with this ``key`` is there already.

    It goes when the transaction is stored: at once, or when it is ``due``. ``secret``: its text is shown to nobody and
    wiped after sending.
    """
    return outbox.add(
        tx,
        {
            "key": key,
            "channel": Channel(channel).value,
            "address": to,
            "subject": subject,
            "body": text,
            "html": html,
            "client_id": client_id,
            "staff_id": staff_id,
            "appointment_id": appointment_id,
            "secret": secret,
            "due_at": due or tx.now,
        },
    )
