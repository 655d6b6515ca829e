"""When each posting ended, in a column: what is shown is what is open or ended lately."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

_POSTGRESQL = """
UPDATE postings SET ended_at = (record::json->>'ended_at')::timestamptz
WHERE record::json->>'ended_at' IS NOT NULL
"""
# As the driver writes instants: in UTC, with a space and six digits of the second.
_SQLITE = """
UPDATE postings SET ended_at = strftime('%Y-%m-%d %H:%M:%f000', json_extract(record, '$.ended_at'))
WHERE json_extract(record, '$.ended_at') IS NOT NULL
"""


def upgrade() -> None:
    op.add_column("postings", sa.Column("ended_at", sa.DateTime(timezone=True)))
    op.execute(_POSTGRESQL if op.get_bind().dialect.name == "postgresql" else _SQLITE)
    op.create_index("ix_postings_ended_at", "postings", ["ended_at"])
