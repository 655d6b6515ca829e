"""Whose turn it is to watch: of all processes that share a database, one at a time.

What holds the turn is something that ends with the process, whatever becomes of it: on PostgreSQL an advisory lock
of a session (https://www.postgresql.org/docs/current/explicit-locking.html#ADVISORY-LOCKS), on SQLite the lock of a
file beside the database, which the kernel frees (flock(2)).
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Protocol

from postings.errors import StoreError
from postings.store.engine import Database
from postings.store.wakeups import CHANNEL, Wakeup

# The schema too: two Vigies may live in two schemas of one database.
_KEY = "hashtextextended('vigie turn ' || current_schema(), 0)"


class Turn(Protocol):
    """A process's standing among those that would watch."""

    async def take(self) -> bool:
        """Whether it is this process's turn from now on. Raises StoreError when it cannot be asked for."""

    async def lost(self) -> None:
        """Returns when the turn, which was taken, is this process's no longer."""


@contextlib.asynccontextmanager
async def turn(database: Database) -> AsyncIterator[Turn]:
    """The standing of one process; at the end of the block the turn is free for others, who are told at once."""
    async with database.alone() as connection:
        if not database.is_sqlite:
            held = _Session(connection)
            try:
                yield held
            finally:
                await held.give_back()
            return
        cursor = await connection.execute("PRAGMA database_list")
        file = next(path for _, name, path in await cursor.fetchall() if name == "main")
    with contextlib.ExitStack() as stack:
        yield _File(Path(f"{file}-watcher"), stack)


class _Session:
    """On PostgreSQL: the lock is the session's, and ends with its connection."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._taken = False

    async def take(self) -> bool:
        cursor = await self._connection.execute(f"SELECT pg_try_advisory_lock({_KEY})")
        (self._taken,) = await cursor.fetchone()
        return self._taken

    async def lost(self) -> None:
        with contextlib.suppress(self._connection_error):
            async for _ in self._connection.notifies():
                pass  # nothing is listened to here: it only ends with the connection

    async def give_back(self) -> None:
        """Frees the turn before the connection is closed, so that who is told finds it free."""
        if self._taken:
            with contextlib.suppress(self._connection_error):
                await self._connection.execute(f"SELECT pg_advisory_unlock({_KEY})")
                await self._connection.execute(f"NOTIFY {CHANNEL}, '{Wakeup.TURN}'")

    @property
    def _connection_error(self) -> type[Exception]:
        from psycopg import Error  # only loaded where it is used

        return Error


class _File:
    """On SQLite: the lock is on a file, which stays there, empty."""

    def __init__(self, path: Path, stack: contextlib.ExitStack) -> None:
        self._path = path
        self._stack = stack

    async def take(self) -> bool:
        with contextlib.ExitStack() as opened:
            try:
                file = opened.enter_context(self._path.open("ab"))
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            except OSError as error:
                raise StoreError(
                    f"Le fichier {self._path} ne peut pas être verrouillé ({error.strerror})\u00a0: placez la base "
                    "SQLite dans un dossier local où Vigie peut écrire.",
                    f"The file {self._path} cannot be locked ({error.strerror}): put the SQLite database in a "
                    "local folder where Vigie may write.",
                ) from error
            if not self._is_still(file.fileno()):
                return False
            self._stack.push(opened.pop_all())
        return True

    async def lost(self) -> None:
        await asyncio.Event().wait()  # nothing but the end of this process frees it

    def _is_still(self, number: int) -> bool:
        """Whether the file that was locked is the one that others will open: somebody may have removed it."""
        try:
            return os.path.samestat(os.fstat(number), self._path.stat())
        except FileNotFoundError:
            return False
