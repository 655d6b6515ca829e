"""What feeds and pages show: what is open or ended lately, and which of it was written since it was last read."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.catalogue import Changed
from postings.model import Record, State, Team
from postings.store.codec import Json, record_from_json
from postings.store.shelving import generations_of, newer
from postings.store.tables import postings, shelf, sources
from postings.store.writing import chunks


@dataclass(frozen=True, slots=True)
class _Mark:
    generations: dict[str, int]


async def changed(connection: AsyncConnection, mark: object) -> Changed:
    """What was written since a mark of this function; without one, anything."""
    # The generations are read first: what is written meanwhile is of a later one, and found the next time.
    current = await generations_of(connection)
    last_look = cast("datetime | None", await connection.scalar(select(func.min(sources.c.looked_at))))
    if not isinstance(mark, _Mark):
        return Changed(_Mark(current), None, last_look)
    if mark.generations == current:
        return Changed(mark, (), last_look)
    ids = await connection.scalars(select(shelf.c.posting).where(newer(mark.generations, current)))
    return Changed(_Mark(current), frozenset(ids), last_look)


async def shown(connection: AsyncConnection, since: datetime, ids: Collection[str] | None) -> list[Record]:
    """The records that are open or ended later than `since`; of some ids when given."""
    query = select(postings.c.record).where(
        or_(postings.c.state == State.OPEN, postings.c.ended_at > since), postings.c.opened_at.is_not(None)
    )
    if ids is None:
        return [record_from_json(cast(Json, data)) for data in await connection.scalars(query)]
    found: list[Record] = []
    for some in chunks(ids):
        rows = await connection.scalars(query.where(postings.c.id.in_(some)))
        found += [record_from_json(cast(Json, data)) for data in rows]
    return found


async def last_end(connection: AsyncConnection, by: datetime) -> datetime | None:
    """The last instant, in UTC, up to `by` at which a posting stopped being open; None when none did."""
    query = select(func.max(postings.c.ended_at)).where(postings.c.ended_at <= by)
    return cast("datetime | None", await connection.scalar(query))


async def teams_ever(connection: AsyncConnection) -> tuple[list[Team], list[Team]]:
    """The teams and the incubators of all postings, with each name that they had there."""
    p = postings.c
    teams = await connection.execute(select(p.team, p.team_name).where(p.team.is_not(None)).distinct())
    incubators = await connection.execute(
        select(p.incubator, p.incubator_name).where(p.incubator.is_not(None)).distinct()
    )
    return [Team(*row) for row in teams], [Team(*row) for row in incubators]
