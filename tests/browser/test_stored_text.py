"""Whatever is stored in any field of any record, no page runs it, and it becomes no part of any page."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from sqlalchemy import Engine, text
from sqlmodel import SQLModel

from appointments_app.appointments_app import PAGES
from appointments_app.db.engine import engine_for
from appointments_app.db.models import (
    Appointment,
    ClientRequest,
    ClientSettings,
    ClientSignIn,
    ClosedDay,
    CustomRole,
    ImportRun,
    Leave,
    Message,
)
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.links import Purpose, confirm_claims
from appointments_app.domain.sign_in import hash_of
from appointments_app.integrations import link_tokens
from appointments_app.integrations.secret_key import derived, secret_key
from tests.browser.conftest import EMAIL, open_business, sign_in
from tests.browser.eyes import addresses, open_settled
from tests.conftest import browser_settings
from tests.privacy.traces import columns_of_text
from tests.services import databases, server

RUN = "window.pwned=1"
PAYLOADS = (
    f"""pwn"'><img src=x onerror="{RUN}" data-pwn><script data-pwn>{RUN}</script><iframe data-pwn></iframe>""",
    f"""pwn<svg data-pwn onload="{RUN}"><animate onbegin="{RUN}" attributeName=x></svg></textarea><b data-pwn>""",
    f"""javascript:{RUN}//pwn""",
    f"""pwn" autofocus onfocus="{RUN}" onmouseover="{RUN}" data-pwn="'onclick='{RUN}""",
    f"""pwn</style><style data-pwn>:root{{--pwned:1}}</style>;}}:root{{--pwned:1}}a{{x:url(javascript:{RUN})""",
)
"""Script, SVG, URL, attribute and CSS."""

OF_THE_PROGRAM = {
    "action": {"name_key", "colour"},
    "appointment": {"uid", "time_zone", "status", "outcome", "confirmed_how", "recurrence_id"},
    "booking": {"token", "currency"},
    "business": {"time_zone", "language", "phone_region", "second_step_roles", "currency"},
    "change": {"verb"},
    "change_line": {"entity", "field"},
    "channel_setup": {"channel", "means", "settings", "secret"},
    "client": {"sort_name", "language", "time_zone"},
    "client_access": {"password_hash"},
    "client_link": {"token_hash"},
    "client_request": {"kind"},
    "client_sign_in": {"token_hash"},
    "counter": {"name"},
    "draft": {"token", "payload"},
    "import_part": {"kind", "body"},
    "import_run": {"kind", "state", "file_kind", "delimiter", "titles", "samples", "mapping", "options", "added"},
    "import_shape": {"fingerprint", "mapping", "options"},
    "known_device": {"token_hash"},
    "message": {"key", "state", "reason", "channel", "worker"},
    "opt_out": {"channel", "how"},
    "password_reset": {"token_hash"},
    "recovery_code": {"code_hash"},
    "reminder_rule": {"unit", "anchor", "recipient", "channel", "quiet_from", "quiet_until", "quiet_way"},
    "role": {"key", "name_key", "grants"},
    "series": {"uid", "dtstart", "time_zone", "rrule"},
    "service": {"name_key", "currency", "colour"},
    "setup_link": {"token_hash"},
    "sign_in": {"token_hash", "totp_secret"},
    "sign_in_failure": {"key"},
    "slot": {"held_by"},
    "staff": {"colour", "time_zone", "language", "role", "password_hash", "totp_secret"},
    "template": {"slug", "channel"},
    "template_text": {"language"},
    "work_order": {"number_key", "status", "currency"},
    "worker": {"name"},
}  # fmt: skip
"""Columns whose text nobody types: keys, words and structures of the program. Every other one is filled."""

LOOK = """() => ({
    ran: window.pwned ?? 0,
    injected: document.querySelectorAll("[data-pwn]").length,
    styled: getComputedStyle(document.documentElement).getPropertyValue("--pwned"),
    links: [...document.querySelectorAll("[href], [src], [action], [formaction]")].filter(each =>
        ["href", "src", "action", "formaction"].some(name =>
            /^[\\s\\0]*javascript:/i.test(each.getAttribute(name) ?? ""))).length,
    shown: document.body.innerText.includes("pwn") ||
        [...document.querySelectorAll("input, textarea")].some(each => each.value.includes("pwn")),
})"""


def poison(engine: Engine) -> None:
    """Fill every column that people type into, in every row there is."""
    left = {(table, name) for table, names in OF_THE_PROGRAM.items() for name in names}
    every = columns_of_text()
    assert left <= every, f"no such columns any more: {left - every}"
    case = " ".join(f"WHEN {place} THEN :p{place}" for place in range(len(PAYLOADS)))
    values = {f"p{place}": payload for place, payload in enumerate(PAYLOADS)}
    with engine.begin() as connection:
        for number, (table, column) in enumerate(sorted(every - left)):
            keys = [key.name for key in SQLModel.metadata.tables[table].primary_key.columns]
            which = f"({keys[0]} + {number}) % {len(PAYLOADS)}" if keys == ["id"] else str(number % 2)
            end = f"' ' || {keys[0]}" if len(keys) == 1 else "''"
            if column in keys:
                end = f"' ' || {column}"
            spared = " WHERE field <> 'whole'" if table == "change_line" else ""
            connection.execute(
                text(f'UPDATE "{table}" SET {column} = CASE {which} {case} END || {end}{spared}'), values
            )


def _fill(uow: UnitOfWork, now: datetime) -> int:
    """Add one of each kind that the sample lacks; return an appointment that client 3 sees in the portal."""
    common = {"client_id": 3, "created_at": now}
    soon = now + timedelta(days=2)
    with uow.begin() as tx:
        tx.merge(ClientSettings(portal_on=True, cancel=True, edit_profile=True))
        visit = Appointment(
            uid="visit", start_at=soon, end_at=soon + timedelta(hours=1), time_zone="UTC", shared=True, action_id=1,
            confirmed_by="x", **common,
        )  # fmt: skip
        tx.add(visit)
        tx.flush()
        number = visit.id or 0
        tx.add_all(
            [
                ClientSignIn(token_hash=hash_of("zoe"), last_seen_at=now, expires_at=soon, **common),
                ClientRequest(appointment_id=number, kind="other_time", message="x", **common),
                Message(key="x", state="failed", channel="email", due_at=now, try_at=now, error="x", **common),
                Leave(staff_id=1, first_day=now.date(), last_day=now.date()),
                ClosedDay(day=soon.date()),
                CustomRole(key="own", name="x", name_key="x", grants="view", created_at=now),
                ImportRun(
                    kind="clients", file_name="x", file_kind="csv", size=1, head=0, mapping='{"0": "name"}',
                    titles=json.dumps(PAYLOADS), samples=json.dumps([PAYLOADS]), created_at=now,
                ),
            ]
        )  # fmt: skip
    return number


@pytest.fixture
def poisoned(
    built_frontend: object, sqlite_template: Path, tmp_path: Path, browser: Browser
) -> Iterator[tuple[Page, list[str]]]:
    """A page in which Ada, and client 3, are signed in to a business full of payloads; and every address of it."""
    url = databases.sqlite_copy(sqlite_template, tmp_path)
    open_business(url)
    engine = engine_for(url)
    uow = UnitOfWork(engine)
    ada = sign_in(uow, EMAIL)
    visit = _fill(uow, datetime.now(UTC))
    with server.running(url, tmp_path) as running:  # which makes its own rules and templates ready first
        with uow.read() as tx:
            row = tx.get_one(Appointment, visit)
            claims = confirm_claims(appointment_id=visit, client_id=3, start_at=row.start_at, links_revoked=0)
        key = secret_key("", Path(url.removeprefix("sqlite:///")))
        confirm, unsubscribe = (
            link_tokens.sign(derived(key, f"link {purpose}"), said, now=datetime.now(UTC))
            for purpose, said in ((Purpose.CONFIRM, claims), ("unsubscribe", {"c": 3}))
        )
        poison(engine)
        profile = browser.new_context(**browser_settings(running.url, bypass_csp=True))
        cookies = {"sid": ada.token, "cid": "zoe", "lang": "en"}
        profile.add_cookies([{"name": name, "value": value, "url": running.url} for name, value in cookies.items()])
        pages = ["/portal", "/portal/past", "/portal/profile", f"/portal/appointments/{visit}", f"/c/{confirm}"]
        yield profile.new_page(), [*pages, f"/unsubscribe/{unsubscribe}", "/portal/sign-in"]
        profile.close()
    engine.dispose()


def test_no_page_runs_what_is_stored(poisoned: tuple[Page, list[str]]) -> None:
    page, of_the_portal = poisoned
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    wrong, shown = [], set()
    for address in [*_of_the_desk(), *of_the_portal]:
        if address in of_the_portal:
            answer = page.goto(address)
            assert answer is not None and answer.status == 200, address
        else:
            open_settled(page, address)
        seen: dict[str, Any] = page.evaluate(LOOK)
        shown |= {address} if seen.pop("shown") else set()
        wrong += [f"{address}: {seen}"] if any(seen.values()) else []
    assert not wrong and not dialogs, "\n".join(wrong)
    assert len(shown) >= 30, sorted(shown)


def _of_the_desk() -> list[str]:
    """Return one address of every page there is, of a record where it shows one, the tabs of a client's file too."""
    every = [each.replace("[run_id]", "1") for each in addresses()]
    of_page = {page.show: address for page, address in zip(PAGES, every, strict=False) if "[" not in page.route}
    of_page |= {page.show: address for page, address in zip(PAGES, every, strict=False) if "[" in page.route}
    return [*of_page.values(), *every[len(PAGES) :], "/clients/3?show=messages"]
