"""The revisions that the package knows, and how they are applied to a connection."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection


def script_directory() -> tuple[Config, ScriptDirectory]:
    """Alembic's settings and the revisions inside the package."""
    config = Config()
    config.set_main_option("script_location", "wfm.store:migrations")
    config.set_main_option("path_separator", "os")
    return config, ScriptDirectory.from_config(config)


def revision_of(connection: Connection) -> str:
    """The revision at which a database stands; empty for one that holds nothing."""
    return ",".join(sorted(MigrationContext.configure(connection).get_current_heads()))


def apply(connection: Connection, revision: str = "head") -> None:
    """Apply the revisions that a database lacks, in the transaction of the connection."""
    config, _ = script_directory()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
