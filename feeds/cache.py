"""Answers that are kept until what they were made from changes, each built once however many ask."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from datetime import datetime

from feeds.conditional import Answer
from feeds.making import aside

_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Plan:
    """How an answer is made, and what from: of equal `inputs` it would be the same."""

    inputs: object
    build: Callable[[], Awaitable[Answer]]
    until: datetime | None = None
    """The instant, in UTC, from which the clock alone gives other inputs; None when it never does."""


@dataclass(slots=True)
class _Kept:
    answer: Answer
    inputs: object
    until: datetime | None
    version: Hashable
    """The version of all that is shown for which the inputs were last found to be these."""
    size: int


class Cache:
    """Answers by key, of at most so many bytes: those asked for longest ago go first.

    Nothing is kept for a time. After an event an answer is compared, when it is next asked for, with what it
    would be made from now, and built anew only if that is another thing.
    """

    def __init__(self, limit: int = _BYTES) -> None:
        self._limit = limit
        self._kept: OrderedDict[Hashable, _Kept] = OrderedDict()
        self._building: dict[Hashable, asyncio.Task[Answer]] = {}
        self.size = 0
        """The bytes that are held, about."""
        self.built = 0
        """How many answers were built."""

    def get(self, key: Hashable, version: Hashable, now: datetime) -> Answer | None:
        """The answer that is kept for a key, if it is known to hold in this version of what is shown, at `now`."""
        kept = self._kept.get(key)
        if kept is None or kept.version != version or (kept.until is not None and kept.until <= now):
            return None
        self._kept.move_to_end(key)
        return kept.answer

    async def answer(
        self, key: Hashable, version: Hashable, now: datetime, plan: Callable[[], Awaitable[Plan]]
    ) -> Answer:
        """The answer for a key in a version of what is shown, at `now`; `plan` says how it is made.

        Raises what `plan` and building raise; then nothing is kept, and whoever asks next tries again.
        """
        held = self.get(key, version, now)
        if held is not None:
            return held
        # Whoever comes while it is built waits for it, unless for another version.
        under_way = key, version
        task = self._building.get(under_way)
        if task is None:
            task = asyncio.create_task(self._made(key, version, now, plan))
            self._building[under_way] = task
            task.add_done_callback(lambda _: self._building.pop(under_way, None))
        return await asyncio.shield(task)

    async def _made(
        self, key: Hashable, version: Hashable, now: datetime, plan: Callable[[], Awaitable[Plan]]
    ) -> Answer:
        planned = await plan()
        former = self._kept.get(key)
        if former is not None and former.inputs == planned.inputs:
            former.version, former.until = version, planned.until
            return former.answer
        answer = await planned.build()
        self.built += 1
        if former is not None and former.answer.body != answer.body and answer.modified is not None:
            # Not all that changes what is said has an instant of its own.
            answer = answer.as_of(now)
        if answer.compressible:
            await aside(answer.compress)
        self._keep(key, _Kept(answer, planned.inputs, planned.until, version, answer.size))
        return answer

    def _keep(self, key: Hashable, kept: _Kept) -> None:
        former = self._kept.pop(key, None)
        self.size += kept.size - (former.size if former else 0)
        self._kept[key] = kept
        while self.size > self._limit:
            _, oldest = self._kept.popitem(last=False)
            self.size -= oldest.size
