"""Bring the tables of a database to this program's state."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from wfm.core.errors import WfmError


def script_directory() -> tuple[Config, ScriptDirectory]:
    """Alembic's settings and the revisions inside the package."""
    config = Config()
    config.set_main_option("script_location", "wfm.store:migrations")
    config.set_main_option("path_separator", "os")
    return config, ScriptDirectory.from_config(config)


def upgrade(engine: Engine, place: str, revision: str = "head") -> None:
    """Apply the revisions that a database lacks, all or none.

    Parameters
    ----------
    engine
        Of the database; one that holds nothing yet gets every table.
    place
        What messages call it.
    revision
        Where to stop.

    Raises
    ------
    WfmError
        If a newer program made it, or if it belongs to another program.
    """
    config, scripts = script_directory()
    with engine.connect() as connection:
        if _lacking(connection, scripts, place) == 0:
            return
    with engine.execution_options(write=True).begin() as connection:
        if _lacking(connection, scripts, place):  # another process may have been quicker
            config.attributes["connection"] = connection
            command.upgrade(config, revision)


def _lacking(connection: Connection, scripts: ScriptDirectory, place: str) -> int:
    """How many revisions the database lacks."""
    found = set(MigrationContext.configure(connection).get_current_heads())
    known = {script.revision for script in scripts.walk_revisions()}
    if found - known:
        message = (
            f"database {place}: a newer wfm made it (revision {min(found - known)}). "
            "Update wfm, or name another file with WFM_DATABASE."
        )
        raise WfmError(message)
    if not found and set(inspect(connection).get_table_names()) - {"alembic_version"}:
        message = (
            f"database {place}: it holds tables of another program. "
            "Name another file with WFM_DATABASE."
        )
        raise WfmError(message)
    done = {s.revision for head in found for s in scripts.iterate_revisions(head, "base")}
    return len(known - done)
