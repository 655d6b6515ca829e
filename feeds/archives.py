"""Which months of the feed of events are archived, and what links them (RFC 5005, section 4).

A month is its first instant in UTC: dates of entries are written in UTC, and no change of a country's clocks ever
moves an event into another month.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

ARCHIVE_AGE = 7 * 24 * 3600
"""Seconds for which an archive may be kept without asking again: it gains a link when the next one is made."""

_MARGIN = timedelta(days=7)
"""How long a month is over before it is archived: what the clock causes has its own instant, found after an outage."""
_NAME = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Where a document stands among those that together hold a feed; addresses are absolute, without extension."""

    current: str | None = None
    """The subscription document's; None in that document itself, what has one is an archive."""
    previous: str | None = None
    """The address of the archive before it; None when there is none."""
    following: str | None = None
    """The address of the archive after it; None when there is none yet."""


ALONE = Chain()
"""A document that holds its feed, without archives."""


def month_of(instant: datetime) -> datetime:
    """The month in which an instant falls."""
    at = instant.astimezone(UTC)
    return datetime(at.year, at.month, 1, tzinfo=UTC)


def month_after(month: datetime) -> datetime:
    """The month that follows. Raises ValueError after the last one that a datetime can hold."""
    return datetime(month.year + month.month // 12, month.month % 12 + 1, 1, tzinfo=UTC)


def first_open(now: datetime) -> datetime:
    """The first month that is not archived at `now`: all before it are over, and have been for a week."""
    return month_of(now - _MARGIN)


def archived_at(month: datetime) -> datetime:
    """The instant, in UTC, from which a month is archived. Raises ValueError as `month_after` does."""
    return month_after(month) + _MARGIN


def name_of(month: datetime) -> str:
    """What a month is called in addresses: `2026-03`."""
    return month.isoformat()[:7]


def named(name: str) -> datetime | None:
    """The month that `name_of` calls so; None when it calls none so."""
    found = _NAME.fullmatch(name)
    return datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC) if found and found[1] != "0000" else None
