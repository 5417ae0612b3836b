"""The one table of what browsers may call: every event handler and every route, with who may.

The handlers stand in ``handlers.txt``; ``python -m tests.session.contract`` adds new ones with the rule they declare:
what may be called from outside is seen in a review. Routes are written here by hand.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reflex_base.registry import RegistrationContext
from starlette.routing import Route

from appointments_app.appointments_app import API, PAGES, app
from appointments_app.features.session.gate import rule_of

TABLE = Path(__file__).with_name("handlers.txt")
PUBLIC = "public"
SIGNED_IN = "signed in"
CLIENT = "a client"
"""Of the portal: somebody of staff is as much a stranger there as anybody."""

ROUTES = {
    "POST /auth/sign-in": PUBLIC,
    "POST /auth/sign-out": PUBLIC,
    "POST /auth/second-step": PUBLIC,
    "POST /auth/forgot": PUBLIC,
    "POST /auth/reset": PUBLIC,
    "POST /auth/set-up": PUBLIC,
    "POST /auth/language": PUBLIC,
    "GET /healthz": PUBLIC,
    "GET /readyz": PUBLIC,
    "GET /api/live": SIGNED_IN,
    "GET /api/export": "export",
    "POST /api/import": "settings",
    "GET /api/import/template/{kind}.{ending}": "settings",
    "GET /api/import/{run_id:int}/refused": "settings",
    "GET /api/calendar/{appointment_id:int}.ics": "view",
    "POST /api/clients/{client_id:int}/data": "export",
    "GET /unsubscribe/{token}": PUBLIC,
    "POST /unsubscribe/{token}": PUBLIC,
    "POST /api/sms/{secret}/incoming": PUBLIC,
    "POST /api/sms/{secret}/delivered": PUBLIC,
    "GET /c/{token}": PUBLIC,
    "POST /c/{token}": PUBLIC,
    "GET /portal/sign-in": PUBLIC,
    "POST /portal/sign-in": PUBLIC,
    "POST /portal/password": PUBLIC,
    "GET /portal/enter/{token}": PUBLIC,
    "POST /portal/enter/{token}": PUBLIC,
    "POST /portal/sign-out": PUBLIC,
    "POST /portal/language": PUBLIC,
    "POST /portal/as/{client_id:int}": "clients",
    "GET /portal": CLIENT,
    "GET /portal/past": CLIENT,
    "GET /portal/appointments/{appointment_id:int}.ics": CLIENT,
    "GET /portal/appointments/{appointment_id:int}": CLIENT,
    "POST /portal/appointments/{appointment_id:int}/confirm": CLIENT,
    "POST /portal/appointments/{appointment_id:int}/ask": CLIENT,
    "POST /portal/appointments/{appointment_id:int}/cancel": CLIENT,
    "GET /portal/book": CLIENT,
    "POST /portal/book/hold": CLIENT,
    "GET /portal/book/check": CLIENT,
    "POST /portal/book": CLIENT,
    "GET /portal/profile": CLIENT,
    "POST /portal/profile": CLIENT,
    "POST /portal/profile/messages": CLIENT,
    "POST /portal/profile/password": CLIENT,
}
"""Method and path → ``public``, ``signed in``, ``a client`` or the permission it needs. HEAD goes with GET."""


@dataclass(frozen=True)
class Handler:
    """One event handler that browsers can call: its short name, the name on the wire, its rule and its arguments."""

    name: str
    full_name: str
    rule: str
    arguments: tuple[str, ...]
    function: Callable[..., Any]


def handlers() -> list[Handler]:
    """Return every handler of ours that the framework would run, by name."""
    with app.set_contexts():
        for page in PAGES:
            page.show()
        found = []
        for full_name, registered in RegistrationContext.get().event_handlers.items():
            function = getattr(registered.handler.fn, "func", registered.handler.fn)
            if not function.__module__.startswith("appointments_app."):
                continue
            state = registered.handler.state
            name = f"{state.__name__ if state else '?'}.{function.__name__}"
            arguments = tuple(inspect.signature(function).parameters)[1:]
            found.append(Handler(name, full_name, str(rule_of(full_name) or "undeclared"), arguments, function))
        return sorted(found, key=lambda each: each.name)


def table() -> dict[str, str]:
    """Return the table of handlers: short name → ``public`` or a permission."""
    lines = TABLE.read_text(encoding="utf-8").splitlines() if TABLE.exists() else []
    return dict(line.split(maxsplit=1) for line in lines if line and not line.startswith("#"))  # type: ignore[misc]


def routes() -> list[tuple[str, Route]]:
    """Return every route of ours with its name in the table."""
    found = []
    for route in API.routes:
        assert isinstance(route, Route), f"{route}: a kind of route that the contract does not know"
        methods = (route.methods or set()) - {"HEAD", "OPTIONS"}
        found += [(f"{method} {route.path}", route) for method in sorted(methods)]
    return found


def main() -> None:
    """Write the table anew; what was in it keeps its rule, so that a changed one still fails the test."""
    known = table()
    lines = [f"{each.name:44} {known.get(each.name, each.rule)}" for each in handlers()]
    TABLE.write_text("# Handler and who may call it. See contract.py.\n" + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} handlers")


if __name__ == "__main__":
    main()
