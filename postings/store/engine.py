"""The database behind one address: SQLite in a file, or PostgreSQL. Nothing else opens connections."""

from __future__ import annotations

import asyncio
import re
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from postings.errors import StoreError

_BUSY_SECONDS = 30
_CONNECT_SECONDS = 10
# A machine that vanished says no goodbye. By default the system notices after two hours, and until then the
# server keeps what a process there held. Either end asks the other after ten idle seconds, three times.
# https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-KEEPALIVES
_HERE = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3, "tcp_user_timeout": 25_000}
# https://www.postgresql.org/docs/current/runtime-config-connection.html#RUNTIME-CONFIG-TCP-SETTINGS
_THERE = "SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3"
_HIDDEN = "***"
_FULL = re.compile("disk is full|No space left on device")
"""What SQLite (SQLITE_FULL) and PostgreSQL (53100) say, whatever the language of its own words."""


def normalise(url: str) -> str:
    """`url` with the driver that Vigie uses: `sqlite:///path` or `postgres://…` as people and hosts write it.

    Raises StoreError when it is neither, or is SQLite without a file.
    """
    return _parse(url).render_as_string(hide_password=False)


def shown(url: str) -> str:
    """`url` fit to be shown: without its driver and with its password hidden, never raising."""
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return url.partition(":")[0] + ":…" if ":" in url else "…"
    hidden = {key: _HIDDEN for key in parsed.query if "password" in key.lower()}
    name = parsed.drivername.partition("+")[0]
    return parsed.set(drivername=name).update_query_dict(hidden).render_as_string(hide_password=True)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url.strip())
    except (ArgumentError, ValueError) as error:
        raise _not_an_address(url) from error
    name = parsed.drivername.partition("+")[0]
    if name in ("postgres", "postgresql"):
        return parsed.set(drivername="postgresql+psycopg")
    if name != "sqlite":
        raise _not_an_address(url)
    if parsed.database in (None, "", ":memory:"):
        raise StoreError(
            "L’adresse de la base SQLite ne nomme pas de fichier\u00a0: "
            'écrivez par exemple database_url = "sqlite:///vigie.db".',
            "The address of the SQLite database names no file: "
            'write for example database_url = "sqlite:///vigie.db".',
        )
    return parsed.set(drivername="sqlite+aiosqlite")


def _not_an_address(url: str) -> StoreError:
    return StoreError(
        f"L’adresse de la base de données ({shown(url)}) n’est pas lisible\u00a0: "
        'écrivez database_url = "sqlite:///vigie.db" ou '
        '"postgresql://utilisateur:motdepasse@serveur/base".',
        f"The address of the database ({shown(url)}) cannot be read: "
        'write database_url = "sqlite:///vigie.db" or "postgresql://user:password@server/database".',
    )


class Database:
    """A pool of connections to one database. Opens none before the first `read` or `write`."""

    def __init__(self, url: str) -> None:
        """Raises StoreError when `url` is no address of a database, or names a folder that is not there."""
        self.url = _parse(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._check_folder()
            self._engine = create_async_engine(self.url, connect_args={"timeout": _BUSY_SECONDS})
            event.listen(self._engine.sync_engine, "connect", _prepare_sqlite)
            event.listen(self._engine.sync_engine, "begin", _begin_sqlite)
        else:
            times = {"connect_timeout": _CONNECT_SECONDS, **_HERE}
            times = {name: value for name, value in times.items() if name not in self.url.query}
            self._engine = create_async_engine(self.url, pool_pre_ping=True, connect_args=times)
            event.listen(self._engine.sync_engine, "connect", _prepare_postgresql)
        self._writing: AsyncEngine = self._engine.execution_options(vigie_writes=True)
        # SQLite lets whoever waits for its writer ask again at growing intervals (sqlite3_busy_timeout), in no order:
        # within a process they take turns instead, and none sleeps past its own.
        self._turn: AbstractAsyncContextManager[None] = asyncio.Lock() if self.is_sqlite else nullcontext()

    @property
    def shown(self) -> str:
        """The address, without its password."""
        return shown(self.url.render_as_string(hide_password=False))

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads. Raises StoreError when the database cannot be used."""
        async with self._told(), self._engine.connect() as connection:
            yield connection

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that only reads, and sees the database as it was at its first statement, however long it
        lasts and whoever writes meanwhile. Raises StoreError when the database cannot be used.
        """
        # A transaction of SQLite in WAL mode always does (https://www.sqlite.org/isolation.html).
        options = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        async with self._told(), self._engine.execution_options(**options).connect() as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that is committed at the end, or rolled back when the block raises.

        On SQLite it is the only writer from its start, so what it has read cannot change before it writes.
        Raises StoreError when the database cannot be used.
        """
        async with self._turn, self._told(), self._writing.begin() as connection:
            yield connection

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[Any]:
        """A connection of the driver's own (psycopg's, aiosqlite's) that commits each statement by itself.

        Whatever holds or hears on it ends with the block, which closes it. Raises StoreError when the database
        cannot be used, also for the driver's errors within the block.
        """
        async with self._told(), self._engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            try:
                if not self.is_sqlite:
                    await driver.set_autocommit(True)  # type: ignore[union-attr]
                yield driver
            except self._engine.dialect.loaded_dbapi.Error as error:
                raise self._unusable(error) from error
            finally:
                await connection.invalidate()

    def aside(self) -> sqlite3.Connection:
        """A connection to the SQLite file for what takes microseconds: it waits for nobody. Raises sqlite3.Error."""
        (name,), options = self._engine.dialect.create_connect_args(self.url)
        uri = bool(options.get("uri"))
        return sqlite3.connect(name, timeout=0, isolation_level=None, uri=uri)

    async def close(self) -> None:
        """Closes every connection."""
        await self._engine.dispose()

    @asynccontextmanager
    async def _told(self) -> AsyncIterator[None]:
        """Errors of the database's surroundings become StoreError; those of our own SQL stay as they are."""
        try:
            yield
        except DBAPIError as error:
            if type(error) not in (OperationalError, InterfaceError, DatabaseError):
                raise
            raise self._unusable(error.orig) from error

    def _unusable(self, error: BaseException | None) -> StoreError:
        reason = str(error).strip().partition("\n")[0].rstrip(".")
        if self.url.password:
            reason = reason.replace(str(self.url.password), _HIDDEN)
        if _FULL.search(reason):
            return StoreError(
                f"Le disque de la base de données {self.shown} est plein ({reason})\u00a0: libérez de la place, "
                "Vigie reprendra d’elle-même.",
                f"The disk of the database {self.shown} is full ({reason}): make room, Vigie goes on by itself.",
            )
        return StoreError(
            f"La base de données {self.shown} est inutilisable ({reason})\u00a0: vérifiez database_url, "
            "que le serveur répond et que les droits suffisent.",
            f"The database {self.shown} cannot be used ({reason}): check database_url, "
            "that the server answers and that the rights suffice.",
        )

    def _check_folder(self) -> None:
        database = str(self.url.database)
        folder = Path(database).parent
        if not database.startswith("file:") and not folder.is_dir():
            raise StoreError(
                f"Le dossier {folder} de la base de données n’existe pas\u00a0: "
                "créez-le ou corrigez database_url.",
                f"The folder {folder} of the database does not exist: create it or mend database_url.",
            )


def _prepare_sqlite(connection: Any, _: object) -> None:
    # Without this the driver begins transactions by itself, too late, and commits before DDL.
    # https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#sqlite-transactions
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA foreign_keys = ON")
        if _journal(cursor, "PRAGMA journal_mode") != "wal":
            _switch_to_wal(cursor)
    finally:
        cursor.close()


def _switch_to_wal(cursor: Any) -> None:
    try:
        _journal(cursor, "PRAGMA journal_mode = WAL")
    except Exception as error:
        # The mode belongs to the file. SQLite does not wait for this lock whatever the timeout, and whoever
        # holds it has asked for the same mode.
        if "locked" not in str(error):
            raise


def _journal(cursor: Any, pragma: str) -> str:
    cursor.execute(pragma)
    return str(cursor.fetchone()[0])


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("vigie_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepare_postgresql(connection: Any, _: object) -> None:
    # In another zone the driver could not give back instants near the ends of the calendar.
    cursor = connection.cursor()
    try:
        cursor.execute("SET TIME ZONE 'UTC'")
        cursor.execute(_THERE)
    finally:
        cursor.close()
    connection.commit()
