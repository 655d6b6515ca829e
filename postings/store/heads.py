"""The rows of the outbox that come next: the first pending one of each target."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, Join, func, or_, select

from postings.store.reads import DELIVERY
from postings.store.tables import outbox, stopped


def ready(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """What is so of a row that may be taken at `now`, as far as it itself tells."""
    c = outbox.c
    return c.state == "pending", c.ready_at <= now, past(c.retry_at, now), past(c.leased_until, now)


def past(instant: ColumnElement[datetime], now: datetime) -> ColumnElement[bool]:
    """Whether there is no instant to wait for, or it has come."""
    return or_(instant.is_(None), instant <= now)


def _heads() -> Join:
    # Skips along the index from one target to the next: the cost is that of the targets for which something
    # waits, however much it is.
    target = select(func.min(outbox.c.target).label("target")).where(outbox.c.state == "pending")
    targets = target.cte("targets", recursive=True)
    after = select(func.min(outbox.c.target)).where(
        outbox.c.state == "pending", outbox.c.target > targets.c.target
    )
    targets = targets.union_all(select(after.scalar_subquery()).where(targets.c.target.is_not(None)))
    row = outbox.alias("row")
    first = select(row.c.id).where(row.c.state == "pending", row.c.target == targets.c.target)
    first = first.order_by(row.c.ready_at, row.c.id).limit(1)
    heads = targets.join(outbox, outbox.c.id == first.scalar_subquery())
    return heads.outerjoin(stopped, stopped.c.target == outbox.c.target)


HEADS = _heads()
"""The first pending row of each target, by `(ready_at, id)`, with its stop if there is one."""

LOCKED = (
    select(*DELIVERY, stopped.c.target.is_not(None).label("on_trial"))
    .select_from(outbox.outerjoin(stopped, stopped.c.target == outbox.c.target))
    .order_by(outbox.c.ready_at, outbox.c.id)
    .with_for_update(of=outbox, skip_locked=True)
)
"""Rows as a worker needs them, locked; those that another worker has locked are left out."""
