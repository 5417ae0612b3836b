"""Who wants no messages: said at the desk, by the link in an e-mail, or by answering STOP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from appointments_app import runtime
from appointments_app.db.models import Business, Client
from appointments_app.db.queries import history, opt_outs
from appointments_app.db.queries.opt_outs import OptOutRow
from appointments_app.db.queries.reach import reached_clients
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain.access import Actor, Permission, program
from appointments_app.domain.change import Verb
from appointments_app.domain.contact import phone_number
from appointments_app.domain.errors import Invalid, NotFound
from appointments_app.domain.links import BrokenLink, ExpiredLink
from appointments_app.domain.listing import record_id
from appointments_app.domain.message import Channel
from appointments_app.domain.opt_out import How, wish_in

LINK_DAYS = timedelta(days=400)
FIELDS = {Channel.SMS: "messages_sms", Channel.EMAIL: "messages_email"}
"""What the audit trail calls the wish."""
NUMBER_NAMES = ("from", "msisdn", "sender", "mobile", "phone", "number", "source")
TEXT_NAMES = ("text", "body", "message", "content", "msg")


@dataclass(frozen=True)
class UnsubscribePage:
    """What the page behind the link in an e-mail shows; ``is_out``: no more e-mails are sent."""

    language: str = ""
    is_out: bool = False
    is_broken: bool = False
    is_expired: bool = False


def opt_outs_of(uow: UnitOfWork, *, actor: Actor, client_id: object) -> list[OptOutRow]:
    """Return by which channels a client wants nothing."""
    actor.require(Permission.CLIENTS)
    with uow.read() as tx:
        return opt_outs.of_client(tx, _client(tx, actor, record_id(client_id)).id or 0)


def set_wish(uow: UnitOfWork, *, actor: Actor, client_id: object, channel: object, wants: object) -> None:
    """Note at the desk whether a client wants messages by a channel."""
    actor.require(Permission.CLIENTS)
    if not isinstance(channel, str) or channel not in Channel._value2member_map_ or not isinstance(wants, bool):
        raise Invalid()
    with uow.begin() as tx:
        client = _client(tx, actor, record_id(client_id))
        note(tx, actor, client.id or 0, Channel(channel), wants=wants, how=How.STAFF)


def note(tx: Tx, actor: Actor, client_id: int, channel: Channel, *, wants: bool, how: How) -> None:
    """Note a client's wish with a line in the audit trail, unless it is known already."""
    is_new = opt_outs.remove(tx, client_id, channel) if wants else opt_outs.add(tx, client_id, channel, how)
    if is_new:
        pair = ("", "1") if wants else ("1", "")
        history.record(tx, actor, Verb.EDITED, "client", client_id, {FIELDS[channel]: pair})


def open_link(uow: UnitOfWork, *, token: str) -> UnsubscribePage:
    """Return what a link is for; changes nothing."""
    with uow.read() as tx:
        return _page(tx, token)


def by_link(uow: UnitOfWork, *, token: str, wants: bool) -> UnsubscribePage:
    """Stop e-mails to the client of a link, or send them again; doing it twice is harmless."""
    with uow.begin() as tx:
        page = _page(tx, token)
        if page.is_broken or page.is_expired:
            return page
        note(tx, program(), _claimed(token), Channel.EMAIL, wants=wants, how=How.LINK)
        return _page(tx, token)


def _page(tx: Tx, token: str) -> UnsubscribePage:
    try:
        client = tx.get(Client, _claimed(token))
    except ExpiredLink:
        return UnsubscribePage(is_expired=True)
    except BrokenLink:
        return UnsubscribePage(is_broken=True)
    if client is None:
        return UnsubscribePage(is_broken=True)
    out = any(row.channel == Channel.EMAIL for row in opt_outs.of_client(tx, client.id or 0))
    return UnsubscribePage(language=client.language, is_out=out)


def _claimed(token: str) -> int:
    return record_id(runtime.read_unsubscribe(token, LINK_DAYS).get("c"))


def hear(uow: UnitOfWork, *, said: Mapping[str, object]) -> int:
    """Take in an SMS as a gateway passes it on; return for how many clients STOP or START changed something."""
    values = {str(name).lower(): value for name, value in said.items() if isinstance(value, (str, int))}
    number = next((str(values[name]) for name in NUMBER_NAMES if name in values), "")
    wish = wish_in(next((str(values[name]) for name in TEXT_NAMES if name in values), "")[:200])
    if wish is None or not number:
        return 0
    with uow.begin() as tx:
        business = tx.get(Business, 1)
        try:
            phone = phone_number(_with_plus(number), business.phone_region if business else "US")
        except Invalid:
            return 0
        clients = opt_outs.with_phone(tx, phone) if phone else []
        for client_id in clients:
            note(tx, program(), client_id, Channel.SMS, wants=not wish, how=How.SMS)
        return len(clients)


def _with_plus(number: str) -> str:
    """Return a number as gateways give it, with the + that some leave out before the country."""
    bare = number.strip()[:40]
    return f"+{bare}" if bare.isdigit() and not bare.startswith("0") and len(bare) > 10 else bare


def _client(tx: Tx, actor: Actor, client_id: int) -> Client:
    client = tx.get(Client, client_id) if client_id in reached_clients(tx, actor, [client_id]) else None
    if client is None:
        raise NotFound()
    return client
