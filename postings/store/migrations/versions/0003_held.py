"""Announcements may be held until a person decides, and one message may announce several postings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "holds",
        sa.Column("number", _SERIAL, nullable=False, autoincrement=True),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("posting", sa.Text),
        sa.Column("entered", sa.Integer, nullable=False),
        sa.Column("left", sa.Integer, nullable=False),
        sa.Column("open_before", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("ended_at", _INSTANT),
        sa.Column("ended_by", sa.Text),
        sa.PrimaryKeyConstraint("number", name="pk_holds"),
        sa.ForeignKeyConstraint(
            ["source"], ["sources.name"], name="fk_holds_source", deferrable=True, initially="DEFERRED"
        ),
    )
    op.create_index("ix_holds_source_state", "holds", ["source", "state"])
    # SQLite cannot add a reference to a table that is there: the table is made anew.
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(sa.Column("hold", _SERIAL))
        outbox.add_column(sa.Column("first", sa.Boolean, nullable=False, server_default=sa.false()))
        outbox.create_foreign_key(
            "fk_outbox_hold", "holds", ["hold"], ["number"], deferrable=True, initially="DEFERRED"
        )
    op.create_index("ix_outbox_hold", "outbox", ["hold"])
    op.execute("UPDATE outbox SET first = true WHERE kind = 'opened'")
    op.add_column("messages", sa.Column("digest", sa.Text))
