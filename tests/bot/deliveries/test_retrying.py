"""What becomes of a sending that failed: when it is tried again, and when not."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import MessageGone, OutcomeUnknown, TargetRefused, TryLater
from bot.deliveries.retrying import ATTEMPTS, CAPS, PATIENCE, Again, End, after, backoff

DOWN = TryLater("En panne.", "Down.")
LOST = OutcomeUnknown("Réponse perdue.", "Answer lost.")
DAY = timedelta(days=1)
chances = st.floats(0, 1, exclude_max=True)


def given_up_after(draws: list[float], error: Exception = DOWN) -> tuple[int, timedelta]:
    """How many attempts a row gets when each fails, and how long that takes."""
    age, taken = timedelta(), iter(draws)
    for attempts in range(100):
        what = after(error, attempts=attempts, age=age, chance=lambda: next(taken, 0.0))
        if what is End.DEAD:
            return attempts + 1, age
        assert isinstance(what, Again)
        age += what.wait
    raise AssertionError("it is never given up")


@given(st.lists(chances, min_size=ATTEMPTS, max_size=ATTEMPTS))
def test_eight_attempts_take_about_a_day_whatever_chance_says(draws: list[float]) -> None:
    attempts, age = given_up_after(draws)
    assert attempts == ATTEMPTS
    assert timedelta(hours=18) <= age <= timedelta(hours=25)


@given(st.integers(0, 50), chances)
def test_a_wait_is_within_a_quarter_below_its_cap(attempts: int, drawn: float) -> None:
    cap = CAPS[min(attempts, len(CAPS) - 1)]
    assert cap * 0.75 <= backoff(attempts, lambda: drawn) <= cap


def test_each_cap_is_at_least_the_one_before() -> None:
    assert all(earlier <= later for earlier, later in pairwise(CAPS))
    assert CAPS[0] <= timedelta(seconds=10), "most troubles are over soon"


def test_rows_that_failed_together_do_not_come_back_together() -> None:
    assert len({backoff(3, lambda drawn=n / 10: drawn) for n in range(10)}) == 10  # type: ignore[misc]


@given(st.floats(0, 10**6), st.integers(0, 50), st.integers(0, 100), chances)
def test_a_wait_that_was_asked_for_is_kept_and_costs_no_attempt(
    seconds: float, attempts: int, hours: int, drawn: float
) -> None:
    asked = TryLater("Trop.", "Too many.", wait=seconds)
    what = after(asked, attempts=attempts, age=timedelta(hours=hours), chance=lambda: drawn)
    assert what == Again(timedelta(seconds=seconds), asked=True)


def test_short_waits_do_not_make_a_row_dead_before_its_time() -> None:
    assert isinstance(after(DOWN, attempts=30, age=PATIENCE - DAY / 100, chance=lambda: 0.0), Again)


@pytest.mark.parametrize(
    ("error", "end"),
    [
        (TargetRefused("Refusé.", "Refused."), End.STOPPED),
        (MessageGone("Supprimé.", "Deleted."), End.DROPPED),
    ],
)
@pytest.mark.parametrize("attempts", [0, 50])
def test_what_trying_again_cannot_mend_is_not_tried(error: Exception, end: End, attempts: int) -> None:
    assert after(error, attempts=attempts, age=30 * DAY, chance=lambda: 0.0) is end


@pytest.mark.parametrize(("error", "unknown"), [(DOWN, False), (LOST, True), (KeyError("posts"), True)])
def test_only_what_surely_was_not_sent_is_known(error: Exception, unknown: bool) -> None:
    what = after(error, attempts=0, age=timedelta(), chance=lambda: 0.0)
    assert what == Again(CAPS[0], unknown=unknown)


def test_a_fault_of_ours_is_given_up_like_any_other() -> None:
    assert given_up_after([], ValueError("une faute"))[0] == ATTEMPTS
