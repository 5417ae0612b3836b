"""The browsers in which one is signed in, and their end."""

from __future__ import annotations

from dataclasses import dataclass

from appointments_app.db.queries import account, history, sign_ins
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.access import Actor
from appointments_app.domain.change import Verb
from appointments_app.domain.errors import NotAllowed, NotFound
from appointments_app.domain.sign_in import hash_of
from appointments_app.domain.times import iso


@dataclass(frozen=True)
class BrowserRow:
    """One browser as the page shows it; ``id`` opens nothing."""

    id: str
    browser: str
    address: str
    created_at: str
    last_seen_at: str
    is_this: bool


def list_browsers(uow: UnitOfWork, *, actor: Actor, session: str) -> list[BrowserRow]:
    """Return the browsers in which the actor is signed in, this one first."""
    with uow.read() as tx:
        found = account.of_person(tx, _person(actor))
    rows = [
        BrowserRow(
            _name(each.token_hash),
            each.browser,
            each.address,
            iso(each.created_at),
            iso(each.last_seen_at),
            each.token_hash == session,
        )
        for each in found
    ]
    return sorted(rows, key=lambda row: not row.is_this)


def sign_out_browser(uow: UnitOfWork, *, actor: Actor, browser_id: object) -> None:
    """End the sign-in of one of the actor's browsers."""
    with uow.begin() as tx:
        found = [each for each in account.of_person(tx, _person(actor)) if _name(each.token_hash) == browser_id]
        if not found:
            raise NotFound()
        sign_ins.end(tx, found[0].token_hash)
        history.record(tx, actor, Verb.SIGNED_OUT, "staff", _person(actor))


def sign_out_others(uow: UnitOfWork, *, actor: Actor, session: str) -> None:
    """End the actor's sign-ins in all browsers but this one."""
    with uow.begin() as tx:
        sign_ins.end_others(tx, _person(actor), session)
        history.record(tx, actor, Verb.SIGNED_OUT, "staff", _person(actor))


def _name(token_hash: str) -> str:
    return hash_of(f"browser {token_hash}")[:20]


def _person(actor: Actor) -> int:
    if actor.staff_id is None:
        raise NotAllowed()
    return actor.staff_id
