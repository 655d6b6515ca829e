"""What opened and ended, counted by the database: it costs the months that are asked for, not the whole history."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, FromClause, Integer, Select, and_, case, exists, func, literal, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import GenericFunction

from postings.model import EventKind, State
from postings.months import ENDS, OPENINGS, Month, beginnings, days_open, first_days
from postings.store.codec import Json, record_from_json
from postings.store.tables import events, postings

_KINDS_OF_ENDS = sorted(kind.value for kind in ENDS)
_KINDS_OF_OPENINGS = sorted(kind.value for kind in OPENINGS)


class _Opening(GenericFunction[int]):
    """Which opening of its posting an event belongs to: what the stored JSON of an event says."""

    type = Integer()
    inherit_cache = True
    name = "opening_of"


@compiles(_Opening, "sqlite")
def _on_sqlite(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_extract({compiler.process(element.clauses, **options)}, '$.opening')"


@compiles(_Opening, "postgresql")
def _on_postgresql(element: Any, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(CAST({compiler.process(element.clauses, **options)} AS json) ->> 'opening' AS integer)"


async def months(connection: AsyncConnection, now: datetime, count: int) -> list[Month]:
    """What opened and ended in each of the last `count` months of Paris up to `now`, the oldest first."""
    firsts = first_days(now, count)
    starts = beginnings(firsts)
    opened = (
        select(_month(events.c.at, starts).label("month"))
        .where(events.c.kind.in_(_KINDS_OF_OPENINGS), events.c.at >= starts[0], events.c.at <= now)
        .subquery()
    )
    counted = select(opened.c.month, func.count().label("number")).group_by(opened.c.month)
    openings = {row.month: row.number for row in await connection.execute(counted)}
    ended = _ended(starts, now).subquery()
    summed = select(ended.c.month, func.count(), func.sum(ended.c.filled)).group_by(ended.c.month)
    ends = {month: (number, filled) for month, number, filled in await connection.execute(summed)}
    return [
        Month(first, openings.get(place, 0), *ends.get(place, (0, 0))) for place, first in enumerate(firsts)
    ]


def _ended(starts: list[datetime], now: datetime) -> Select[Any]:
    """A row for each opening whose first end is in one of the months: which one, and whether it was marked filled."""
    found = (
        select(
            events.c.posting,
            events.c.at,
            _Opening(events.c.event).label("opening"),
            case((events.c.kind == EventKind.FILLED.value, 1), else_=0).label("filled"),
        )
        .where(events.c.kind.in_(_KINDS_OF_ENDS), events.c.at >= starts[0], events.c.at <= now)
        .subquery()
    )
    first = (
        select(
            found.c.posting,
            found.c.opening,
            func.min(found.c.at).label("at"),
            func.max(found.c.filled).label("filled"),
        )
        .where(found.c.opening > 0)
        .group_by(found.c.posting, found.c.opening)
        .subquery()
    )
    return select(_month(first.c.at, starts).label("month"), first.c.filled).where(
        ~_ended_before(first, starts[0])
    )


def _ended_before(first: FromClause, start: datetime) -> ColumnElement[bool]:
    """Whether the opening had ended already when the months begin."""
    earlier = events.alias()
    return exists().where(
        and_(
            earlier.c.posting == first.c.posting,
            earlier.c.kind.in_(_KINDS_OF_ENDS),
            earlier.c.at < start,
            _Opening(earlier.c.event) == first.c.opening,
        )
    )


def _month(at: ColumnElement[datetime], starts: list[datetime]) -> ColumnElement[int]:
    """The place of an instant's month among months that begin at `starts`."""
    later = [(at < start, place) for place, start in enumerate(starts[1:])]
    return case(*later, else_=len(starts) - 1) if later else literal(0)


async def lengths(connection: AsyncConnection, since: datetime, now: datetime) -> list[float]:
    """How many days each posting that stopped being open from `since` to `now` was open the last time."""
    ended = select(events.c.posting).where(
        events.c.kind.in_(_KINDS_OF_ENDS), events.c.at >= since, events.c.at <= now
    )
    query = select(postings.c.record).where(
        postings.c.id.in_(ended), func.coalesce(postings.c.state, "") != State.OPEN.value
    )
    return days_open(record_from_json(cast(Json, data)) for data in await connection.scalars(query))
