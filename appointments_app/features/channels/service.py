"""Use-cases of the channels: how e-mails and SMS leave the house."""

from __future__ import annotations

from dataclasses import replace

from appointments_app import runtime
from appointments_app.db.models import Business
from appointments_app.db.queries import channels, history
from appointments_app.db.queries.channels import Stored
from appointments_app.db.queries.staff import one_at_a_time
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.change import PASSWORD_SHOWN, Verb, differences
from appointments_app.domain.channel import Means
from appointments_app.domain.contact import email_address, phone_number
from appointments_app.domain.errors import Conflict, Invalid, NotFound
from appointments_app.domain.message import Channel, DeliveryError, Outgoing
from appointments_app.domain.words import N_
from appointments_app.features.channels.schemas import (
    SECRETS,
    ChannelForm,
    Entered,
    as_json,
    empty_form,
    entered,
    form_of,
    in_audit,
    needs_secret_again,
)

NUMBERS = {Channel.SMS: 1, Channel.EMAIL: 2}
"""The ids that the audit trail knows the channels by."""
_AGAIN = N_("Enter it again: it would go to another place than the one it was entered for.")


def open_channels(uow: UnitOfWork, *, actor: Actor) -> list[ChannelForm]:
    """Return how e-mail and SMS are sent, without their secrets."""
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        name = _business_name(tx)
        return [_form(channel, channels.stored(tx, channel), name) for channel in (Channel.EMAIL, Channel.SMS)]


def _form(channel: Channel, stored: Stored | None, business: str) -> ChannelForm:
    form = replace(empty_form(channel), sender_name=business)
    if channel is Channel.SMS:
        origin = runtime.settings().origin
        incoming, delivered = (
            f"{origin}{path}" for path in (runtime.incoming_sms_path(), runtime.delivered_sms_path())
        )
        form = replace(form, incoming=incoming, delivered=delivered)
    if stored is None:
        return replace(form, from_environment=channel is Channel.EMAIL and bool(runtime.settings().smtp_url))
    return form_of(
        replace(
            form,
            version=stored.version,
            active=stored.active,
            has_secret=bool(stored.secret),
            secret_lost=runtime.decrypt(runtime.CHANNELS, stored.secret) is None,
        ),
        stored.means,
        stored.settings,
    )


def save(uow: UnitOfWork, *, actor: Actor, channel: object, values: dict[str, object], version: object) -> None:
    """Set a channel up. A secret left empty stays as it is. Raises Invalid, and Conflict when ``version`` is old."""
    actor.require(Permission.SETTINGS)
    which = _channel(channel)
    wanted = entered(which, values, apprise_knows=runtime.is_apprise_address)
    with uow.begin() as tx:
        one_at_a_time(tx)
        old = channels.stored(tx, which)
        if (old.version if old else 0) != version:
            raise Conflict()
        secret = runtime.encrypt(runtime.CHANNELS, wanted.secret) if wanted.secret else _kept(old, wanted)
        settings = as_json(wanted.setup)
        before = in_audit(old.means, old.active, old.settings) if old else {}
        changed = differences(before, in_audit(wanted.means.value, wanted.active, settings))
        if wanted.secret:
            changed["secret"] = ("", PASSWORD_SHOWN)
        if not changed and old:
            return
        channels.store(tx, which, wanted.means.value, wanted.active, settings, secret)
        history.record(tx, actor, Verb.EDITED if old else Verb.CREATED, "channel", NUMBERS[which], changed)


def _kept(old: Stored | None, wanted: Entered) -> str:
    """Return the secret that is kept, encrypted; raise Invalid where it has to be entered."""
    field = SECRETS[wanted.means]
    if old is None or not old.secret or old.means != wanted.means.value:
        if wanted.means is Means.APPRISE:
            raise Invalid(fields={field: N_("Enter the address of the gateway.")})
        return ""
    if needs_secret_again(old.settings, old.means, wanted):
        raise Invalid(fields={field: _AGAIN})
    return old.secret


def remove(uow: UnitOfWork, *, actor: Actor, channel: object) -> None:
    """Forget how a channel sends, with its secret; raises NotFound when it is not set up."""
    actor.require(Permission.SETTINGS)
    which = _channel(channel)
    with uow.begin() as tx:
        one_at_a_time(tx)
        if not channels.remove(tx, which):
            raise NotFound()
        history.record(tx, actor, Verb.DELETED, "channel", NUMBERS[which])


def send_test(uow: UnitOfWork, *, actor: Actor, channel: object, to: object) -> None:
    """Send a message right now, past the outbox. Raises Invalid with what the other side said."""
    actor.require(Permission.SETTINGS)
    which = _channel(channel)
    field = f"test_{which.value}"
    with uow.read() as tx:
        name, address = _business_name(tx), _address(tx, which, to, field)
    sender = runtime.sender(which)
    if sender is None:
        raise Invalid(fields={field: N_("Save the settings first: there is nothing to send with.")})
    text = runtime.translate(actor.language, N_("This is a test message from {business}."), business=name)
    key = f"test-{which.value}-{int(uow.clock().timestamp() * 1000)}"
    try:
        sender.send(Outgoing(which, address, text, subject=text, key=key))
    except DeliveryError as error:
        raise Invalid(fields={field: error.reason}) from None


def _address(tx: Tx, channel: Channel, to: object, field: str) -> str:
    text = to if isinstance(to, str) else ""
    business = tx.get(Business, 1)
    region = business.phone_region if business else "US"
    address = email_address(text, field) if channel is Channel.EMAIL else phone_number(text, region, field)
    if not address:
        is_email = channel is Channel.EMAIL
        raise Invalid(fields={field: N_("Enter an e-mail address.") if is_email else N_("Enter a phone number.")})
    return address


def _business_name(tx: Tx) -> str:
    business = tx.get(Business, 1)
    return business.name if business else ""


def _channel(value: object) -> Channel:
    if not isinstance(value, str) or value not in Channel._value2member_map_:
        raise NotFound()
    return Channel(value)
