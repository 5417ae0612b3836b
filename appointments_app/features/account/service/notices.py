"""E-mails to people about their own account."""

from __future__ import annotations

from appointments_app import routes, runtime
from appointments_app.db.models import Staff
from appointments_app.db.queries import sign_ins
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.message import Channel
from appointments_app.domain.sign_in import Visitor, new_token
from appointments_app.domain.times import to_wall
from appointments_app.domain.words import N_
from appointments_app.features.messages.service import post


def tell_of_new_browser(tx: Tx, staff: Staff, visitor: Visitor) -> None:
    """Tell somebody that their account was opened in a browser which never did so before."""
    body = N_(
        "Hello {name},\n\nsomebody signed in to your account just now: {browser}, from {address}, {when}.\n\n"
        "If that was you, there is nothing to do. "
        "If it was not, set a new password now and sign out all others:\n{link}"
    )
    details: dict[str, object] = {
        "browser": visitor.browser or "?",
        "address": visitor.address or "?",
        "link": _link(routes.ACCOUNT),
    }
    _send(tx, staff, N_("A new sign-in to {business}"), body, details, kind="new-browser")


def tell_of_new_password(tx: Tx, staff: Staff) -> None:
    """Tell somebody that their password is another one now."""
    body = N_(
        "Hello {name},\n\nyour password was changed, {when}. Every browser was signed out.\n\n"
        "If that was not you, ask for a new one here, and tell whoever manages the staff:\n{link}"
    )
    _send(
        tx, staff, N_("Your password for {business} was changed"), body, {"link": _link(routes.FORGOT)}, kind="password"
    )


def send_reset_link(tx: Tx, staff: Staff, token: str, minutes: int) -> None:
    """Send the link by which somebody sets a new password."""
    body = N_(
        "Hello {name},\n\nsomebody asked for a new password for your account. This link sets one; it works once, "
        "for {minutes} minutes:\n{link}\n\nIf that was not you, there is nothing to do: your password stays as it is."
    )
    details: dict[str, object] = {"minutes": minutes, "link": f"{_link(routes.RESET)}?token={token}"}
    _send(tx, staff, N_("A new password for {business}"), body, details, kind="reset", secret=True)


def _send(
    tx: Tx, staff: Staff, subject: str, body: str, details: dict[str, object], *, kind: str, secret: bool = False
) -> None:
    business = sign_ins.business(tx)
    assert business is not None and staff.id is not None
    language = staff.language or business.language
    when = to_wall(tx.now, staff.time_zone or business.time_zone)
    values = {
        "name": staff.name,
        "business": business.name,
        "when": f"{when:%Y-%m-%d %H:%M} ({staff.time_zone or business.time_zone})",
        **details,
    }
    post(
        tx,
        channel=Channel.EMAIL,
        to=staff.email,
        subject=runtime.translate(language, subject, **values),
        text=runtime.translate(language, body, **values),
        staff_id=staff.id,
        key=f"{kind}-{staff.id}-{new_token()[:16]}",
        secret=secret,
    )


def _link(path: str) -> str:
    return f"{runtime.settings().origin}{path}"
