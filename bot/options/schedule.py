"""When a digest leaves: a cron expression, in Europe/Paris. Nothing fires by itself; instants are worked out.

The numbers and names are those of crontab(5), where Sunday is 0 or 7 and Monday 1, and where either of two
restricted fields of days suffices. APScheduler counts from Monday and wants both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from apscheduler.triggers.cron import CronTrigger

from postings.dates import PARIS

_WEEKDAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAME = "|".join(_WEEKDAYS)
_PART = re.compile(rf"(?:\*|([0-7]|{_NAME})(?:-([0-7]|{_NAME}))?)(?:/([1-9]\d?))?")
_FORMER = timedelta(hours=1)
_AT_MOST = timedelta(days=4000)
"""How far back the former instant is looked for: a 29 February may be eight years away."""


class Schedule:
    """The instants of a cron expression. Raises ValueError when it is none, or names no instant."""

    def __init__(self, crontab: str) -> None:
        fields = crontab.lower().split()
        if len(fields) != 5:
            raise ValueError(f"five fields are needed: {crontab}")
        *rest, month_day, month, week_day = fields
        week_day = _week_day(week_day)
        days = [(month_day, week_day)]
        if not month_day.startswith("*") and not week_day.startswith("*"):
            days = [(month_day, "*"), ("*", week_day)]
        self._triggers = [
            CronTrigger.from_crontab(" ".join((*rest, of_month, month, of_week)), timezone=PARIS)
            for of_month, of_week in days
        ]
        if self._first(datetime(2024, 1, 1, tzinfo=UTC)) is None:
            raise ValueError(f"it never comes: {crontab}")

    def next(self, at: datetime) -> datetime:
        """The first instant at or after `at`, in UTC."""
        found = self._first(at)
        assert found is not None  # noqa: S101  it was looked for when this was made
        return found

    def instants(self, at: datetime) -> Iterator[datetime]:
        """The instants at or after `at`, in UTC, one after the other."""
        while True:
            at = self.next(at)
            yield at
            at += timedelta(seconds=1)

    def former(self, at: datetime) -> datetime | None:
        """The last instant before `at`, in UTC; None when there is none in the ten years before."""
        length = _FORMER
        while length <= _AT_MOST:
            found = None
            for instant in self.instants(at - length):
                if instant >= at:
                    break
                found = instant
            if found is not None:
                return found
            length *= 2
        return None

    def _first(self, at: datetime) -> datetime | None:
        found = [trigger.get_next_fire_time(None, at.astimezone(PARIS)) for trigger in self._triggers]
        return min((instant.astimezone(UTC) for instant in found if instant is not None), default=None)


def _week_day(field: str) -> str:
    """The days of the week as APScheduler counts them: Monday is 0."""
    if field == "*":
        return field
    found: set[int] = set()
    for part in field.split(","):
        match = _PART.fullmatch(part)
        if match is None:
            raise ValueError(f"no day of the week: {part}")
        first, last, step = match.groups()
        start = 0 if first is None else _number(first)
        # "5/2" is every second day from Friday on, as in the crontabs that know steps.
        end = 6 if first is None or (last is None and step) else _number(last or first)
        if last == "sun":
            end = 7
        if end < start:
            raise ValueError(f"days of the week that run backwards: {part}")
        found |= {(day - 1) % 7 for day in range(start, end + 1, int(step or 1))}
    return ",".join(str(day) for day in sorted(found))


def _number(day: str) -> int:
    return _WEEKDAYS.index(day) if day in _WEEKDAYS else int(day)
