"""How far the processes have come, read in their database."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Collection

from sqlalchemy import func, select

from postings.store.engine import Database
from postings.store.tables import outbox, sources
from tests.repositories import Repository


class Progress:
    """Of the processes that share a database and watch one repository."""

    def __init__(self, database: Database, repository: Repository) -> None:
        self._database = database
        self._repository = repository

    async def counts(self, dead: Collection[str] = ()) -> tuple[int, int]:
        """How many rows were sent, and how many wait where they may yet be: in no target of `dead`."""
        query = select(outbox.c.state, outbox.c.target, func.count()).group_by(
            outbox.c.state, outbox.c.target
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        sent = sum(count for state, _, count in rows if state == "sent")
        return sent, sum(count for state, target, count in rows if state == "pending" and target not in dead)

    async def drained(self, seconds: float, dead: Collection[str] = ()) -> bool:
        """Waits until the last commit was seen and nothing is left to send; returns whether it came to that."""
        head = self._repository.git("rev-parse", "HEAD")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if await self.seen() == head and (await self.counts(dead))[1] == 0:
                return True
            await asyncio.sleep(0.2)
        return False

    async def seen(self) -> str | None:
        """The revision that was seen last; None before the first look."""
        async with self._database.read() as connection:
            return await connection.scalar(select(sources.c.revision))
