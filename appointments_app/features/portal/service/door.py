"""The door of the portal: a client signs in by a link that works once, or by a password; staff may look on."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from appointments_app import routes, runtime
from appointments_app.db.models import Client
from appointments_app.db.queries import client_access, history, sign_ins
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain import passwords
from appointments_app.domain import sign_in as rules
from appointments_app.domain.access import Actor, Permission, Scope
from appointments_app.domain.change import PASSWORD_SHOWN, Verb
from appointments_app.domain.contact import email_address, phone_number
from appointments_app.domain.errors import Invalid, NotAllowed, NotFound, TooManyAttempts, Unavailable
from appointments_app.domain.message import Channel
from appointments_app.domain.portal import ClientActor
from appointments_app.domain.text import one_line
from appointments_app.domain.words import N_
from appointments_app.features.clients.service import client_in
from appointments_app.features.messages.service import post
from appointments_app.features.portal.service.facts import facts_in

LINK_LIVES = timedelta(minutes=15)
LOOK_LIVES = timedelta(minutes=15)
_LONGEST = 254
_WRONG = N_("E-mail, phone or password is wrong.")


@dataclass(frozen=True)
class PasswordState:
    """Whether a client has set a password."""

    is_set: bool = False


def is_open(uow: UnitOfWork) -> bool:
    """Whether there is a portal at all."""
    with uow.read() as tx:
        return client_access.rules(tx).portal_on


def ways() -> frozenset[Channel]:
    """Return by which channels a link can be sent."""
    return frozenset(channel for channel in Channel if runtime.sender(channel) is not None)


def actor_for(uow: UnitOfWork, session: str, *, days: int) -> ClientActor | None:
    """Return the client whose browser holds the token with this hash, or None; a sign-in that is used lives on."""
    with uow.read() as tx:
        found = client_access.actor_by_token(tx, session)
        now = tx.now
    if found is None:
        return None
    actor, last_seen_at = found
    if not actor.rules.portal_on:
        return None
    if actor.seen_by is None and now - last_seen_at > sign_ins.TOUCH_AFTER:
        with suppress(Unavailable), uow.begin() as tx:
            client_access.touch(tx, session, now + timedelta(days=days))
    return actor


def send_link(uow: UnitOfWork, *, typed: str, address: str) -> None:
    """Send a link that signs in, to every client who has this e-mail or phone: nobody learns whether there is one.

    Raises TooManyAttempts, Invalid for what is neither, NotFound while there is no portal.
    """
    on_offer = ways()
    with uow.begin() as tx:
        _must_be_open(tx)
        email, phone = _read(tx, typed)
        keys = {
            "link": rules.failure_key("link", email or phone),
            "link_from": rules.failure_key("link_from", address),
        }
        _count(tx, keys)
        client_access.forget_expired(tx)
        channel = Channel.EMAIL if email else Channel.SMS
        for client in client_access.who_has(tx, email=email, phone=phone) if channel in on_offer else ():
            _post_link(tx, client, channel)


def _post_link(tx: Tx, client: Client, channel: Channel) -> None:
    business = facts_in(tx)
    token = rules.new_token()
    client_access.add_link(tx, rules.hash_of(token), client.id or 0, tx.now + LINK_LIVES)
    link = f"{runtime.settings().origin}{routes.PORTAL_ENTER}/{token}"
    speaks = client.language or business.language
    words = {"name": client.name, "business": business.name, "link": link}
    if channel is Channel.SMS:
        text = runtime.translate(speaks, "{business}: sign in as {name} within 15 minutes: {link}", **words)
    else:
        text = runtime.translate(
            speaks,
            "Hello {name},\n\nthis link signs you in at {business}. It works once, within 15 minutes:\n\n{link}\n\n"
            "If you did not ask for it, do nothing: nobody gets in without it.",
            **words,
        )
    post(
        tx,
        channel=channel,
        to=client.email if channel is Channel.EMAIL else client.phone,
        subject=runtime.translate(speaks, "Your appointments at {business}", **words),
        text=text,
        client_id=client.id,
        key=f"portal:{rules.hash_of(token)}",
        secret=True,
    )


def link_speaks(uow: UnitOfWork, *, token: str) -> str:
    """Return the language of the client whom a link still signs in, '' when it is not good any more.

    Looking does not use it up: programs that scan mail open every link.
    """
    with uow.read() as tx:
        theirs = client_access.language_of_link(tx, rules.hash_of(token)) if client_access.rules(tx).portal_on else None
        return "" if theirs is None else theirs or facts_in(tx).language


def sign_in_by_link(uow: UnitOfWork, *, token: str, days: int) -> str:
    """Use a link up; return the token of the new sign-in. Raises NotFound when it is used, old or made up."""
    with uow.begin() as tx:
        _must_be_open(tx)
        client_id = client_access.use_link(tx, rules.hash_of(token))
        if client_id is None:
            raise NotFound(N_("This link has been used, or is older than 15 minutes."))
        return _begin(tx, client_id, timedelta(days=days))


def sign_in_by_password(uow: UnitOfWork, *, typed: str, password: str, address: str, days: int) -> str:
    """Return the token of a new sign-in. Raises TooManyAttempts, or one Invalid whatever was wrong."""
    with uow.read() as tx:
        _must_be_open(tx)
        try:
            email, phone = _read(tx, typed)
        except Invalid:
            email, phone = "", ""
        known = email or phone or one_line(typed, _LONGEST).lower()  # one count, however a number is written
        keys = {"account": rules.failure_key("client", known), "address": rules.failure_key("address", address)}
        _must_wait(tx, keys)
        hashes = client_access.passwords_of(tx, client_access.who_has(tx, email=email, phone=phone))
    given = password[: rules.LONGEST_PASSWORD]
    right = [client_id for client_id, stored in (hashes or {0: ""}).items() if passwords.verify(stored, given)]
    with uow.begin() as tx:
        if right:
            sign_ins.clear_failures(tx, keys["account"])
            return _begin(tx, right[0], timedelta(days=days))
        _note_failure(tx, keys)
    raise Invalid(_WRONG)


def sign_out(uow: UnitOfWork, *, token: str) -> None:
    """End this sign-in; harmless when it has ended."""
    with uow.begin() as tx:
        client_access.end(tx, rules.hash_of(token))


def set_password(uow: UnitOfWork, *, actor: ClientActor, session: str, wanted: str) -> PasswordState:
    """Set the client's password, or with '' have none; every other sign-in ends.

    Raises Invalid, and NotFound unless clients may see their profile, where it is set.
    """
    actor.require_self()
    actor.require("view_profile")
    new_hash = passwords.hash_password(rules.check_password(wanted)) if wanted else ""
    with uow.begin() as tx:
        row = client_access.access(tx, actor.client_id)
        row.password_hash = new_hash
        tx.add(row)
        tx.flush()
        client_access.end_all(tx, actor.client_id, but=session)
        shown = PASSWORD_SHOWN if wanted else ""
        history.record(tx, actor, Verb.EDITED, "client", actor.client_id, {"password": ("", shown)})
    return PasswordState(bool(wanted))


def look_on(uow: UnitOfWork, *, actor: Actor, client_id: object) -> str:
    """Let a staff member see the portal as a client does, for a quarter of an hour; return the token."""
    actor.require(Permission.CLIENTS)
    actor.require(Permission.VIEW)
    with uow.begin() as tx:
        client = client_in(tx, actor, client_id)
        if actor.scope is Scope.OWN:  # clients see their appointments with others, too
            raise NotAllowed()
        if client_access.access(tx, client.id or 0).suspended_at or client.archived_at:
            raise Invalid(N_("This client may not use the portal."))
        if not client_access.rules(tx).portal_on:
            raise Invalid(N_("The portal is off. Turn it on under Client settings."))
        history.record(tx, actor, Verb.LOOKED_ON, "client", client.id or 0)
        return _begin(tx, client.id or 0, LOOK_LIVES, staff_id=actor.staff_id)


def _begin(tx: Tx, client_id: int, lives: timedelta, *, staff_id: int | None = None) -> str:
    token = rules.new_token()
    client_access.begin(tx, rules.hash_of(token), client_id, expires_at=tx.now + lives, staff_id=staff_id)
    return token


def _must_be_open(tx: Tx) -> None:
    if not client_access.rules(tx).portal_on:
        raise NotFound()


def _read(tx: Tx, typed: str) -> tuple[str, str]:
    """Return the e-mail address, or the phone number, that was typed; raise Invalid for neither."""
    text = one_line(typed, _LONGEST)
    try:
        if "@" in text:
            return email_address(text, "who"), ""
        business = sign_ins.business(tx)
        phone = phone_number(text, business.phone_region if business else "US", "who")
    except Invalid:
        phone = ""
    if not phone:
        raise Invalid(fields={"who": N_("Enter your e-mail address or phone number.")})
    return "", phone


def _count(tx: Tx, keys: dict[str, str]) -> None:
    """Count one more link that is asked for; raise TooManyAttempts when that comes too soon."""
    _must_wait(tx, keys)
    _note_failure(tx, keys)


def _must_wait(tx: Tx, keys: dict[str, str]) -> None:
    for kind, key in keys.items():
        failure = sign_ins.failures(tx, key)
        if failure and (wait := rules.seconds_to_wait(kind, failure.failures, failure.last_at, tx.now)):
            raise TooManyAttempts(seconds=wait)


def _note_failure(tx: Tx, keys: dict[str, str]) -> None:
    for key in keys.values():
        sign_ins.count_failure(tx, key, since=tx.now - timedelta(seconds=2 * rules.LONGEST_WAIT))
