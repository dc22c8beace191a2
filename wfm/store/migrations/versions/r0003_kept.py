"""Small facts of a project that are no part of its plan: the reader's language, a feed's secret."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "kept",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "name", name="pk_kept"),
        sa.ForeignKeyConstraint(
            ["project_id"], ["project.id"], name="fk_kept_project_id_project", ondelete="CASCADE"
        ),
    )


def downgrade() -> None:
    """Take it away; languages and addresses of feeds are chosen anew."""
    op.drop_table("kept")
