"""A forgotten password: a link by e-mail, which works once and not for long."""

from __future__ import annotations

from datetime import timedelta

from appointments_app import runtime
from appointments_app.db.models import Staff
from appointments_app.db.queries import account, history, sign_ins
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain import passwords
from appointments_app.domain import sign_in as rules
from appointments_app.domain.access import program
from appointments_app.domain.change import PASSWORD_SHOWN, Verb
from appointments_app.domain.errors import NotFound, TooManyAttempts
from appointments_app.domain.message import Channel
from appointments_app.domain.text import one_line
from appointments_app.domain.words import N_
from appointments_app.features.account.service.notices import send_reset_link, tell_of_new_password
from appointments_app.features.session.service import check_waiting, count_failure, own_words


def can_be_sent() -> bool:
    """Whether a link could be sent to anybody: e-mail is set up."""
    return runtime.sender(Channel.EMAIL) is not None


def count_request(uow: UnitOfWork, *, address: str) -> None:
    """Count one more wish for a new password from this address; raise TooManyAttempts when there were many."""
    key = rules.failure_key("address", f"reset {address}")
    with uow.begin() as tx:
        check_waiting(tx, {"address": key})
        count_failure(tx, key)


def ask_for_reset(uow: UnitOfWork, *, email: str) -> None:
    """Send a link to whoever has this address; nothing happens, and nobody hears of it, when nobody has.

    More than a few letters to one person within half an hour are not sent: see FREE_ATTEMPTS.
    """
    email = one_line(email, 254).lower()
    key = rules.failure_key("reset", email)
    with uow.begin() as tx:
        staff = sign_ins.staff_by_email(tx, email)
        if staff is None or staff.id is None or not staff.active or not staff.password_hash:
            return
        try:
            check_waiting(tx, {"reset": key})
        except TooManyAttempts:
            return
        count_failure(tx, key)
        token = rules.new_token()
        account.add_reset(tx, staff.id, rules.hash_of(token), tx.now + timedelta(minutes=rules.RESET_MINUTES))
        send_reset_link(tx, staff, token, rules.RESET_MINUTES)


def reset_password(uow: UnitOfWork, *, token: str, password: str) -> None:
    """Set a new password by a link, which is used up; every sign-in of the person ends. Raises NotFound, Invalid."""
    rules.check_password(password)
    with uow.begin() as tx:
        staff_id = account.use_reset(tx, rules.hash_of(token))
        staff = tx.get(Staff, staff_id) if staff_id else None
        if staff is None or staff.id is None or not staff.active or not staff.password_hash:
            raise NotFound(N_("This link is not valid any more. Ask for a new one."))
        new_hash = passwords.hash_password(rules.check_password(password, own_words=own_words(staff)))
        sign_ins.set_password(tx, staff.id, new_hash)
        sign_ins.end_all(tx, staff.id)
        account.forget_resets(tx, staff.id)
        for key in (staff.email, f"staff {staff.id}"):
            sign_ins.clear_failures(tx, rules.failure_key("account", key))
        history.record(tx, program(), Verb.EDITED, "staff", staff.id, {"password": ("", PASSWORD_SHOWN)})
        tell_of_new_password(tx, staff)
