"""Use-cases of signing in and setting up."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from appointments_app import runtime
from appointments_app.db.models import Business, Change, SignIn, Staff
from appointments_app.db.queries import account, history, sign_ins, workers
from appointments_app.db.queries import undo as changes
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain import passwords
from appointments_app.domain import sign_in as rules
from appointments_app.domain.access import Actor, Permission, Role, program
from appointments_app.domain.change import PASSWORD_SHOWN, Verb
from appointments_app.domain.contact import email_address, phone_region, required_name
from appointments_app.domain.errors import (
    Conflict,
    Invalid,
    NotAllowed,
    NotFound,
    TooManyAttempts,
    Unavailable,
    check_all,
)
from appointments_app.domain.language import language_code
from appointments_app.domain.money import currency_of
from appointments_app.domain.sign_in import NOBODY, Visitor
from appointments_app.domain.text import one_line
from appointments_app.domain.times import zone
from appointments_app.domain.words import N_

_TO_UNDO = {
    Verb.DONE: Permission.STATUS,
    Verb.DISMISSED: Permission.STATUS,
    Verb.SCHEDULED: Permission.STATUS,
    Verb.MOVED: Permission.EDIT,
    Verb.DELETED: Permission.DELETE,
    Verb.ARCHIVED: Permission.CLIENTS,
    Verb.RESTORED: Permission.CLIENTS,
    Verb.OPENED: Permission.EDIT,
    Verb.CLOSED: Permission.EDIT,
    Verb.CANCELLED: Permission.EDIT,
    Verb.LINKED: Permission.EDIT,
}
_ANOTHER_BUSINESS = N_(
    "This database holds the business {name} already. To add an account to it, leave out what the business is like; "
    "for a business of its own, name another database."
)


def actor_for(uow: UnitOfWork, session: str, *, days: int) -> Actor | None:
    """Return the actor whose browser holds the token with this hash, or None; a sign-in that is used lives on."""
    with uow.read() as tx:
        found = sign_ins.actor_by_token(tx, session)
        now = tx.now
    if found is None:
        return None
    actor, last_seen_at = found
    if now - last_seen_at > sign_ins.TOUCH_AFTER:
        with suppress(Unavailable), uow.begin() as tx:  # who only reads needs no database that can be written
            sign_ins.touch(tx, session, now + timedelta(days=days))
    return actor


Tell = Callable[[Tx, Staff, Visitor], None]
"""A step that tells somebody of a sign-in in a browser they never used before."""


def tell_nobody(_tx: Tx, _staff: Staff, _visitor: Visitor) -> None:
    """The step of those who sign in without pages."""


def sign_in(
    uow: UnitOfWork,
    *,
    email: str,
    password: str,
    address: str,
    days: int,
    visitor: Visitor = NOBODY,
    tell: Tell = tell_nobody,
) -> tuple[str, Actor | None]:
    """Return a new token and its actor, None while a second step is due: until then the token opens nothing.

    Raises TooManyAttempts, or one Invalid whatever was wrong.
    """
    email = one_line(email, 254).lower()
    keys = {"account": rules.failure_key("account", email), "address": rules.failure_key("address", address)}
    with uow.read() as tx:
        check_waiting(tx, keys)
        staff = sign_ins.staff_by_email(tx, email)
    right = passwords.verify(staff.password_hash if staff and staff.active else "", password[: rules.LONGEST_PASSWORD])
    if not right or staff is None:
        with uow.begin() as tx:
            for key in keys.values():
                count_failure(tx, key)
        raise Invalid(N_("E-mail or password is wrong."))
    with uow.begin() as tx:
        sign_ins.clear_failures(tx, keys["account"])
        sign_ins.forget_expired(tx)
        if staff.totp_secret or account.needs_second_step(tx, staff.role):
            return _open(
                tx, staff, visitor, until=tx.now + timedelta(minutes=rules.SECOND_STEP_MINUTES), due=True
            ), None
        token = open_for(tx, staff, visitor, days, tell)
    actor = actor_for(uow, rules.hash_of(token), days=days)
    if actor is None:
        raise NotFound()
    return token, actor


def open_for(tx: Tx, staff: Staff, visitor: Visitor, days: int, tell: Tell = tell_nobody) -> str:
    """Sign somebody in who has proved who they are; return the new token."""
    assert staff.id is not None
    if visitor.device and account.meet_device(tx, staff.id, visitor.device):
        tell(tx, staff, visitor)
    return _open(tx, staff, visitor, until=tx.now + timedelta(days=days))


def sign_out(uow: UnitOfWork, *, token: str) -> None:
    """End this sign-in; harmless when it has ended."""
    with uow.begin() as tx:
        sign_ins.end(tx, rules.hash_of(token))


def sign_out_everywhere(uow: UnitOfWork, *, actor: Actor) -> int:
    """End every sign-in of the actor; return how many."""
    if actor.staff_id is None:
        raise NotAllowed()
    with uow.begin() as tx:
        history.record(tx, actor, Verb.SIGNED_OUT, "staff", actor.staff_id)
        return sign_ins.end_all(tx, actor.staff_id)


def change_password(uow: UnitOfWork, *, actor: Actor, session: str, present: str, wanted: str) -> None:
    """Set one's own password; every sign-in but ``session`` ends. Raises Invalid when ``present`` is wrong."""
    staff = with_password(uow, actor=actor, password=present, field="present")
    new_hash = passwords.hash_password(rules.check_password(wanted, "wanted", own_words=own_words(staff)))
    with uow.begin() as tx:
        sign_ins.set_password(tx, actor.staff_id or 0, new_hash)
        sign_ins.end_others(tx, actor.staff_id or 0, session)
        account.forget_resets(tx, actor.staff_id or 0)
        history.record(tx, actor, Verb.EDITED, "staff", actor.staff_id or 0, {"password": ("", PASSWORD_SHOWN)})


def with_password(uow: UnitOfWork, *, actor: Actor, password: object, field: str) -> Staff:
    """Return the actor's account if the password is theirs: whoever finds an open browser can't change it.

    Raises TooManyAttempts after several wrong ones, which the right one forgets; Invalid at ``field`` for a wrong one.
    """
    key = rules.failure_key("account", f"staff {actor.staff_id}")
    with uow.read() as tx:
        check_waiting(tx, {"account": key})
        staff = tx.get(Staff, actor.staff_id) if actor.staff_id is not None else None
        has_failed = sign_ins.failures(tx, key) is not None
    if staff is None:
        raise NotAllowed()
    if not passwords.verify(staff.password_hash, str(password)[: rules.LONGEST_PASSWORD]):
        with uow.begin() as tx:
            count_failure(tx, key)
        raise Invalid(fields={field: N_("This is not your present password.")})
    if has_failed:
        with uow.begin() as tx:
            sign_ins.clear_failures(tx, key)
    return staff


def new_setup_token(uow: UnitOfWork) -> str | None:
    """Return the token of a new one-time set-up link, or None when somebody can sign in already."""
    with uow.begin() as tx:
        if sign_ins.anyone_may_sign_in(tx):
            return None
        token = rules.new_token()
        sign_ins.replace_setup_link(tx, rules.hash_of(token))
        return token


def set_up(
    uow: UnitOfWork,
    *,
    token: str,
    name: str,
    email: str,
    password: str,
    business: str,
    time_zone: str,
    language: str,
    region: str,
    days: int,
) -> str:
    """Create the business and its first owner; return the token that signs the owner in. Uses the link up."""
    with uow.begin() as tx:
        if not sign_ins.use_setup_link(tx, rules.hash_of(token)):
            raise NotFound(N_("This set-up link is not valid any more. Start the program again for a new one."))
        check_all(
            lambda: _check_business(business, time_zone, language, region),
            lambda: _check_staff(tx, name, email, password),
        )
        _create_business(tx, business, time_zone, language, region)
        staff = _create_staff(tx, name=name, email=email, password=password, role=Role.OWNER)
        sign_ins.replace_setup_link(tx, None)
        return open_for(tx, staff, NOBODY, days)


def add_user(
    uow: UnitOfWork,
    *,
    name: str,
    email: str,
    password: str,
    role: Role,
    business: str = "",
    time_zone: str = "",
    language: str = "",
    region: str = "",
) -> int:
    """Create an account from the command line, and the business when there is none yet; return the staff id.

    What is told of the business must be true of the one that is there, else raises Conflict: whoever names another
    one is at the wrong database.
    """
    with uow.begin() as tx:
        if (there := sign_ins.business(tx)) is None:
            _create_business(tx, business or "Appointments", time_zone or "UTC", language or "en", region or "US")
        elif not _is_of(there, business, time_zone, language, region):
            raise Conflict(_ANOTHER_BUSINESS, name=there.name)
        staff = _create_staff(tx, name=name, email=email, password=password, role=role)
        sign_ins.replace_setup_link(tx, None)
        assert staff.id is not None
        return staff.id


def undo(uow: UnitOfWork, *, actor: Actor, change_id: int) -> int:
    """Take back one's own change of status, deletion, archiving or restoring; return how many records came back."""
    with uow.begin() as tx:
        change = tx.get(Change, change_id, with_for_update=True)
        is_mine = change is not None and change.staff_id == actor.staff_id
        if change is None or not is_mine or change.undone_by is not None or change.verb not in _TO_UNDO:
            raise NotFound(N_("There is nothing to undo any more."))
        mine = actor
        for permission in (_TO_UNDO[Verb(change.verb)], *([Permission.STATUS] if changes.marks(tx, change_id) else [])):
            actor.require(permission)
            mine = mine.within(permission)
        undo_id = history.open_change(tx, actor, Verb.UNDONE)
        restored = changes.undo(tx, mine, change, undo_id)
        change.undone_by = undo_id
        tx.add(change)
        return restored


def sending_stands_still(uow: UnitOfWork, *, actor: Actor) -> bool:
    """Whether messages have been due for too long though their channel is set up."""
    actor.require(Permission.SETTINGS)
    set_up = runtime.channels_set_up()
    with uow.read() as tx:
        return workers.pulse(tx, set_up).stands_still(tx.now)


def set_language(uow: UnitOfWork, *, actor: Actor, language: str) -> None:
    """Make ``language`` the actor's own."""
    language_code(language)
    with uow.begin() as tx:
        staff = tx.get(Staff, actor.staff_id)
        if staff is None:
            raise NotFound()
        if staff.language != language:
            history.record(tx, actor, Verb.EDITED, "staff", staff.id or 0, {"language": (staff.language, language)})
            staff.language = language
            staff.version += 1
            tx.add(staff)


def own_words(staff: Staff) -> tuple[str, ...]:
    """Return what others know of somebody, and would try as their password."""
    return staff.name, staff.email


def check_waiting(tx: Tx, keys: dict[str, str]) -> None:
    """Raise TooManyAttempts while one of the keys, by kind, has failed too often lately."""
    for kind, key in keys.items():
        failure = sign_ins.failures(tx, key)
        if failure and (wait := rules.seconds_to_wait(kind, failure.failures, failure.last_at, tx.now)):
            raise TooManyAttempts(seconds=wait)


def count_failure(tx: Tx, key: str) -> None:
    """Count one more failed attempt."""
    sign_ins.count_failure(tx, key, since=tx.now - timedelta(seconds=2 * rules.LONGEST_WAIT))


def _open(tx: Tx, staff: Staff, visitor: Visitor, *, until: datetime, due: bool = False) -> str:
    token = rules.new_token()
    assert staff.id is not None
    tx.add(
        SignIn(
            token_hash=rules.hash_of(token),
            staff_id=staff.id,
            created_at=tx.now,
            last_seen_at=tx.now,
            expires_at=until,
            address=visitor.address,
            browser=visitor.browser,
            second_step_due=due,
        )
    )
    return token


def _check_business(name: str, time_zone: str, language: str, region: str) -> None:
    check_all(
        lambda: required_name(name, "business"),
        lambda: zone(time_zone),
        lambda: language_code(language),
        lambda: phone_region(region.upper(), "region"),
    )


def _create_business(tx: Tx, name: str, time_zone: str, language: str, region: str) -> None:
    _check_business(name, time_zone, language, region)
    tx.merge(
        Business(
            id=1,
            name=required_name(name, "business"),
            time_zone=time_zone,
            language=language,
            phone_region=region.upper(),
            currency=currency_of(region.upper()),
            created_at=tx.now,
        )
    )


def _is_of(business: Business, name: str, time_zone: str, language: str, region: str) -> bool:
    """Whether what is told is true of the business; an empty text tells nothing."""
    told = ((one_line(name, 120), business.name), (time_zone, business.time_zone), (language, business.language))
    return all(not each or each == stored for each, stored in (*told, (region.upper(), business.phone_region)))


def _check_staff(tx: Tx, name: str, email: str, password: str) -> None:
    check_all(lambda: required_name(name), lambda: _check_email(tx, email), lambda: rules.check_password(password))


def _check_email(tx: Tx, email: str) -> None:
    if not (address := email_address(email)):
        raise Invalid(fields={"email": N_("Enter an e-mail address.")})
    if sign_ins.staff_by_email(tx, address):
        raise Invalid(fields={"email": N_("This e-mail address is in use.")})


def _create_staff(tx: Tx, *, name: str, email: str, password: str, role: Role) -> Staff:
    _check_staff(tx, name, email, password)
    staff = Staff(
        name=required_name(name),
        email=email_address(email),
        role=role,
        password_hash=passwords.hash_password(password),
        created_at=tx.now,
    )
    tx.add(staff)
    tx.flush()
    history.record(tx, program(), Verb.CREATED, "staff", staff.id or 0)
    return staff
