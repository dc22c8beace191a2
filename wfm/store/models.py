"""The tables of the database."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

Json = dict[str, Any]

# SQLite would give the id of a deleted row to the next one; the others never do.
NEVER_REUSED = {"sqlite_autoincrement": True}


def now() -> datetime:
    """The present in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day in UTC."""
    return now().date()


class UtcTime(TypeDecorator[datetime]):
    """A point in time, kept in UTC by every database and read back with its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn into UTC on the way in; a time without zone is a mistake."""
        if value is None:
            return None
        if value.tzinfo is None:
            message = f"time stamp {value} has no zone"
            raise ValueError(message)
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back to databases that forget it."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Shared metadata; every constraint has a name, so that migrations can change it."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Project(Base):
    """A plan with its settings."""

    __tablename__ = "project"
    __table_args__ = NEVER_REUSED

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    settings: Mapped[Json] = mapped_column(JSON)
    settings_hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    updated_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012 (SQLAlchemy's own way)


class PlanTable(Base):
    """One table that the planner types: agents, absences, contracts, campaigns and so on."""

    __tablename__ = "plan_table"

    project_id: Mapped[int] = mapped_column(
        ForeignKey("project.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    content: Mapped[Json] = mapped_column(JSON)
    content_hash: Mapped[str] = mapped_column(String(64))
    updated_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}  # noqa: RUF012


class Version(Base):
    """One saved value; it is written once, and only its state changes."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("project_id", "kind", "number"), NEVER_REUSED)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    note: Mapped[str] = mapped_column(Text)
    settings: Mapped[Json] = mapped_column(JSON)
    parents: Mapped[list[int]] = mapped_column(JSON)
    data_hash: Mapped[str] = mapped_column(String(64))
    program: Mapped[str] = mapped_column(String(50))
    state: Mapped[str] = mapped_column(String(20), default="draft")
    payload: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Job(Base):
    """Long work that a process of its own does."""

    __tablename__ = "job"
    __table_args__ = (Index(None, "project_id"), Index(None, "status"), NEVER_REUSED)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(50))
    arguments: Mapped[Json] = mapped_column(JSON)
    status: Mapped[str] = mapped_column(String(20))
    progress: Mapped[Json] = mapped_column(JSON)
    message: Mapped[str] = mapped_column(Text)
    cancel_requested: Mapped[bool]
    version_id: Mapped[int | None] = mapped_column(ForeignKey("version.id", ondelete="SET NULL"))
    limit_s: Mapped[float] = mapped_column(Float)
    pid: Mapped[int | None]
    host: Mapped[str] = mapped_column(String(255), default="")
    author: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    launched_at: Mapped[datetime | None] = mapped_column(UtcTime)
    started_at: Mapped[datetime | None] = mapped_column(UtcTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcTime)
    heartbeat_at: Mapped[datetime] = mapped_column(UtcTime, default=now)


class Kept(Base):
    """A small fact of a project that is no part of its plan; neither logged nor handed out."""

    __tablename__ = "kept"

    project_id: Mapped[int] = mapped_column(
        ForeignKey("project.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    value: Mapped[str] = mapped_column(Text)


class Content(Base):
    """What settings or a table once held: compressed JSON, each content of a project kept once."""

    __tablename__ = "content"
    __table_args__ = (UniqueConstraint("project_id", "hash"), NEVER_REUSED)

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    hash: Mapped[str] = mapped_column(String(64))
    body: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class Change(Base):
    """One line of the change log, written in the transaction of the change itself.

    `undo` tells where an edit stands: `done` (undo may take it back), `undone` (redo may bring it
    again), `cut` (undone, and then something else was edited), or empty where neither applies.
    """

    __tablename__ = "change"
    __table_args__ = (
        Index(None, "project_id", "undo"),
        Index(None, "project_id", "kind", "name", "revision"),
        NEVER_REUSED,
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id", ondelete="CASCADE"))
    at: Mapped[datetime] = mapped_column(UtcTime, default=now)
    author: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    action: Mapped[str] = mapped_column(String(20))
    differences: Mapped[Json] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(Text)
    revision: Mapped[int | None]
    before_id: Mapped[int | None] = mapped_column(ForeignKey("content.id"))
    after_id: Mapped[int | None] = mapped_column(ForeignKey("content.id"))
    of_id: Mapped[int | None] = mapped_column(ForeignKey("change.id"))
    undo: Mapped[str] = mapped_column(String(10))
