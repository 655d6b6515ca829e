"""Quiet hours: the first instant that is not quiet, over nights, weekends and changes of the clock."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.options.hours import NEVER, Quiet, quiet
from postings.dates import PARIS

USUAL = quiet("20:00-08:00", weekends=True)
MINUTE = timedelta(minutes=1)


def _paris(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=PARIS)


@pytest.mark.parametrize(
    ("at", "ends"),
    [
        ("2024-03-04T10:00", "2024-03-04T10:00"),
        ("2024-03-04T19:59:59", "2024-03-04T19:59:59"),
        ("2024-03-04T20:00", "2024-03-05T08:00"),
        ("2024-03-05T03:00", "2024-03-05T08:00"),
        ("2024-03-08T20:00", "2024-03-11T08:00"),
        ("2024-03-09T12:00", "2024-03-11T08:00"),
        # The clocks change on the Sunday: eight o'clock on Monday stays eight o'clock.
        ("2024-03-29T21:00", "2024-04-01T08:00"),
        ("2024-10-26T12:00", "2024-10-28T08:00"),
    ],
)
def test_evenings_and_weekends_wait_until_the_next_working_morning(at: str, ends: str) -> None:
    assert USUAL.ends(_paris(at)) == _paris(ends)


def test_a_span_within_the_day() -> None:
    noon = quiet("12:00-14:00", weekends=False)
    assert noon.ends(_paris("2024-03-09T12:30")) == _paris("2024-03-09T14:00")
    assert noon.ends(_paris("2024-03-09T14:00")) == _paris("2024-03-09T14:00")


def test_weekends_without_hours_end_at_midnight() -> None:
    assert quiet("", weekends=True).ends(_paris("2024-03-09T12:00")) == _paris("2024-03-11T00:00")


def test_a_span_that_ends_in_the_hour_that_is_skipped_ends_when_it_is_skipped() -> None:
    at = _paris("2024-03-31T01:00")
    assert quiet("00:30-02:30", weekends=False).ends(at) == datetime(2024, 3, 31, 1, tzinfo=UTC)


def test_a_span_that_ends_in_the_hour_that_comes_twice_ends_both_times() -> None:
    early = quiet("00:30-02:30", weekends=False)
    first, again = datetime(2024, 10, 27, 0, 30, tzinfo=UTC), datetime(2024, 10, 27, 1, 30, tzinfo=UTC)
    assert early.ends(first - MINUTE) == first
    assert early.ends(again - MINUTE) == again


@pytest.mark.parametrize("hours", ["20h-8h", "25:00-08:00", "20:00", "08:00-08:00", "20:00-08:60", "nuit"])
def test_what_is_no_span_is_refused(hours: str) -> None:
    with pytest.raises(ValueError, match="span"):
        quiet(hours, weekends=True)


_walls = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 59)))
_quiets = st.builds(
    Quiet,
    st.none() | st.tuples(_walls, _walls).filter(lambda span: span[0] != span[1]),
    st.booleans(),
)
_START = datetime(2023, 1, 1, tzinfo=UTC)
_instants = st.timedeltas(timedelta(0), timedelta(days=4 * 365)).map(lambda later: _START + later)
_changing = st.sampled_from(
    (datetime(2024, 3, 30, 12, tzinfo=UTC), datetime(2024, 10, 26, 12, tzinfo=UTC))
).flatmap(lambda start: st.timedeltas(timedelta(0), timedelta(days=2)).map(lambda later: start + later))


@given(_quiets, _instants | _changing)
@example(USUAL, datetime(2024, 3, 29, 20, tzinfo=UTC))
def test_it_is_never_earlier_never_quiet_and_final(some: Quiet, at: datetime) -> None:
    ends = some.ends(at)
    assert ends >= at
    assert not some.covers(ends)
    assert some.ends(ends) == ends
    assert ends - at <= timedelta(days=4)


@given(_quiets, _changing)
def test_nothing_before_it_is_free(some: Quiet, at: datetime) -> None:
    at = at.replace(second=0, microsecond=0)
    ends = some.ends(at)
    while at < ends:
        assert some.covers(at)
        at += MINUTE


def test_without_quiet_hours_nothing_waits() -> None:
    at = _paris("2024-03-10T03:00")
    assert NEVER.ends(at) == at
