"""Who runs the service, and on which form of the tables."""

from datetime import datetime

from sqlmodel import Field, SQLModel


class VersionRow(SQLModel, table=True):
    """Marks that tell a process when what it remembers is old."""

    __tablename__ = "version"
    name: str = Field(primary_key=True)
    value: int


class NodeRow(SQLModel, table=True):
    """A process that runs the service, and when it was last alive.

    `knows` is the newest revision of the tables that its release knows.
    """

    __tablename__ = "node"
    id: str = Field(primary_key=True)
    started_at: datetime
    ticked_at: datetime
    release: str
    knows: int | None = None


class FormatRow(SQLModel, table=True):
    """The form that a part of the store has, and the oldest that may still write it.

    `release` is the program that brought it.
    """

    __tablename__ = "store_format"
    part: str = Field(primary_key=True)
    version: int
    oldest: int
    release: str
