"""Days and instants: a date alone is a whole day in Europe/Paris (docs/specification.md, section 1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")


def midnight(day: date) -> datetime:
    """The instant, in UTC, at which `day` begins in Paris.

    The day after the last one that a datetime can hold is clamped, so that no written date raises.
    """
    try:
        return datetime.combine(day, time.min, PARIS).astimezone(UTC)
    except OverflowError:
        return datetime.min.replace(tzinfo=UTC) if day.year < 2 else datetime.max.replace(tzinfo=UTC)


def paris_day(instant: datetime) -> date:
    """The day in Paris on which `instant` falls."""
    try:
        return instant.astimezone(PARIS).date()
    except OverflowError:
        return instant.date()


@dataclass(frozen=True, slots=True)
class When:
    """A whole day in Paris, or an instant: exactly one of the two is set."""

    day: date | None = None
    instant: datetime | None = None

    @classmethod
    def of_instant(cls, instant: datetime) -> When:
        """An instant, or the day that editors mean when they write a midnight of Paris or of UTC.

        `2022-02-22T23:00:00.000Z` is 23 February; `2022-05-16T00:00:00.000Z` is 16 May.
        """
        instant = instant.astimezone(UTC)
        if instant.time() == time.min:
            return cls(day=instant.date())
        if midnight(day := paris_day(instant)) == instant:
            return cls(day=day)
        return cls(instant=instant)

    @classmethod
    def from_iso(cls, text: str) -> When:
        """The inverse of `iso`. Raises ValueError on anything else."""
        if len(text) == 10:
            return cls(day=date.fromisoformat(text))
        return cls(instant=datetime.fromisoformat(text).astimezone(UTC))

    def iso(self) -> str:
        """ISO 8601: `2022-02-23` for a day, `2022-07-24T07:27:43.380000+00:00` for an instant."""
        if self.day is not None:
            return self.day.isoformat()
        assert self.instant is not None  # noqa: S101  exactly one of the two is set
        return self.instant.isoformat()

    @property
    def paris_day(self) -> date:
        """The day in Paris."""
        return self.day if self.day is not None else paris_day(self.start)

    @property
    def start(self) -> datetime:
        """The first instant, in UTC."""
        if self.day is not None:
            return midnight(self.day)
        assert self.instant is not None  # noqa: S101
        return self.instant

    @property
    def end(self) -> datetime:
        """The first instant that is past it, in UTC: the midnight that ends a day, or the instant itself."""
        if self.day is not None:
            return midnight(self.day + timedelta(days=1)) if self.day < date.max else midnight(self.day)
        assert self.instant is not None  # noqa: S101
        return self.instant
