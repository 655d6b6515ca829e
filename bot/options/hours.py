"""Quiet hours: when a channel is told nothing new (specification, section 5). Pure functions, in Europe/Paris."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from postings.dates import PARIS

_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-3]):([0-5]\d)")
_SATURDAY = 5
_LONGEST = 5
"""Days: from a Friday evening on, quiet ends on the Monday, on the Tuesday where its span reaches over midnight."""
_DST = time(1, tzinfo=UTC)
"""When clocks change in the European Union (Directive 2000/84/EC)."""


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours in which nothing new is told: a span of each day, and Saturdays and Sundays or not."""

    span: tuple[time, time] | None = None
    """From, and until before; over midnight where the second is the earlier. None: no span."""
    weekends: bool = False

    def covers(self, at: datetime) -> bool:
        """Whether an instant is quiet."""
        local = at.astimezone(PARIS)
        if self.weekends and local.weekday() >= _SATURDAY:
            return True
        if self.span is None:
            return False
        start, end = self.span
        now = local.time()
        return start <= now < end if start < end else now >= start or now < end

    def ends(self, at: datetime) -> datetime:
        """The first instant, in UTC, at or after `at` that is not quiet."""
        at = at.astimezone(UTC)
        if not self.covers(at):
            return at
        first = at.astimezone(PARIS).date()
        days = [first + timedelta(days=n) for n in range(_LONGEST + 1)]
        walls = [time.min, *(() if self.span is None else (self.span[1],))]
        # Quiet ends at midnight, at the end of the span, or when clocks that change jump over that.
        ends = [
            datetime.combine(day, wall, PARIS).replace(fold=fold).astimezone(UTC)
            for day in days
            for wall in walls
            for fold in (0, 1)
        ]
        ends += [datetime.combine(day, _DST) for day in days]
        return min(end for end in ends if end > at and not self.covers(end))


NEVER = Quiet()
"""Never quiet."""


def quiet(hours: str, *, weekends: bool) -> Quiet:
    """Quiet hours as the configuration writes them: "20:00-08:00", or "" for none of the day.

    Raises ValueError when it is no span, or one that has no end.
    """
    if not hours.strip():
        return Quiet(None, weekends)
    found = _SPAN.fullmatch(hours.strip())
    if found is None:
        raise ValueError(f"no span of hours: {hours}")
    start, end = (time(int(found[hour]), int(found[hour + 1])) for hour in (1, 3))
    if start == end:
        raise ValueError(f"a span without an end: {hours}")
    return Quiet((start, end), weekends)
