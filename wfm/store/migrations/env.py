"""Run by Alembic, which loads this file under the name `env_py`."""

from __future__ import annotations

from alembic import context

from wfm.store.models import Base


def migrate() -> None:
    """Apply the revisions on the connection that `wfm.store.migrate` hands over."""
    context.configure(
        connection=context.config.attributes["connection"],
        target_metadata=Base.metadata,
        render_as_batch=True,
    )
    with context.begin_transaction():
        context.run_migrations()


if __name__ == "env_py":
    migrate()
