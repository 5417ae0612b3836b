"""Taking back a change of a whole series: everything that it touched is as it was, or nothing is.

A split, occurrences that went, came or took other dates: the change keeps what the series and its rows were and became,
as one line of the audit trail that no history shows.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, exists, insert, or_, select, update

from appointments_app.db.models import Appointment, AppointmentStaff, Change, ChangeLine, Series, SeriesStaff
from appointments_app.db.queries import notices
from appointments_app.db.queries.booking import hold_staff
from appointments_app.db.queries.occurrences import detach
from appointments_app.db.queries.overlaps import in_the_way
from appointments_app.db.queries.prepared import among
from appointments_app.db.queries.reach import reached
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor
from appointments_app.domain.appointment import Status
from appointments_app.domain.change import WHOLE, differences

_ROW = (
    "start_at", "end_at", "confirmed_at", "confirmed_by", "confirmed_how", "overlap_reason", "series_id",
    "recurrence_id", "by_hand", "deleted_at",
)  # fmt: skip
"""What a move changes of an occurrence, beside its staff."""
_FELT = ("start_at", "end_at", "staff", "deleted_at")
"""What of it a person notices."""
_KEPT = ("status", "outcome", "client_id", "version")
"""What else must be as the change left it."""
_SERIES = ("dtstart", "rrule", "minutes", "filled_until")
_SHOWN = ("start_at", "end_at", "confirmed_at", "overlap_reason", "by_hand", "deleted_at", "staff_ids")
Values = dict[str, Any]


@dataclass(frozen=True)
class Picture:
    """Some series and all their occurrences as they stand, by id; what is deleted, too."""

    series: dict[int, Values]
    rows: dict[int, Values]

    def to_text(self) -> str:
        """Return it as the audit trail keeps it."""
        return json.dumps([list(self.series.items()), list(self.rows.items())], default=datetime.isoformat)

    @classmethod
    def of_text(cls, text: str) -> Picture:
        """Return what ``to_text`` wrote."""
        series, rows = (dict(map(tuple, part)) for part in json.loads(text))
        for values in (*series.values(), *rows.values()):
            values |= {
                name: datetime.fromisoformat(value)
                for name, value in values.items()
                if value and name.endswith(("_at", "_until"))
            }
        return cls(series, rows)


def picture(tx: Tx, series_ids: Collection[int], ids: Collection[int] = ()) -> Picture:
    """Return these series with their occurrences, and these appointments wherever they belong by now."""
    mine = among(Series.id, "ids", is_sqlite=tx.is_sqlite, values=list(series_ids))
    series = _read(tx, Series, (*_SERIES, "version"), mine)
    rows = _read(
        tx, Appointment, (*_ROW, *_KEPT),
        or_(
            among(Appointment.series_id, "series", is_sqlite=tx.is_sqlite, values=list(series_ids)),
            among(Appointment.id, "ids", is_sqlite=tx.is_sqlite, values=list(ids)),
        ),
    )  # fmt: skip
    for table, owner, known in (
        (SeriesStaff, SeriesStaff.series_id, series),
        (AppointmentStaff, AppointmentStaff.appointment_id, rows),
    ):
        theirs = among(owner, "ids", is_sqlite=tx.is_sqlite, values=list(known))
        for one, staff_id in tx.execute(select(owner, table.staff_id).where(theirs).order_by(owner, table.staff_id)):
            known[one]["staff"].append(staff_id)
    return Picture(series, rows)


def _read(tx: Tx, table: Any, names: tuple[str, ...], condition: Any) -> dict[int, Values]:
    found = tx.execute(select(table.id, *(getattr(table, name) for name in names)).where(condition))
    return {row[0]: {**dict(zip(names, row[1:], strict=True)), "staff": []} for row in found}


def remember(tx: Tx, change_id: int, series_id: int, appointment_id: int, before: Picture) -> None:
    """Keep what a change, made from one appointment, made of its series, so that it can be taken back.

    It is a line about that appointment: who forgets a client's appointments forgets it too.
    """
    now_in = select(Appointment.series_id).where(
        among(Appointment.id, "ids", is_sqlite=tx.is_sqlite, values=list(before.rows))
    )
    series_ids = {series_id, *(one for one in tx.execute(now_in.distinct()).scalars() if one is not None)}
    after = picture(tx, series_ids, before.rows)
    line = {"change_id": change_id, "entity": "appointment", "entity_id": appointment_id, "field": WHOLE}
    tx.execute(insert(ChangeLine).values(**line, old=before.to_text(), new=after.to_text()))


def remembered(tx: Tx, change: Change) -> tuple[Picture, Picture] | None:
    """Return what a series was before a change and after it, None when the change was not of a whole series."""
    line = select(ChangeLine.old, ChangeLine.new).where(ChangeLine.change_id == change.id, ChangeLine.field == WHOLE)
    found = tx.execute(line).first()
    return (Picture.of_text(found[0]), Picture.of_text(found[1])) if found else None


def take_back(tx: Tx, actor: Actor, change: Change, undo_id: int, before: Picture, after: Picture) -> int:
    """Make a series what it was; return how many appointments came back, 0 when something else happened to it since."""
    tx.execute(select(Series.id).where(Series.id.in_(after.series)).order_by(Series.id).with_for_update())
    every = among(Appointment.id, "ids", is_sqlite=tx.is_sqlite, values=list(after.rows))
    tx.execute(select(Appointment.id).where(every).order_by(Appointment.id).with_for_update())
    now = picture(tx, after.series, after.rows)
    added = now.rows.keys() - after.rows.keys()  # the horizon went on since
    if not _stands(now, after) or any(now.rows[one]["version"] != 1 for one in added):
        return 0
    alive = [one for one, values in after.rows.items() if values["deleted_at"] is None]
    if set(alive) - reached(tx, actor, alive):
        return 0
    new = now.rows.keys() - before.rows.keys()
    changed = {one: values for one, values in before.rows.items() if _differs(values, after.rows[one])}
    hold_staff(tx, sorted({staff_id for values in changed.values() for staff_id in values["staff"]}))
    if _is_given_away(tx, change, changed, after):
        return 0
    notices.made(tx, new)
    detach(tx, [*changed, *new])
    _remove(tx, new)
    _restore(tx, changed)
    for series_id in after.series:
        _restore_series(tx, series_id, before.series.get(series_id))
    gone = {one: {**now.rows[one], "deleted_at": tx.now} for one in new}
    _write_lines(tx, undo_id, now, Picture(before.series, {**changed, **gone}))
    notices.follow(tx, undo_id)
    return sum(any(was[name] != after.rows[one][name] for name in _FELT) for one, was in changed.items())


def _stands(now: Picture, after: Picture) -> bool:
    """Whether nobody touched it since; that the horizon goes on does not count."""
    series = {one: {**values, "filled_until": None} for one, values in now.series.items()}
    left = {one: {**values, "filled_until": None} for one, values in after.series.items()}
    return series == left and all(now.rows.get(one) == values for one, values in after.rows.items())


def _differs(before: Values, after: Values) -> bool:
    return any(before[name] != after[name] for name in (*_ROW, "staff"))


def _is_given_away(tx: Tx, change: Change, changed: Mapping[int, Values], after: Picture) -> bool:
    """Whether staff are busy by now at a time that comes back, with what was booked or changed after the change."""
    others: set[int] = set()
    for one, was in changed.items():
        same = all(was[name] == after.rows[one][name] for name in _FELT)
        free = was["deleted_at"] is not None or was["status"] == Status.DISMISSED or was["overlap_reason"]
        if not (same or free or not was["staff"]):
            others.update(in_the_way(tx, was["staff"], was["start_at"], was["end_at"], apart_from=one))
    others -= after.rows.keys()
    touched = exists().where(
        ChangeLine.entity == "appointment", ChangeLine.entity_id == Appointment.id, ChangeLine.change_id > change.id
    )
    recent = select(Appointment.id).where(
        among(Appointment.id, "ids", is_sqlite=tx.is_sqlite, values=sorted(others)),
        or_(Appointment.created_at >= change.at, touched),
    )
    return bool(others) and tx.execute(recent.limit(1)).first() is not None


def _remove(tx: Tx, ids: Collection[int]) -> None:
    """Hide what the change, or the horizon since, had made."""
    mine = among(Appointment.id, "ids", is_sqlite=tx.is_sqlite, values=list(ids))
    hidden = update(Appointment).where(mine).values(deleted_at=tx.now, version=Appointment.version + 1)
    tx.execute(hidden.execution_options(synchronize_session=False))


def _restore(tx: Tx, rows: Mapping[int, Values]) -> None:
    if not rows:
        return
    given = [{"one": one, **{f"was_{name}": values[name] for name in _ROW}} for one, values in rows.items()]
    columns = {name: bindparam(f"was_{name}", type_=getattr(Appointment, name).type) for name in _ROW}
    table = Appointment.__table__
    statement = update(table).where(table.c.id == bindparam("one"))
    tx.connection().execute(statement.values(**columns, version=table.c.version + 1), given)
    mine = among(AppointmentStaff.appointment_id, "ids", is_sqlite=tx.is_sqlite, values=list(rows))
    tx.execute(delete(AppointmentStaff).where(mine).execution_options(synchronize_session=False))
    staff = [
        {"appointment_id": one, "staff_id": staff_id, "start_at": values["start_at"], "end_at": values["end_at"]}
        for one, values in rows.items()
        for staff_id in values["staff"]
    ]
    if staff:
        tx.execute(insert(AppointmentStaff), staff)


def _restore_series(tx: Tx, series_id: int, was: Values | None) -> None:
    """Give a series back its rule and what occurrences begin with; one that the change made has no dates any more."""
    values = {name: was[name] for name in _SERIES} if was else {"rrule": ""}
    change = update(Series).where(Series.id == series_id).values(**values, version=Series.version + 1)
    tx.execute(change.execution_options(synchronize_session=False))
    if was:
        tx.execute(delete(SeriesStaff).where(SeriesStaff.series_id == series_id))
        rows = [{"series_id": series_id, "staff_id": staff_id} for staff_id in was["staff"]]
        if rows:
            tx.execute(insert(SeriesStaff), rows)


def _write_lines(tx: Tx, undo_id: int, now: Picture, then: Picture) -> None:
    """Write what the undo made of each appointment and series."""
    lines = [
        {"change_id": undo_id, "entity": entity, "entity_id": one, "field": name, "old": old, "new": new}
        for entity, stood, stands in (("appointment", now.rows, then.rows), ("series", now.series, then.series))
        for one, values in stands.items()
        for name, (old, new) in differences(_told(stood[one]), _told(values)).items()
    ]
    if lines:
        tx.execute(insert(ChangeLine), lines)


def _told(values: Values) -> dict[str, object]:
    """Return what a history shows of a row."""
    told = {**values, "staff_ids": ",".join(map(str, values["staff"]))}
    return {name: told[name] for name in (*_SHOWN, "rrule") if name in told}
