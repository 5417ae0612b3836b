"""Sample appointments: working days, a few joint ones, and hardly anybody in two places at once."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice

from appointments_app.db.copying import moment
from appointments_app.db.sample.load import Loader
from appointments_app.db.sample.words import LONG_NOTE, NOTES
from appointments_app.domain.appointment import Status
from appointments_app.domain.text import fold
from appointments_app.domain.times import to_instant

OPENS, CLOSES, STEP = 9 * 60, 17 * 60, 5
"""Minutes of the local day; every start lies on a multiple of STEP."""
PER_DAY = 6
"""About so many appointments one person has on a working day."""
PAST = 0.7
"""The share of working days that lie behind ``now``."""
LOT = 20_000

_APPOINTMENT = (
    "id", "uid", "client_id", "action_id", "start_at", "end_at", "time_zone", "status", "notes", "shared",
    "confirmed_at", "confirmed_by", "confirmed_how", "overlap_reason", "deleted_at", "created_at", "created_by",
    "version",
)  # fmt: skip
_STAFF = ("appointment_id", "staff_id", "start_at", "end_at")
_TEXT = ("appointment_id", "body")

Slot = tuple[int, int, int, int | None]
"""Start and length in minutes of the local day, staff id, and the second staff id of a joint appointment."""


def write_diary(
    loader: Loader,
    count: int,
    *,
    seed: int,
    now: datetime,
    time_zone: str,
    client_ids: Sequence[int],
    staff_ids: Sequence[int],
    actions: Sequence[tuple[int, int]],
) -> None:
    """Add ``count`` appointments with their staff and the folded notes they are found by."""
    rng = random.Random(f"diary {seed}")  # noqa: S311  no secrets are made of it
    first = loader.next_id("appointment")
    days = _working_days(now, count // (PER_DAY * max(1, len(staff_ids))) + 1)
    clocks = (_Clock(day, time_zone, now) for day in days)
    each = ((clock, action_id, slot) for clock in clocks for action_id, slot in _slots(rng, staff_ids, actions))
    numbered = zip(range(first, first + count), each, strict=False)
    while lot := list(islice(numbered, LOT)):
        rows, staff, texts = [], [], []
        for row_id, (clock, action_id, (start, minutes, one, two)) in lot:
            note, booked = _note(rng), rng.randrange(len(clock.booked))
            span = clock.at[start], clock.at[start + minutes]
            confirmed = _confirmed(rng, clock.booked[: booked + 1])
            status, client = clock.status(rng, start + minutes), rng.choice(client_ids)
            rows.append((
                row_id, _uid(rng), client, action_id, *span, time_zone, status, note, rng.random() < 0.2, *confirmed,
                "", None, clock.booked[booked], one, 1,
            ))  # fmt: skip
            if rng.random() >= 0.05:
                staff += [(row_id, person, *span) for person in (one, two) if person is not None]
            if note:
                texts.append((row_id, fold(note)))
        loader.add("appointment", _APPOINTMENT, rows)
        loader.add("appointment_staff", _STAFF, staff)
        loader.add("appointment_text", _TEXT, texts)


class _Clock:
    """The instants of one local day as text, and what is likely for an appointment on it."""

    def __init__(self, day: date, time_zone: str, now: datetime) -> None:
        midnight = to_instant(day, time(12), time_zone) - timedelta(hours=12)
        self.at = {minute: moment(midnight + timedelta(minutes=minute)) for minute in range(0, 24 * 60, STEP)}
        self.now = moment(now)
        self.age = (now - midnight).days
        last = min(midnight, now)
        self.booked = [moment(last - timedelta(days=days, minutes=137 * days % 480)) for days in range(1, 60)]

    def status(self, rng: random.Random, end: int) -> str:
        """Past: nearly all marked, the more the older. Ahead: Scheduled, a few called off."""
        chance = rng.random()
        if self.at[end] > self.now:
            return Status.DISMISSED.value if chance < 0.06 else Status.SCHEDULED.value
        unmarked = 0.25 if self.age < 7 else 0.03
        return (Status.SCHEDULED if chance < unmarked else Status.DISMISSED if chance > 0.88 else Status.DONE).value


def _working_days(now: datetime, count: int) -> Iterator[date]:
    """Return working days from the past into the future, ``now`` at the share PAST of ``count``."""
    day = now.astimezone(UTC).date() - timedelta(days=round(count * PAST * 7 / 5))
    while True:
        if day.weekday() < 5:
            yield day
        day += timedelta(days=1)


def _slots(
    rng: random.Random, staff_ids: Sequence[int], actions: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, Slot]]:
    """Return one working day of everybody as (action, slot): no two of one person's slots overlap."""
    taken: list[tuple[int, int]] = []
    for place, person in enumerate(staff_ids):
        partner = staff_ids[place + 1] if place + 1 < len(staff_ids) else None
        start, busy, taken = OPENS + rng.choice((0, 0, 15, 30)), taken, []
        while start < CLOSES:
            action_id, minutes = rng.choice(actions)
            minutes = max(STEP, min(minutes, 240) // STEP * STEP)
            in_the_way = [end for begin, end in busy if begin < start + minutes and end > start]
            if in_the_way:
                start = max(in_the_way)
                continue
            joint = partner if rng.random() < 0.1 else None
            if joint is not None:
                taken.append((start, start + minutes))
            yield action_id, (start, minutes, person, joint)
            start += (minutes + 14) // 15 * 15 + rng.choice((0, 0, 0, 15, 30))


def _note(rng: random.Random) -> str:
    chance = rng.random()
    if chance > 0.3:
        return ""
    return (LONG_NOTE if chance < 0.01 else rng.choice(NOTES)).format(rng.randrange(1, 10_000))


def _confirmed(rng: random.Random, since_booking: Sequence[str]) -> tuple[str | None, str, str]:
    if rng.random() > 0.4:
        return None, "", ""
    return rng.choice(since_booking), "", "phone"


def _uid(rng: random.Random) -> str:
    text = f"{rng.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
