"""The first schema."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SERIAL = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_INSTANT = sa.DateTime(timezone=True)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _reference(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [to], name=f"fk_{table}_{column}", deferrable=True, initially="DEFERRED"
    )


def upgrade() -> None:
    _watched()
    _told()


def _watched() -> None:
    """What is remembered of sources: files, postings, names, teams."""
    op.create_table(
        "sources",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("revision", sa.Text),
        sa.Column("rules", sa.Text),
        sa.Column("baseline_at", _INSTANT),
        sa.Column("looked_at", _INSTANT),
        sa.Column("failing_since", _INSTANT),
        sa.Column("error", sa.Text),
        _key("sources", "name"),
    )
    op.create_table(
        "files",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("posting", sa.Text, nullable=False),
        sa.Column("blob", sa.Text, nullable=False),
        sa.Column("gone", sa.Boolean, nullable=False),
        _key("files", "source", "path"),
        _reference("files", "source", "sources.name"),
    )
    op.create_index("ix_files_posting", "files", ["posting"])
    op.create_table(
        "postings",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("state", sa.Text),
        sa.Column("team", sa.Text),
        sa.Column("team_name", sa.Text),
        sa.Column("incubator", sa.Text),
        sa.Column("incubator_name", sa.Text),
        sa.Column("cities", sa.Text, nullable=False),
        sa.Column("technologies", sa.Text, nullable=False),
        sa.Column("opened_at", _INSTANT),
        sa.Column("next_due", _INSTANT),
        sa.Column("record", sa.Text, nullable=False),
        _key("postings", "id"),
        _reference("postings", "source", "sources.name"),
    )
    for column in ("source", "state", "next_due"):
        op.create_index(f"ix_postings_{column}", "postings", [column])
    op.create_table(
        "names",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("posting", sa.Text, nullable=False),
        sa.Column("latest", sa.Boolean, nullable=False),
        _key("names", "source", "name", "posting"),
        _reference("names", "source", "sources.name"),
    )
    for column in ("name", "posting"):
        op.create_index(f"ix_names_{column}", "names", [column])
    op.create_table(
        "teams",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("incubator", sa.Text),
        sa.Column("title", sa.Text, nullable=False),
        _key("teams", "source", "kind", "id"),
        _reference("teams", "source", "sources.name"),
    )


def _told() -> None:
    """What happened and what is said of it: events, outbox, messages."""
    op.create_table(
        "events",
        sa.Column("number", _SERIAL, nullable=False, autoincrement=True),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("posting", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", _INSTANT, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        _key("events", "number"),
        sa.UniqueConstraint("id", name="uq_events_id"),
        _reference("events", "source", "sources.name"),
        _reference("events", "posting", "postings.id"),
    )
    op.create_index("ix_events_at_number", "events", ["at", "number"])
    op.create_index("ix_events_posting_at", "events", ["posting", "at"])
    op.create_table(
        "outbox",
        sa.Column("id", _SERIAL, nullable=False, autoincrement=True),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("posting", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("ready_at", _INSTANT, nullable=False),
        sa.Column("retry_at", _INSTANT),
        sa.Column("owner", sa.Text),
        sa.Column("leased_until", _INSTANT),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("unknown_since", _INSTANT),
        sa.Column("error", sa.Text),
        sa.Column("message_id", sa.Text),
        sa.Column("finished_at", _INSTANT),
        _key("outbox", "id"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_posting", "outbox", ["posting"])
    op.create_index("ix_outbox_state_target_ready_at_id", "outbox", ["state", "target", "ready_at", "id"])
    op.create_table(
        "messages",
        sa.Column("target", sa.Text, nullable=False),
        sa.Column("posting", sa.Text, nullable=False),
        sa.Column("message_id", sa.Text, nullable=False),
        sa.Column("opening", sa.Integer, nullable=False),
        sa.Column("posted_at", _INSTANT, nullable=False),
        _key("messages", "target", "posting"),
    )
