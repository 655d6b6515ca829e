"""What the clock alone does: notices of closing, reminders, and the next due instant; lives at random."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from postings.dates import When
from postings.lifecycle import Gone, Policy, Present, Sighting, Unreadable, decide, next_due
from postings.model import Event, EventKind, Record, State
from tests.lives import DAY, HOUR, NOON, PATH, Life, kinds, on, paris, posting

MINUTE = timedelta(minutes=1)


def notices(events: list[Event]) -> list[tuple[int | None, datetime]]:
    return [(event.notice, event.at) for event in events if event.kind is EventKind.CLOSING_SOON]


def test_notices_are_due_at_nine_in_paris_7_and_1_days_before() -> None:
    life = Life()
    life.see(NOON, closes=on(2024, 6, 10))
    told = life.wait(paris(2024, 6, 12))
    assert notices(told) == [(7, paris(2024, 6, 3, 9)), (1, paris(2024, 6, 9, 9))]
    assert kinds(told)[-1] is EventKind.CLOSED


@pytest.mark.parametrize(
    ("closes", "due"),
    [
        (on(2024, 4, 7), datetime.fromisoformat("2024-03-31T07:00:00+00:00")),  # summer time began that night
        (on(2024, 4, 6), datetime.fromisoformat("2024-03-30T08:00:00+00:00")),
        (on(2024, 11, 3), datetime.fromisoformat("2024-10-27T08:00:00+00:00")),  # and ended
        (on(2024, 11, 2), datetime.fromisoformat("2024-10-26T07:00:00+00:00")),
    ],
)
def test_nine_in_paris_on_the_days_when_the_hour_changes(closes: When, due: datetime) -> None:
    life = Life(Policy(closing_notice=(7,)))
    life.see(paris(2024, 3, 1), closes=closes)
    life.see(due - 5 * DAY, closes=closes)  # a touch, so that no reminder comes in between
    assert notices(life.wait(due)) == [(7, due)]


def test_an_instant_counts_by_its_day_in_paris_and_no_notice_follows_it() -> None:
    life = Life(Policy(closing_notice=(1, 0)))
    life.see(NOON, closes=When(instant=paris(2024, 6, 10, 0, 30)))
    assert notices(life.wait(paris(2024, 6, 12))) == [(1, paris(2024, 6, 9, 9))]


@pytest.mark.parametrize(("before", "days"), [(48 * HOUR, [1]), (48 * HOUR + MINUTE, [7, 1])])
def test_no_notice_within_48_hours_after_the_opening(before: timedelta, days: list[int]) -> None:
    life = Life()
    life.see(paris(2024, 6, 3, 9) - before, closes=on(2024, 6, 10))
    assert [notice for notice, _ in notices(life.wait(paris(2024, 6, 11)))] == days


def test_no_notice_from_before_it_opened() -> None:
    life = Life()
    life.see(NOON, open=None, opens=on(2024, 6, 5), opens_written=True, closes=on(2024, 6, 10))
    assert notices(life.wait(paris(2024, 6, 11))) == [(1, paris(2024, 6, 9, 9))]


def test_only_the_nearest_of_several_due_notices_is_told() -> None:
    life = Life(Policy(closing_notice=(7, 3, 1)))
    life.see(NOON, closes=on(2024, 6, 10))
    (event,) = life.wake(paris(2024, 6, 7, 15))
    assert (event.kind, event.notice) == (EventKind.CLOSING_SOON, 3)
    assert life.wake(paris(2024, 6, 7, 16)) == []
    assert notices(life.wait(paris(2024, 6, 10))) == [(1, paris(2024, 6, 9, 9))]


def test_a_notice_is_late_on_its_own_day_and_past_on_the_next() -> None:
    for wake, told in ((paris(2024, 6, 3, 23, 59), 1), (paris(2024, 6, 4, 0, 0), 0)):
        life = Life()
        life.see(NOON, closes=on(2024, 6, 10))
        assert len(life.wake(wake)) == told
        assert life.wake(wake + MINUTE) == []


def test_a_baseline_tells_no_past_notice_and_the_next_on_time() -> None:
    life = Life()
    life.see(paris(2024, 6, 5, 12), baseline=True, opens=on(2024, 5, 1), closes=on(2024, 6, 10))
    assert notices(life.wait(paris(2024, 6, 11))) == [(1, paris(2024, 6, 9, 9))]


def test_a_changed_closing_day_has_its_own_notices() -> None:
    life = Life()
    life.see(NOON, closes=on(2024, 6, 10))
    life.wait(paris(2024, 6, 4))
    assert kinds(life.see(paris(2024, 6, 4), closes=on(2024, 6, 20))) == [EventKind.UPDATED]
    assert notices(life.wait(paris(2024, 6, 30))) == [(7, paris(2024, 6, 13, 9)), (1, paris(2024, 6, 19, 9))]


def test_a_closing_day_brought_near_is_an_update_and_no_notice() -> None:
    life = Life()
    life.see(NOON, closes=on(2024, 7, 10))
    assert kinds(life.see(paris(2024, 6, 3, 15), closes=on(2024, 6, 10))) == [EventKind.UPDATED]
    assert notices(life.wait(paris(2024, 6, 11))) == [(1, paris(2024, 6, 9, 9))]


def test_a_closing_day_set_back_to_what_it_was_tells_no_notice_twice() -> None:
    life = Life()
    life.see(NOON, closes=on(2024, 6, 10))
    life.wait(paris(2024, 6, 4))
    life.see(paris(2024, 6, 4), closes=on(2024, 7, 10))
    life.see(paris(2024, 6, 5), closes=on(2024, 6, 10))
    assert notices(life.wait(paris(2024, 6, 9, 8))) == []


def test_a_reminder_after_45_days_without_change_then_every_45() -> None:
    life = Life()
    life.see(NOON)
    told = life.wait(NOON + 100 * DAY)
    assert [(event.kind, event.at) for event in told] == [
        (EventKind.STALE, NOON + 45 * DAY),
        (EventKind.STALE, NOON + 90 * DAY),
    ]
    assert len({event.id for event in told}) == 2


def test_any_change_of_the_file_ends_the_quiet_and_rules_do_not() -> None:
    life = Life()
    life.see(NOON)
    life.see(NOON + 20 * DAY, rules=True, junior=True)
    life.see(NOON + 40 * DAY, junior=False)
    assert [event.at for event in life.wait(NOON + 100 * DAY)] == [NOON + 85 * DAY]


def test_quiet_is_counted_from_the_baseline_at_the_earliest() -> None:
    life = Life()
    life.see(NOON, baseline=True, opens=on(2023, 1, 1))
    assert [event.at for event in life.wait(NOON + 50 * DAY)] == [NOON + 45 * DAY]


def test_after_an_outage_one_reminder_is_told() -> None:
    life = Life()
    life.see(NOON)
    (event,) = life.wake(NOON + 200 * DAY)
    assert event.kind is EventKind.STALE
    assert life.wake(NOON + 200 * DAY) == []
    assert [e.at for e in life.wait(NOON + 226 * DAY)] == [NOON + 225 * DAY]


def test_nothing_is_due_of_what_is_over() -> None:
    life = Life()
    life.see(NOON, filled=True, closes=on(2024, 6, 10))
    assert life.record is not None
    assert next_due(life.record, NOON, life.policy) is None
    life.see(NOON, open=False, closes=on(2024, 6, 10))
    assert next_due(life.record, NOON, life.policy) is None
    life.delete(NOON)
    assert next_due(life.record, NOON, life.policy) is None


# Lives at random: a few days around a change of the hour, so that much falls on the same instants.
FROM = paris(2024, 3, 26)
days = st.integers(26, 31).map(lambda day: on(2024, 3, day)) | st.integers(1, 8).map(
    lambda day: on(2024, 4, day)
)
moments = st.integers(0, 14 * 24 * 4).map(lambda quarters: FROM + quarters * timedelta(minutes=15))
whens = days | moments.map(When.of_instant)
facts = st.fixed_dictionaries(
    {
        "open": st.sampled_from([None, True, True, False]),
        "status": st.sampled_from([None, None, True, False]),
        "filled": st.sampled_from([False, False, False, True]),
        "opens": st.none() | whens,
        "opens_written": st.booleans(),
        "closes": st.none() | whens,
        "cities": st.sampled_from([(), ("Paris",), ("Lyon",)]),
    }
)


def sighting(read: dict[str, Any]) -> Sighting:
    opens_written = read["opens_written"] and read["opens"] is not None
    return Present(posting(**{**read, "opens_written": opens_written}))


sightings = st.one_of(
    facts.map(sighting),
    facts.map(sighting).map(lambda seen: replace(seen, changed=False) if isinstance(seen, Present) else seen),
    st.builds(Unreadable, path=st.just(PATH), closes=st.booleans()),
    st.just(Gone()),
    st.none(),
)
policies = st.builds(
    Policy,
    closing_notice=st.sampled_from([(7, 1), (3, 2, 1, 0), ()]),
    stale_after=st.sampled_from([2 * DAY, 5 * DAY, 45 * DAY]),
)
lives = st.lists(st.tuples(moments, sightings), min_size=1, max_size=12).map(
    lambda steps: sorted(steps, key=lambda step: step[0])
)


@settings(max_examples=150, deadline=None)
@given(lives, policies, st.booleans())
def test_deciding_again_finds_nothing_and_no_event_is_told_twice(
    life: list[tuple[datetime, Sighting]], policy: Policy, baseline: bool
) -> None:
    record: Record | None = None
    told: list[Event] = []
    for number, (at, seen) in enumerate(life):
        first = baseline and number == 0
        record, events = decide(record, seen, at, id="a", policy=policy, baseline=first)
        assert not (first and events)
        told += events
        again, repeated = decide(record, seen, at, id="a", policy=policy)
        assert (again, repeated) == (record, ())
    assert len({event.id for event in told}) == len(told)
    openings = [event.opening for event in told if event.kind in {EventKind.OPENED, EventKind.REOPENED}]
    assert openings == sorted(set(openings))


@settings(max_examples=40, deadline=None)
@given(facts, policies, st.booleans())
def test_next_due_is_never_missed(read: dict[str, Any], policy: Policy, broken: bool) -> None:
    stepped, scanned = Life(policy), Life(policy)
    for life in (stepped, scanned):
        life.record, _ = decide(None, sighting(read), FROM, id="a", policy=policy)
        if broken:
            life.break_(FROM)
    until = FROM + 8 * DAY
    by_steps = stepped.wait(until)
    by_minutes: list[Event] = []
    minute = FROM
    while minute < until:
        minute += 5 * MINUTE  # every instant above falls on a quarter of an hour
        by_minutes += scanned.wake(minute)
    assert [(e.kind, e.at) for e in by_steps] == [(e.kind, e.at) for e in by_minutes]
    assert stepped.record == scanned.record


@settings(max_examples=100, deadline=None)
@given(lives, policies)
def test_an_open_posting_has_begun_and_a_closed_one_has_ended(
    life: list[tuple[datetime, Sighting]], policy: Policy
) -> None:
    record: Record | None = None
    for at, seen in life:
        record, _ = decide(record, seen, at, id="a", policy=policy)
        if record.state is State.OPEN:
            assert record.opened_at is not None
            assert record.published_at is not None
            assert record.published_at <= record.opened_at <= at
            assert record.ended_at is None
        elif record.openings:
            assert record.ended_at is not None
            assert record.ended_at <= at
