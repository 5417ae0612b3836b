"""Looking after the outbox, and saying how sending goes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from appointments_app import runtime
from appointments_app.db.queries import deliveries, history, workers
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.change import Verb, differences
from appointments_app.domain.message import Channel
from appointments_app.domain.times import iso

STANDS_STILL = timedelta(minutes=5)
"""When something could have gone for so long, sending stands still."""


@dataclass(frozen=True)
class Health:
    """How sending goes, as the settings show it; instants are ISO, '' for never."""

    seen_at: str = ""
    runs: bool = False
    waiting: int = 0
    oldest: str = ""
    stands_still: bool = False
    without_channel: int = 0
    channels: list[str] = field(default_factory=list)
    resends_unknown: bool = False


def look_after(uow: UnitOfWork, *, worker: str) -> int:
    """Keep that this worker runs, and settle what others left behind; return how many messages that were."""
    set_up = channels_set_up()
    with uow.begin() as tx:
        workers.beat(tx, worker)
        given_up = sum(workers.give_up_without(tx, channel) for channel in Channel if channel not in set_up)
        return given_up + deliveries.expire(tx, again=workers.resends_unknown(tx))


def channels_set_up() -> tuple[Channel, ...]:
    """Return the channels by which messages can be sent now."""
    return tuple(channel for channel in Channel if runtime.sender(channel) is not None)


def health(uow: UnitOfWork, *, actor: Actor) -> Health:
    """Return how sending goes."""
    actor.require(Permission.SETTINGS)
    set_up = channels_set_up()
    with uow.read() as tx:
        pulse, resends, now = workers.pulse(tx, set_up), workers.resends_unknown(tx), tx.now
    return Health(
        seen_at=iso(pulse.seen_at) if pulse.seen_at else "",
        runs=pulse.seen_at is not None and now - pulse.seen_at < STANDS_STILL,
        waiting=pulse.waiting,
        oldest=iso(pulse.oldest) if pulse.oldest else "",
        stands_still=pulse.oldest is not None and now - pulse.oldest > STANDS_STILL,
        without_channel=pulse.without_channel,
        channels=[channel.value for channel in set_up],
        resends_unknown=resends,
    )


def set_resend_unknown(uow: UnitOfWork, *, actor: Actor, is_resent: object) -> None:
    """Choose what happens to a message of which nobody can say whether it went: sent again, or marked unknown."""
    actor.require(Permission.SETTINGS)
    with uow.begin() as tx:
        before, after = workers.resends_unknown(tx), is_resent is True
        if before != after:
            workers.set_resend_unknown(tx, after)
            history.record(
                tx, actor, Verb.EDITED, "outbox", 1, differences({"resend_unknown": before}, {"resend_unknown": after})
            )
