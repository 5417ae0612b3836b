"""Sending what is due: claim a lot, look at each message again, hand it over, keep how it ended."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from appointments_app import runtime
from appointments_app.db.queries import deliveries, workers
from appointments_app.db.queries.deliveries import Claimed
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.errors import Unavailable
from appointments_app.domain.message import Channel, DeliveryError, Outgoing, Sender
from appointments_app.domain.outbox import (
    FOR_ALL,
    LONGEST_ERROR,
    LONGEST_SUBJECT,
    MOST_ATTEMPTS,
    Reason,
    State,
    wait_after,
)
from appointments_app.domain.reminder import LATE, Verdict, decide
from appointments_app.features.messages.service.rendering import Rendered, render

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""What has been in flight for so long without an end is given up; senders give up sooner."""
LOT = 20


Render = Callable[[Tx, Claimed], Rendered]


@dataclass(frozen=True)
class _Flight:
    """A message that was begun."""

    message_id: int
    attempt: int
    outgoing: Outgoing


@dataclass(frozen=True)
class _Outcome:
    """How an attempt ended, as columns of its message; ``wait``: how long until the next one.

    ``uncertain``: the other side may have taken it, so that the next attempt would be one too many.
    """

    message_id: int
    values: Mapping[str, Any]
    wait: timedelta | None = None
    uncertain: bool = False


@dataclass
class Lane:
    """One channel of one worker: it sends one message after the other, so that their order is kept."""

    uow: UnitOfWork
    channel: Channel
    worker: str
    sender: Callable[[], Sender | None]
    render: Render
    lease: timedelta = LEASE
    lot: int = LOT
    chance: Callable[[], float] = field(default=random.random)

    def run(self, is_stopping: Callable[[], bool] = lambda: False) -> int:
        """Send a lot of what is due; return how many were claimed. When told to stop, finishes what is in flight."""
        with self.uow.read() as tx:
            if not deliveries.any_due(tx, self.channel):
                return 0
        sender = self.sender()
        if sender is None:
            return 0
        with self.uow.begin() as tx:
            ids = deliveries.claim(tx, self.channel, self.worker, self.lease, self.lot)
        outcome, waiting = None, list(ids)
        while waiting and not is_stopping():
            flight = self._turn(outcome, waiting.pop(0))
            outcome = self._hand_over(sender, flight) if flight else None
        self._turn(outcome, None, waiting)
        return len(ids)

    def _turn(self, outcome: _Outcome | None, next_id: int | None, unused: Sequence[int] = ()) -> _Flight | None:
        """Keep how the last attempt ended and begin the next, in one transaction; waits while the database is away.

        A message that can't be begun holds up no other: it waits until its lease is over.
        """
        patience = time.monotonic() + self.lease.total_seconds() / 2
        while True:
            try:
                with self.uow.begin() as tx:
                    self._keep(tx, outcome)
                    if unused:
                        deliveries.release(tx, unused, self.worker)
                    claimed = None if next_id is None else deliveries.look_at(tx, next_id, self.worker)
                    return self._begin(tx, claimed) if claimed else None
            except Unavailable:
                if time.monotonic() > patience:
                    raise
                time.sleep(0.5)
            except Exception:
                if next_id is None:
                    raise
                log.exception("message %s can't be begun", next_id)
                next_id = None

    def _keep(self, tx: Tx, outcome: _Outcome | None) -> None:
        if outcome is None:
            return
        values = dict(outcome.values)
        if values["state"] == State.SENT.value:
            values["sent_at"] = tx.now
        if outcome.uncertain and not workers.resends_unknown(tx):
            values |= {"state": State.UNKNOWN.value, "reason": Reason.INTERRUPTED.value}
        elif outcome.wait is not None:
            values["try_at"] = tx.now + outcome.wait
        deliveries.finish(tx, outcome.message_id, self.worker, values)

    def _begin(self, tx: Tx, claimed: Claimed) -> _Flight | None:
        """Decide from what is true now; return what is to be handed over, None when the message does not go now."""
        refused = Reason.OPTED_OUT if claimed.opted_out else None
        verdict = decide(claimed.live, tx.now) if claimed.live else Verdict(refused)
        if verdict.wait:
            deliveries.put_off(tx, claimed.id, verdict.wait)
            return None
        others = self._others(tx, claimed)
        claimed = replace(claimed, others=len(others))
        rendered = Rendered(None, verdict.reason) if verdict.reason else self.render(tx, claimed)
        outgoing, attempt = rendered.outgoing, claimed.attempts + 1
        if outgoing is None:
            reason = rendered.reason or Reason.TEMPLATE
            deliveries.skip(tx, claimed.id, reason)
            if others and reason not in FOR_ALL:
                deliveries.lead(tx, claimed.id, others[0])
            return None
        shown = {
            "address": outgoing.to,
            "subject": outgoing.subject[:LONGEST_SUBJECT],
            "body": outgoing.text,
            "html": outgoing.html,
        }
        is_late = tx.now - claimed.due_at > LATE
        deliveries.begin(tx, claimed.id, self.lease, {**shown, "attempts": attempt, "late": is_late})
        return _Flight(claimed.id, attempt, outgoing)

    def _others(self, tx: Tx, claimed: Claimed) -> list[int]:
        """Return the notices that are told with one, the earliest first; those that are true no more are left out."""
        if not claimed.notice:
            return []
        found = {each.id: decide(each.live, tx.now).reason for each in deliveries.led_by(tx, claimed.id) if each.live}
        gone = {one: reason for one, reason in found.items() if reason and reason not in FOR_ALL}
        deliveries.skip_led(tx, gone)
        return [one for one in found if one not in gone]

    def _hand_over(self, sender: Sender, flight: _Flight) -> _Outcome | None:
        """Send; return how it ended, None when nobody can say: then the lease ends it."""
        try:
            receipt = sender.send(flight.outgoing)
        except DeliveryError as error:
            return self._refused(flight, error)
        except Exception:
            log.exception("sending by %s broke off", self.channel.value)
            return None
        sent = {"state": State.SENT.value, "reason": "", "error": "", "provider_id": receipt.provider_id[:200]}
        return _Outcome(flight.message_id, sent)

    def _refused(self, flight: _Flight, error: DeliveryError) -> _Outcome:
        said = {"error": error.reason[:LONGEST_ERROR]}
        if error.permanent or flight.attempt >= MOST_ATTEMPTS:
            reason = Reason.REFUSED if error.permanent else Reason.GAVE_UP
            failed = {**said, "state": State.FAILED.value, "reason": reason.value}
            return _Outcome(flight.message_id, failed, uncertain=error.uncertain)
        again = {**said, "state": State.PLANNED.value, "reason": Reason.TRYING_AGAIN.value}
        wait = wait_after(flight.attempt, error.retry_after, self.chance())
        return _Outcome(flight.message_id, again, wait, uncertain=error.uncertain)


def lane(uow: UnitOfWork, channel: Channel, worker: str) -> Lane:
    """Return what sends by a channel as it is set up."""
    return Lane(uow, channel, worker, lambda: runtime.sender(channel), render)


def settle(uow: UnitOfWork, *, again: bool) -> int:
    """Settle what was in flight when its worker died; return how many messages that were."""
    with uow.begin() as tx:
        return deliveries.expire(tx, again=again)
