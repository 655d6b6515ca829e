"""Whether anything may have been written, asked so cheaply that every request can ask it.

SQLite counts the commits of others in memory that its connections share
(https://www.sqlite.org/pragma.html#pragma_data_version). PostgreSQL has no such number: there it is what this process
wrote and what it heard (postings/store/wakeups.py), and since a wake-up may be lost, the second that it is.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable

from postings.store.engine import Database

_EVERY = 0.05
"""Seconds for which SQLite is not asked again: a request may come every millisecond, and asking costs a tenth of it."""


class Beat:
    """Called, it gives what is not the same once anything was written.

    `seconds` is a clock that only goes forward.
    """

    def __init__(self, database: Database, seconds: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._seconds = seconds
        self._counted = 0
        self._asked_at = float("-inf")
        self._version = 0
        self._connection: sqlite3.Connection | None = None

    def count(self) -> None:
        """Something was written here, or heard of."""
        self._counted += 1

    def close(self) -> None:
        """Closes the connection, if there is one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __call__(self) -> object:
        if not self._database.is_sqlite:
            return self._counted, int(self._seconds())
        if (now := self._seconds()) >= self._asked_at + _EVERY:
            self._asked_at = now
            try:
                self._version = self._asked()
            except sqlite3.Error:
                return None  # whoever asks then reads, and is told what is wrong
        return self._counted, self._version

    def _asked(self) -> int:
        if self._connection is None:
            self._connection = self._database.aside()
        (version,) = self._connection.execute("PRAGMA data_version").fetchone()
        return int(version)
