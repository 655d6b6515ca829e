"""Where the owner of a subscription is told that its place refuses; what was told of a stop is found by its key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("owner", sa.Text))
    op.create_index("ix_subscriptions_owner", "subscriptions", ["owner"])
    op.drop_column("stopped", "note")
