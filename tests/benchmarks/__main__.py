"""``make bench``: the operations of the performance table, one line of JSON each."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

from tests.benchmarks import (
    calendars,
    events,
    exports,
    free,
    lists,
    messages,
    readme,
    recurrence,
    series,
    signing_in,
    writes,
)
from tests.benchmarks.measure import PATIENCE, Result
from tests.benchmarks.places import Place, places


def main() -> int:
    """Measure and print; 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--engine", action="append", choices=("sqlite", "postgresql"), help="only this database")
    parser.add_argument(
        "--rows", action="append", type=int, help="only this many appointments (default 1000 and 1000000)"
    )
    parser.add_argument("--only", action="append", help="only operations whose name begins so, e.g. 5 or '6 book'")
    parser.add_argument("--once", action="store_true", help="measure each only once, to see whether it can be")
    parser.add_argument("--readme", action="store_true", help="write the table into README.md")
    given = parser.parse_args()
    if given.once:
        PATIENCE.rounds, PATIENCE.seconds = 1, 0
    results = []
    with places(given.engine or ["sqlite", "postgresql"], given.rows or [1_000, 1_000_000]) as filled:
        for result in (each for only in given.only or [""] for each in _measure(filled, only)):
            print(result.line(), flush=True)
            results.append(result)
    if given.readme:
        readme.write(results)
    missed = [result for result in results if not result.ok]
    print(f"{len(results) - len(missed)} of {len(results)} targets met.", file=sys.stderr)
    return 1 if missed else 0


PARTS = (
    (lists.measure, "1 3 4 5"),
    (writes.measure, "6 7 8 9"),
    (events.measure, "1 15"),
    (messages.measure, "10"),
    (series.measure, "13"),
    (free.measure, "16"),
)


def _measure(filled: list[Place], only: str) -> Iterator[Result]:
    for place in filled:
        for measure in (part for part, rows in PARTS if not only or only.split()[0] in rows.split()):
            yield from (result for result in measure(place) if result.name.startswith(only))
    for large in filled:
        for small in filled:
            if small.name == large.name and small.rows < large.rows and (not only or only.split()[0] == "2"):
                yield from lists.measure_growth(small, large)
    if not only or only.startswith(("11", "12")):
        yield from (result for result in exports.measure() if result.name.startswith(only))
    if not only or only.split()[0] == "14":
        yield from (result for result in calendars.measure(filled) if result.name.startswith(only))
    if not only or only.split()[0] == "17":
        yield from signing_in.measure()
    if not only or only.split()[0] == "13":
        yield from (result for result in recurrence.measure() if result.name.startswith(only))


if __name__ == "__main__":
    sys.exit(main())
