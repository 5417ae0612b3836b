"""One's own account: the second factor and its codes, browsers one is signed in with, links for a new password."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update

from appointments_app.db.models import Business, KnownDevice, PasswordReset, RecoveryCode, SignIn, Staff
from appointments_app.db.unit_of_work import Tx

DEVICES_KEPT = timedelta(days=400)


@dataclass(frozen=True)
class OwnSignIn:
    """One browser in which somebody is signed in."""

    token_hash: str
    browser: str
    address: str
    created_at: datetime
    last_seen_at: datetime


def waiting(tx: Tx, token_hash: str) -> tuple[SignIn, Staff] | None:
    """Return a sign-in that waits for its second step, and whose it is; None when there is none."""
    statement = (
        select(SignIn, Staff)
        .join(Staff, Staff.id == SignIn.staff_id)
        .where(
            SignIn.token_hash == token_hash,
            SignIn.second_step_due.is_(True),
            SignIn.expires_at > tx.now,
            Staff.active.is_(True),
        )
    )
    row = tx.execute(statement).first()
    return (row[0], row[1]) if row else None


def needs_second_step(tx: Tx, role: str) -> bool:
    """Whether people with this role must have a second factor."""
    needed = tx.execute(select(Business.second_step_roles)).scalar() or ""
    return role in needed.split(",")


def offer_secret(tx: Tx, token_hash: str, encrypted: str) -> None:
    """Keep the secret of a second factor that is being set up in this browser; '' forgets it."""
    tx.execute(update(SignIn).where(SignIn.token_hash == token_hash).values(totp_secret=encrypted))


def offered_secret(tx: Tx, token_hash: str) -> str:
    """Return the encrypted secret that is being set up in this browser, '' when none is."""
    return tx.execute(select(SignIn.totp_secret).where(SignIn.token_hash == token_hash)).scalar() or ""


def set_secret(tx: Tx, staff_id: int, encrypted: str, step: int) -> None:
    """Turn the second factor on, or off with ''."""
    values = {"totp_secret": encrypted, "totp_step": step, "version": Staff.version + 1}
    tx.execute(update(Staff).where(Staff.id == staff_id).values(values))


def use_step(tx: Tx, staff_id: int, step: int) -> bool:
    """Note that the code of a step was used; False when it, or a later one, was used before."""
    used = update(Staff).where(Staff.id == staff_id, Staff.totp_step < step).values(totp_step=step)
    return tx.execute(used).rowcount == 1


def replace_codes(tx: Tx, staff_id: int, hashes: Sequence[str]) -> None:
    """Make these the only recovery codes."""
    tx.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))
    if hashes:
        tx.execute(insert(RecoveryCode), [{"staff_id": staff_id, "code_hash": each} for each in hashes])


def use_code(tx: Tx, staff_id: int, code_hash: str) -> bool:
    """Use a recovery code up; False when there is none such any more."""
    mine = RecoveryCode.staff_id == staff_id, RecoveryCode.code_hash == code_hash
    return tx.execute(delete(RecoveryCode).where(*mine)).rowcount == 1


def codes_left(tx: Tx, staff_id: int) -> int:
    """Return how many recovery codes are left."""
    return tx.execute(select(func.count()).where(RecoveryCode.staff_id == staff_id)).scalar_one()


def of_person(tx: Tx, staff_id: int) -> list[OwnSignIn]:
    """Return the browsers in which somebody is signed in, the one used last first."""
    columns = SignIn.token_hash, SignIn.browser, SignIn.address, SignIn.created_at, SignIn.last_seen_at
    live = SignIn.staff_id == staff_id, SignIn.second_step_due.is_(False), SignIn.expires_at > tx.now
    rows = tx.execute(select(*columns).where(*live).order_by(SignIn.last_seen_at.desc(), SignIn.token_hash).limit(100))
    return [OwnSignIn(*row) for row in rows]


def meet_device(tx: Tx, staff_id: int, token_hash: str) -> bool:
    """Remember a browser; return whether it is a new one while others are known."""
    mine = KnownDevice.staff_id == staff_id
    seen = update(KnownDevice).where(mine, KnownDevice.token_hash == token_hash).values(last_seen_at=tx.now)
    if tx.execute(seen).rowcount:
        return False
    others = tx.execute(select(KnownDevice.token_hash).where(mine).limit(1)).first() is not None
    tx.add(KnownDevice(staff_id=staff_id, token_hash=token_hash, last_seen_at=tx.now))
    tx.execute(delete(KnownDevice).where(KnownDevice.last_seen_at < tx.now - DEVICES_KEPT))
    return others


def add_reset(tx: Tx, staff_id: int, token_hash: str, expires_at: datetime) -> None:
    """Keep a link for a new password; those before it, and others' that have expired, work no more."""
    tx.execute(delete(PasswordReset).where((PasswordReset.staff_id == staff_id) | (PasswordReset.expires_at <= tx.now)))
    tx.add(PasswordReset(staff_id=staff_id, token_hash=token_hash, expires_at=expires_at))


def use_reset(tx: Tx, token_hash: str) -> int | None:
    """Use a link for a new password up; return whose it was, or None when it is used, expired or made up."""
    used = delete(PasswordReset).where(PasswordReset.token_hash == token_hash, PasswordReset.expires_at > tx.now)
    return tx.execute(used.returning(PasswordReset.staff_id)).scalar()


def forget_resets(tx: Tx, staff_id: int) -> None:
    """Let no link for a new password work any more."""
    tx.execute(delete(PasswordReset).where(PasswordReset.staff_id == staff_id))
