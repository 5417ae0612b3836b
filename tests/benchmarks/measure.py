"""Interleaved timing: program, yardstick, program, …, so that both meet the same machine."""

from __future__ import annotations

import gc
import json
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from statistics import median

MOST = 201
"""Rounds."""


@dataclass
class Patience:
    """How many rounds one comparison takes at least, and how many seconds it may take beyond these."""

    rounds: int = 5
    seconds: float = 1.2


PATIENCE = Patience()

Work = Callable[[], object]


@dataclass(frozen=True)
class Result:
    """One operation on one database."""

    name: str
    engine: str
    rows: int
    program_ms: float
    yardstick_ms: float
    ratio: float
    target: str
    ok: bool

    def line(self) -> str:
        """Return the result as one line of JSON."""
        return json.dumps(asdict(self), ensure_ascii=False)


def nothing() -> None:
    """The preparation of what needs none."""


def compare(program: Work, yardstick: Work, *, before: Work = nothing) -> tuple[float, float]:
    """Return the medians in ms; ``before`` runs ahead of each and is not timed."""
    ours, theirs = [], []
    for work in (program, yardstick):
        before()
        work()
    gc.collect()
    gc.disable()
    ends = time.perf_counter() + PATIENCE.seconds
    try:
        while len(ours) < PATIENCE.rounds or (time.perf_counter() < ends and len(ours) < MOST):
            ours.append(_time(program, before))
            theirs.append(_time(yardstick, before))
    finally:
        gc.enable()
    return median(ours), median(theirs)


def _time(work: Work, before: Work) -> float:
    before()
    begin = time.perf_counter_ns()
    work()
    return (time.perf_counter_ns() - begin) / 1e6


def result(
    name: str,
    engine: str,
    rows: int,
    medians: tuple[float, float],
    *,
    most_times: float | None = None,
    most_ms: float | None = None,
) -> Result:
    """Return the judged result: at most ``most_times`` the yardstick, or at most ``most_ms``."""
    ours, theirs = medians
    ratio = ours / theirs if theirs else 0.0
    ok = (most_times is None or ratio <= most_times) and (most_ms is None or ours <= most_ms)
    wanted = [
        f"≤ {most_times:g}×" if most_times is not None else "",
        f"≤ {most_ms:g} ms" if most_ms is not None else "",
    ]
    target = ", ".join(part for part in wanted if part) or "–"
    return Result(name, engine, rows, round(ours, 3), round(theirs, 3), round(ratio, 2), target, ok)
