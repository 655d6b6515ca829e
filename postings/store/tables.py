"""The tables. What is filtered or sorted by has a column of its own, the rest is JSON.

Foreign keys are checked at the end of the transaction, so the order of writes within one is free. A change
here needs a migration; a test compares the two.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, MetaData, Table, false

from postings.store.types import Instant, Json, Serial, Words

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _reference(column: str) -> ForeignKey:
    return ForeignKey(column, deferrable=True, initially="DEFERRED")


sources = Table(
    "sources",
    metadata,
    Column("name", Words, primary_key=True),
    Column("address", Words, nullable=False),
    Column("revision", Words),
    Column("rules", Words),
    Column("baseline_at", Instant),
    Column("looked_at", Instant),
    Column("failing_since", Instant),
    Column("error", Words),
    Column("error_french", Words),
    Column("refused", Boolean(create_constraint=False), nullable=False, server_default=false()),
    Column("restored_from", Instant),
)

# A posting's last file stays, as gone, when it is deleted: one that comes back is the same posting.
files = Table(
    "files",
    metadata,
    Column("source", Words, _reference("sources.name"), primary_key=True),
    Column("path", Words, primary_key=True),
    Column("posting", Words, nullable=False),
    Column("blob", Words, nullable=False),
    Column("gone", Boolean(create_constraint=False), nullable=False),
    Column("name", Words, nullable=False, server_default=""),
    Index("ix_files_source_name", "source", "name"),
    Index("ix_files_source_posting", "source", "posting"),
)

# Which postings hold which paragraphs of prose: those that several share sum up none of them.
paragraphs = Table(
    "paragraphs",
    metadata,
    Column("source", Words, _reference("sources.name"), primary_key=True),
    Column("digest", Words, primary_key=True),
    Column("posting", Words, primary_key=True),
    Index("ix_paragraphs_source_posting_digest", "source", "posting", "digest"),
)

# The Markdown of each posting's last good reading, after the front matter: only pages and feeds need it.
bodies = Table(
    "bodies",
    metadata,
    Column("posting", Words, _reference("postings.id"), primary_key=True),
    Column("markdown", Words, nullable=False),
)

postings = Table(
    "postings",
    metadata,
    Column("id", Words, primary_key=True),
    Column("source", Words, _reference("sources.name"), nullable=False, index=True),
    Column("state", Words, index=True),
    Column("team", Words),
    Column("team_name", Words),
    Column("incubator", Words),
    Column("incubator_name", Words),
    Column("cities", Json, nullable=False),
    Column("technologies", Json, nullable=False),
    Column("opened_at", Instant),
    Column("ended_at", Instant, index=True),
    Column("next_due", Instant, index=True),
    Column("record", Json, nullable=False),
)

# Every name that a posting's file had.
names = Table(
    "names",
    metadata,
    Column("source", Words, _reference("sources.name"), primary_key=True),
    Column("name", Words, primary_key=True, index=True),
    Column("posting", Words, primary_key=True, index=True),
    Column("latest", Boolean(create_constraint=False), nullable=False),
)

teams = Table(
    "teams",
    metadata,
    Column("source", Words, _reference("sources.name"), primary_key=True),
    Column("kind", Words, primary_key=True),
    Column("id", Words, primary_key=True),
    Column("name", Words, nullable=False),
    Column("incubator", Words),
    Column("title", Words, nullable=False),
)

events = Table(
    "events",
    metadata,
    Column("number", Serial, primary_key=True, autoincrement=True),
    Column("id", Words, nullable=False, unique=True),
    Column("source", Words, _reference("sources.name"), nullable=False),
    Column("posting", Words, _reference("postings.id"), nullable=False),
    Column("kind", Words, nullable=False),
    Column("at", Instant, nullable=False),
    Column("event", Json, nullable=False),
    Index("ix_events_at_number", "at", "number"),
    Index("ix_events_posting_at", "posting", "at"),
)

# What a look found and a person must release or drop before it is told.
holds = Table(
    "holds",
    metadata,
    Column("number", Serial, primary_key=True, autoincrement=True),
    Column("source", Words, _reference("sources.name"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("reason", Words, nullable=False),
    Column("posting", Words),
    Column("entered", Integer, nullable=False),
    Column("left", Integer, nullable=False),
    Column("open_before", Integer, nullable=False),
    Column("state", Words, nullable=False),
    Column("ended_at", Instant),
    Index("ix_holds_source_state", "source", "state"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("key", Words, nullable=False, unique=True),
    Column("target", Words, nullable=False),
    Column("posting", Words, nullable=False, index=True),
    Column("kind", Words, nullable=False),
    Column("payload", Json, nullable=False),
    Column("state", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("ready_at", Instant, nullable=False),
    Column("retry_at", Instant),
    Column("owner", Words),
    Column("leased_until", Instant),
    Column("attempts", Integer, nullable=False),
    Column("unknown_since", Instant),
    Column("error", Words),
    Column("message_id", Words),
    Column("finished_at", Instant),
    Column("hold", Serial, _reference("holds.number"), index=True),
    Column("first", Boolean(create_constraint=False), nullable=False, server_default=false()),
    Column("restored_from", Instant),
    Index("ix_outbox_state_target_ready_at_id", "state", "target", "ready_at", "id"),
)

messages = Table(
    "messages",
    metadata,
    Column("target", Words, primary_key=True),
    Column("posting", Words, primary_key=True),
    Column("message_id", Words, nullable=False),
    Column("opening", Integer, nullable=False),
    Column("posted_at", Instant, nullable=False),
    Column("digest", Words),
)

# Targets that refused and wait for a person; `note` is the key of the row that tells the staff.
stopped = Table(
    "stopped",
    metadata,
    Column("target", Words, primary_key=True),
    Column("since", Instant, nullable=False),
    Column("retry_at", Instant, nullable=False),
    Column("french", Words, nullable=False),
    Column("english", Words, nullable=False),
    Column("fingerprint", Words, nullable=False),
)

# How far ahead of the clock each limit of a platform is used up (postings/store/pacing.py).
pacing = Table(
    "pacing",
    metadata,
    Column("key", Words, primary_key=True),
    Column("tat", Instant, nullable=False, index=True),
)

# What is wrong and was told to the staff: a row goes when it is over. `note` is the key of the row that tells it.
alerts = Table(
    "alerts",
    metadata,
    Column("key", Words, primary_key=True),
    Column("kind", Words, nullable=False, index=True),
    Column("since", Instant, nullable=False),
    Column("detail", Words, nullable=False),
    Column("note", Words),
)

# What subscriptions ask for, each question once: those that ask for the same share a row.
questions = Table(
    "questions",
    metadata,
    Column("number", Serial, primary_key=True, autoincrement=True),
    Column("digest", Words, nullable=False, unique=True),
    Column("question", Words, nullable=False),
    Column("contracts", Integer, nullable=False),
    Column("domains", Integer, nullable=False),
)

# What each question is filed under: see postings/questions/anchors.py.
anchors = Table(
    "anchors",
    metadata,
    Column("anchor", Words, primary_key=True),
    Column("question", Serial, _reference("questions.number"), primary_key=True, index=True),
)

# A subscription that ended asks no question any more.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("number", Serial, primary_key=True, autoincrement=True),
    Column("target", Words, nullable=False, index=True),
    Column("text", Words, nullable=False),
    Column("words", Words, nullable=False),
    Column("language", Words, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("made_by", Words),
    Column("owner", Words, index=True),
    Column("ended_at", Instant),
    Column("question", Serial, _reference("questions.number"), index=True),
)

# The names with which the questions are understood as they are filed: one row.
filing = Table(
    "filing",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("digest", Words, nullable=False),
    Column("names", Words, nullable=False),
    Column("rules", Words, nullable=False),
)

# Where a target is now, when its platform gave it another name.
moved = Table(
    "moved",
    metadata,
    Column("target", Words, primary_key=True),
    Column("place", Words, nullable=False),
)

# What each posting answers to, for the shelf of questions, and when it changed: the generation of its source then.
shelf = Table(
    "shelf",
    metadata,
    Column("posting", Words, _reference("postings.id"), primary_key=True),
    Column("source", Words, nullable=False),
    Column("generation", Serial, nullable=False),
    Column("rules", Words, nullable=False),
    Column("entry", Json),
    Column("text", Words, nullable=False),
    Index("ix_shelf_source_generation", "source", "generation"),
)

# How often the postings or teams of a source were written.
generations = Table(
    "generations",
    metadata,
    Column("source", Words, primary_key=True),
    Column("number", Serial, nullable=False),
)
