"""What an operator measures of what is remembered: how much there is of each kind, and since when it waits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.store.tables import outbox, postings, sources, stopped

WAITING = ("pending", "held", "dead")
"""The states of rows in which a person may be needed; the others only ever grow."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything at one moment."""

    postings: Mapping[str, int]
    """By state; those whose file is gone have none and are left out."""
    looked_at: Mapping[str, datetime]
    """By source, the last look that succeeded, in UTC."""
    failing: frozenset[str]
    """The sources of which the last look failed."""
    rows: Mapping[tuple[str, str], int]
    """Of the outbox, by platform and state, of those in WAITING."""
    oldest: Mapping[str, datetime]
    """By platform, since when its oldest row could have been sent, in UTC."""
    stopped: Mapping[str, int]
    """By platform, how many targets refuse."""


async def figures(connection: AsyncConnection, now: datetime) -> Figures:
    """Reads them; `oldest` is of rows that are ready by `now`."""
    states = select(postings.c.state, func.count()).where(postings.c.state.is_not(None))
    counted = {row[0]: row[1] for row in await connection.execute(states.group_by(postings.c.state))}
    looks = await connection.execute(select(sources.c.name, sources.c.looked_at, sources.c.failing_since))
    looked, failing = {}, set()
    for name, looked_at, failing_since in looks:
        if looked_at is not None:
            looked[name] = looked_at
        if failing_since is not None:
            failing.add(name)
    rows: Counter[tuple[str, str]] = Counter()
    waiting = select(outbox.c.state, outbox.c.target, func.count()).where(outbox.c.state.in_(WAITING))
    for state, target, number in await connection.execute(waiting.group_by(outbox.c.state, outbox.c.target)):
        rows[_platform(target), state] += number
    oldest: dict[str, datetime] = {}
    ready = select(outbox.c.target, func.min(outbox.c.ready_at)).where(
        outbox.c.state == "pending", outbox.c.ready_at <= now
    )
    for target, since in await connection.execute(ready.group_by(outbox.c.target)):
        platform = _platform(target)
        oldest[platform] = min(since, oldest.get(platform, since))
    refusing = Counter(_platform(target) for target in await connection.scalars(select(stopped.c.target)))
    return Figures(counted, looked, frozenset(failing), rows, oldest, refusing)


def _platform(target: str) -> str:
    return target.partition(":")[0]
