"""Confirm by link: what its page says, and the button on it. Opening changes nothing, however often."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from appointments_app import runtime
from appointments_app.db.queries import client_access, visits
from appointments_app.db.queries.visits import Linked
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.appointment import Status
from appointments_app.domain.links import CONFIRM_DAYS, BrokenLink, Claims, ExpiredLink, Purpose, minute
from appointments_app.domain.portal import ClientActor, ClientRules, How
from appointments_app.features.appointments.service.confirmation import confirm
from appointments_app.features.portal.service.facts import BusinessFacts, facts_in


class Standing(StrEnum):
    """What can be said to somebody who opens a link."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    MOVED = "moved"
    CALLED_OFF = "called_off"
    OVER = "over"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    BROKEN = "broken"


@dataclass(frozen=True)
class LinkPage:
    """What the page of a link shows. ``language`` is '' when the link names nobody; without a start, no time shows."""

    standing: Standing
    business: BusinessFacts
    language: str = ""
    time_zone: str = "UTC"
    start_at: datetime | None = None
    end_at: datetime | None = None


def open_link(uow: UnitOfWork, *, token: str) -> LinkPage:
    """Return what a link to confirm leads to."""
    with uow.read() as tx:
        return _page(tx, *_read(tx, token))


def confirm_by_link(uow: UnitOfWork, *, token: str) -> LinkPage:
    """Confirm what the link is for, if that is still possible; return its page as it is then."""
    with uow.begin() as tx:
        standing, found, rules = _read(tx, token)
        if standing is Standing.OPEN and found is not None:
            author = ClientActor(found.client_id, found.client_name, "", "", rules)
            confirm(tx, author, found.id, found.start_at, by=found.client_name, how=How.LINK)
            standing, found, rules = _read(tx, token)
        return _page(tx, standing, found, rules)


def _read(tx: Tx, token: str) -> tuple[Standing, Linked | None, ClientRules]:
    rules = client_access.rules(tx)
    try:
        claims = runtime.read_token(Purpose.CONFIRM, token, CONFIRM_DAYS)
        found = visits.linked(tx, claims["a"])
    except ExpiredLink:
        return Standing.EXPIRED, None, rules
    except BrokenLink:
        return Standing.BROKEN, None, rules
    return (_standing(tx, claims, found, rules), found, rules) if found else (Standing.WITHDRAWN, None, rules)


def _standing(tx: Tx, claims: Claims, found: Linked, rules: ClientRules) -> Standing:
    is_theirs = claims["c"] == found.client_id and claims["r"] == found.links_revoked
    if not is_theirs or not found.shared or found.suspended or not rules.confirm:
        return Standing.WITHDRAWN
    if found.deleted or found.status == Status.DISMISSED:
        return Standing.CALLED_OFF
    if claims["s"] != minute(found.start_at):
        return Standing.MOVED
    if found.status == Status.DONE or found.start_at <= tx.now:
        return Standing.OVER
    return Standing.CONFIRMED if found.confirmed_at else Standing.OPEN


def _page(tx: Tx, standing: Standing, found: Linked | None, rules: ClientRules) -> LinkPage:
    business = facts_in(tx)
    if found is None:
        return LinkPage(standing, business)
    language = found.client_language or business.language
    if standing not in {Standing.OPEN, Standing.CONFIRMED}:  # of what is not the client's any more, nothing is told
        return LinkPage(standing, business, language)
    zone = found.client_zone or business.time_zone
    return LinkPage(standing, business, language, zone, found.start_at, found.end_at)
