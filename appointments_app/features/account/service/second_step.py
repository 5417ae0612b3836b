"""The second step of signing in: six digits from an authenticator app, or a recovery code."""

from __future__ import annotations

from dataclasses import dataclass

from appointments_app import runtime
from appointments_app.db.models import Staff
from appointments_app.db.queries import account, history, sign_ins
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain import second_factor
from appointments_app.domain import sign_in as rules
from appointments_app.domain.access import Actor
from appointments_app.domain.change import Verb
from appointments_app.domain.errors import Invalid, NotAllowed, NotFound, NotSignedIn
from appointments_app.domain.sign_in import Visitor
from appointments_app.domain.words import N_
from appointments_app.features.session.service import (
    Tell,
    actor_for,
    check_waiting,
    count_failure,
    open_for,
    with_password,
)

_PURPOSE = "second factor"
_WRONG = N_("This code is wrong, or was used already. Enter the one that your app shows now.")


@dataclass(frozen=True)
class Offer:
    """A second factor to set up: the secret in groups for typing, and a picture of it for scanning."""

    secret: str = ""
    picture: str = ""


@dataclass(frozen=True)
class SecondStep:
    """How one's second step stands."""

    is_on: bool = False
    is_needed: bool = False
    codes_left: int = 0


def second_step_of(uow: UnitOfWork, *, actor: Actor) -> SecondStep:
    """Return how the actor's second step stands."""
    with uow.read() as tx:
        staff = _person(tx, actor)
        return SecondStep(
            bool(staff.totp_secret),
            account.needs_second_step(tx, staff.role),
            account.codes_left(tx, staff.id or 0),
        )


def begin(uow: UnitOfWork, *, actor: Actor, session: str, password: object) -> Offer:
    """Offer a new secret in this browser; nothing is on until its first code was entered."""
    staff = with_password(uow, actor=actor, password=password, field="second_password")
    with uow.begin() as tx:
        if staff.totp_secret:
            raise Invalid(N_("The second step is on already."))
        return _offer(tx, staff, session)


def confirm(uow: UnitOfWork, *, actor: Actor, session: str, code: object) -> list[str]:
    """Turn the second step on by its first code; return the recovery codes, which nobody can show again.

    The code is of the secret that ``begin`` offered, which asked the password. The other browsers are signed out: they
    never passed the second step.
    """
    with uow.begin() as tx:
        staff = _person(tx, actor)
        if staff.totp_secret:
            raise Invalid(N_("The second step is on already."))
    _take_up(uow, staff, session, str(code))
    with uow.begin() as tx:
        sign_ins.end_others(tx, staff.id or 0, session)
        return _give_codes(tx, staff.id or 0)


def new_codes(uow: UnitOfWork, *, actor: Actor, password: object) -> list[str]:
    """Return new recovery codes; those before work no more."""
    staff = with_password(uow, actor=actor, password=password, field="second_password")
    with uow.begin() as tx:
        if not staff.totp_secret:
            raise NotFound()
        history.record(tx, actor, Verb.EDITED, "staff", staff.id or 0, {"recovery_codes": ("", "1")})
        return _give_codes(tx, staff.id or 0)


def turn_off(uow: UnitOfWork, *, actor: Actor, password: object) -> None:
    """Sign in by password alone from now on, where the role allows it."""
    staff = with_password(uow, actor=actor, password=password, field="second_password")
    with uow.begin() as tx:
        if account.needs_second_step(tx, staff.role):
            raise Invalid(N_("Your role needs the second step."))
        account.set_secret(tx, staff.id or 0, "", staff.totp_step)
        account.replace_codes(tx, staff.id or 0, [])
        history.record(tx, actor, Verb.EDITED, "staff", staff.id or 0, {"second_step": ("1", "")})


def offer_to_waiting(uow: UnitOfWork, *, session: str) -> Offer | None:
    """Return what to set up for who gave the right password and must have a second step; None when it is set up.

    Raises NotSignedIn when nobody waits in this browser.
    """
    with uow.begin() as tx:
        found = account.waiting(tx, session)
        if found is None:
            raise NotSignedIn()
        _, staff = found
        return None if staff.totp_secret else _offer(tx, staff, session)


def finish(uow: UnitOfWork, *, session: str, code: str, visitor: Visitor, days: int, tell: Tell) -> tuple[str, Actor]:
    """Pass the second step: return a new token and its actor. Raises NotSignedIn, TooManyAttempts, Invalid."""
    with uow.read() as tx:
        found = account.waiting(tx, session)
    if found is None:
        raise NotSignedIn()
    _, staff = found
    is_first = not staff.totp_secret
    if is_first:
        _take_up(uow, staff, session, code)
    else:
        _check(uow, staff, code)
    with uow.begin() as tx:
        if account.waiting(tx, session) is None:
            raise NotSignedIn()
        sign_ins.end(tx, session)
        if is_first:
            sign_ins.end_all(tx, staff.id or 0)
        token = open_for(tx, staff, visitor, days, tell)
    actor = actor_for(uow, rules.hash_of(token), days=days)
    if actor is None:
        raise NotSignedIn()
    return token, actor


def _take_up(uow: UnitOfWork, staff: Staff, session: str, code: str) -> None:
    """Make the secret that was offered in this browser the person's second factor, if the code is its."""
    staff_id = staff.id or 0
    with uow.begin() as tx:
        present = tx.get(Staff, staff_id, with_for_update=True)
        secret = runtime.decrypt(_PURPOSE, account.offered_secret(tx, session))
        step = second_factor.step_of(secret, code, tx.now) if secret else None
        if step is not None and present is not None and not present.totp_secret:
            account.set_secret(tx, staff_id, runtime.encrypt(_PURPOSE, secret or ""), step)
            account.offer_secret(tx, session, "")
            history.record(tx, _as(staff), Verb.EDITED, "staff", staff_id, {"second_step": ("", "1")})
            return
    raise Invalid(fields={"code": _WRONG})


def _check(uow: UnitOfWork, staff: Staff, code: str) -> None:
    """Use a code of the app, or a recovery code, up. Guessing is slowed down."""
    staff_id, key = staff.id or 0, rules.failure_key("account", f"second step {staff.id}")
    with uow.begin() as tx:
        check_waiting(tx, {"account": key})
        secret = runtime.decrypt(_PURPOSE, staff.totp_secret)
        step = second_factor.step_of(secret, code, tx.now) if secret else None
        if step is not None:
            is_right = account.use_step(tx, staff_id, step)
        else:
            is_right = account.use_code(tx, staff_id, second_factor.code_hash(staff_id, code))
        if is_right:
            sign_ins.clear_failures(tx, key)
            return
        count_failure(tx, key)
    raise Invalid(fields={"code": _WRONG})


def _offer(tx: Tx, staff: Staff, session: str) -> Offer:
    business = sign_ins.business(tx)
    kept = runtime.decrypt(_PURPOSE, account.offered_secret(tx, session))
    secret = kept or second_factor.new_secret()
    account.offer_secret(tx, session, runtime.encrypt(_PURPOSE, secret))
    address = second_factor.address_of(
        secret, account=staff.email, issuer=business.name if business else "Appointments"
    )
    groups = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return Offer(groups, runtime.picture_of(address))


def _give_codes(tx: Tx, staff_id: int) -> list[str]:
    codes = second_factor.new_codes()
    account.replace_codes(tx, staff_id, [second_factor.code_hash(staff_id, each) for each in codes])
    return codes


def _person(tx: Tx, actor: Actor) -> Staff:
    staff = tx.get(Staff, actor.staff_id) if actor.staff_id is not None else None
    if staff is None:
        raise NotAllowed()
    return staff


def _as(staff: Staff) -> Actor:
    """Return the person as the audit trail names them, before they are signed in."""
    return Actor(staff.id, staff.name, staff.role, staff.language, staff.time_zone, frozenset())
