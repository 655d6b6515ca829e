"""What a look needs is found by name and by paragraph, so that it loads what changed and not what exists."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from postings.reading.address import name_of

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    op.add_column("files", sa.Column("name", sa.Text, nullable=False, server_default=""))
    files = sa.table("files", sa.column("source"), sa.column("path"), sa.column("name"))
    for source, path in connection.execute(sa.select(files.c.source, files.c.path)).all():
        here = (files.c.source == source, files.c.path == path)
        connection.execute(sa.update(files).where(*here).values(name=name_of(path)))
    op.create_index("ix_files_source_name", "files", ["source", "name"])
    op.create_index("ix_files_source_posting", "files", ["source", "posting"])
    op.drop_index("ix_files_posting", "files")
    op.create_table(
        "paragraphs",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("posting", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("source", "digest", "posting", name="pk_paragraphs"),
        sa.ForeignKeyConstraint(
            ["source"], ["sources.name"], name="fk_paragraphs_source", deferrable=True, initially="DEFERRED"
        ),
    )
    columns = ["source", "posting", "digest"]
    op.create_index("ix_paragraphs_source_posting_digest", "paragraphs", columns)
    postings = sa.table(
        "postings", sa.column("id"), sa.column("source"), sa.column("state"), sa.column("record")
    )
    paragraphs = sa.table("paragraphs", sa.column("source"), sa.column("posting"), sa.column("digest"))
    query = sa.select(postings.c.id, postings.c.source, postings.c.record).where(
        postings.c.state.is_not(None)
    )
    for id, source, record in connection.execute(query).all():
        digests = dict.fromkeys((json.loads(record).get("posting") or {}).get("paragraphs", ()))
        rows = [{"source": source, "posting": id, "digest": digest} for digest in digests]
        if rows:
            connection.execute(sa.insert(paragraphs), rows)
