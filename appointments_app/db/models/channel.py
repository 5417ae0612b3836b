"""By what messages are sent, what they say, and who wants none."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel


class ChannelSetup(SQLModel, table=True):
    """How one channel sends; without a row there is none, or the one of the environment."""

    __tablename__ = "channel_setup"

    channel: str = Field(primary_key=True, max_length=5, description="domain.message.Channel")
    means: str = Field(max_length=10, description="domain.channel.Means")
    active: bool = True
    settings: str = Field(description="the fields of the means' Setup as JSON")
    secret: str = Field(default="", description="password, key or address, encrypted")
    version: int = 1
    created_at: datetime


class Template(SQLModel, table=True):
    """What messages say, by one channel, in every language."""

    id: int | None = Field(default=None, primary_key=True)
    slug: str | None = Field(default=None, max_length=30, unique=True, description="of a ready-made one")
    channel: str = Field(max_length=5, description="domain.message.Channel")
    name: str = Field(max_length=80)
    deleted_at: datetime | None = None
    version: int = 1
    created_at: datetime


class TemplateText(SQLModel, table=True):
    """A template in one language, with placeholders; empty: the other language is used."""

    __tablename__ = "template_text"

    template_id: int = Field(foreign_key="template.id", primary_key=True, ondelete="CASCADE")
    language: str = Field(primary_key=True, max_length=10)
    subject: str = Field(default="", max_length=250)
    body: str = Field(default="", max_length=4_000)


class OptOut(SQLModel, table=True):
    """A client who wants no messages by one channel."""

    __tablename__ = "opt_out"

    client_id: int = Field(foreign_key="client.id", primary_key=True, ondelete="CASCADE")
    channel: str = Field(primary_key=True, max_length=5, description="domain.message.Channel")
    how: str = Field(max_length=10, description="domain.opt_out.How")
    at: datetime
