"""All that a database holds, into a file and back, between SQLite and PostgreSQL as well.

Tables are read and written as the database itself describes them, so that a backup of any revision of the schema can
be made and restored: into the tables of its own revision, which are then migrated like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    DateTime,
    MetaData,
    Table,
    case,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.errors import StoreError
from postings.store import schema, tables
from postings.store.archive import Archive, Row, Writer, damaged, later
from postings.store.engine import Database
from postings.store.types import Instant

_AT_ONCE = 500


async def backup(url: str, path: Path, now: datetime) -> dict[str, int]:
    """Writes all that the database at `url` holds into a new file, as it is at one moment; returns the rows by table.

    Others go on reading and writing. `now` is the present instant, in UTC. Raises ArchiveError when the file exists or
    cannot be written, StoreError when the database cannot be used or was never migrated.
    """
    database = Database(url)
    try:
        async with database.snapshot() as connection:
            revision = await connection.run_sync(schema.revision_of)
            schema.refuse_later(revision, database.shown)
            if revision is None:
                raise StoreError(
                    f"La base de données {database.shown} est vide\u00a0: il n’y a rien à sauvegarder.",
                    f"The database {database.shown} is empty: there is nothing to back up.",
                )
            described = await connection.run_sync(_described)
            writer = Writer(path, revision, now)
            try:
                for table in described.sorted_tables:
                    await _write(connection, table, writer)
                writer.finish()
            finally:
                writer.discard()
            return writer.counts
    finally:
        await database.close()


async def restore(url: str, path: Path, now: datetime, *, nothing_since: bool = False) -> Archive:
    """Fills the empty database at `url` with a backup, all or nothing, and migrates it; returns what was restored.

    What the backup had still to send, and what the next look at each source finds, may have been sent after it was
    made: it is looked for on its platform before it is sent. With `nothing_since` nothing was. `now` is the present
    instant, in UTC. Raises ArchiveError when the file is no whole backup, StoreError when the database is not empty
    or cannot be used.
    """
    archive = Archive.verified(path)
    if not schema.knows(archive.revision):
        raise later(path)
    database = Database(url)
    try:
        async with database.write() as connection:
            if not database.is_sqlite:
                await connection.execute(schema.LOCKED)
            await connection.run_sync(_emptied, database.shown)
            await connection.run_sync(schema.upgrade_to, archive.revision, database.shown)
            try:
                await _fill(connection, archive)
            except StatementError as error:
                if isinstance(error, OperationalError):
                    raise  # the database's trouble, not the file's
                raise damaged(path) from error
            await connection.run_sync(schema.upgrade_to, "head", database.shown)
            await _mark(connection, None if nothing_since else archive.made_at, now)
    except IntegrityError as error:
        raise damaged(path) from error
    finally:
        await database.close()
    return archive


def _described(connection: Connection) -> MetaData:
    """Vigie's tables as they are in this database."""
    found = MetaData()
    found.reflect(connection, only=lambda name, _: name in tables.metadata.tables)
    return found


async def _write(connection: AsyncConnection, table: Table, writer: Writer) -> None:
    writer.table(table.name, [column.name for column in table.columns])
    rows = await connection.stream(select(table).order_by(*table.primary_key.columns))
    async for some in rows.partitions(_AT_ONCE):
        writer.rows([_plain(value) for value in row] for row in some)


def _plain(value: object) -> object:
    """A value as JSON can hold it. SQLite keeps no zone: what it holds is UTC."""
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    return value


def _emptied(connection: Connection, shown: str) -> None:
    """Takes away Vigie's tables if none has a row, so that those of another revision can be made."""
    schema.refuse_later(schema.revision_of(connection), shown)
    found = _described(connection)
    for table in found.sorted_tables:
        if connection.execute(select(table).limit(1)).first() is not None:
            raise StoreError(
                f"La base de données {shown} n’est pas vide, rien n’a été restauré\u00a0: donnez dans database_url "
                "l’adresse d’une base neuve, ou d’un fichier SQLite qui n’existe pas encore.",
                f"The database {shown} is not empty, nothing was restored: give in database_url the address of a new "
                "database, or of a SQLite file that does not exist yet.",
            )
    found.drop_all(connection)
    if inspect(connection).has_table("alembic_version"):
        connection.execute(text("DROP TABLE alembic_version"))


async def _fill(connection: AsyncConnection, archive: Archive) -> None:
    described = (await connection.run_sync(_described)).tables
    sqlite = connection.dialect.name == "sqlite"
    for name, columns, rows in archive.rows():
        table = described.get(name)
        if table is None or set(columns) != set(table.columns.keys()):
            raise damaged(archive.path)
        readers = {column: _reader(table, column, sqlite=sqlite) for column in columns}
        try:
            values = [_values(columns, readers, row) for row in rows]
        except (TypeError, ValueError, AttributeError):
            raise damaged(archive.path) from None
        await connection.execute(insert(table), values)
    if not sqlite:
        # Nothing may be left to be checked at the end when the tables are altered.
        await connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        for table in described.values():
            await _count_on(connection, table)


def _reader(table: Table, column: str, *, sqlite: bool) -> Callable[[Any], Any]:
    """How a value of a column is made from JSON."""
    if not isinstance(table.columns[column].type, DateTime):
        return lambda value: value

    def instant(value: Any) -> datetime | None:
        if value is None:
            return None
        found = datetime.fromisoformat(value).astimezone(UTC)
        return found.replace(tzinfo=None) if sqlite else found

    return instant


def _values(
    columns: tuple[str, ...], readers: Mapping[str, Callable[[Any], Any]], row: Row
) -> dict[str, object]:
    return {column: readers[column](value) for column, value in zip(columns, row, strict=True)}


async def _count_on(connection: AsyncConnection, table: Table) -> None:
    """Lets the numbers that PostgreSQL gives to new rows follow those that are there."""
    for column in table.primary_key.columns:
        named = func.pg_get_serial_sequence(table.name, column.name)
        sequence = await connection.scalar(select(named))
        if sequence is not None:
            latest = select(func.max(column)).scalar_subquery()
            await connection.execute(
                select(func.setval(sequence, func.coalesce(latest, 1), latest.is_not(None)))
            )


async def _mark(connection: AsyncConnection, since: datetime | None, now: datetime) -> None:
    """Frees what workers that are gone had leased; notes what may have been sent `since`, and by `now`."""
    outbox, sources = tables.outbox, tables.sources
    await connection.execute(update(outbox).values(owner=None, leased_until=None))
    if since is None:
        return
    begun = case(
        (outbox.c.state == "pending", func.coalesce(outbox.c.unknown_since, literal(since, Instant()))),
        else_=outbox.c.unknown_since,
    )
    may = (outbox.c.state.in_(("pending", "held")), outbox.c.ready_at <= now)
    await connection.execute(update(outbox).where(*may).values(restored_from=since, unknown_since=begun))
    await connection.execute(update(sources).values(restored_from=since))
