"""Days, instants, and the midnights that editors write for days."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.dates import PARIS, When, midnight, paris_day

days = st.dates(date(1900, 1, 1), date(2199, 12, 30))
instants = st.datetimes(datetime(1900, 1, 1), datetime(2199, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        (utc(2022, 2, 22, 23), date(2022, 2, 23)),  # midnight in Paris, winter
        (utc(2022, 7, 22, 22), date(2022, 7, 23)),  # midnight in Paris, summer
        (utc(2022, 5, 16), date(2022, 5, 16)),  # midnight in UTC
        (utc(2024, 3, 30, 23), date(2024, 3, 31)),  # the midnight before summer time begins
        (utc(2024, 3, 31, 22), date(2024, 4, 1)),  # the midnight after
        (utc(2024, 10, 26, 22), date(2024, 10, 27)),
        (utc(2024, 10, 27, 23), date(2024, 10, 28)),
        (datetime(2022, 5, 16, 2, tzinfo=timezone(timedelta(hours=2))), date(2022, 5, 16)),
        (datetime(2022, 5, 15, 19, tzinfo=timezone(timedelta(hours=-5))), date(2022, 5, 16)),
    ],
)
def test_an_instant_on_a_midnight_of_paris_or_utc_is_a_day(written: datetime, day: date) -> None:
    assert When.of_instant(written) == When(day=day)


@pytest.mark.parametrize(
    "written",
    [
        utc(2022, 2, 22, 22),  # 23:00 in Paris: midnight of Paris in summer only
        utc(2022, 7, 22, 23),  # 01:00 in Paris
        utc(2022, 2, 22, 23, 0, 0, 1),
        utc(2022, 2, 22, 22, 59, 59),
        utc(2024, 10, 27, 22),  # 23:00 in Paris, on the evening of the day with 25 hours
    ],
)
def test_any_other_instant_stays_one(written: datetime) -> None:
    assert When.of_instant(written) == When(instant=written)


def test_a_day_lasts_from_its_midnight_to_the_next_in_paris() -> None:
    spring, autumn = When(day=date(2024, 3, 31)), When(day=date(2024, 10, 27))
    assert (spring.start, spring.end) == (utc(2024, 3, 30, 23), utc(2024, 3, 31, 22))
    assert (autumn.start, autumn.end) == (utc(2024, 10, 26, 22), utc(2024, 10, 27, 23))


def test_an_instant_ends_when_it_comes() -> None:
    noon = When.of_instant(utc(2024, 5, 14, 10, 30))
    assert noon.start == noon.end == utc(2024, 5, 14, 10, 30)


@pytest.mark.parametrize("instant", [utc(1, 1, 1), utc(1, 1, 1, 0, 30), utc(9999, 12, 31, 23, 30)])
def test_the_ends_of_the_calendar_raise_nothing(instant: datetime) -> None:
    when = When.of_instant(instant)
    assert when.start <= when.end
    assert when.paris_day == instant.date()


@pytest.mark.parametrize("day", [date.min, date.max])
def test_the_first_and_the_last_day_raise_nothing(day: date) -> None:
    assert When(day=day).start <= When(day=day).end


@settings(max_examples=50)
@given(instants)
def test_what_is_written_in_iso_is_read_back(instant: datetime) -> None:
    when = When.of_instant(instant)
    assert When.from_iso(when.iso()) == when


@settings(max_examples=50)
@given(days)
def test_a_day_ends_when_the_next_begins_and_begins_on_itself(day: date) -> None:
    when = When(day=day)
    assert when.end == midnight(day + timedelta(days=1))
    assert paris_day(when.start) == day
    assert paris_day(when.end - timedelta(microseconds=1)) == day
    assert When.of_instant(when.start) == when


@settings(max_examples=50)
@given(instants)
def test_an_instant_falls_on_the_day_that_paris_shows(instant: datetime) -> None:
    assert paris_day(instant) == instant.astimezone(PARIS).date()
