"""The two writes that SQL spells apart for each database: insert unless there, insert or replace; and parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import TypeVar

from sqlalchemy import Insert, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.dml import ReturningInsert

_T = TypeVar("_T")
_AT_ONCE = 5000
"""Values that one statement compares with; SQLite takes 32,766 of them."""


async def insert_new(
    connection: AsyncConnection, table: Table, unique: str, row: Mapping[str, object]
) -> bool:
    """Inserts `row` unless the table has one with the same value in column `unique`; returns whether it did."""
    statement = _unless_there(connection.dialect.name, table, unique)
    return (await connection.execute(statement, dict(row))).first() is not None


async def put(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Inserts `rows`, each with the same keys, replacing those that have the same primary key."""
    if not rows:
        return
    statement = _replacing(connection.dialect.name, table, tuple(rows[0]))
    await connection.execute(statement, [dict(row) for row in rows])


# Made once each: making a statement costs more than executing it.
@cache
def _unless_there(dialect: str, table: Table, unique: str) -> ReturningInsert[tuple[object]]:
    statement = insert(dialect, table).on_conflict_do_nothing(index_elements=[unique])
    return statement.returning(table.c[unique])


@cache
def _replacing(dialect: str, table: Table, names: tuple[str, ...]) -> Insert:
    key = [column.name for column in table.primary_key]
    statement = insert(dialect, table)
    replaced = {name: statement.excluded[name] for name in names if name not in key}
    if replaced:
        return statement.on_conflict_do_update(index_elements=key, set_=replaced)
    return statement.on_conflict_do_nothing(index_elements=key)


def insert(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """The statement that inserts into `table`, in a database's dialect."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def chunks(values: Iterable[_T], size: int = _AT_ONCE) -> Iterator[Sequence[_T]]:
    """`values` in parts that one statement takes."""
    iterator = iter(values)
    while some := list(islice(iterator, size)):
        yield some
