"""Alembic's environment and the chain of revisions."""
