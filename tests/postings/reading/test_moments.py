"""Dates in every form that editors write."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.dates import When
from postings.reading import moments

DAY = date(2021, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "2021-03-01",
        "2021-3-1",
        "2021/03/01",
        "2021.03.01",
        "01/03/2021",
        "1/3/2021",
        "01-03-2021",
        "01.03.2021",
        "01/03/21",
        "1er mars 2021",
        "1 mars 2021",
        "1er MARS 2021",
        "le 1er mars 2021",
        "lundi 1er mars 2021",
        " 1er\u00a0mars  2021 ",
    ],
)
def test_a_day(text: str) -> None:
    assert moments.parse(text) == DAY


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("2 février 2021", 2),
        ("2 fevr. 2021", 2),
        ("2 août 2021", 8),
        ("2 aout 2021", 8),
        ("2 sept. 2021", 9),
        ("2 déc 2021", 12),
        ("2 décembre 2021", 12),
    ],
)
def test_a_month_in_french(text: str, month: int) -> None:
    assert moments.parse(text) == date(2021, month, 2)


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2022-07-24T07:27:43.380Z", datetime(2022, 7, 24, 7, 27, 43, 380_000, tzinfo=UTC)),
        ("2022-07-24 07:27:43 +0200", datetime(2022, 7, 24, 5, 27, 43, tzinfo=UTC)),
        ("2022-07-24T07:27+02:00", datetime(2022, 7, 24, 5, 27, tzinfo=UTC)),
        ("2022-07-24 07:27", datetime(2022, 7, 24, 5, 27, tzinfo=UTC)),
        ("2022-01-24 07:27", datetime(2022, 1, 24, 6, 27, tzinfo=UTC)),
    ],
)
def test_an_instant_without_zone_is_one_of_paris(text: str, instant: datetime) -> None:
    assert moments.parse(text) == instant


@pytest.mark.parametrize(
    "text",
    [
        "2021-02-30",
        "2021-13-01",
        "31/02/2021",
        "30 février 2021",
        "1er brumaire 2021",
        "nonidi 1er mars 2021",
        "0000-01-01",
        "2021-03",
        "mars 2021",
        "bientôt",
        "",
        "2021-03-01T25:00:00Z",
        "2021-03-01T10:00:00+25:00",
        "9999-12-31T23:30:00Z",
        "0001-01-01T00:00:00+05:00",
        "20210301",
        "22-03-01",
    ],
)
def test_what_is_no_date(text: str) -> None:
    assert moments.parse(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-02-22T23:00:00.000Z", date(2022, 2, 23)),
        ("2022-07-22T22:00:00.000Z", date(2022, 7, 23)),
        ("2022-05-16T00:00:00.000Z", date(2022, 5, 16)),
        ("2022-05-16T00:00:00+02:00", date(2022, 5, 16)),
        ("2022-05-16 00:00", date(2022, 5, 16)),
    ],
)
def test_a_midnight_of_paris_or_utc_is_a_day(text: str, day: date) -> None:
    moment = moments.parse(text)
    assert moment is not None
    assert moments.when(moment) == When(day=day)


def test_one_second_later_is_an_instant() -> None:
    moment = moments.parse("2022-02-22T23:00:01Z")
    assert moment is not None
    assert moments.when(moment) == When(instant=datetime(2022, 2, 22, 23, 0, 1, tzinfo=UTC))


def test_the_address_has_the_day_in_utc() -> None:
    moment = moments.parse("2022-02-22T23:30:00Z")
    assert moment is not None
    assert moments.utc_day(moment) == date(2022, 2, 22)
    assert moments.utc_day(DAY) == DAY


@settings(max_examples=80)
@given(st.dates())
def test_every_day_is_read_back_in_both_forms(day: date) -> None:
    assert moments.parse(day.isoformat()) == day
    assert moments.parse(f"{day.day:02}/{day.month:02}/{day.year:04}") == day


@settings(max_examples=150)
@given(
    st.text(max_size=30)
    | st.from_regex(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:?\d\d)?", fullmatch=True)
    | st.integers()
    | st.none()
)
def test_anything_is_a_moment_or_none(value: object) -> None:
    moment = moments.parse(value)
    if moment is not None:
        assert moments.when(moment).paris_day.year >= 1
        assert moments.utc_day(moment).year >= 1
