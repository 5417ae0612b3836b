"""The headers that tell a browser what our pages may do, and to whom they are nobody's business."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
_YEAR = 365 * 24 * 3600

NO_PAGE = "default-src 'none'; frame-ancestors 'none'"
"""The policy of answers that are no page: whatever they hold, nothing in it runs or loads."""


def security_headers(*, is_https: bool) -> dict[str, str]:
    """Return what every answer carries; over TLS also that browsers shall not try without."""
    headers = {
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "permissions-policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
    }
    return {**headers, "strict-transport-security": f"max-age={_YEAR}"} if is_https else headers


def page_policy(pages: Path) -> str:
    """Return the policy of the built pages: our own files, and of inline scripts only those that the build wrote.

    Styles may be inline, for the design kit writes them while the page runs.
    """
    scripts = sorted({_hash(script) for page in pages.rglob("*.html") for script in _inline_scripts(page)})
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *scripts]),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data:",
        "font-src": "'self' data:",  # the calendar's library brings one along in its style sheet
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _inline_scripts(page: Path) -> list[str]:
    found = _SCRIPT.findall(page.read_text(encoding="utf-8"))
    return [script for attributes, script in found if "src=" not in attributes]


def _hash(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
