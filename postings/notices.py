"""When people are to be reminded that a posting closes soon (docs/specification.md, section 3, closing_soon)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from postings.dates import PARIS
from postings.model import Record

_TIME = time(9, 0)
"""Of Europe/Paris."""
_GRACE = timedelta(hours=48)
"""No notice falls within it after the opening: readers have just been told."""


def notices(record: Record, closing_notice: Iterable[int]) -> Iterator[tuple[int, datetime]]:
    """The notices of an open posting that have not been told: days before closing, and when (UTC) each is due."""
    posting = record.posting
    if posting is None or posting.closes is None or record.opened_at is None:
        return
    day = posting.closes.paris_day
    earliest = record.opened_at + _GRACE
    for days in closing_notice:
        if notice_occasion(day, days) in record.told:
            continue
        try:
            due = datetime.combine(day - timedelta(days=days), _TIME, PARIS).astimezone(UTC)
        except OverflowError:
            continue
        if earliest < due < posting.closes.end:
            yield days, due


def notice_occasion(closing_day: date, days: int) -> str:
    """What tells a notice from every other: its closing day, and how many days before it."""
    return f"closing_soon:{closing_day.isoformat()}:{days}"
