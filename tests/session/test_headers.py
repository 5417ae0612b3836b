"""What answers tell the browser, and whom the server takes a request to be from."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from starlette.requests import Request

from appointments_app.api.headers import page_policy, security_headers
from appointments_app.api.proxies import client_address
from appointments_app.settings import Settings, SettingsError

INLINE = "document.title = 'ا';\n"


@pytest.fixture
def policy(tmp_path: Path) -> dict[str, str]:
    """The policy of a site of one page, by directive."""
    page = f'<script type="module" src="/a.js"></script><script async="">{INLINE}</script>'
    (tmp_path / "staff").mkdir()
    (tmp_path / "staff" / "index.html").write_text(page, encoding="utf-8")
    return dict(rule.split(" ", 1) for rule in page_policy(tmp_path).split("; "))


def test_of_inline_scripts_only_those_of_the_build_run(policy: dict[str, str]):
    digest = base64.b64encode(hashlib.sha256(INLINE.encode()).digest()).decode()
    assert policy["script-src"] == f"'self' 'sha256-{digest}'"


def test_nothing_comes_from_elsewhere_and_nobody_frames_a_page(policy: dict[str, str]):
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert not any("*" in value or "http" in value or "unsafe-eval" in value for value in policy.values())
    assert [name for name, value in policy.items() if "unsafe-inline" in value] == ["style-src"]


def test_browsers_are_told_to_stay_with_tls_only_where_there_is_tls():
    assert "strict-transport-security" not in security_headers(is_https=False)
    assert "max-age=31536000" in security_headers(is_https=True)["strict-transport-security"]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, ["203.0.113.7"], "192.0.2.9"),
        (1, ["203.0.113.7"], "203.0.113.7"),
        (1, ["198.51.100.1, 203.0.113.7"], "203.0.113.7"),
        (1, ["198.51.100.1", "203.0.113.7"], "203.0.113.7"),
        (2, ["198.51.100.1, 203.0.113.7, 10.0.0.1"], "203.0.113.7"),
        (2, ["203.0.113.7"], "192.0.2.9"),
        (1, [], "192.0.2.9"),
        (1, [""], "192.0.2.9"),
        (1, ["nobody"], "192.0.2.9"),
        (1, ["203.0.113.7:4711"], "203.0.113.7"),
        (1, ["[2001:db8::1]:4711"], "2001:db8::1"),
        (1, ["[2001:db8::1]"], "2001:db8::1"),
        (1, ["2001:DB8:0::1"], "2001:db8::1"),
    ],
)
def test_only_the_entries_of_our_own_proxies_are_believed(proxies: int, forwarded: list[str], seen: str):
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    request = Request({"type": "http", "headers": headers, "client": ("192.0.2.9", 4711)})
    assert client_address(request, proxies=proxies) == seen


def test_a_number_of_proxies_below_nothing_is_refused():
    with pytest.raises(SettingsError):
        Settings.from_env({"APPOINTMENTS_TRUSTED_PROXIES": "-1"})
