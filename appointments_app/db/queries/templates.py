"""What messages say: templates and their texts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from sqlalchemy import delete, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from appointments_app.db.models import Template, TemplateText
from appointments_app.db.unit_of_work import Tx
from appointments_app.domain.message import Channel
from appointments_app.domain.template import ReadyMade, Slug, Text


@dataclass(frozen=True)
class TemplateRow:
    """A template as lists and drop-downs show it."""

    id: int
    channel: str
    name: str
    slug: str
    sample: str = ""


@dataclass(frozen=True)
class Loaded:
    """A template with its text in every language."""

    id: int
    channel: str
    name: str
    slug: str
    version: int
    texts: Mapping[str, Text] = field(default_factory=dict)


def lacks(tx: Tx, slugs: Collection[Slug]) -> bool:
    """Whether any of these ready-made templates was never added."""
    known = select(func.count()).select_from(Template).where(Template.slug.in_([each.value for each in slugs]))
    return tx.execute(known).scalar_one() < len(slugs)


def add_missing(
    tx: Tx, ready_made: Mapping[Slug, tuple[str, ReadyMade]], former: Mapping[Slug, Mapping[str, Text]]
) -> None:
    """Add those ready-made templates, given with their names, that were never added.

    What exists stays as it is, unless nobody edited it and it says what it ``former``ly said.
    """
    known = set(tx.execute(select(Template.slug).where(Template.slug.is_not(None))).scalars())
    upsert = sqlite.insert if tx.is_sqlite else postgresql.insert
    for slug, (name, each) in ready_made.items():
        if slug.value in known:
            stored = load(tx, slug, to_change=True) if slug in former else None
            if stored and stored.version == 1 and stored.texts == former[slug]:
                set_texts(tx, stored.id, each.texts)
            continue
        values = {"slug": slug.value, "channel": each.channel.value, "name": name, "version": 1, "created_at": tx.now}
        added = upsert(Template).values(values).on_conflict_do_nothing().returning(Template.id)
        template_id = tx.execute(added).scalar_one_or_none()
        if template_id is not None:
            set_texts(tx, template_id, each.texts)


def rows(tx: Tx, language: str, channel: Channel | None = None) -> list[TemplateRow]:
    """Return the templates by channel and name, with the beginning of their text in a language."""
    statement = (
        select(Template.id, Template.channel, Template.name, Template.slug, TemplateText.body)
        .outerjoin(TemplateText, (TemplateText.template_id == Template.id) & (TemplateText.language == language))
        .where(Template.deleted_at.is_(None), *([] if channel is None else [Template.channel == channel.value]))
        .order_by(Template.channel.desc(), Template.id)
    )
    return [TemplateRow(*row[:3], row[3] or "", (row[4] or "")[:200]) for row in tx.execute(statement)]


def load(tx: Tx, which: int | Slug, *, to_change: bool = False) -> Loaded | None:
    """Return a template by id or as a ready-made one, None when there is none; ``to_change`` makes others wait."""
    is_it = Template.slug == which.value if isinstance(which, Slug) else Template.id == which
    columns = (Template.id, Template.channel, Template.name, Template.slug, Template.version)
    statement = select(*columns).where(is_it, Template.deleted_at.is_(None))
    row = tx.execute(statement.with_for_update() if to_change else statement).first()
    if row is None:
        return None
    texts = tx.execute(
        select(TemplateText.language, TemplateText.subject, TemplateText.body).where(TemplateText.template_id == row[0])
    )
    return Loaded(*row[:3], row[3] or "", row[4], {language: Text(*text) for language, *text in texts})


def set_texts(tx: Tx, template_id: int, texts: Mapping[str, Text]) -> None:
    """Put these texts in the place of a template's."""
    tx.execute(delete(TemplateText).where(TemplateText.template_id == template_id))
    values = [
        {"template_id": template_id, "language": language, "subject": text.subject, "body": text.body}
        for language, text in texts.items()
    ]
    tx.execute(insert(TemplateText), values)
