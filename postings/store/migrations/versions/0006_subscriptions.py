"""Subscriptions, the questions that they ask, and what these are filed under."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    op.create_table(
        "questions",
        sa.Column("number", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("contracts", sa.Integer, nullable=False),
        sa.Column("domains", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_questions"),
        sa.UniqueConstraint("digest", name="uq_questions_digest"),
    )
    op.create_table(
        "anchors",
        sa.Column("anchor", sa.Text, nullable=False),
        sa.Column("question", _SERIAL, nullable=False),
        sa.PrimaryKeyConstraint("anchor", "question", name="pk_anchors"),
        sa.ForeignKeyConstraint(
            ["question"],
            ["questions.number"],
            name="fk_anchors_question",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_anchors_question", "anchors", ["question"])
    op.create_table(
        "subscriptions",
        sa.Column("number", _SERIAL, autoincrement=True, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("made_by", sa.Text),
        sa.Column("ended_at", _INSTANT),
        sa.Column("question", _SERIAL),
        sa.PrimaryKeyConstraint("number", name="pk_subscriptions"),
        sa.ForeignKeyConstraint(
            ["question"],
            ["questions.number"],
            name="fk_subscriptions_question",
            deferrable=True,
            initially="DEFERRED",
        ),
    )
    op.create_index("ix_subscriptions_target", "subscriptions", ["target"])
    op.create_index("ix_subscriptions_question", "subscriptions", ["question"])
    op.create_table(
        "filing",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("names", sa.Text, nullable=False),
        sa.Column("rules", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_filing"),
    )
