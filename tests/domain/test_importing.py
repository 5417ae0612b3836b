"""The rules of imports: what columns are, and what cells mean."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing import Kind, Options, match, order_in, shape_of
from appointments_app.domain.importing.dates import from_serial, read_date, read_moment, read_time
from appointments_app.domain.importing.values import read_answer, read_minutes, read_status

DAYS = st.dates(date(1971, 1, 1), date(2069, 12, 31))
MONTHS = ["Jan", "Feb", "March", "april", "May", "Jun", "Jul", "AUG", "Sept", "October", "Nov", "December"]
ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@given(day=DAYS, between=st.sampled_from("/-."))
def test_a_day_is_read_in_every_form(day: date, between: str):
    d, m, y = day.day, day.month, day.year
    forms = {
        "dmy": [f"{d}{between}{m}{between}{y}", f"{d:02}{between}{m:02}{between}{y % 100:02}"],
        "mdy": [f"{m}{between}{d}{between}{y}", f"{m:02}{between}{d:02}{between}{y % 100:02}"],
        "": [day.isoformat(), f"{y}{m:02}{d:02}", f"{d} {MONTHS[m - 1]} {y}", f"{MONTHS[m - 1]} {d}, {y}"],
    }
    for order, texts in forms.items():
        for text in texts:
            assert read_date(text, order)[0] == day
            assert read_date(text.translate(ARABIC), order)[0] == day


@given(at=st.times().map(lambda at: at.replace(second=0, microsecond=0)))
def test_a_time_is_read_in_every_form(at: time):
    half = f"{at.hour % 12 or 12}:{at.minute:02} {'PM' if at.hour > 11 else 'AM'}"
    arabic = f"{at.hour % 12 or 12}:{at.minute:02} {'م' if at.hour > 11 else 'ص'}".translate(ARABIC)
    for text in (
        f"{at:%H:%M}",
        f"{at:%H:%M:%S}",
        f"{at:%H.%M}",
        f"{at.hour}h{at.minute:02}",
        half,
        half.lower(),
        arabic,
    ):
        assert read_time(text) == at
        assert read_moment(f"2026-03-24 {text}", "") == datetime.combine(date(2026, 3, 24), at)


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str):
    for read in (lambda one: read_moment(one, "dmy"), read_time, read_minutes, read_status, read_answer):
        try:
            read(text)
        except Invalid as refusal:
            assert refusal.message


def test_days_that_never_were_are_told_from_what_is_no_date():
    for text, reason in (
        ("29/02/2025", "There is no such day."),
        ("soon", "This is not a date."),
        ("1/1/0099", "year"),
    ):
        with pytest.raises(Invalid, match=reason):
            read_date(text, "dmy")
    with pytest.raises(Invalid, match="Say first"):
        read_date("03/04/2026", "")


def test_the_numbers_of_both_systems_mean_the_same_days():
    moment = datetime.fromisoformat("2026-03-24T10:30:00")
    assert from_serial(46105.4375, is_1904=False) == from_serial(44643.4375, is_1904=True) == moment
    assert from_serial(1, is_1904=False).date() == date(1900, 1, 1)
    for number in (0.5, -1, 1e9, float("inf")):
        with pytest.raises(Invalid):
            from_serial(number, is_1904=False)


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["13/01/2026", "01/02/2026"], "dmy"),
        (["01/13/2026"], "mdy"),
        (["01/02/2026"], ""),
        (["13/01/2026", "01/13/2026"], ""),
        (["02/02/2026", "2026-01-02"], "any"),
    ],
)
def test_the_order_of_dates_is_told_or_asked(column: list[str], order: str):
    assert order_in([[cell] for cell in column], [0]) == order


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("30", 30),
        ("1:30", 90),
        ("1h 30", 90),
        ("1.5", 90),
        ("90 min", 90),
        ("ساعة و 30 دقيقة", 90),
        ("2 hours", 120),
        ("", None),
    ],
)
def test_durations(text: str, minutes: int | None):
    assert read_minutes(text) == minutes


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("No-show", "dismissed"),
        ("CONFIRMED", "scheduled"),
        ("Completed", "done"),
        ("منجَز", "done"),
        ("ملغي", "dismissed"),
    ],
)
def test_statuses_by_name(word: str, status: str):
    assert read_status(word) == status


EXPORTS = {
    "a calendar": (
        ["Subject", "Start Date", "Start Time", "End Date", "End Time", "Description"],
        ["Cut", "03/24/2026", "10:00 AM", "03/24/2026", "11:00 AM", "x"],
        {0: "action", 1: "date", 2: "time", 4: "end", 5: "notes"},
    ),
    "a booking program": (
        ["Start", "End", "Customer", "Provider", "Service", "Status", "Phone number"],
        ["2026-03-24 10:00", "2026-03-24 11:00", "Cleo", "Ada", "Cut", "Booked", "01001234567"],
        {0: "start", 1: "end", 2: "client", 3: "staff", 4: "action", 5: "status", 6: "phone"},
    ),
    "an Arabic diary": (
        ["التاريخ", "الوقت", "المدة", "اسم العميل", "رقم الجوال", "الخدمة", "الحالة"],
        ["24/03/2026", "10:00", "30", "عمر", "01001234567", "قص", "منجز"],
        {0: "date", 1: "time", 2: "minutes", 3: "client", 4: "phone", 5: "action", 6: "status"},
    ),
    "titles that nobody knows": (
        ["Whom", "Mail to", "Ring", "On", "O'clock"],
        ["Cleo", "cleo@example.com", "0100 123 4567", "24/03/2026", "10:00"],
        {1: "email", 2: "phone", 3: "date", 4: "time"},
    ),
}


@pytest.mark.parametrize("name", EXPORTS)
def test_columns_are_known_by_title_and_by_content(name: str):
    titles, row, expected = EXPORTS[name]
    shape = shape_of([titles, row], Kind.APPOINTMENTS)
    assert match(Kind.APPOINTMENTS, shape, [row]) == expected


def test_columns_of_clients():
    titles = ["First Name", "Last Name", "E-mail 1", "Mobile Phone", "City", "Street", "Groups", "Empty"]
    row = ["Cleo", "Karim", "cleo@example.com", "01001234567", "Cairo", "1 Nile St", "vip", ""]
    found = match(Kind.CLIENTS, shape_of([titles, row], Kind.CLIENTS), [row])
    assert list(found.values()) == ["first_name", "last_name", "email", "phone", "address", "address", "tags"]


@given(st.dictionaries(st.sampled_from([*Options().as_stored()]), st.one_of(st.text(), st.integers(), st.none())))
def test_any_options_are_taken_or_refused(values: dict[str, object]):
    try:
        options = Options.of(values)
    except Invalid as refusal:
        assert refusal.fields
    else:
        assert Options.of(options.as_stored()) == options
