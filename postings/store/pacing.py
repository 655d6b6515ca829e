"""When something may be sent: a generic cell rate algorithm, whose state all workers share.

Each limit has one instant in the table, the theoretical arrival time of ITU-T I.371: what is sent moves it on by
the limit's interval, and a sending is free while it is not further ahead than the burst allows. Workers on several
machines compare it with their own clocks, which have to agree as well as the limits are to be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.store.tables import pacing
from postings.store.types import Instant
from postings.store.writing import insert_new, put

LONGEST_HOLD = timedelta(hours=1)
"""For longer nothing is held back by a limit, whatever a platform asks for: who asks again then is told again."""


@dataclass(frozen=True, slots=True)
class Limit:
    """At most one sending each `interval` in the long run, and `burst` of them at once after a quiet time."""

    key: str
    """What is counted together: an account, a chat."""
    interval: timedelta
    burst: int = 1

    @property
    def _credit(self) -> timedelta:
        return (self.burst - 1) * self.interval

    def known(self, tat: datetime, now: datetime) -> datetime:
        """`tat`, or `now` where it is further ahead than anything makes it: a clock was wrong when it was noted."""
        return now if tat > now + 2 * LONGEST_HOLD + self._credit else tat

    def free_at(self, tat: datetime) -> datetime:
        """When the next slot is free, given the theoretical arrival time."""
        return tat - self._credit

    def taken(self, tat: datetime, now: datetime, slots: int) -> datetime:
        """The theoretical arrival time once so many slots are taken at `now`."""
        return max(tat, now) + slots * self.interval

    def held(self, tat: datetime, until: datetime) -> datetime:
        """The theoretical arrival time when nothing may be sent before `until`, and no burst directly after it."""
        return max(tat, until + self._credit)


Limits = Callable[[str], Sequence[Limit]]
"""The limits that a target is under."""


def unlimited(_target: str) -> Sequence[Limit]:
    """Of targets that may be sent anything at any time: none."""
    return ()


_BUSY = select(pacing.c.key, pacing.c.tat).where(pacing.c.tat > bindparam("at", type_=Instant()))
_LOCKED = (
    select(pacing.c.key, pacing.c.tat)
    .where(pacing.c.key.in_(bindparam("keys", expanding=True)))
    .order_by(pacing.c.key)
    .with_for_update()
)


class Slots:
    """What is taken of each limit as of one instant."""

    def __init__(self, limits: Limits, tats: dict[str, datetime], now: datetime) -> None:
        self._limits = limits
        self._tats = tats
        self._now = now

    def free_at(self, target: str) -> datetime:
        """When something may be sent to a target, now at the earliest."""
        now, tats = self._now, self._tats
        return max(
            (
                limit.free_at(limit.known(tats[limit.key], now))
                for limit in self._limits(target)
                if limit.key in tats
            ),
            default=now,
        )

    def pick(self, rows: Iterable[tuple[int, str]], limit: int) -> list[int]:
        """The ids of the first rows (id, target) for which there are slots, at most `limit`."""
        picked: list[int] = []
        for id, target in rows:
            if len(picked) == limit:
                break
            if self.free_at(target) <= self._now:
                picked.append(id)
                for one in self._limits(target):
                    tat = one.known(self._tats.get(one.key, self._now), self._now)
                    self._tats[one.key] = one.taken(tat, self._now, 1)
        return picked


async def slots(connection: AsyncConnection, limits: Limits, now: datetime) -> Slots:
    """What is taken as of `now`: only what is not free entirely is read."""
    if limits is unlimited:
        return Slots(limits, {}, now)
    rows = await connection.execute(_BUSY, {"at": now})
    return Slots(limits, {row.key: row.tat for row in rows}, now)


async def take(
    connection: AsyncConnection, limits: Collection[Limit], now: datetime, slots: int
) -> list[dict[str, object]] | None:
    """Locks the limits and returns what to `put` so as to take `slots` of each; None where one is not free.

    Where the first of several slots is free, the others are owed: later sendings wait for them.
    """
    locked = await _locked(connection, limits, now)
    tats = {limit.key: limit.known(locked[limit.key], now) for limit in limits}
    if any(limit.free_at(tats[limit.key]) > now for limit in limits):
        return None
    return [{"key": limit.key, "tat": limit.taken(tats[limit.key], now, slots)} for limit in limits]


async def note(connection: AsyncConnection, taken: Sequence[dict[str, object]]) -> None:
    """Notes what `take` returned, in its transaction."""
    await put(connection, pacing, taken)


async def hold(connection: AsyncConnection, limit: Limit, until: datetime) -> None:
    """Lets nothing pass a limit before `until`, for every worker."""
    tats = await _locked(connection, (limit,), until)
    await put(connection, pacing, [{"key": limit.key, "tat": limit.held(tats[limit.key], until)}])


async def _locked(
    connection: AsyncConnection, limits: Collection[Limit], now: datetime
) -> dict[str, datetime]:
    """The theoretical arrival time of each limit, `now` where nothing is known; others wait to change them."""
    keys = sorted(limit.key for limit in limits)
    known = {row.key: row.tat for row in await connection.execute(_LOCKED, {"keys": keys})}
    if missing := [key for key in keys if key not in known]:
        # Of two workers that meet a limit for the first time, one must see what the other takes.
        for key in missing:
            await insert_new(connection, pacing, "key", {"key": key, "tat": now})
        known = {row.key: row.tat for row in await connection.execute(_LOCKED, {"keys": keys})}
    return known
