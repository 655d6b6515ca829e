"""Lets the requests of a soak begin, one after the other, and tells who waits for the n-th of them."""

from __future__ import annotations

import asyncio


class Turnstile:
    """Of `count` requests. Nobody is woken at each of them: that would cost more than sending it."""

    def __init__(self, count: int) -> None:
        self._count = count
        self._begun = 0
        self._most = count
        self._open = asyncio.Event()
        self._open.set()
        self._awaited: dict[asyncio.Event, float] = {}

    async def next(self) -> int | None:
        """The number of the request that may begin, from 0; None when all have begun."""
        while self._begun < self._count:
            if self._begun < self._most:
                self._begun += 1
                self._told()
                return self._begun - 1
            self._open.clear()
            await self._open.wait()
        return None

    def let(self, more: int | None) -> None:
        """Lets so many more begin; None for all of them."""
        self._most = self._count if more is None else self._begun + more
        self._open.set()

    async def reached(self, count: float) -> None:
        """Waits until so many have begun."""
        if self._begun < count:
            event = asyncio.Event()
            self._awaited[event] = count
            await event.wait()

    def _told(self) -> None:
        for event in [event for event, count in self._awaited.items() if self._begun >= count]:
            del self._awaited[event]
            event.set()
        if self._begun == self._count:
            self._open.set()
