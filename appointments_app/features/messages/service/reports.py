"""What SMS gateways report of messages that they took."""

from __future__ import annotations

from appointments_app.db.queries import reports
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.delivery import reports_in


def take_reports(uow: UnitOfWork, *, said: object) -> bool:
    """Keep what became of the messages that a gateway reports on; whether any is known, or nothing final was said."""
    found = reports_in(said)
    if not found:
        return True
    with uow.begin() as tx:
        known = [(message_id, report) for report in found if (message_id := reports.named(tx, report.names))]
        for message_id, report in sorted(known, key=lambda each: each[0]):  # so that nobody waits in a circle
            if report.is_delivered:
                reports.delivered(tx, message_id)
            else:
                reports.undelivered(tx, message_id, report.reason)
    return bool(known)
