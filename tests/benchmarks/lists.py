"""Rows 1 to 5: pages, deep pages, counts and search, beside the same on the raw driver."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from appointments_app.db.queries import appointments
from appointments_app.domain.appointment import Tab
from appointments_app.domain.listing import AppointmentFilter, Sort
from appointments_app.domain.listing import Place as Page
from appointments_app.features.appointments import service
from tests.benchmarks.measure import Result, compare, result
from tests.benchmarks.places import NOW, OWNER, Place

SCHEDULED = AppointmentFilter(tab=Tab.SCHEDULED)
TODAY = NOW.strftime("%Y-%m-%d 00:00:00")

SELECT = """
    SELECT a.id, a.client_id, c.name, c.business_name, c.phone, x.name, x.colour, a.start_at, a.end_at, a.status,
           a.shared, a.confirmed_at, substr(a.notes, 1, 140), a.created_at
    FROM appointment a JOIN client c ON c.id = a.client_id LEFT JOIN action x ON x.id = a.action_id
    WHERE a.deleted_at IS NULL """
CHIPS = """
    SELECT l.appointment_id, s.id, s.name, s.colour FROM appointment_staff l JOIN staff s ON s.id = l.staff_id
    WHERE l.appointment_id IN ({}) ORDER BY s.name"""
COUNT = "(SELECT count(*) FROM (SELECT 1 FROM appointment a WHERE a.deleted_at IS NULL {} LIMIT 1001) t)"
COUNTS = "SELECT " + ", ".join(
    COUNT.format(condition)
    for condition in (
        "",
        "AND status = 'scheduled'",
        "AND status = 'done'",
        "AND status = 'dismissed'",
        "AND status = 'scheduled' AND end_at <= ?",
    )
)

COMBINATIONS = (
    {}, {"tab": "scheduled"}, {"tab": "done"}, {"tab": "dismissed"}, {"tab": "yet-to-mark"},
    {"staff": "7"}, {"staff": "7", "tab": "scheduled"}, {"staff": "7", "tab": "dismissed"},
    {"staff": "7", "tab": "yet-to-mark"},
    {"staff": "none"}, {"staff": "none", "tab": "dismissed"}, {"staff": "none", "tab": "yet-to-mark"},
    {"action": "3"}, {"action": "3", "tab": "dismissed"}, {"action": "3", "tab": "yet-to-mark"},
    {"action": "3", "staff": "7"},
    {"action": "3", "staff": "7", "tab": "dismissed"}, {"client": "12"}, {"client": "12", "tab": "done"},
    {"since": "2026-11-23", "until": "2026-11-23"},
    {"since": "2026-11-16", "until": "2026-11-27", "staff": "7", "tab": "done"},
    {"shared": "yes"}, {"shared": "yes", "confirmed": "yes", "tab": "dismissed"},
    {"shared": "yes", "confirmed": "no", "staff": "none", "action": "3", "tab": "yet-to-mark"},
    {"sort": "client"}, {"sort": "-client", "tab": "dismissed"},
    {"sort": "client", "since": "2026-11-23", "until": "2026-11-23"},
    {"sort": "client", "staff": "7", "tab": "yet-to-mark"}, {"sort": "-created"},
    {"sort": "created", "tab": "yet-to-mark"},
    {"sort": "-created", "staff": "7"}, {"sort": "-created", "client": "12"},
    {"sort": "created", "since": "2026-11-23", "until": "2026-11-23", "tab": "dismissed"},
)  # fmt: skip
SEARCHES = {
    "a note": "digicode 1234",
    "a client": "marianne",
    "a common word": "contract",
    "a number": "2022000123",
    "no match": "qwertyuiop",
}


def raw_page(place: Place, where: str, order: str, *values: object) -> list[object]:
    """Return 51 rows with their staff, on the raw driver."""
    rows = place.ask(f"{SELECT} {where} ORDER BY {order} LIMIT 51", *values)
    marks = ", ".join("?" * len(rows))
    return [rows, place.ask(CHIPS.format(marks), *(row[0] for row in rows)) if rows else []]


def raw_list(place: Place) -> None:
    """The yardstick of row 1."""
    raw_page(place, "AND a.status = 'scheduled' AND (a.start_at, a.id) > (?, 0)", "a.start_at, a.id", TODAY)
    place.ask(COUNTS, str(NOW.replace(tzinfo=None)))


def view(place: Place, query: dict[str, str]) -> service.ListView:
    """Return the whole list view of an address."""
    wanted, page = AppointmentFilter.from_query(query), Page.from_query(query)
    return service.list_view(place.uow, actor=OWNER, wanted=wanted, place=page)


def count(place: Place, query: dict[str, str]) -> object:
    """Return what the tabs of an address say, as it follows the page."""
    return service.capped_counts(place.uow, actor=OWNER, wanted=AppointmentFilter.from_query(query))


def counted(place: Place, query: dict[str, str]) -> object:
    """Return the list view of an address and then its counts."""
    return view(place, query), count(place, query)


def named(query: dict[str, str]) -> str:
    """Return a filter as words."""
    return ", ".join(f"{name} {value}" for name, value in query.items()) or "any"


def measure(place: Place) -> Iterator[Result]:
    """Measure rows 1, 3, 4 and 5 on one database."""
    judge = partial(result, engine=place.name, rows=place.rows)
    yield judge(
        "1 list page, and then its counts",
        medians=compare(lambda: counted(place, {"tab": "scheduled"}), lambda: raw_list(place)),
        most_times=3,
    )
    yield from _deep(place)
    exact = "SELECT count(*) FROM appointment WHERE deleted_at IS NULL AND status = 'done'"
    done = AppointmentFilter(tab=Tab.DONE)
    medians = compare(lambda: service.exact_count(place.uow, actor=OWNER, wanted=done), lambda: place.ask(exact))
    yield judge("4 exact count of Done", medians=medians, most_times=1.5 if place.rows > 100_000 else 20)
    for query in ({"staff": "7"}, {"staff": "none"}, {"shared": "yes"}, {"q": "contract"}):
        medians = compare(partial(count, place, query), partial(count, place, {}))
        yield judge(f"4 counts of the tabs, behind the page: {named(query)}, against any", medians=medians)
    for name, words in SEARCHES.items():
        found = partial(search, place, words)
        yield judge(
            f"5 search for {name}",
            medians=compare(found, partial(raw_search, place, words)),
            most_times=1.5 if place.rows > 100_000 else 20,
        )


def search(place: Place, words: str) -> object:
    """Return the first page of what ``words`` find."""
    with place.uow.read() as tx:
        return appointments.page(tx, OWNER, AppointmentFilter(search=words), Page())


def raw_search(place: Place, words: str) -> object:
    """The yardstick of row 5: a union of indexed id sets."""
    if place.is_sqlite:
        phrase = " AND ".join(f'"{word}"' for word in words.split() if len(word) > 2)
        texts = "SELECT rowid FROM {}_text_trigram WHERE {}_text_trigram MATCH ?"
        values = [phrase, phrase]
    else:
        likes = " AND ".join("body LIKE ?" for _word in words.split())
        texts = "SELECT {}_id FROM {}_text WHERE " + likes
        values = [f"%{word}%" for word in words.split()] * 2
    notes, clients = texts.format("appointment", "appointment"), texts.format("client", "client")
    where = (
        f"AND a.id IN ({notes} UNION SELECT id FROM appointment WHERE deleted_at IS NULL AND client_id IN ({clients}))"
    )
    return raw_page(place, where, "a.start_at, a.id", *values)


def _deep(place: Place) -> Iterator[Result]:
    anywhere = AppointmentFilter()
    offset = place.rows // 2
    with place.uow.read() as tx:
        key = place.ask(
            "SELECT start_at, id FROM appointment WHERE deleted_at IS NULL ORDER BY start_at, id "
            f"LIMIT 1 OFFSET {offset}"
        )[0]
        start = key[0] if not isinstance(key[0], str) else f"{key[0]}+00:00"
        after = f'["{start}",{key[1]}]'
        assert appointments.read_key(after, Sort.START)
        for name, deep in {
            "next": Page(descending=False, after=after),
            "previous": Page(descending=False, before=after),
        }.items():
            medians = compare(
                partial(appointments.page, tx, OWNER, anywhere, deep),
                partial(appointments.page, tx, OWNER, anywhere, Page(descending=False)),
            )
            yield result(
                f"3 {name} page at row {offset:,} against the first", place.name, place.rows, medians, most_times=1.5
            )


def measure_growth(small: Place, large: Place) -> Iterator[Result]:
    """Measure row 2: the same list view on few rows and on many, for every kind of filter.

    Where few rows match in the small database, the yardstick is a page that is full there: rows cost what they cost.
    """
    for query in COMBINATIONS:
        is_full = len(view(small, query).page.rows) >= len(view(large, query).page.rows)
        against = "" if is_full else "a full page of "
        medians = compare(partial(view, large, query), partial(view, small, query if is_full else {}))
        yield result(
            f"2 list page: {named(query)}, against {against}{small.rows:,} rows",
            large.name, large.rows, medians, most_times=1.5,
        )  # fmt: skip
