"""Which row holds the titles, and which column is what: by its title, else by what stands in it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from appointments_app.domain.errors import Invalid
from appointments_app.domain.importing.dates import looks_like_date, order_of, read_moment, read_time
from appointments_app.domain.importing.fields import FIELDS, Kind, plain
from appointments_app.domain.importing.table import MOST_COLUMNS, Cell
from appointments_app.domain.text import fold

HEAD_WITHIN = 10
"""The titles stand in one of so many first rows."""
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_PHONE = re.compile(r"\+?[\d\s()/.\-٠-٩]{7,20}")
_KIND = re.compile(r"independent|(?:work order|booking) #.+|مستقله|(?:امر العمل|الحجز) رقم .+")
"""What our own exports call what an appointment belongs to: no row can bring that along."""
_ALIKE = 0.6
"""So large a part of the cells must look alike."""


@dataclass(frozen=True)
class Shape:
    """The columns of a file: ``head`` is the place of the row of titles, -1 when there is none."""

    head: int
    titles: tuple[str, ...]

    def fingerprint(self, kind: Kind) -> str:
        """Return what files with the same columns have in common."""
        return hashlib.sha256("\x1f".join((kind, *map(plain, self.titles))).encode()).hexdigest()


def shape_of(rows: Sequence[Sequence[Cell]], kind: Kind) -> Shape:
    """Return the columns of the file that begins with ``rows``."""
    width = min(max((len(row) for row in rows), default=0), MOST_COLUMNS)
    first = list(rows[:HEAD_WITHIN])
    known = {name for field in FIELDS[kind] for name in field.names}
    scores = [sum(isinstance(cell, str) and plain(cell) in known for cell in row) for row in first]
    if scores and max(scores) > 0:
        head = scores.index(max(scores))
    else:
        head = next((at for at, row in enumerate(first) if _is_head(row, width)), -1)
    return Shape(head, _titles(first[head] if head >= 0 else (), width))


def _is_head(row: Sequence[Cell], width: int) -> bool:
    """Whether a row that has no known title may be the titles all the same: short words, as wide as the table."""
    filled = [cell for cell in row if cell not in (None, "")]
    wide = 2 * len(filled) > width
    return wide and all(isinstance(cell, str) and len(cell) < 60 and sort_of(cell) == "text" for cell in filled)


def _titles(row: Sequence[Cell], width: int) -> tuple[str, ...]:
    """Return one title for each column; under a merged cell its title goes on, without one a column is numbered."""
    titles: list[str] = []
    for place in range(width):
        cell = row[place] if place < len(row) else None
        title = " ".join(str(cell).split())[:80] if cell not in (None, "") else ""
        twins = sum(each == title for each in titles)
        titles.append(f"{title} ({twins + 1})" if title and twins else title)
    return tuple(titles)


def match(kind: Kind, shape: Shape, samples: Sequence[Sequence[Cell]]) -> dict[int, str]:
    """Return the field of each column that could be told."""
    several = {field.key for field in FIELDS[kind] if field.several}
    columns = {place: _sort_of_column(samples, place) for place in range(len(shape.titles))}
    found: dict[int, str] = {}
    for exactly in (True, False):
        for place in sorted(columns, key=lambda place: columns[place] == ""):  # of two, the one that is not empty
            key = _by_title(kind, shape.titles[place], exactly) if place not in found else ""
            if key == "action" and _tells_kinds(samples, place):
                continue
            if key and (key in several or key not in found.values() or key == "end"):
                found[place] = key
    _by_content(kind, found, columns)
    return dict(sorted(found.items()))


def _tells_kinds(samples: Sequence[Sequence[Cell]], place: int) -> bool:
    cells = [str(row[place]) for row in samples if place < len(row) and row[place] not in (None, "")]
    return bool(cells) and all(_KIND.fullmatch(fold(cell)) for cell in cells)


def _by_title(kind: Kind, title: str, exactly: bool) -> str:
    words = re.sub(r" \d+$", "", plain(title)) if not exactly else plain(title)
    if not words:
        return ""
    best = ("", 0)
    for field in FIELDS[kind]:
        for name in field.names:
            fits = name == words if exactly else f" {name} " in f" {words} " and len(name) > 3
            if fits and len(name) > best[1]:
                best = (field.key, len(name))
    return best[0]


def _by_content(kind: Kind, found: dict[int, str], columns: dict[int, str]) -> None:
    """Put right what titles leave open: contacts nobody named, and which of date, time and both a column is."""
    free = [place for place, sort in columns.items() if place not in found and sort]
    for key in ("email", "phone"):
        if key not in found.values() and (place := next((at for at in free if columns[at] == key), None)) is not None:
            found[place] = key
            free.remove(place)
    if kind is Kind.APPOINTMENTS:
        _which_times(found, columns, free)


def _which_times(found: dict[int, str], columns: dict[int, str], free: list[int]) -> None:
    ends = [place for place, key in found.items() if key == "end"]
    for place in ends:
        if len([at for at in found if found[at] == "end"]) > 1 and columns[place] == "date":
            del found[place]  # "end date" beside "end time"
    for place in [at for at in found if found[at] == "end"][1:]:
        del found[place]
    for place, key in list(found.items()):
        sort = columns[place]
        has_time = "time" in found.values() or any(columns[at] == "time" for at in free)
        if (key == "start" and (sort == "time" or (sort == "date" and has_time))) or (
            key == "date" and sort == "moment"
        ):
            wanted = "start" if sort == "moment" else sort
            if wanted not in found.values():
                found[place] = wanted
    keys = set(found.values())
    for sort, key in (("moment", "start"), ("date", "date"), ("time", "time")):
        is_needed = not ({"start"} & keys) and key not in keys
        if is_needed and (place := next((at for at in free if columns[at] == sort), None)) is not None:
            found[place] = key
            keys.add(key)


def sort_of(cell: Cell) -> str:
    """Return what a cell looks like: moment, date, time, email, phone, number or text; '' for an empty one."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, datetime):
        return "moment" if cell.time() != time() else "date"
    if isinstance(cell, date):
        return "date"
    if isinstance(cell, time):
        return "time"
    if isinstance(cell, (bool, int, float)):
        return "number"
    return _sort_of_text(cell.strip())


def _sort_of_text(text: str) -> str:
    if not text:
        return ""
    if _EMAIL.fullmatch(text):
        return "email"
    if looks_like_date(text):
        try:
            return "moment" if isinstance(read_moment(text, "dmy"), datetime) else "date"
        except Invalid:
            return "date"
    try:
        read_time(text)
    except Invalid:
        pass
    else:
        if not text.isdigit():
            return "time"
    if _PHONE.fullmatch(text) and sum(letter.isdigit() for letter in text) >= 7:
        return "phone"
    return "number" if text.replace(".", "", 1).isdigit() else "text"


def _sort_of_column(samples: Sequence[Sequence[Cell]], place: int) -> str:
    sorts = [sort for row in samples if place < len(row) and (sort := sort_of(row[place]))]
    if not sorts:
        return ""
    counts = {sort: sorts.count(sort) for sort in set(sorts)}
    if "moment" in counts:  # midnight looks like a date alone
        counts["moment"] += counts.pop("date", 0)
    best = max(counts, key=lambda sort: counts[sort])
    return best if counts[best] >= _ALIKE * len(sorts) else "text"


def order_in(samples: Iterable[Sequence[Cell]], places: Sequence[int]) -> str:
    """Return the order of the dates in these columns, as ``order_of`` does."""
    texts = [str(row[place]) for row in samples for place in places if place < len(row) and isinstance(row[place], str)]
    return order_of(texts)
