from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from postings.model import Event, EventKind, State
from postings.months import Month, by_month, first_days

NOW = datetime(2024, 3, 5, 12, tzinfo=UTC)


def event(kind: EventKind, at: datetime, posting: str = "a", opening: int = 1) -> Event:
    return Event(
        id=f"{posting}:{kind}:{opening}",
        kind=kind,
        posting=posting,
        at=at,
        state=State.OPEN,
        previous_state=None,
        role="Archiviste",
        team=None,
        opening=opening,
    )


def test_months_go_back_over_the_years() -> None:
    assert first_days(NOW, 4) == [date(2023, 12, 1), date(2024, 1, 1), date(2024, 2, 1), date(2024, 3, 1)]


def test_the_month_is_that_of_paris() -> None:
    eve = datetime(2024, 1, 31, 22, 59, tzinfo=UTC)
    events = [event(EventKind.OPENED, eve), event(EventKind.OPENED, eve + timedelta(minutes=1), "b")]
    assert [month.opened for month in by_month(events, NOW, 3)] == [1, 1, 0]
    assert first_days(datetime(2024, 3, 31, 22, 0, tzinfo=UTC), 1) == [date(2024, 4, 1)]


def test_what_was_closed_and_then_marked_as_filled_ended_once() -> None:
    events = [
        event(EventKind.CLOSED, datetime(2024, 2, 10, tzinfo=UTC)),
        event(EventKind.FILLED, datetime(2024, 3, 2, tzinfo=UTC)),
        event(EventKind.WITHDRAWN, datetime(2024, 3, 3, tzinfo=UTC), "b"),
        event(EventKind.FILLED, datetime(2024, 3, 4, tzinfo=UTC), "closed before it was ever watched", 0),
    ]
    assert by_month(events, NOW, 2) == [
        Month(date(2024, 2, 1), 0, 1, 1),
        Month(date(2024, 3, 1), 0, 1, 0),
    ]


def test_what_is_still_to_come_does_not_count() -> None:
    events = [event(EventKind.OPENED, NOW), event(EventKind.OPENED, NOW + timedelta(seconds=1), "b")]
    assert by_month(events, NOW, 1)[0].opened == 1
