"""Who ended a hold was never stored and nobody is to know: the column goes."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_column("holds", "ended_by")
