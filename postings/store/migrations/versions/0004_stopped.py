"""A target that refuses is stopped, and what is known of it kept, until it works again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "stopped",
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("since", _INSTANT, nullable=False),
        sa.Column("retry_at", _INSTANT, nullable=False),
        sa.Column("french", sa.Text, nullable=False),
        sa.Column("english", sa.Text, nullable=False),
        sa.Column("fingerprint", sa.Text, nullable=False),
        sa.Column("note", sa.Text),
        sa.PrimaryKeyConstraint("target", name="pk_stopped"),
    )
