"""States at their boundaries, and every kind of event, told once (docs/specification.md, sections 2 and 3)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from postings.dates import When
from postings.lifecycle import Policy, decide
from postings.model import Contract, EventKind, State, Team
from postings.states import StateReason, state_at
from tests.lives import DAY, HOUR, NOON, Life, kinds, on, paris, posting

MICRO = timedelta(microseconds=1)
PAST, FUTURE = on(2024, 5, 1), on(2024, 5, 20)


@pytest.mark.parametrize(
    ("facts", "state", "why"),
    [
        ({"filled": True, "open": True}, State.FILLED, "filled"),
        ({"filled": True, "closes": PAST}, State.FILLED, "filled"),
        ({"open": False, "status": True, "opens": PAST, "opens_written": True}, State.CLOSED, "unlisted"),
        ({"open": True, "status": False}, State.CLOSED, "unlisted"),
        ({"open": True, "closes": PAST}, State.CLOSED, "deadline"),
        ({"open": None, "opens": FUTURE, "opens_written": True}, State.SCHEDULED, "not yet"),
        ({"open": None, "status": True, "opens": FUTURE, "opens_written": True}, State.SCHEDULED, "not yet"),
        ({"open": True, "opens": FUTURE, "opens_written": True}, State.OPEN, "listed"),
        ({"open": None, "opens": FUTURE, "opens_written": True, "closes": PAST}, State.CLOSED, "deadline"),
        ({"open": True}, State.OPEN, "listed"),
        ({"open": None, "status": True}, State.OPEN, "listed"),
        ({"open": None, "opens": PAST, "opens_written": True}, State.OPEN, "listed"),
        ({"open": None, "opens": PAST}, State.CLOSED, "nothing says open"),  # a `date` alone
        ({"open": None, "opens": FUTURE}, State.CLOSED, "nothing says open"),
        ({"open": True, "opens": FUTURE}, State.OPEN, "listed"),  # a `date` in the future holds nothing back
    ],
)
def test_each_rule_and_the_order_of_the_rules(facts: dict[str, Any], state: State, why: StateReason) -> None:
    assert state_at(posting(**facts), NOON) == (state, why)


@pytest.mark.parametrize(
    ("closes", "end"),
    [
        (on(2024, 5, 14), paris(2024, 5, 15)),
        (on(2024, 3, 31), paris(2024, 4, 1)),  # 23 hours long
        (on(2024, 10, 27), paris(2024, 10, 28)),  # 25 hours long
        (on(2024, 2, 29), paris(2024, 3, 1)),
        (When(instant=paris(2024, 5, 14, 17, 30)), paris(2024, 5, 14, 17, 30)),
    ],
)
def test_a_closing_day_is_included_and_an_instant_closes_when_it_comes(closes: When, end: datetime) -> None:
    assert state_at(posting(closes=closes), end - MICRO)[0] is State.OPEN
    assert state_at(posting(closes=closes), end) == (State.CLOSED, "deadline")


@pytest.mark.parametrize(
    ("opens", "start"),
    [
        (on(2024, 5, 14), paris(2024, 5, 14)),
        (on(2024, 3, 31), paris(2024, 3, 31)),
        (on(2024, 11, 1), paris(2024, 11, 1)),
        (When(instant=paris(2024, 5, 14, 17, 30)), paris(2024, 5, 14, 17, 30)),
    ],
)
def test_an_opening_day_begins_at_midnight_in_paris(opens: When, start: datetime) -> None:
    scheduled = posting(open=None, opens=opens, opens_written=True)
    assert state_at(scheduled, start - MICRO)[0] is State.SCHEDULED
    assert state_at(scheduled, start)[0] is State.OPEN


def test_a_posting_that_opens_is_told_once() -> None:
    life = Life()
    (event,) = life.see(NOON)
    assert (event.kind, event.at, event.state, event.previous_state) == (
        EventKind.OPENED,
        NOON,
        State.OPEN,
        None,
    )
    assert (event.opening, event.role, event.team) == (1, "Développeuse web", Team("exemple", "Exemple"))
    assert life.see(NOON + HOUR) == []
    assert life.wait(NOON + DAY) == []


def test_a_draft_opens_when_it_is_listed() -> None:
    life = Life()
    assert life.see(NOON, open=False) == []
    (event,) = life.see(NOON + DAY)
    assert (event.kind, event.previous_state) == (EventKind.OPENED, State.CLOSED)


def test_a_scheduled_posting_opens_at_its_instant() -> None:
    life = Life()
    assert life.see(NOON, open=None, opens=FUTURE, opens_written=True) == []
    (event,) = life.wait(NOON + 10 * DAY)
    assert (event.kind, event.at, event.previous_state) == (
        EventKind.OPENED,
        paris(2024, 5, 20),
        State.SCHEDULED,
    )
    assert event.revision is None
    assert life.record is not None
    assert life.record.opened_at == life.record.published_at == paris(2024, 5, 20)


def test_the_deadline_closes_at_its_instant() -> None:
    life = Life(Policy(closing_notice=()))
    life.see(NOON, closes=FUTURE)
    (event,) = life.wait(NOON + 30 * DAY)
    assert (event.kind, event.reason, event.at) == (EventKind.CLOSED, "deadline", paris(2024, 5, 21))
    assert (event.state, event.previous_state) == (State.CLOSED, State.OPEN)
    assert life.see(NOON + 31 * DAY, closes=FUTURE, open=False) == []


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"open": False}, "unlisted"),
        ({"status": False}, "unlisted"),
        ({"closes": PAST}, "deadline"),
        ({"open": None, "opens": FUTURE, "opens_written": True}, "scheduled"),
        ({"open": None}, "unlisted"),
    ],
)
def test_an_edit_closes_with_its_reason(facts: dict[str, Any], reason: str) -> None:
    life = Life()
    life.see(NOON - DAY)
    (event,) = life.see(NOON, **facts)
    assert (event.kind, event.reason, event.at, event.opening) == (EventKind.CLOSED, reason, NOON, 1)
    assert life.record is not None
    assert life.record.ended_at == NOON


def test_a_posting_is_filled_from_open_and_from_closed_but_once() -> None:
    open_, closed = Life(), Life()
    open_.see(NOON)
    closed.see(NOON)
    closed.see(NOON + HOUR, open=False)
    assert kinds(open_.see(NOON + DAY, filled=True)) == [EventKind.FILLED]
    (event,) = closed.see(NOON + DAY, open=False, filled=True)
    assert (event.kind, event.previous_state) == (EventKind.FILLED, State.CLOSED)
    assert closed.record is not None
    assert closed.record.ended_at == NOON + HOUR  # it was over when it closed
    assert closed.see(NOON + 2 * DAY, open=False) == []
    assert closed.see(NOON + 3 * DAY, open=False, filled=True) == []


def test_a_deleted_file_withdraws_an_open_posting_only() -> None:
    life = Life()
    life.see(NOON)
    (event,) = life.delete(NOON + DAY)
    assert (event.kind, event.state, event.previous_state) == (EventKind.WITHDRAWN, None, State.OPEN)
    assert event.role == "Développeuse web"
    assert life.delete(NOON + 2 * DAY) == []
    for facts in ({"open": False}, {"filled": True}, {"open": None, "opens": FUTURE, "opens_written": True}):
        other = Life()
        other.see(NOON, **facts)
        assert other.delete(NOON + DAY) == []
        assert other.state() is None


def test_a_restored_file_reopens() -> None:
    life = Life()
    life.see(NOON)
    life.delete(NOON + DAY)
    (event,) = life.see(NOON + 2 * DAY)
    assert (event.kind, event.previous_state, event.ended_at) == (EventKind.REOPENED, None, NOON + DAY)
    assert kinds(life.delete(NOON + 3 * DAY)) == [EventKind.WITHDRAWN]


@pytest.mark.parametrize(("gap", "entries"), [(14 * DAY, 1), (14 * DAY + MICRO, 2)])
def test_reopened_after_more_than_14_days_is_a_new_entry(gap: timedelta, entries: int) -> None:
    life = Life()
    life.see(NOON)
    life.see(NOON + DAY, open=False)
    again = NOON + DAY + gap
    (event,) = life.see(again)
    assert (event.kind, event.opening, event.ended_at) == (EventKind.REOPENED, 2, NOON + DAY)
    record = life.record
    assert record is not None
    assert (record.entry, record.opened_at, record.ended_at) == (entries, again, None)
    assert record.published_at == (NOON if entries == 1 else again)


def test_each_opening_closes_again() -> None:
    life = Life()
    for n in range(3):
        life.see(NOON + 2 * n * DAY)
        life.see(NOON + (2 * n + 1) * DAY, open=False)
    assert [(e.kind, e.opening) for e in life.told] == [
        (EventKind.OPENED, 1),
        (EventKind.CLOSED, 1),
        (EventKind.REOPENED, 2),
        (EventKind.CLOSED, 2),
        (EventKind.REOPENED, 3),
        (EventKind.CLOSED, 3),
    ]
    assert len({event.id for event in life.told}) == 6


def test_an_update_tells_what_changed_and_the_same_change_is_one_event() -> None:
    life = Life()
    life.see(NOON)
    both = (Contract.FREELANCE, Contract.CDD)
    (event,) = life.see(NOON + DAY, contracts=both)
    assert (event.kind, event.state, event.previous_state) == (EventKind.UPDATED, State.OPEN, State.OPEN)
    assert [(c.field, c.before, c.after) for c in event.changes] == [
        ("contracts", ["cdd"], ["freelance", "cdd"])
    ]
    assert life.record is not None
    assert life.record.updated_at == NOON + DAY
    assert life.see(NOON + 2 * DAY, contracts=both) == []


def test_what_closes_or_opens_at_once_with_a_change_says_only_that() -> None:
    life = Life()
    life.see(NOON)
    assert kinds(life.see(NOON + DAY, open=False, cities=("Lyon",))) == [EventKind.CLOSED]
    assert kinds(life.see(NOON + 2 * DAY, open=False, cities=("Paris",))) == []
    assert kinds(life.see(NOON + 3 * DAY, cities=("Lille",))) == [EventKind.REOPENED]


def test_a_baseline_remembers_and_tells_nothing() -> None:
    life = Life()
    assert life.see(NOON, baseline=True, opens=PAST, closes=on(2024, 5, 16)) == []
    record = life.record
    assert record is not None
    assert (record.state, record.openings, record.opened_at) == (State.OPEN, 1, PAST.start)
    assert record.quiet_since == NOON
    (event,) = life.see(NOON + HOUR, open=False)
    assert (event.kind, event.opening) == (EventKind.CLOSED, 1)


def test_a_baseline_with_a_future_date_opened_now_at_the_latest() -> None:
    life = Life()
    life.see(NOON, baseline=True, opens=FUTURE)
    assert life.record is not None
    assert life.record.opened_at == NOON


def test_rules_alone_tell_nothing_and_nothing_later_of_it() -> None:
    life = Life()
    life.see(NOON)
    assert life.see(NOON + HOUR, rules=True, contracts=(Contract.CDI,), team=Team("autre", "Autre")) == []
    assert life.see(NOON + DAY, rules=True, open=False) == []
    assert life.state() is State.CLOSED
    assert life.see(NOON + 2 * DAY, rules=True) == []
    assert life.state() is State.OPEN
    assert life.see(NOON + 3 * DAY) == []
    assert kinds(life.see(NOON + 4 * DAY, open=False)) == [EventKind.CLOSED]


def test_what_the_clock_did_is_told_although_only_rules_made_it_be_read_again() -> None:
    life = Life(Policy(closing_notice=()))
    life.see(NOON, closes=FUTURE)
    (event,) = life.see(NOON + 10 * DAY, rules=True, closes=FUTURE, role="Autre")
    assert (event.kind, event.reason, event.at) == (EventKind.CLOSED, "deadline", paris(2024, 5, 21))


def test_a_broken_file_closes_nothing_and_mending_it_tells_nothing() -> None:
    life = Life()
    life.see(NOON)
    assert life.break_(NOON + HOUR) == []
    assert life.state() is State.OPEN
    assert life.record is not None
    assert not life.record.readable
    assert life.record.posting is not None
    assert life.see(NOON + 2 * HOUR) == []
    assert life.record.readable


def test_a_broken_file_still_closes_on_the_day_that_was_read() -> None:
    life = Life(Policy(closing_notice=()))
    life.see(NOON, closes=FUTURE)
    life.break_(NOON + HOUR)
    assert kinds(life.wait(NOON + 10 * DAY)) == [EventKind.CLOSED]


def test_open_false_in_a_broken_file_closes_for_good() -> None:
    life = Life()
    life.see(NOON)
    (event,) = life.break_(NOON + HOUR, closes=True)
    assert (event.kind, event.reason) == (EventKind.CLOSED, "unlisted")
    assert life.wake(NOON + DAY) == []
    assert life.break_(NOON + 2 * DAY, closes=True) == []
    assert life.state() is State.CLOSED
    (mended,) = life.see(NOON + 3 * DAY)
    assert (mended.kind, mended.at) == (EventKind.REOPENED, NOON + 3 * DAY)


def test_a_scheduled_posting_whose_broken_file_says_closed_does_not_open() -> None:
    life = Life()
    life.see(NOON, open=None, opens=FUTURE, opens_written=True)
    assert life.break_(NOON + HOUR, closes=True) == []
    assert life.wait(NOON + 30 * DAY) == []
    assert life.state() is State.CLOSED


def test_a_new_file_that_is_broken_opens_once_it_is_mended() -> None:
    life = Life()
    assert life.break_(NOON, closes=True) == []
    assert life.state() is None
    assert kinds(life.see(NOON + DAY)) == [EventKind.OPENED]
    assert life.record is not None
    assert life.record.names == ("2024-05-14-exemple",)


def test_a_broken_file_that_is_deleted_is_withdrawn() -> None:
    life = Life()
    life.see(NOON)
    life.break_(NOON + HOUR)
    assert kinds(life.delete(NOON + DAY)) == [EventKind.WITHDRAWN]


def test_after_an_outage_only_the_net_change_is_told_with_its_own_instant() -> None:
    scheduled: dict[str, Any] = {"open": None, "opens": FUTURE, "opens_written": True}
    missed = Life()
    missed.see(NOON, closes=on(2024, 5, 22), **scheduled)
    assert missed.wake(NOON + 30 * DAY) == []  # opened and closed meanwhile
    late = Life()
    late.see(NOON, **scheduled)
    (event,) = late.see(NOON + 30 * DAY, junior=True, **scheduled)
    assert (event.kind, event.at) == (EventKind.OPENED, paris(2024, 5, 20))
    over = Life()
    over.see(NOON, closes=FUTURE)
    (event,) = over.see(NOON + 30 * DAY, closes=FUTURE, junior=True)
    assert (event.kind, event.at) == (EventKind.CLOSED, paris(2024, 5, 21))


def test_a_deadline_that_an_edit_sets_in_the_past_closes_now() -> None:
    life = Life()
    life.see(NOON)
    (event,) = life.see(NOON + DAY, closes=PAST)
    assert event.at == NOON + DAY


def test_two_postings_never_share_an_id_of_an_event() -> None:
    one, other = Life(id="a"), Life(id="b")
    assert one.see(NOON)[0].id != other.see(NOON)[0].id


def test_deciding_leaves_what_was_known_alone() -> None:
    life = Life()
    life.see(NOON, closes=When(day=date(2024, 6, 1)))
    record, events = decide(life.record, None, NOON, id=life.id, policy=Policy())
    assert (record, events) == (life.record, ())
