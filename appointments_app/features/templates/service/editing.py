"""Use-cases of Settings › Templates: list, edit with a preview, take back, delete."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from appointments_app import runtime
from appointments_app.db.models import Template
from appointments_app.db.queries import history, recipients, templates
from appointments_app.db.queries.recipients import House, Person, Visit
from appointments_app.db.queries.templates import Loaded, TemplateRow
from appointments_app.db.unit_of_work import Tx, UnitOfWork
from appointments_app.domain import sms
from appointments_app.domain.access import Actor, Permission
from appointments_app.domain.change import Verb, differences
from appointments_app.domain.contact import required_name
from appointments_app.domain.errors import Conflict, Invalid, NotFound
from appointments_app.domain.language import LANGUAGES
from appointments_app.domain.listing import is_id
from appointments_app.domain.message import Channel
from appointments_app.domain.ready_made import BY_SLUG
from appointments_app.domain.template import LONGEST_NAME, Slug, Text, WrongTemplate, checked
from appointments_app.domain.times import iso
from appointments_app.domain.words import N_
from appointments_app.features.templates.service.compose import Occasion, compose
from appointments_app.features.templates.service.rendering import make_ready

FIELDS = ("name", *(f"{part}_{language}" for language in LANGUAGES for part in ("subject", "body")))
_UNKNOWN = N_("“{name}” is not one of the placeholders.")
_UNREADABLE = N_("Line {line} can't be read. Only placeholders such as {{action}} may stand in double braces.")


@dataclass(frozen=True)
class TemplateForm:
    """A template as its form shows it; ``texts`` are subject_en, body_en, subject_ar, body_ar …"""

    id: int = 0
    version: int = 0
    channel: str = Channel.SMS.value
    name: str = ""
    is_ready_made: bool = False
    texts: dict[str, str] = field(default_factory=lambda: dict.fromkeys(FIELDS[1:], ""))


@dataclass(frozen=True)
class Pane:
    """What a template says in one language; for an SMS with how long it is. ``problem``: why it says nothing."""

    language: str = ""
    subject: str = ""
    text: str = ""
    html: str = ""
    encoding: str = ""
    places: int = 0
    segments: int = 0
    left: int = 0


@dataclass(frozen=True)
class Preview:
    """A template filled in for a real appointment, in every language; client and start say which, '' for a sample."""

    panes: list[Pane] = field(default_factory=list)
    client: str = ""
    start_at: str = ""


def list_templates(uow: UnitOfWork, *, actor: Actor) -> list[TemplateRow]:
    """Return every template, with the beginning of its text in the actor's language."""
    actor.require(Permission.SETTINGS)
    make_ready(uow)
    with uow.read() as tx:
        return templates.rows(tx, actor.language)


def open_template(uow: UnitOfWork, *, actor: Actor, template_id: object) -> TemplateForm:
    """Return a template's form; raise NotFound."""
    actor.require(Permission.SETTINGS)
    with uow.read() as tx:
        return _form(_existing(tx, template_id))


def _form(loaded: Loaded) -> TemplateForm:
    texts = {}
    for language in LANGUAGES:
        text = loaded.texts.get(language, Text())
        texts |= {f"subject_{language}": text.subject, f"body_{language}": text.body}
    return TemplateForm(loaded.id, loaded.version, loaded.channel, loaded.name, bool(loaded.slug), texts)


def save(
    uow: UnitOfWork,
    *,
    actor: Actor,
    template_id: object,
    channel: object,
    values: Mapping[str, object],
    version: object,
) -> int:
    """Store a template, new without ``template_id``; return its id. Raises Invalid, and Conflict when it is old."""
    actor.require(Permission.SETTINGS)
    with uow.begin() as tx:
        old = _existing(tx, template_id, to_change=True) if template_id else None
        which = Channel(old.channel) if old else _channel(channel)
        name, texts = _entered(which, values)
        if old is None:
            return _add(tx, actor, which, name, texts)
        if old.version != version:
            raise Conflict()
        _change(tx, actor, old, name, texts)
        return old.id


def restore(uow: UnitOfWork, *, actor: Actor, template_id: object) -> None:
    """Give a ready-made template the words it came with; raise NotFound for another."""
    actor.require(Permission.SETTINGS)
    with uow.begin() as tx:
        old = _existing(tx, template_id, to_change=True)
        if not old.slug:
            raise NotFound()
        _change(tx, actor, old, old.name, BY_SLUG[Slug(old.slug)].texts)


def delete(uow: UnitOfWork, *, actor: Actor, template_id: object) -> str:
    """Delete a template that somebody made; return its name. Raises Invalid for a ready-made one."""
    actor.require(Permission.SETTINGS)
    with uow.begin() as tx:
        old = _existing(tx, template_id, to_change=True)
        if old.slug:
            raise Invalid(N_("Ready-made templates can be changed, but not deleted."))
        entity = tx.get_one(Template, old.id)
        entity.deleted_at = tx.now
        tx.add(entity)
        history.record(tx, actor, Verb.DELETED, "template", old.id, {"name": (old.name, "")})
        return old.name


def preview(uow: UnitOfWork, *, actor: Actor, channel: object, values: Mapping[str, object]) -> Preview:
    """Return what a template would say about the next appointment that the actor sees; raise Invalid as ``save``."""
    actor.require(Permission.SETTINGS)
    which = _channel(channel)
    texts = _texts(which, values, lenient=True)
    with uow.read() as tx:
        house, visit = recipients.house(tx), recipients.next_visit(tx, actor)
        return Preview(
            [_pane(which, language, texts[language], house, visit, tx) for language in LANGUAGES],
            visit.client.name if visit else "",
            iso(visit.start_at) if visit else "",
        )


def _pane(channel: Channel, language: str, text: Text, house: House, visit: Visit | None, tx: Tx) -> Pane:
    someone = visit.client if visit else Person(0, runtime.translate(language, N_("Sample client")), "", "", "", "")
    reader = Person(someone.id, someone.name, someone.email, someone.phone, language, someone.time_zone)
    said = compose({language: text}, channel, Occasion(house, reader, visit, to_client=True, now=tx.now), key="")
    size = sms.length(said.text) if channel is Channel.SMS else sms.Length("", 0, 0, 0)
    return Pane(language, said.subject, said.text, said.html, size.encoding, size.places, size.segments, size.left)


def _entered(channel: Channel, values: Mapping[str, object]) -> tuple[str, dict[str, Text]]:
    """Return name and texts as they are stored; raise Invalid with every field that is wrong."""
    name = values.get("name", "")
    wrong: dict[str, str] = {}
    more: dict[str, dict[str, object]] = {}
    texts: dict[str, Text] = {}
    try:
        name = required_name(name if isinstance(name, str) else "")[:LONGEST_NAME]
    except Invalid as refusal:
        wrong |= refusal.fields
    try:
        texts = _texts(channel, values)
    except Invalid as refusal:
        wrong |= refusal.fields
        more = refusal.values.get("by_field", {})
    if wrong:
        raise Invalid(fields=wrong, by_field=more)
    return str(name), texts


def _texts(channel: Channel, values: Mapping[str, object], *, lenient: bool = False) -> dict[str, Text]:
    """Return the text of each language; raise Invalid. ``lenient``: nothing need be complete yet."""
    wrong: dict[str, str] = {}
    more: dict[str, dict[str, object]] = {}
    texts = {}
    for language in LANGUAGES:
        subject, body = (_text(values, f"{part}_{language}") for part in ("subject", "body"))
        try:
            texts[language] = checked(channel, Text(subject, body), language)
        except Invalid as refusal:
            texts[language] = Text(subject, body)
            wrong |= {} if lenient else refusal.fields
        for part in ("subject", "body"):
            _check(getattr(texts[language], part), f"{part}_{language}", wrong, more)
    if not lenient and not any(text.body for text in texts.values()):
        wrong.setdefault(f"body_{next(iter(LANGUAGES))}", N_("Write a text in one language at least."))
    if wrong:
        raise Invalid(fields=wrong, by_field=more)
    return texts


def _check(text: str, field: str, wrong: dict[str, str], more: dict[str, dict[str, object]]) -> None:
    try:
        runtime.placeholders_in(text)
    except WrongTemplate as problem:
        wrong[field] = _UNKNOWN if problem.name else _UNREADABLE
        more[field] = {"name": problem.name} if problem.name else {"line": problem.line}


def _add(tx: Tx, actor: Actor, channel: Channel, name: str, texts: dict[str, Text]) -> int:
    entity = Template(channel=channel.value, name=name, created_at=tx.now)
    tx.add(entity)
    tx.flush()
    assert entity.id is not None
    templates.set_texts(tx, entity.id, texts)
    history.record(tx, actor, Verb.CREATED, "template", entity.id, {"name": ("", name)})
    return entity.id


def _change(tx: Tx, actor: Actor, old: Loaded, name: str, texts: Mapping[str, Text]) -> None:
    wanted = Loaded(old.id, old.channel, name, old.slug, old.version, texts)
    before, after = ({"name": each.name, **_form(each).texts} for each in (old, wanted))
    changed = differences(before, after)
    if not changed:
        return
    entity = tx.get_one(Template, old.id)
    entity.name, entity.version = name, entity.version + 1
    tx.add(entity)
    tx.flush()
    templates.set_texts(tx, old.id, texts)
    history.record(tx, actor, Verb.EDITED, "template", old.id, changed)


def _existing(tx: Tx, template_id: object, *, to_change: bool = False) -> Loaded:
    text = str(template_id) if isinstance(template_id, (int, str)) and not isinstance(template_id, bool) else ""
    found = templates.load(tx, int(text), to_change=to_change) if is_id(text) else None
    if found is None:
        raise NotFound()
    return found


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name, "")
    return value if isinstance(value, str) else ""


def _channel(value: object) -> Channel:
    if not isinstance(value, str) or value not in Channel._value2member_map_:
        raise NotFound()
    return Channel(value)
