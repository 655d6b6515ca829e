from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.asking.limiting import Bucket, Limiter, take

NOW = datetime(2024, 3, 4, 9, tzinfo=UTC)


def test_a_minute_s_questions_may_come_at_once_and_the_next_waits_its_turn() -> None:
    limiter = Limiter(20)
    assert [limiter.wait("a", NOW) for _ in range(20)] == [timedelta()] * 20
    assert limiter.wait("a", NOW) == timedelta(seconds=3)
    assert limiter.wait("b", NOW) == timedelta(), "another person asks for themselves"
    assert limiter.wait("a", NOW + timedelta(seconds=2)) == timedelta(seconds=1)
    assert limiter.wait("a", NOW + timedelta(seconds=3)) == timedelta()
    assert limiter.wait("a", NOW + timedelta(seconds=3)) == timedelta(seconds=3)


def test_a_clock_that_is_set_back_neither_fills_nor_blocks() -> None:
    bucket, _ = take(Bucket(0.5, NOW), NOW - timedelta(hours=1), 60)
    assert bucket.left == pytest.approx(0.5)
    assert take(bucket, NOW, 60)[1] == timedelta()


@given(st.lists(st.floats(0, 30), min_size=1, max_size=200), st.integers(1, 60))
def test_nobody_asks_more_than_a_bucket_and_what_filled_it(pauses: list[float], per_minute: int) -> None:
    bucket, now, asked = None, NOW, 0
    for pause in pauses:
        now += timedelta(seconds=pause)
        bucket, wait = take(bucket, now, per_minute)
        asked += not wait
    assert asked <= per_minute + (now - NOW).total_seconds() * per_minute / 60 + 1e-3


def test_who_waits_as_long_as_told_may_ask() -> None:
    bucket, wait = take(Bucket(0, NOW), NOW, 7)
    assert take(bucket, NOW + wait, 7)[1] <= timedelta(microseconds=1)


def test_people_who_asked_a_minute_ago_are_forgotten() -> None:
    limiter = Limiter(1)
    for second in range(300):
        limiter.wait(second, NOW + timedelta(seconds=second))
    assert len(limiter._buckets) == 60, "their buckets are full again"
    assert limiter.wait(299, NOW + timedelta(seconds=300)) == timedelta(seconds=59)


def test_only_so_many_people_are_remembered_however_many_ask_at_once() -> None:
    limiter = Limiter(1)
    for person in range(10_001):
        limiter.wait(person, NOW)
    assert len(limiter._buckets) == 10_000
    assert limiter.wait(10_000, NOW) == timedelta(minutes=1)
