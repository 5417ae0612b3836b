"""How long a browser takes until the month of a big business is seen: ``python -m tests.benchmarks.visible``.

Row 14, on screen: 200 staff members with 34,000 appointments in six weeks, on SQLite, beside the same page of an empty
month. Prints one line of JSON per visit: milliseconds from the start of the visit until the entries of the month stand.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from appointments_app.db.engine import engine_for
from appointments_app.db.migrate import upgrade
from appointments_app.db.sample import add_sample_data
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import Role
from appointments_app.features.session import service as session
from tests.benchmarks.calendars import BIG
from tests.benchmarks.places import NOW
from tests.conftest import browser_settings
from tests.services import browser as browsers
from tests.services import server

EMAIL, PASSWORD = "ada@example.com", "correct horse battery"
VISITS = 5
FULL, EMPTY = f"/calendar?view=month&date={NOW.date()}", "/calendar?view=month&date=2016-02-01"
SEEN = ".fc-event", ".fc-daygrid-day"


def main() -> None:
    """Measure the first visit of a new browser, and visits with the program in its cache."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/big.db"
        token = _business(url)
        with server.running(url, Path(folder)) as running, sync_playwright() as playwright:
            chromium = playwright.chromium.launch(
                executable_path=browsers.find(*browsers.WHOLE) or browsers.ensure(), args=browsers.FLAGS
            )
            for name, path, seen in (("full", FULL, SEEN[0]), ("empty", EMPTY, SEEN[1])):
                visits = [_visits(chromium, running.url, token, path, seen) for _ in range(VISITS)]
                first, again = (round(median(each)) for each in zip(*visits, strict=True))
                print(json.dumps({"name": f"14 {name} month", "first_ms": first, "again_ms": again}), flush=True)
            chromium.close()


def _business(url: str) -> str:
    """Found a business of that size; return the token of its owner's browser."""
    engine = engine_for(url)
    upgrade(engine)
    uow = UnitOfWork(engine)
    session.add_user(
        uow,
        name="Ada",
        email=EMAIL,
        password=PASSWORD,
        role=Role.OWNER,
        business="Nile Clinic",
        time_zone="Africa/Cairo",
    )
    add_sample_data(engine, clients=2_000, seed=1, now=NOW, **BIG)
    token, _actor = session.sign_in(uow, email=EMAIL, password=PASSWORD, address="127.0.0.1", days=1)
    engine.dispose()
    return token


def _visits(chromium: Browser, url: str, token: str, path: str, seen: str) -> tuple[float, float]:
    """Return the milliseconds of a first visit and of one more."""
    profile = chromium.new_context(**browser_settings(url))
    profile.add_cookies([{"name": "sid", "value": token, "url": url}])
    page = profile.new_page()
    times = []
    for _ in range(2):
        page.goto(path)
        page.locator(seen).first.wait_for()
        times.append(float(page.evaluate("performance.now()")))
    profile.close()
    return times[0], times[1]


if __name__ == "__main__":
    main()
