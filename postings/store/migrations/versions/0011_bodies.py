"""The Markdown of each posting. Raised reading rules make the next look read every file again, which fills it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bodies",
        sa.Column("posting", sa.Text, nullable=False),
        sa.Column("markdown", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("posting", name="pk_bodies"),
        sa.ForeignKeyConstraint(
            ["posting"], ["postings.id"], name="fk_bodies_posting", deferrable=True, initially="DEFERRED"
        ),
    )
