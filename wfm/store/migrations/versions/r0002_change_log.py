"""A change log with the contents before and after, states of versions, and who runs a job."""

from __future__ import annotations

import json
import zlib
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STAMP = sa.DateTime(timezone=True)
WHY = "how it stood when the change log began"


def upgrade() -> None:
    """Make the tables, add the columns, and keep what is there now as its first lines."""
    op.create_table(
        "content",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_content"),
        sa.UniqueConstraint("project_id", "hash", name="uq_content_project_id_hash"),
        _foreign("content", "project_id", "project", ondelete="CASCADE"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("at", STAMP, nullable=False),
        sa.Column("author", sa.String(200), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("action", sa.String(20), nullable=False),
        sa.Column("differences", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("before_id", sa.Integer(), nullable=True),
        sa.Column("after_id", sa.Integer(), nullable=True),
        sa.Column("of_id", sa.Integer(), nullable=True),
        sa.Column("undo", sa.String(10), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_change"),
        _foreign("change", "project_id", "project", ondelete="CASCADE"),
        _foreign("change", "before_id", "content"),
        _foreign("change", "after_id", "content"),
        _foreign("change", "of_id", "change"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_change_project_id_undo", "change", ["project_id", "undo"])
    op.create_index(
        "ix_change_project_id_kind_name_revision",
        "change",
        ["project_id", "kind", "name", "revision"],
    )
    _add("project", "settings_hash", sa.String(64))
    _add("plan_table", "content_hash", sa.String(64))
    _add("version", "state", sa.String(20), "draft")
    _add("job", "host", sa.String(255))
    _add("job", "author", sa.String(200))
    op.add_column("job", sa.Column("launched_at", STAMP, nullable=True))
    _keep_what_is_there()


def downgrade() -> None:
    """Take all of it away; the log is lost."""
    for column in ("launched_at", "author", "host"):
        op.drop_column("job", column)
    op.drop_column("version", "state")
    op.drop_column("plan_table", "content_hash")
    op.drop_column("project", "settings_hash")
    op.drop_table("change")
    op.drop_table("content")


def _add(table: str, column: str, kind: sa.types.TypeEngine[Any], default: str = "") -> None:
    op.add_column(table, sa.Column(column, kind, nullable=False, server_default=default))


def _foreign(table: str, column: str, to: str, **options: Any) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{to}"
    return sa.ForeignKeyConstraint([column], [f"{to}.id"], name=name, **options)


def _keep_what_is_there() -> None:
    """Hash and log the settings and tables as they are, so that undo and old revisions find them.

    The settings' line takes the kind `settings`, a table's the kind `table`.
    """
    connection = op.get_bind()
    names = ("project", "plan_table", "content", "change")
    meta = sa.MetaData()
    # Typed JSON columns: SQLite's reflection knows them by their declared type.
    project, table, content, change = (
        sa.Table(name, meta, autoload_with=connection) for name in names
    )
    for row in connection.execute(sa.select(project)).all():
        _keep(connection, content, change, row.id, "settings", "", row.settings, row.revision)
        hashed = {"settings_hash": _hash(row.settings)}
        connection.execute(sa.update(project).where(project.c.id == row.id).values(hashed))
    for row in connection.execute(sa.select(table)).all():
        owner = row.project_id
        _keep(connection, content, change, owner, "table", row.name, row.content, row.revision)
        here = (table.c.project_id == owner, table.c.name == row.name)
        hashed = {"content_hash": _hash(row.content)}
        connection.execute(sa.update(table).where(*here).values(hashed))


def _keep(
    connection: sa.Connection,
    content: sa.Table,
    change: sa.Table,
    owner: int,
    kind: str,
    name: str,
    value: Any,
    state: int,
) -> None:
    digest = _hash(value)
    same = (content.c.project_id == owner, content.c.hash == digest)
    kept = connection.scalar(sa.select(content.c.id).where(*same))
    if kept is None:
        row = {
            "project_id": owner,
            "hash": digest,
            "body": zlib.compress(json.dumps(value).encode()),
        }
        kept = connection.scalar(sa.insert(content).returning(content.c.id), row)
    line = {
        "project_id": owner,
        "at": datetime.now(UTC),
        "author": "wfm",
        "kind": kind,
        "name": name,
        "action": "start",
        "differences": {"count": 0, "shown": []},
        "reason": WHY,
        "revision": state,
        "after_id": kept,
        "undo": "",
    }
    connection.execute(sa.insert(change), line)


def _text(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


def _hash(value: Any) -> str:
    return sha256(_text(value)).hexdigest()
