"""The two writes that SQL spells apart for each database: insert unless there, insert or replace; and parts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

_T = TypeVar("_T")
_AT_ONCE = 5000
"""Values that one statement compares with; SQLite takes 32,766 of them."""


async def insert_new(
    connection: AsyncConnection, table: Table, unique: str, row: Mapping[str, object]
) -> bool:
    """Inserts `row` unless the table has one with the same value in column `unique`; returns whether it did."""
    statement = (
        _insert(connection, table).on_conflict_do_nothing(index_elements=[unique]).returning(table.c[unique])
    )
    return (await connection.execute(statement, dict(row))).first() is not None


async def put(connection: AsyncConnection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Inserts `rows`, each with the same keys, replacing those that have the same primary key."""
    if not rows:
        return
    key = [column.name for column in table.primary_key]
    statement = _insert(connection, table)
    replaced = {name: statement.excluded[name] for name in rows[0] if name not in key}
    if replaced:
        statement = statement.on_conflict_do_update(index_elements=key, set_=replaced)
    else:
        statement = statement.on_conflict_do_nothing(index_elements=key)
    await connection.execute(statement, [dict(row) for row in rows])


def _insert(connection: AsyncConnection, table: Table) -> postgresql.Insert | sqlite.Insert:
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def chunks(values: Iterable[_T], size: int = _AT_ONCE) -> Iterator[Sequence[_T]]:
    """`values` in parts that one statement takes."""
    iterator = iter(values)
    while some := list(islice(iterator, size)):
        yield some
