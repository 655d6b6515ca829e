"""How often one person may ask: a bucket of tokens each, which fills again as time passes. Pure: time is given."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

_KEPT = 10_000
"""People who are remembered at most, those who asked last."""
_FULL = timedelta(minutes=1)
"""What any bucket takes to be full again; then it tells nothing that no bucket would not."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """How many questions are left, and since when."""

    left: float
    at: datetime


def take(bucket: Bucket | None, now: datetime, per_minute: int) -> tuple[Bucket, timedelta]:
    """The bucket after one more question, and how long that question must wait: nothing when it may be asked.

    A bucket holds a minute's questions. A question that must wait takes nothing; a clock set back fills nothing.
    """
    left = float(per_minute)
    if bucket is not None:
        passed = max((now - bucket.at).total_seconds(), 0.0)
        left = min(left, bucket.left + passed * per_minute / 60)
    if left >= 1:
        return Bucket(left - 1, now), timedelta()
    return Bucket(left, now), timedelta(seconds=(1 - left) * 60 / per_minute)


class Limiter:
    """The buckets of the people who asked lately; this process's own, as a limit of courtesy."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._buckets: dict[Hashable, Bucket] = {}

    def wait(self, person: Hashable, now: datetime) -> timedelta:
        """Takes a question of a person; returns how long it must wait, nothing when it may be asked now."""
        self._buckets[person], wait = take(self._buckets.pop(person, None), now, self._per_minute)
        # Who asked longest ago comes first.
        while (first := next(iter(self._buckets))) != person:
            if len(self._buckets) <= _KEPT and now - self._buckets[first].at < _FULL:
                break
            del self._buckets[first]
        return wait
