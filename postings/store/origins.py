"""Which sources the stored postings are from, and under what ids: what a change of the configuration may break."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import String, case, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.model import State
from postings.store.tables import postings, sources


@dataclass(frozen=True, slots=True)
class Origin:
    """A source that was looked at, and how many of its postings are stored under which ids."""

    source: str
    bare: int
    """Ids as the first source's postings have them."""
    prefixed: int
    """Ids of the form `source:name`, as those of every other source."""
    current: int
    """Postings that are open or scheduled."""


async def origins(connection: AsyncConnection) -> list[Origin]:
    """Every source that was ever looked at, by name."""
    prefix = type_coerce(sources.c.name, String) + ":"
    prefixed = func.substr(type_coerce(postings.c.id, String), 1, func.length(prefix)) == prefix
    current = postings.c.state.in_((State.OPEN, State.SCHEDULED))
    query = (
        select(
            sources.c.name,
            func.count(postings.c.id),
            func.count(case((prefixed, 1))),
            func.count(case((current, 1))),
        )
        .select_from(sources.outerjoin(postings, postings.c.source == sources.c.name))
        .group_by(sources.c.name)
        .order_by(sources.c.name)
    )
    rows = await connection.execute(query)
    return [Origin(name, stored - prefixed, prefixed, current) for name, stored, prefixed, current in rows]
