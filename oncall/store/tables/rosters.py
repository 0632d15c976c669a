"""Whose turn it is: exceptions, revisions, calendars."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, false
from sqlmodel import Field, SQLModel

from oncall.store.tables.columns import LASTING, json_column, json_or_nothing, where

NOT_UNLESS_SAID = {"server_default": false()}
"""An older release, which does not know the column, goes on writing rows."""


class OverrideRow(SQLModel, table=True):
    """A dated exception to a rotation; `ended_at` when it was taken back.

    What is `lasting` is longer than a year: it is looked for apart.
    """

    __tablename__ = "override"
    __table_args__ = (where("ix_override_lasting", "end_at", condition=LASTING),)
    id: str = Field(primary_key=True)
    rotation: str
    start_at: datetime = Field(index=True)
    end_at: datetime = Field(index=True)
    person: str | None
    instead_of: str | None
    adds: bool
    remove: str | None
    reason: str
    created_at: datetime
    ended_at: datetime | None
    lasting: bool = Field(default=False, sa_column_kwargs=NOT_UNLESS_SAID)


class SwapRow(SQLModel, table=True):
    """Two people exchange shifts; `accepted_at` makes it effective."""

    __tablename__ = "swap"
    __table_args__ = (where("ix_swap_lasting", "end_at", condition=LASTING),)
    id: str = Field(primary_key=True)
    rotation: str
    person: str
    with_person: str
    start_at: datetime = Field(index=True)
    end_at: datetime = Field(index=True)
    back_start_at: datetime | None = Field(index=True)
    back_end_at: datetime | None = Field(index=True)
    reason: str
    created_at: datetime
    accepted_at: datetime | None
    ended_at: datetime | None
    lasting: bool = Field(default=False, sa_column_kwargs=NOT_UNLESS_SAID)


class AbsenceRow(SQLModel, table=True):
    """A person is away."""

    __tablename__ = "absence"
    __table_args__ = (where("ix_absence_lasting", "end_at", condition=LASTING),)
    id: str = Field(primary_key=True)
    person: str
    start_at: datetime = Field(index=True)
    end_at: datetime = Field(index=True)
    reason: str
    created_at: datetime
    ended_at: datetime | None
    lasting: bool = Field(default=False, sa_column_kwargs=NOT_UNLESS_SAID)


class DepartureRow(SQLModel, table=True):
    """Somebody whom exceptions name has left the file, and perhaps come back."""

    __tablename__ = "departure"
    person: str = Field(primary_key=True)
    left_at: datetime = Field(primary_key=True)
    back_at: datetime | None


class AbsenceCalendarRow(SQLModel, table=True):
    """How reading a person's calendar of absences goes; `failed` is why it did not.

    `place` is a digest of where it is read: a new place is tried at once. `unread` are
    its events that could not be read, by `line`, `words` and `why`.
    """

    __tablename__ = "absence_calendar"
    person: str = Field(primary_key=True)
    place: str
    since: datetime
    tried_at: datetime
    read_at: datetime | None
    failed: str
    unread: list[dict[str, Any]] | None = Field(sa_column=json_or_nothing())


class RevisionRow(SQLModel, table=True):
    """A rotation's definition and when it is valid from; none when it was removed."""

    __tablename__ = "revision"
    rotation: str = Field(primary_key=True)
    valid_from: datetime = Field(primary_key=True)
    definition: dict[str, Any] = Field(sa_column=json_column())
    loaded_at: datetime


class FeedRow(SQLModel, table=True):
    """A calendar link; only the token's hash is kept."""

    __tablename__ = "feed"
    id: str = Field(primary_key=True)
    token_hash: str = Field(unique=True)
    kind: str
    person: str | None
    rotation: str | None
    created_at: datetime
    revoked_at: datetime | None = Field(index=True)
    fetched_at: datetime | None
    fetched_by: str


class SlotRow(SQLModel, table=True):
    """A shift as calendars last saw it: what SEQUENCE and tombstones are made from."""

    __tablename__ = "slot"
    __table_args__ = (
        Index("ix_slot_rotation_end", "rotation", "end_at"),
        Index("ix_slot_rotation_cancelled", "rotation", "cancelled_at"),
    )
    uid: str = Field(primary_key=True)
    rotation: str
    person: str = Field(index=True)
    start_at: datetime
    end_at: datetime = Field(index=True)
    because: str
    title: str
    name: str
    before: str
    after: str
    call: str
    sequence: int
    revised_at: datetime
    cancelled_at: datetime | None
    slot: str | None


class AnnouncementRow(SQLModel, table=True):
    """What people were told of their shifts: each thing once, on whichever node."""

    __tablename__ = "announcement"
    key: str = Field(primary_key=True)
    at: datetime = Field(index=True)
