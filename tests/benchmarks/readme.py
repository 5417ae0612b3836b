"""The table of the last run, between two marks in README.md."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.benchmarks.measure import Result
from tests.services.machine import ROOT

BEGIN, END = "<!-- bench -->", "<!-- /bench -->"


def write(results: Sequence[Result]) -> None:
    """Put the table between the marks."""
    path = ROOT / "README.md"
    text, times = re.subn(
        f"{BEGIN}.*?{END}", lambda _match: f"{BEGIN}\n{table(results)}\n{END}", path.read_text(), flags=re.DOTALL
    )
    if not times:
        raise SystemExit(f"README.md has no {BEGIN} … {END}.")
    path.write_text(text)


def table(results: Sequence[Result]) -> str:
    """Return the results as a Markdown table."""
    lines = [
        "| Operation | Database | Rows | Program ms | Yardstick ms | Ratio | Target | |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {one.name} | {one.engine} | {one.rows:,} | {one.program_ms:g} | {one.yardstick_ms:g} | {one.ratio:g}× "
        f"| {one.target} | {'✓' if one.ok else '✗'} |"
        for one in results
    ]
    return "\n".join(lines)
