"""The Markdown of postings, apart from their records: lists and questions never need it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.store.shelving import next_generation
from postings.store.tables import bodies, shelf
from postings.store.types import storable
from postings.store.writing import chunks, put


async def bodies_of(connection: AsyncConnection, ids: Collection[str]) -> dict[str, str]:
    """The bodies of some postings, by id; those of which none was stored are left out."""
    found: dict[str, str] = {}
    for some in chunks(ids):
        query = select(bodies.c.posting, bodies.c.markdown).where(bodies.c.posting.in_(some))
        found |= {row.posting: row.markdown for row in await connection.execute(query)}
    return found


async def put_bodies(connection: AsyncConnection, source: str, read: Mapping[str, str]) -> None:
    """Stores what the files of some postings say, in place of what they said.

    A body that changed puts its posting into a new generation of the source, for a record need not change with it:
    what is made of both is made anew. An equal one is not written.
    """
    held = await bodies_of(connection, read)
    rows = [
        {"posting": id, "markdown": markdown}
        for id, markdown in read.items()
        if held.get(storable(id)) != storable(markdown)
    ]
    if rows:
        await put(connection, bodies, rows)
        generation = await next_generation(connection, source)
        for some in chunks(row["posting"] for row in rows):
            written = update(shelf).where(shelf.c.posting.in_(some)).values(generation=generation)
            await connection.execute(written)
