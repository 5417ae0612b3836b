"""What would become of each row: the one place that decides, for the dry run and for the import alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from appointments_app.db.queries import import_lookups as lookups
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.appointment import Status
from appointments_app.domain.change import differences
from appointments_app.domain.client import ClientFields
from appointments_app.domain.importing import (
    AMBIGUOUS,
    AppointmentRecord,
    Cell,
    ClientRecord,
    Clients,
    Facts,
    Kind,
    Options,
    Outcome,
    Repeating,
    Twins,
    names_in,
)
from appointments_app.domain.importing.cells import WHOLE_ROW
from appointments_app.domain.text import fold
from appointments_app.domain.words import N_

KNOWN = {
    "email": N_("There is a client with this e-mail address already."),
    "phone": N_("There is a client with this phone number already."),
    "birth_date": N_("There is a client of this name and birth date already."),
    "name": N_("There is a client of this name already."),
}
TWICE = {
    "email": N_("A row further up has this e-mail address."),
    "phone": N_("A row further up has this phone number."),
    "birth_date": N_("A row further up has this name and birth date."),
    "name": N_("A row further up has this name."),
}
SEVERAL = N_("Several clients have this name, and the row has neither e-mail nor phone to tell them apart.")
NOTHING_NEW = N_("The row says nothing that is not known already.")
BOOKED = N_("The client has an appointment at this time already.")
BOOKED_TWICE = N_("A row further up has the same client and time.")
NO_CLIENT = N_("There is no such client.")
NO_ACTION = N_("There is no such action.")
NO_STAFF = N_("Nobody of this name works here.")
_EPOCH, _MICROSECOND = datetime(1, 1, 1, tzinfo=UTC), timedelta(microseconds=1)


@dataclass(frozen=True)
class Read:
    """A row as it was read: what it tells of, or the reasons why it can't be taken in."""

    number: int
    cells: Sequence[Cell]
    record: ClientRecord | AppointmentRecord | None
    reasons: Mapping[int, str]
    repeating: Repeating | None = None


@dataclass
class Planned:
    """What becomes of a row. Keys are ids, or negative for what is stored along with it."""

    row: Read
    outcome: Outcome
    reasons: dict[int, str] = field(default_factory=dict)
    client: int = 0
    action: int | None = None
    staff: tuple[int, ...] = ()
    target: int = 0
    """The id of the record that is updated."""
    changes: dict[str, Any] = field(default_factory=dict)
    """Its new values, and for a client ``fields`` alone."""
    lines: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Its old and new values as the audit trail keeps them."""
    before: dict[str, Any] = field(default_factory=dict)
    version: int = 0


@dataclass
class Added:
    """What must be stored before the rows themselves: by key."""

    clients: dict[int, ClientFields] = field(default_factory=dict)
    actions: dict[int, str] = field(default_factory=dict)
    staff: dict[int, str] = field(default_factory=dict)

    def counts(self, kind: Kind) -> Counter[str]:
        """Return how many came along with other rows."""
        clients = len(self.clients) if kind is Kind.APPOINTMENTS else 0
        return Counter(clients=clients, actions=len(self.actions), staff=len(self.staff))


class Planner:
    """Decides row by row, a chunk at a time; knows what earlier rows have brought."""

    def __init__(self, tx: Tx, kind: Kind, columns: Mapping[str, Sequence[int]], options: Options) -> None:
        self.tx, self.kind, self.columns, self.options = tx, kind, columns, options
        self.clients = Clients()
        self.added = Added()
        self._actions = {key: one for key, (one, _) in lookups.actions(tx).items()}
        self._usual = {one: minutes for one, minutes in lookups.actions(tx).values() if minutes}
        self._staff = lookups.staff(tx)
        parted = ((names_in(key), key) for key in self._staff)
        self._in_parts: dict[tuple[str, ...], str] = {parts: key for parts, key in parted if len(parts) > 1}
        self._had = lookups.clients_with_appointments(tx) if kind is Kind.APPOINTMENTS else set()
        self._touched: set[int] = set()
        self._booked: set[int] = set()
        self._there: set[int] = set()
        self._own: set[int] = set()
        self._looked_up: dict[str, set[str]] = {"email": set(), "phone": set(), "name": set()}
        self._next = -1

    def plan(self, rows: Sequence[Read]) -> list[Planned]:
        """Return what becomes of the next rows."""
        self._look_up([row.record for row in rows if row.record is not None])
        if self.kind is Kind.CLIENTS:
            planned = [self._client(row) for row in rows]
            self._compare_clients([one for one in planned if one.outcome is Outcome.UPDATE])
            return planned
        planned = [self._appointment(row) for row in rows]
        self._find_booked([one for one in planned if one.outcome is Outcome.CREATE])
        return planned

    def take_added(self) -> Added:
        """Return what must be stored before the rows that were planned last."""
        taken, self.added = self.added, Added()
        return taken

    def stored(self, client_ids: Iterable[int]) -> None:
        """Hear under which ids new clients were stored: they are known by their keys."""
        self._own.update(client_ids)

    def forget(self) -> None:
        """Let go of all that is known, once everything is planned: it takes much memory."""
        self.clients = Clients()
        for known in (self._booked, self._had, self._own, self._there, *self._looked_up.values()):
            known.clear()

    def is_about(self, people: Iterable[Facts], starts: Iterable[tuple[int, int, datetime]]) -> bool:
        """Whether any row that was planned is about these clients, or these appointments: (id, client, start)."""
        return any(self.clients.has_any_of(one) for one in people) or any(
            one in self._there or _packed(client, start) in self._booked for one, client, start in starts
        )

    def _look_up(self, records: Sequence[ClientRecord | AppointmentRecord]) -> None:
        people = [one.fields if isinstance(one, ClientRecord) else one.client for one in records]
        found = lookups.clients(
            self.tx,
            emails=self._new("email", {one.email for one in people if one.email}),
            phones=self._new("phone", {one.phone for one in people if one.phone}),
            names=self._new("name", {fold(one.name) for one in people if one.name}),
        )
        self.clients.know(row for row in found if row[0] not in self._own)

    def _new(self, what: str, values: set[str]) -> set[str]:
        """Return the values that were not looked up yet: a diary names the same clients again and again."""
        new = values - self._looked_up[what]
        self._looked_up[what] |= new
        return new

    def _client(self, row: Read) -> Planned:
        if not isinstance(row.record, ClientRecord):
            return Planned(row, Outcome.REFUSE, dict(row.reasons))
        fields = row.record.fields
        twin = None if self.options.twins is Twins.CREATE else self.clients.find(fields)
        if twin is None:
            return Planned(row, Outcome.CREATE, client=self._new_client(fields))
        if twin is AMBIGUOUS:
            return Planned(row, Outcome.REFUSE, {self._place("name"): SEVERAL})
        is_twice = twin.key < 0 or twin.key in self._touched
        if is_twice or self.options.twins is Twins.SKIP:
            reason = (TWICE if is_twice else KNOWN)[twin.by]
            return Planned(row, Outcome.SKIP, {self._place(twin.by): reason}, client=twin.key)
        self._touched.add(twin.key)
        return Planned(row, Outcome.UPDATE, client=twin.key, target=twin.key)

    def _place(self, key: str) -> int:
        keys = ("name", "client", "first_name", "last_name", "business_name") if key in ("name", "client") else (key,)
        return next((self.columns[each][0] for each in keys if each in self.columns), WHOLE_ROW)

    def _key(self) -> int:
        self._next -= 1
        return self._next

    def _new_client(self, fields: ClientFields) -> int:
        key = self._key()
        self.added.clients[key] = fields
        self.clients.add(key, fields)
        return key

    def _compare_clients(self, planned: Sequence[Planned]) -> None:
        """Work out what updates change; what changes nothing is left alone."""
        known = lookups.client_fields(self.tx, [one.target for one in planned])
        for one in planned:
            assert isinstance(one.row.record, ClientRecord)
            version, before = known[one.target]
            record = one.row.record
            after = replace(before, **{name: getattr(record.fields, name) for name in record.given})
            one.lines = differences(_recorded(before), _recorded(after))
            if not one.lines:
                one.outcome, one.reasons = Outcome.SKIP, {WHOLE_ROW: NOTHING_NEW}
                continue
            one.changes, one.version = {"fields": after}, version + 1
            one.before = {**before.columns(), "tags": list(before.tags)}

    def _appointment(self, row: Read) -> Planned:
        record = row.record
        if not isinstance(record, AppointmentRecord):
            return Planned(row, Outcome.REFUSE, dict(row.reasons))
        reasons: dict[int, str] = {}
        found = self.clients.find(record.client, by_name=True)
        if found is AMBIGUOUS:
            reasons[self._place("client")] = SEVERAL
        elif found is None and not self.options.create_clients:
            reasons[self._place("client")] = NO_CLIENT
        action = self._named(record.action, self._actions, self.options.create_actions)
        if record.action and action is None:
            reasons[self._place("action")] = NO_ACTION
        names = self._team(record.staff)
        staff = [self._named(name, self._staff, self.options.create_staff) for name in names]
        if None in staff:
            reasons[self._place("staff")] = NO_STAFF
        if reasons:
            return Planned(row, Outcome.REFUSE, reasons)
        if record.action and not action:
            action = self._new_named(record.action, self._actions, self.added.actions)
        keys = [
            key or self._new_named(name, self._staff, self.added.staff) for key, name in zip(staff, names, strict=True)
        ]
        client = found.key if found else self._new_client(_with_name(record.client))
        return Planned(row, Outcome.CREATE, client=client, action=action, staff=tuple(dict.fromkeys(keys)))

    def _team(self, names: tuple[str, ...]) -> Sequence[str]:
        """Return the names of staff, with those put together again that have a comma in them."""
        if not self._in_parts:
            return names
        folded, team, at = tuple(map(fold, names)), [], 0
        while at < len(names):
            ends = (end for end in range(len(names), at + 1, -1) if folded[at:end] in self._in_parts)
            end = next(ends, at + 1)
            team.append(self._in_parts.get(folded[at:end], names[at]))
            at = end
        return team

    def _named(self, name: str, known: Mapping[str, int], may_create: bool) -> int | None:
        """Return the key of a name, 0 for one that may be stored, None for one that is unknown."""
        return (known.get(fold(name)) or (0 if may_create else None)) if name else None

    def _new_named(self, name: str, known: dict[str, int], added: dict[int, str]) -> int:
        if (key := known.get(fold(name))) is None:
            key = known[fold(name)] = self._key()
            added[key] = name
        return key

    def _find_booked(self, planned: Sequence[Planned]) -> None:
        """Recognise appointments that are there already, by client and start."""
        if self.options.twins is Twins.CREATE:
            return
        pairs = {(one.client, record_of(one).start_at) for one in planned if one.client in self._had}
        there = lookups.appointments_at(self.tx, pairs)
        known = lookups.appointments(self.tx, there.values()) if self.options.twins is Twins.UPDATE and there else {}
        for one in planned:
            pair = (one.client, record_of(one).start_at)
            if (packed := _packed(*pair)) in self._booked:
                one.outcome, one.reasons = Outcome.SKIP, {self._start(): BOOKED_TWICE}
                continue
            self._booked.add(packed)
            if (target := there.get(pair)) is None:
                continue
            self._there.add(target)
            one.target, one.outcome, one.reasons = target, Outcome.SKIP, {self._start(): BOOKED}
            if target in known and one.row.repeating is None:
                self._compare_appointment(one, known[target])

    def _start(self) -> int:
        return self._place("start") if "start" in self.columns else self._place("date")

    def _compare_appointment(self, one: Planned, known: lookups.KnownAppointment) -> None:
        record, before = record_of(one), known.values
        after: dict[str, Any] = {}
        if record.minutes is not None:
            after["end_at"] = record.start_at + timedelta(minutes=record.minutes)
        given = {
            "action_id": (one.action, record.action),
            "staff_ids": (one.staff if min(one.staff, default=0) < 0 else tuple(sorted(one.staff)), record.staff),
            "status": (record.status, record.status is not None),
            "outcome": (record.outcome, record.outcome or record.status not in (None, Status.DISMISSED)),
            "shared": (record.shared, record.shared is not None),
            "confirmed_at": (record.confirmed_at, record.confirmed_at is not None),
            "notes": (record.notes, record.notes),
        }
        after |= {name: value for name, (value, is_given) in given.items() if is_given}
        after = {name: value for name, value in after.items() if value != before[name]}
        if not after:
            one.reasons = {WHOLE_ROW: NOTHING_NEW}
            return
        one.outcome, one.reasons, one.changes, one.version = Outcome.UPDATE, {}, after, known.version + 1
        one.before = {name: before[name] for name in after}

    def minutes_of(self, one: Planned) -> int:
        """Return how long an appointment takes: as its row says, as its action does, or as usual."""
        return record_of(one).minutes or self._usual.get(one.action or 0) or self.options.minutes

    def status_of(self, one: Planned) -> Status:
        """Return its status: as its row says, else Done for what is over, if that was chosen."""
        record = record_of(one)
        is_over = record.start_at + timedelta(minutes=self.minutes_of(one)) <= self.tx.now
        return record.status or (Status.DONE if is_over and self.options.past_done else Status.SCHEDULED)


def _packed(client: int, at: datetime) -> int:
    """Return one number for a client and a time: hundreds of thousands of them are kept."""
    return (client << 60) + (at - _EPOCH) // _MICROSECOND


def record_of(one: Planned) -> AppointmentRecord:
    """Return the appointment that a row, which can be taken in, tells of."""
    assert isinstance(one.row.record, AppointmentRecord)
    return one.row.record


def _with_name(fields: ClientFields) -> ClientFields:
    """Return a client that has a name: where a row has none, e-mail or phone stand for it."""
    return fields if fields.name else replace(fields, name=fields.email[:120] or fields.phone)


def _recorded(fields: ClientFields) -> dict[str, str]:
    return {**fields.as_recorded(), "tags": ", ".join(sorted(fields.tags))}
