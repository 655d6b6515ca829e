"""What a restored database may have told already is known as such, so that it is looked for before it is told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("sources", "outbox"):
        op.add_column(table, sa.Column("restored_from", sa.DateTime(timezone=True)))
