"""Several server processes on PostgreSQL and Redis: one picture in all of them, whatever dies."""

from __future__ import annotations

import re
import signal
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from os import kill

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from appointments_app import routes
from appointments_app.db.engine import engine_for
from appointments_app.db.queries import sign_ins
from appointments_app.db.sample import add_sample_data
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import Role
from appointments_app.domain.sign_in import FREE_ATTEMPTS, failure_key
from appointments_app.features.session import service as session
from tests.browser.conftest import EMAIL, PASSWORD
from tests.conftest import browser_settings
from tests.services import databases, redis
from tests.services.server import RunningServer

ROWS = "tr[data-row]"


@dataclass
class Office:
    """Two server processes, their Redis, and Ada's sign-in."""

    server: RunningServer
    redis: redis.RunningRedis
    uow: UnitOfWork
    token: str

    def processes(self) -> list[int]:
        """Return the ids of the processes that answer."""
        assert self.server.process is not None
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.server.process.pid)], capture_output=True)
        return [int(pid) for pid in found.stdout.split()]

    def get(self, path: str) -> httpx.Response:
        """Ask for an address."""
        return httpx.get(f"{self.server.url}{path}", trust_env=False, timeout=15)

    def guess(self, forwarded_for: str) -> int:
        """Try to sign in with a wrong password as a proxy passes it on; return how it was answered."""
        answer = httpx.post(
            f"{self.server.url}{routes.SIGN_IN_POST}",
            data={"email": "nobody@example.com", "password": "a wrong password"},
            headers={"x-forwarded-for": forwarded_for},
            trust_env=False,
            timeout=15,
        )
        return answer.status_code


@pytest.fixture(scope="module")
def office(
    built_frontend: object, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """The sample business behind two processes that trust one proxy."""
    folder = tmp_path_factory.mktemp("office")
    with databases.postgres_copy(postgres_template) as url, redis.running(folder) as memory:
        engine = engine_for(url)
        uow = UnitOfWork(engine)
        session.add_user(uow, name="Ada", email=EMAIL, password=PASSWORD, role=Role.OWNER, time_zone="Africa/Cairo")
        add_sample_data(engine, now=datetime.now(UTC))
        token, _ = session.sign_in(uow, email=EMAIL, password=PASSWORD, address="127.0.0.1", days=1)
        settings = {"WORKERS": "2", "REDIS_URL": memory.url, "TRUSTED_PROXIES": "1", "SECRET_KEY": "k" * 40}
        server = RunningServer(url, folder, settings={f"APPOINTMENTS_{key}": value for key, value in settings.items()})
        server.start()
        try:
            yield Office(server, memory, uow, token)
        finally:
            server.stop(signal.SIGKILL)  # a process that has only just been started again does not hear of an order
            engine.dispose()


@pytest.fixture
def profile(browser: Browser, office: Office) -> Iterator[BrowserContext]:
    """A browser in which Ada is signed in to the two processes."""
    profile = browser.new_context(**browser_settings(office.server.url))
    cookies = (("sid", office.token), ("lang", "en"))
    profile.add_cookies([{"name": name, "value": value, "url": office.server.url} for name, value in cookies])
    yield profile
    profile.close()


def open_list(profile: BrowserContext) -> Page:
    """Open a tab with the list of what lies ahead."""
    page = profile.new_page()
    page.goto("/appointments/?tab=scheduled")
    expect(page.locator(ROWS).first).to_be_visible()
    return page


def look_at(page: Page, tab: str) -> None:
    """Go to another tab of the list, and see its rows."""
    page.get_by_role("navigation", name="Status").get_by_role("link", name=re.compile(tab)).click()
    expect(page.locator(f"{ROWS} .chip[data-tone={tab.lower()}]").first).to_be_visible(timeout=20_000)


def test_a_change_through_one_process_is_seen_in_every_other_and_no_token_is_kept(
    profile: BrowserContext, office: Office
) -> None:
    pages = [open_list(profile) for _ in range(4)]  # sockets and streams are spread over both processes
    for page in pages:
        for _ in range(3):
            page.reload()
            expect(page.locator(ROWS).first).to_be_visible()
    pages[0].wait_for_timeout(1_200)  # the streams are open by then
    row = pages[0].locator(ROWS).first
    number = row.get_attribute("data-row")
    row.get_by_role("button", name=re.compile("Actions for")).click()
    pages[0].get_by_role("menuitem", name="Mark done").click()
    for page in pages:
        expect(page.locator(f'{ROWS}[data-row="{number}"]')).to_have_count(0, timeout=5_000)
    pages[0].get_by_role("button", name="Undo").click()
    expect(pages[-1].locator(f'{ROWS}[data-row="{number}"]')).to_have_count(1, timeout=5_000)
    held = office.redis.memory()
    assert b"appointment_list" in held
    assert office.token.encode() not in held


def test_when_a_process_is_killed_the_pages_go_on_and_another_takes_its_place(
    profile: BrowserContext, office: Office
) -> None:
    pages = [open_list(profile) for _ in range(4)]
    victim, *others = office.processes()
    kill(victim, signal.SIGKILL)
    for page in pages:
        look_at(page, "Done")
        look_at(page, "Scheduled")
    patience = time.monotonic() + 20
    while victim in office.processes() or len(office.processes()) <= len(others):
        assert time.monotonic() < patience
        time.sleep(0.1)


def test_guesses_are_counted_over_all_processes_by_the_address_the_proxy_saw(office: Office) -> None:
    with office.uow.begin() as tx:
        for _ in range(FREE_ATTEMPTS["address"]):
            sign_ins.count_failure(tx, failure_key("address", "203.0.113.7"), since=tx.now)
    for spoofed in ("", "198.51.100.1, ", "203.0.113.8,"):
        assert office.guess(f"{spoofed}203.0.113.7") == 429
    assert office.guess("203.0.113.7, 203.0.113.8") == 422


def test_without_redis_the_server_is_not_ready_and_the_pages_come_back_with_it(
    profile: BrowserContext, office: Office
) -> None:
    page = open_list(profile)
    assert office.get("/readyz").json() == {"database": "ready", "redis": "ready"}
    office.redis.stop()
    answer = office.get("/readyz")
    assert (answer.status_code, answer.json()) == (503, {"database": "ready", "redis": "unreachable"})
    assert office.get("/healthz").status_code == 200
    page.get_by_role("navigation", name="Status").get_by_role("link", name=re.compile("Done")).click()
    expect(page.get_by_text("The database does not answer.").first).to_be_visible()
    office.redis.process = redis.start(office.redis.folder, office.redis.port).process
    assert office.get("/readyz").status_code == 200
    page.reload()
    expect(page.locator(ROWS).first).to_be_visible(timeout=20_000)
    assert '"Redis does not answer' in office.server.output
