"""Reading who is signed in, and writing sign-ins and failed attempts."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import Dialect, String, bindparam, case, delete, literal_column, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel.sql.sqltypes import UTCDateTime

from appointments_app.db.models import Business, ClientSignIn, CustomRole, SetupLink, SignIn, SignInFailure, Staff
from appointments_app.db.queries.prepared import Prepared, instant, prepare, run
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.access import Actor, actor_with, granted

TOUCH_AFTER = timedelta(minutes=10)
FAILURES_KEPT = timedelta(days=1)


def business(tx: Tx) -> Business | None:
    """Return the business, or None before set-up."""
    return tx.get(Business, 1)


def anyone_may_sign_in(tx: Tx) -> bool:
    """Whether an account with a password exists."""
    return tx.execute(select(Staff.id).where(Staff.password_hash != "").limit(1)).first() is not None


def actor_by_token(tx: Tx, token_hash: str) -> tuple[Actor, datetime] | None:
    """Return the actor of a sign-in that has not ended and when it was last seen, or None."""
    found = run(tx, _actor_statement(tx.get_bind().dialect), {"token_hash": token_hash, "now": tx.now})
    if not found:
        return None
    (row,) = found
    seen_at = datetime.fromisoformat(instant(row[7]))
    has_second_step, needed_by = row[9], row[10]
    if not has_second_step and row[2] in needed_by.split(","):
        return None  # until they have set one up
    grants = granted(row[2], row[8])
    return actor_with(row[0], row[1], row[2], row[3] or row[5], row[4] or row[6], grants), seen_at


@lru_cache(maxsize=8)
def _actor_statement(dialect: Dialect) -> Prepared:
    person = Staff.id, Staff.name, Staff.role, Staff.language, Staff.time_zone
    second_step = Staff.totp_secret != literal_column("''"), Business.second_step_roles
    statement = (
        select(*person, Business.language, Business.time_zone, SignIn.last_seen_at, CustomRole.grants, *second_step)
        .join_from(SignIn, Staff, Staff.id == SignIn.staff_id)
        .join(Business, Business.id == literal_column("1"))
        .outerjoin(CustomRole, CustomRole.key == Staff.role)
        .where(
            SignIn.token_hash == bindparam("token_hash", type_=String()),
            SignIn.expires_at > bindparam("now", type_=UTCDateTime()),
            SignIn.second_step_due.is_(False),
            Staff.active.is_(True),
        )
    )
    return prepare(statement, dialect)


def touch(tx: Tx, token_hash: str, expires_at: datetime) -> None:
    """Note that a sign-in was used and prolong it."""
    tx.execute(update(SignIn).where(SignIn.token_hash == token_hash).values(last_seen_at=tx.now, expires_at=expires_at))


def staff_by_email(tx: Tx, email: str) -> Staff | None:
    """Return the staff member with this address, active or not."""
    return tx.execute(select(Staff).where(Staff.email == email)).scalar_one_or_none()


def end(tx: Tx, token_hash: str) -> None:
    """End one sign-in, and those by which whoever it was looks on as a client; nothing when there is none."""
    whose = select(SignIn.staff_id).where(SignIn.token_hash == token_hash)
    tx.execute(delete(ClientSignIn).where(ClientSignIn.staff_id.in_(whose)))
    tx.execute(delete(SignIn).where(SignIn.token_hash == token_hash))


def end_all(tx: Tx, staff_id: int) -> int:
    """End every sign-in of one person, those too by which they look on as a client; return how many of their own."""
    tx.execute(delete(ClientSignIn).where(ClientSignIn.staff_id == staff_id))
    return tx.execute(delete(SignIn).where(SignIn.staff_id == staff_id)).rowcount


def end_others(tx: Tx, staff_id: int, token_hash: str) -> None:
    """End every sign-in of one person but this one."""
    tx.execute(delete(SignIn).where(SignIn.staff_id == staff_id, SignIn.token_hash != token_hash))


def set_password(tx: Tx, staff_id: int, password_hash: str) -> None:
    """Store the hash of a person's new password."""
    tx.execute(update(Staff).where(Staff.id == staff_id).values(password_hash=password_hash, version=Staff.version + 1))


def forget_expired(tx: Tx) -> None:
    """Remove sign-ins that have ended by themselves, and failed attempts of more than a day ago."""
    tx.execute(delete(SignIn).where(SignIn.expires_at <= tx.now))
    tx.execute(delete(SignInFailure).where(SignInFailure.last_at < tx.now - FAILURES_KEPT))


def failures(tx: Tx, key: str) -> SignInFailure | None:
    """Return the failed attempts of one account or address."""
    return tx.get(SignInFailure, key)


def count_failure(tx: Tx, key: str, *, since: datetime) -> None:
    """Count one more failed attempt, from 1 again when the last was before ``since``; of parallel ones none is lost."""
    insert = sqlite.insert if tx.is_sqlite else postgresql.insert
    one_more = case((SignInFailure.last_at < since, 1), else_=SignInFailure.failures + 1)
    first = insert(SignInFailure).values(key=key, failures=1, last_at=tx.now)
    tx.execute(first.on_conflict_do_update(index_elements=["key"], set_={"failures": one_more, "last_at": tx.now}))


def clear_failures(tx: Tx, key: str) -> None:
    """Forget the failed attempts of one account."""
    tx.execute(delete(SignInFailure).where(SignInFailure.key == key))


def use_setup_link(tx: Tx, token_hash: str) -> bool:
    """Use the set-up link up; whether it was the one printed last. Of two who come at once, the second finds none."""
    used = delete(SetupLink).where(SetupLink.token_hash == token_hash).returning(SetupLink.token_hash)
    return tx.execute(used).first() is not None


def replace_setup_link(tx: Tx, token_hash: str | None) -> None:
    """Make this the only valid set-up link; None: there is none any more."""
    tx.execute(delete(SetupLink))
    if token_hash is not None:
        tx.add(SetupLink(token_hash=token_hash, created_at=tx.now))
