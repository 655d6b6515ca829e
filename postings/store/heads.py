"""The rows of the outbox that come next: the first pending one of each target, and how they are taken.

The statements are made once: making them anew for each row would cost more than executing them.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, Join, bindparam, func, or_, select, update

from postings.store.reads import DELIVERY
from postings.store.tables import moved, outbox, stopped
from postings.store.types import Instant, Words

LONGEST_LEASE = timedelta(hours=1)
"""Leases are of a minute; clocks of machines may differ by the rest."""

_NOW: BindParameter[datetime] = bindparam("at", type_=Instant())
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_PENDING = outbox.c.state == "pending"


def _past(instant: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether there is no instant to wait for, or it has come."""
    return or_(instant.is_(None), instant <= _NOW)


_LEASE_OVER = or_(
    _past(outbox.c.leased_until), outbox.c.leased_until > bindparam("impossible", type_=Instant())
)
"""Whether nobody holds a row. A lease that would last for longer than any does was made by a clock that was wrong."""
_READY = (_PENDING, outbox.c.ready_at <= _NOW, _past(outbox.c.retry_at), _LEASE_OVER)
"""A row that may be taken at `at`, as far as it itself tells."""


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

_SINCE = func.coalesce(outbox.c.unknown_since, _NOW, type_=outbox.c.unknown_since.type)

READY = (
    select(outbox.c.id, outbox.c.target)
    .select_from(HEADS)
    .where(*_READY, _past(stopped.c.retry_at))
    .order_by(outbox.c.ready_at, outbox.c.id)
)
"""The heads that may be taken at the instant `at`; `impossible` is LONGEST_LEASE later."""

LOCKED = (
    select(*DELIVERY, stopped.c.target.is_not(None).label("on_trial"), moved.c.place.label("moved_to"))
    .select_from(
        outbox.outerjoin(stopped, stopped.c.target == outbox.c.target).outerjoin(
            moved, moved.c.target == outbox.c.target
        )
    )
    .where(outbox.c.id.in_(_IDS), *_READY)
    .order_by(outbox.c.ready_at, outbox.c.id)
    .with_for_update(of=outbox, skip_locked=True)
)
"""The rows of some `ids` as a worker needs them, locked, if they may still be taken at `at`.

Those that another worker has locked are left out.
"""

LEASE = (
    update(outbox)
    .where(outbox.c.id.in_(_IDS))
    .values(owner=bindparam("by", type_=Words()), leased_until=bindparam("until", type_=Instant()))
)
"""Leases some `ids` to `by` until the instant `until`."""

_LEASED = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"), _PENDING)
    .where(outbox.c.ready_at <= _NOW, outbox.c.leased_until > _NOW)
)
_MINE = _LEASED.where(outbox.c.owner == bindparam("by", type_=Words()))
_ATTEMPT = {"attempts": outbox.c.attempts + 1, "unknown_since": _SINCE}
_FREED = {"owner": None, "leased_until": None}

ATTEMPT = _LEASED.values(_ATTEMPT)
"""Notes that a sending of `row` begins at `at`, if its lease is not over and it is still to be sent."""
ATTEMPT_BY = _MINE.values(_ATTEMPT)
"""The same, if the lease is that of `by`."""
GIVE_BACK = _LEASED.values(_FREED)
"""Gives the lease of `row` back, under the conditions of `ATTEMPT`."""
GIVE_BACK_BY = _MINE.values(_FREED)
"""The same, under those of `ATTEMPT_BY`."""

DONE = (
    update(outbox)
    .where(outbox.c.id == bindparam("row"))
    .values(
        **_FREED,
        state="sent",
        message_id=bindparam("message", type_=Words()),
        finished_at=_NOW,
        retry_at=None,
        unknown_since=None,
        error=bindparam("told", type_=Words()),
    )
)
"""Notes that `row` was sent at `at` as `message`; `told` is what a person should know of it all the same."""
