"""What each posting answers to, so that a question need not read them all. Older rows are made when first read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shelf",
        sa.Column("posting", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("generation", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.Column("entry", sa.Text),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("posting", name="pk_shelf"),
        sa.ForeignKeyConstraint(
            ["posting"], ["postings.id"], name="fk_shelf_posting", deferrable=True, initially="DEFERRED"
        ),
    )
    op.create_index("ix_shelf_source_generation", "shelf", ["source", "generation"])
    op.create_table(
        "generations",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_generations"),
    )
