"""An export holds exactly the rows the list shows, for every filter, on both databases."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from appointments_app.db.queries import exports
from appointments_app.domain.appointment import Tab
from appointments_app.domain.listing import UNASSIGNED, AppointmentFilter, Selection
from appointments_app.features.exports.schemas import FIELD_TITLES
from tests.queries.diary import ADA, BEN, ZONE, Diary, fill, matches, may_see

ANY = AppointmentFilter()
FILTERS = (
    *(AppointmentFilter(tab=tab) for tab in Tab),
    AppointmentFilter(staff="2"),
    AppointmentFilter(staff="2", tab=Tab.DONE, since="2026-03-01"),
    AppointmentFilter(staff=UNASSIGNED),
    AppointmentFilter(action="1", shared="yes"),
    AppointmentFilter(client="3"),
    AppointmentFilter(since="2026-03-20", until="2026-03-27"),
    AppointmentFilter(confirmed="no", tab=Tab.SCHEDULED),
)
WORDS = {
    "scheduled": "Scheduled",
    "done": "Done",
    "dismissed": "Dismissed",
    "independent": "Independent",
    "work-order": "Work order #{number}",
    "booking": "Booking #{number}",
}


@pytest.fixture
def diary(engine: Engine) -> Diary:
    """A filled diary."""
    return fill(engine)


def wall(instant):
    return None if instant is None else instant.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None, microsecond=0)


def as_exported(fact):
    row, client = fact.row, fact.client
    minutes = (row.end_at - row.start_at).total_seconds() // 60
    kind = WORDS[fact.kind].format(number=fact.order or fact.row.booking_id)
    return (wall(row.start_at), wall(row.end_at), minutes, client.name, client.business_name, client.phone,
            client.email, fact.action or None, kind, len(fact.staff), WORDS[row.status], WORDS.get(row.outcome, ""),
            row.shared, wall(row.confirmed_at), row.notes, wall(row.created_at))  # fmt: skip


def read(diary, actor, selection, *, descending=False):
    with diary.uow.read() as tx:
        exports.one_picture(tx)
        fields = list(FIELD_TITLES)
        rows = list(exports.rows(tx, actor, selection, fields, descending=descending, words=WORDS))
        assert exports.count(tx, actor, selection) == len(rows)
    team = fields.index("staff")
    return [(*row[:team], len(row[team].split(", ")) if row[team] else 0, *row[team + 1 :]) for row in rows]


def test_r34_an_export_holds_the_rows_of_the_list_for_every_filter_person_and_order(diary: Diary):
    for actor in (ADA, BEN):
        for wanted in FILTERS:
            found = [fact for fact in diary.facts if may_see(actor, fact) and matches(fact, wanted)]
            found.sort(key=lambda fact: (fact.row.start_at, fact.row.id))
            expected = [as_exported(fact) for fact in found]
            assert read(diary, actor, Selection(matching=wanted)) == expected, (actor.name, wanted)
            assert read(diary, actor, Selection(matching=wanted), descending=True) == expected[::-1]


def test_r34_of_selected_rows_only_visible_ones_are_exported(diary: Diary):
    ids = tuple(fact.row.id or 0 for fact in diary.facts[:50])
    chosen = [fact for fact in diary.facts if fact.row.id in ids and may_see(BEN, fact)]
    assert 0 < len(chosen) < 50
    assert len(read(diary, BEN, Selection(ids=(*ids, 0, -1, 2**40)))) == len(chosen)
    assert read(diary, BEN, Selection()) == []


def test_r34_a_search_that_finds_most_and_one_that_finds_few_export_the_same_rows_as_the_list(
    diary: Diary, monkeypatch: pytest.MonkeyPatch
):
    few = read(diary, ADA, Selection(matching=AppointmentFilter(search="same name")))
    monkeypatch.setattr("appointments_app.db.queries.search.FEW", 3)
    many = read(diary, ADA, Selection(matching=AppointmentFilter(search="same name")))
    assert len(few) > 3
    assert many == few


def test_r36_times_are_right_on_both_sides_of_a_change_of_the_clocks(diary: Diary):
    winter, summer = (fact.row for fact in diary.facts[:2])
    with diary.uow.begin() as tx:
        for row, month in ((winter, 1), (summer, 7)):
            row.start_at = row.start_at.astimezone(UTC).replace(year=1969, month=month, day=5, hour=12, minute=7)
            tx.merge(row)
    got = read(diary, ADA, Selection(ids=(winter.id or 0, summer.id or 0)))
    assert [row[0] for row in got] == [wall(winter.start_at), wall(summer.start_at)]


def test_a_long_export_forgets_what_it_remembered(diary: Diary, monkeypatch: pytest.MonkeyPatch):
    every = read(diary, ADA, Selection(matching=ANY))
    monkeypatch.setattr(exports, "KEPT", 2)
    monkeypatch.setattr(exports, "LOT", 7)
    assert read(diary, ADA, Selection(matching=ANY)) == every


def test_r35_the_fields_on_offer_are_those_that_can_be_read():
    assert list(exports.FIELDS) == list(FIELD_TITLES)
