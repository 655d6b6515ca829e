"""What processes that share a database tell one another: that there is something to send, to look at or to show.

PostgreSQL carries it (https://www.postgresql.org/docs/current/sql-notify.html), at the end of the transaction that
causes it. SQLite tells nobody; there a process notices that another connection has written
(https://www.sqlite.org/pragma.html#pragma_data_version), which costs a few microseconds each time.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.store.engine import Database

CHANNEL = "vigie"


class Wakeup(StrEnum):
    """What was told. Everything that it stands for is found in time without it, only later."""

    OUTBOX = "outbox"
    """There is something to send, or another has something to send."""
    LOOK = "look"
    """The forge says that something was pushed."""
    TURN = "turn"
    """Whoever watched does so no longer."""
    POSTINGS = "postings"
    """Postings or teams were written."""


async def wake(connection: AsyncConnection, wakeup: Wakeup) -> None:
    """Tells every process, once this transaction is committed. On SQLite that it writes tells of the outbox."""
    if connection.dialect.name == "postgresql":
        await connection.execute(select(func.pg_notify(CHANNEL, wakeup)))
    elif wakeup is Wakeup.LOOK:
        # A number in the file's head that SQLite leaves to applications, and that needs no table.
        calls = (await connection.exec_driver_sql("PRAGMA user_version")).scalar_one()
        await connection.exec_driver_sql(f"PRAGMA user_version = {(calls + 1) % 2**31}")


async def heard(database: Database, pause: Callable[[], Awaitable[None]]) -> AsyncGenerator[Wakeup, None]:
    """What is told from now on, without end; the first stands for all that was told before.

    On SQLite it is looked for after each `pause`. Raises StoreError when the connection is lost.
    """
    async with database.alone() as connection:
        if not database.is_sqlite:
            await connection.execute(f"LISTEN {CHANNEL}")
            yield Wakeup.OUTBOX
            async with aclosing(connection.notifies()) as notifications:
                async for notification in notifications:
                    if notification.payload in set(Wakeup):
                        yield Wakeup(notification.payload)
            return

        async def asked(pragma: str) -> int:
            row = await (await connection.execute(f"PRAGMA {pragma}")).fetchone()
            return int(row[0])

        version, calls = await asked("data_version"), await asked("user_version")
        yield Wakeup.OUTBOX
        while True:
            await pause()
            if version == (version := await asked("data_version")):
                continue
            yield Wakeup.OUTBOX
            if calls != (calls := await asked("user_version")):
                yield Wakeup.LOOK
