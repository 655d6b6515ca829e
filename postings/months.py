"""How many postings opened and stopped being open, by month of Europe/Paris, and for how long they were open."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from postings.dates import midnight, paris_day
from postings.model import Event, EventKind, Record, State

OPENINGS = frozenset((EventKind.OPENED, EventKind.REOPENED))
ENDS = frozenset((EventKind.CLOSED, EventKind.FILLED, EventKind.WITHDRAWN))


@dataclass(frozen=True, slots=True)
class Month:
    """What happened in one month of Europe/Paris."""

    first: date
    """Its first day."""
    opened: int
    """Openings, reopenings included."""
    ended: int
    """Openings that came to an end: closed, filled or withdrawn, whichever came first."""
    filled: int
    """Of those that ended in it, how many were marked as filled, then or later."""


def first_days(now: datetime, count: int) -> list[date]:
    """The first days of the last `count` months, that of `now` included, the oldest first."""
    today = paris_day(now)
    months = [today.year * 12 + today.month - 1 - back for back in reversed(range(count))]
    return [date(month // 12, month % 12 + 1, 1) for month in months if month >= 12]


def by_month(events: Iterable[Event], now: datetime, count: int) -> list[Month]:
    """The last `count` months up to `now`, the oldest first.

    An opening has one end, the first: what was closed in May and marked as filled in June ended in May.
    """
    months = first_days(now, count)
    known = [event for event in events if event.at <= now]
    opened = Counter(_month(event.at) for event in known if event.kind in OPENINGS)
    ended: dict[tuple[str, int], datetime] = {}
    filled: set[tuple[str, int]] = set()
    for event in known:
        key = (event.posting, event.opening)
        if event.kind in ENDS and event.opening:
            ended[key] = min(ended.get(key, event.at), event.at)
        if event.kind is EventKind.FILLED:
            filled.add(key)
    ends = Counter(_month(at) for at in ended.values())
    marked = Counter(_month(at) for key, at in ended.items() if key in filled)
    return [Month(first, opened[first], ends[first], marked[first]) for first in months]


def days_open(records: Iterable[Record]) -> list[float]:
    """Of each posting that is not open any more, how many days it was open the last time."""
    return [
        (record.ended_at - record.opened_at) / timedelta(days=1)
        for record in records
        if record.state is not State.OPEN and record.ended_at and record.opened_at
    ]


def ended_between(events: Iterable[Event], since: datetime, now: datetime) -> set[str]:
    """The ids of the postings of which an opening ended from `since` to `now`."""
    return {event.posting for event in events if event.kind in ENDS and since <= event.at <= now}


def beginnings(months: Sequence[date]) -> list[datetime]:
    """The instants, in UTC, at which months begin in Paris."""
    return [midnight(first) for first in months]


def _month(instant: datetime) -> date:
    return paris_day(instant).replace(day=1)
