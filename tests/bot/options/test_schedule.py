"""Cron expressions: days are counted as crontab(5) does, hours are those of Paris."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.options.schedule import Schedule
from postings.dates import PARIS

MONDAY = datetime(2024, 3, 4, tzinfo=PARIS)


def _days(crontab: str, count: int) -> list[int]:
    """The days of March 2024 on which it comes, from Monday 4 on."""
    return [at.astimezone(PARIS).day for at in islice(Schedule(crontab).instants(MONDAY), count)]


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("1", [4, 11, 18]),
        ("mon", [4, 11, 18]),
        ("0", [10, 17, 24]),
        ("7", [10, 17, 24]),
        ("SUN", [10, 17, 24]),
        ("1-5", [4, 5, 6, 7, 8, 11]),
        ("mon-fri", [4, 5, 6, 7, 8, 11]),
        ("5-7", [8, 9, 10, 15]),
        ("fri-sun", [8, 9, 10, 15]),
        ("0-2", [4, 5, 10, 11]),
        ("1,4", [4, 7, 11]),
        ("*/2", [5, 7, 9, 10, 12]),
        ("1-5/2", [4, 6, 8, 11]),
        ("*", [4, 5, 6]),
    ],
)
def test_days_of_the_week_are_those_of_crontab(field: str, days: list[int]) -> None:
    assert _days(f"0 9 * * {field}", len(days)) == days


def test_of_two_restricted_fields_of_days_one_suffices() -> None:
    assert _days("0 9 13 * 5", 4) == [8, 13, 15, 22]


def test_nine_o_clock_is_nine_in_paris_winter_and_summer() -> None:
    weekly = Schedule("0 9 * * 1")
    for month in (1, 7):
        at = weekly.next(datetime(2024, month, 1, 8, tzinfo=PARIS)).astimezone(PARIS)
        assert (at.day, at.hour, at.minute) == (1, 9, 0)


def test_the_instant_itself_counts_and_the_former_is_another() -> None:
    weekly, nine = Schedule("0 9 * * 1"), MONDAY.replace(hour=9)
    assert weekly.next(nine) == nine
    assert weekly.former(nine) == nine - timedelta(days=7)
    assert weekly.former(nine + timedelta(seconds=1)) == nine


def test_a_day_that_comes_every_four_years_has_a_former_one() -> None:
    leap = Schedule("0 9 29 2 *")
    at = datetime(2027, 6, 1, tzinfo=PARIS)
    assert leap.former(at) == datetime(2024, 2, 29, 9, tzinfo=PARIS)


@pytest.mark.parametrize(
    "crontab",
    [
        "",
        "0 9 * *",
        "0 9 * * 8",
        "0 9 * * lundi",
        "99 9 * * 1",
        "0 9 * * fri-mon",
        "0 9 * * 5-1",
        "0 9 31 2 *",
    ],
)
def test_what_names_no_instant_is_refused(crontab: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Schedule(crontab)


@given(
    st.sampled_from(("0 9 * * 1", "30 8 * * 1-5", "0 9 1 * *", "15 2 * * *", "0 */4 * * 6,7")),
    st.timedeltas(timedelta(0), timedelta(days=4 * 365)).map(lambda later: MONDAY + later),
)
def test_the_former_is_the_last_one_before(crontab: str, at: datetime) -> None:
    schedule = Schedule(crontab)
    former = schedule.former(at)
    assert former is not None
    assert former < at <= schedule.next(at)
    assert schedule.next(former + timedelta(seconds=1)) == schedule.next(at)
