"""What is wrong now: pure rules over what is remembered of sources and targets."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from bot.staff.silence import Limits, is_over, wrong_sources, wrong_targets
from postings.store import Alert, Life, Queue, Source
from tests.repositories import START

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LIMITS = Limits(silence=6 * HOUR, quiet=30 * DAY, poll=timedelta(minutes=5))
NOW = START + 100 * DAY


def _life(*, open: int = 1, changed_at: datetime | None = None, **fields: Any) -> Life:
    source = Source("beta", "depot", baseline_at=START, **{"looked_at": NOW, **fields})
    return Life(source, open, changed_at)


def _failing(length: timedelta, **fields: Any) -> Life:
    since = NOW - length
    return _life(
        looked_at=since - 5 * HOUR, failing_since=since, error="down", error_french="en panne", **fields
    )


def _wrong(life: Life, *known: str, watched_since: datetime = START) -> list[tuple[str, datetime]]:
    found = wrong_sources([life], known, LIMITS, now=NOW, watched_since=watched_since)
    return [(one.key, one.since) for one in found]


def test_a_source_that_answers_is_not_silent() -> None:
    assert _wrong(_life()) == []


def test_a_source_is_silent_once_every_look_failed_for_as_long_as_the_limit() -> None:
    assert _wrong(_failing(6 * HOUR - timedelta(seconds=1))) == []
    assert _wrong(_failing(6 * HOUR)) == [("silent:beta", NOW - 11 * HOUR)], "since its last answer"


def test_the_time_during_which_nobody_asked_is_no_silence() -> None:
    asleep = _life(looked_at=NOW - 3 * DAY)
    assert _wrong(asleep, watched_since=NOW - HOUR) == []
    assert _wrong(asleep, watched_since=NOW - DAY) == [("silent:beta", NOW - 3 * DAY)], (
        "no look ends any more"
    )


def test_a_refusal_is_told_soon_and_stays_one_alert_whatever_comes_next() -> None:
    refused = _failing(timedelta(minutes=15), refused=True)
    assert _wrong(_failing(timedelta(minutes=14), refused=True)) == []
    assert [key for key, _ in _wrong(refused)] == ["refused:beta"]
    assert [key for key, _ in _wrong(_failing(HOUR), "refused:beta")] == ["refused:beta"]
    assert [key for key, _ in _wrong(_failing(9 * HOUR, refused=True), "silent:beta")] == ["silent:beta"]


def test_a_source_is_quiet_without_an_open_posting_and_a_change() -> None:
    assert _wrong(_life(open=0)) == [("quiet:beta", START)], "a baseline without postings counts from there"
    assert _wrong(_life(open=0, changed_at=NOW - 30 * DAY)) == [("quiet:beta", NOW - 30 * DAY)]
    assert _wrong(_life(open=0, changed_at=NOW - 29 * DAY)) == []
    assert _wrong(_life(open=1, changed_at=NOW - 99 * DAY)) == [], "stale postings are told otherwise"


def _stuck(queue: Queue, *, watched_since: datetime = START) -> list[str]:
    return [one.key for one in wrong_targets([queue], now=NOW, watched_since=watched_since)]


def test_a_target_is_stuck_when_rows_wait_for_an_hour_of_watching() -> None:
    queue = Queue("slack:C1", 3, NOW - HOUR, "503", 0, None)
    assert _stuck(queue) == ["stuck:slack:C1"]
    assert _stuck(queue, watched_since=NOW - timedelta(minutes=59)) == []
    assert _stuck(Queue("slack:C1", 0, None, None, 2, NOW - HOUR)) == ["dead:slack:C1"]


def test_an_end_is_good_news_unless_something_else_is_wrong_with_the_same() -> None:
    (silent,) = wrong_sources([_failing(9 * HOUR)], [], LIMITS, now=NOW, watched_since=START)
    quiet, stuck = Alert("quiet:beta", "quiet", START), Alert("stuck:slack:C1", "stuck", START)
    assert is_over(quiet, [], [])
    assert not is_over(quiet, [silent], [])
    assert is_over(stuck, [silent], [])
    assert not is_over(stuck, [], ["slack:C1"]), "it refuses now, which is told"
    assert not is_over(Alert("dead:slack:C1", "dead", START), [], []), "what was given up stays so"
