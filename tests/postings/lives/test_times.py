"""Openings, deadlines and fillings over time: each at its instant in Paris, whatever is edited meanwhile."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from postings.lifecycle import Policy
from postings.model import State
from tests.lives import paris
from tests.postings.lives.history import CLOSED, OPEN, History
from tests.repositories import posting_file

A = "2024-03-01-a"
FILLED = posting_file("open: true", "poste_pourvu: true")
TO_COME = posting_file("post_ouvert: 2024-03-20")


def until(day: str) -> bytes:
    """An open posting with a closing day."""
    return posting_file("open: true", f"poste_ferme: {day}")


async def test_an_opening_day_to_come_opens_at_its_instant(history: History) -> None:
    await history.change({"2024-03-01-x.md": CLOSED})
    assert await history.change({f"{A}.md": TO_COME}) == []
    assert history.state(A) is State.SCHEDULED
    assert await history.wait(paris(2024, 4, 1)) == [("opened", A, paris(2024, 3, 20))]


async def test_an_edit_before_its_opening_day_tells_nothing_and_delays_nothing(history: History) -> None:
    await history.change({f"{A}.md": TO_COME})
    assert await history.change({f"{A}.md": TO_COME + b"\nUne phrase.\n"}) == []
    assert await history.change({f"{A}.md": TO_COME.replace(b"cdd", b"cdi")}) == []
    assert await history.wait(paris(2024, 4, 1)) == [("opened", A, paris(2024, 3, 20))]


async def test_an_edit_on_its_opening_day_is_no_second_opening(history: History) -> None:
    await history.change({f"{A}.md": TO_COME})
    await history.wait(paris(2024, 3, 20, 11))
    assert await history.change({f"{A}.md": TO_COME + b"\nUne phrase.\n"}, hours=1) == []
    assert [event.kind for event in history.told] == ["opened"]


@pytest.mark.parametrize(
    ("day", "at"), [("2024-03-12", paris(2024, 3, 12)), ("2024-03-30", paris(2024, 3, 30))]
)
async def test_an_opening_day_that_is_moved_opens_on_the_new_day(
    history: History, day: str, at: datetime
) -> None:
    await history.change({f"{A}.md": TO_COME})
    assert await history.change({f"{A}.md": posting_file(f"post_ouvert: {day}")}) == []
    assert await history.wait(paris(2024, 4, 10)) == [("opened", A, at)]


async def test_an_opening_day_brought_back_to_the_past_opens_now(history: History) -> None:
    await history.change({f"{A}.md": TO_COME})
    assert await history.change({f"{A}.md": posting_file("post_ouvert: 2024-03-02")}) == [("opened", A)]
    assert history.told[0].at == history.now


async def test_an_open_posting_whose_opening_is_put_off_closes_and_reopens_on_its_day(
    history: History,
) -> None:
    await history.change({f"{A}.md": posting_file("post_ouvert: 2024-03-01")})
    assert await history.change({f"{A}.md": TO_COME}) == [("closed", A)]
    assert history.told[0].reason == "scheduled"
    assert await history.wait(paris(2024, 4, 1)) == [("reopened", A, paris(2024, 3, 20))]


async def test_a_deadline_closes_when_its_day_is_over(history: History) -> None:
    await history.change({f"{A}.md": until("2024-03-20")})
    assert await history.wait(paris(2024, 3, 20, 23, 59)) == []
    assert await history.wait(paris(2024, 3, 21)) == [("closed", A, paris(2024, 3, 21))]
    assert history.told[0].reason == "deadline"


async def test_a_deadline_extended_before_it_passed_is_an_update(history: History) -> None:
    await history.change({f"{A}.md": until("2024-03-20")})
    assert await history.change({f"{A}.md": until("2024-04-10")}) == [("updated", A)]
    assert await history.wait(paris(2024, 5, 1)) == [("closed", A, paris(2024, 4, 11))]


async def test_a_deadline_extended_after_it_passed_reopens(history: History) -> None:
    await history.change({f"{A}.md": until("2024-03-20")})
    await history.wait(paris(2024, 3, 22))
    assert await history.change({f"{A}.md": until("2024-04-20")}) == [("reopened", A)]
    assert history.told[-1].ended_at == paris(2024, 3, 21)
    assert await history.wait(paris(2024, 5, 1)) == [("closed", A, paris(2024, 4, 21))]


async def test_a_closing_day_set_in_the_past_closes_now(history: History) -> None:
    await history.change({f"{A}.md": OPEN})
    assert await history.change({f"{A}.md": until("2024-03-02")}) == [("closed", A)]
    assert (history.told[0].reason, history.told[0].at) == ("deadline", history.now)


async def test_a_new_posting_whose_closing_day_is_past_never_opens(history: History) -> None:
    await history.change({"2024-03-01-x.md": CLOSED})
    assert await history.change({f"{A}.md": until("2024-03-02")}) == []
    assert await history.wait(paris(2024, 6, 1)) == []


async def test_a_closing_day_that_is_removed_is_an_update_and_closes_nothing(tmp_path: Path) -> None:
    history = History(tmp_path, Policy(stale_after=timedelta(days=9999)))
    await history.change({f"{A}.md": until("2024-03-20")})
    assert await history.change({f"{A}.md": OPEN}) == [("updated", A)]
    assert history.told[0].changes[0].after is None
    assert await history.wait(paris(2025, 3, 20)) == []


async def test_a_closing_day_removed_after_it_passed_reopens(history: History) -> None:
    await history.change({f"{A}.md": until("2024-03-20")})
    await history.wait(paris(2024, 3, 22))
    assert await history.change({f"{A}.md": OPEN}) == [("reopened", A)]


async def test_closed_by_the_team_before_the_deadline_closes_once(history: History) -> None:
    await history.change({f"{A}.md": until("2024-03-20")})
    told = await history.change({f"{A}.md": posting_file("open: false", "poste_ferme: 2024-03-20")})
    assert told == [("closed", A)]
    assert await history.wait(paris(2024, 4, 1)) == []


async def test_a_filled_posting_passes_its_deadline_without_a_word(history: History) -> None:
    await history.change({f"{A}.md": until("2024-03-20")})
    filled = posting_file("open: true", "poste_ferme: 2024-03-20", "poste_pourvu: true")
    assert await history.change({f"{A}.md": filled}) == [("filled", A)]
    assert await history.wait(paris(2024, 4, 1)) == []


async def test_closed_then_filled_is_told_as_both(history: History) -> None:
    await history.change({f"{A}.md": OPEN})
    assert await history.change({f"{A}.md": CLOSED}) == [("closed", A)]
    assert await history.change({f"{A}.md": FILLED}) == [("filled", A)]
    assert await history.change({f"{A}.md": CLOSED}) == []


async def test_filled_by_mistake_and_put_right_is_reopened(history: History) -> None:
    await history.change({f"{A}.md": OPEN})
    assert await history.change({f"{A}.md": FILLED}, hours=1) == [("filled", A)]
    assert await history.change({f"{A}.md": OPEN}, hours=1) == [("reopened", A)]
    assert history.told[-1].previous_state is State.FILLED


async def test_filled_and_put_right_between_two_looks_tells_nothing(history: History) -> None:
    await history.change({f"{A}.md": OPEN})
    history.write({f"{A}.md": FILLED}, minutes=1)
    assert await history.change({f"{A}.md": OPEN}, minutes=1) == []


@pytest.mark.parametrize(("days", "entry"), [(1, 1), (14, 1), (15, 2)])
@pytest.mark.parametrize("end", [CLOSED, FILLED, None], ids=["closed", "filled", "withdrawn"])
async def test_a_reopening_is_a_new_entry_after_more_than_14_days(
    history: History, end: bytes | None, days: int, entry: int
) -> None:
    await history.change({f"{A}.md": OPEN})
    await history.change({f"{A}.md": end})
    ended = history.now
    assert await history.change({f"{A}.md": OPEN}, days=days) == [("reopened", A)]
    assert (history.told[-1].opening, history.told[-1].ended_at) == (2, ended)
    assert history.follower.records[A].entry == entry


@pytest.mark.parametrize(
    ("closes", "notices", "closed"),
    [
        (
            "2024-03-31",  # the night in which summer time begins is within its last day
            ["2024-03-24T08:00Z", "2024-03-30T08:00Z"],
            "2024-03-31T22:00Z",
        ),
        ("2024-04-01", ["2024-03-25T08:00Z", "2024-03-31T07:00Z"], "2024-04-01T22:00Z"),
        ("2024-10-27", ["2024-10-20T07:00Z", "2024-10-26T07:00Z"], "2024-10-27T23:00Z"),
    ],
)
async def test_notices_and_closings_when_the_clocks_change(
    tmp_path: Path, closes: str, notices: list[str], closed: str
) -> None:
    history = History(tmp_path, Policy(stale_after=timedelta(days=9999)))
    await history.change({f"{A}.md": until(closes)})
    expected = [("closing_soon", A, datetime.fromisoformat(at)) for at in notices]
    expected.append(("closed", A, datetime.fromisoformat(closed)))
    assert await history.wait(paris(2024, 12, 1)) == expected


@pytest.mark.parametrize(
    ("opens", "at"),
    [
        ("2024-03-31", "2024-03-30T23:00Z"),
        ("2024-04-01", "2024-03-31T22:00Z"),
        ("2024-10-27", "2024-10-26T22:00Z"),
        ("2024-10-28", "2024-10-27T23:00Z"),
    ],
)
async def test_openings_when_the_clocks_change(history: History, opens: str, at: str) -> None:
    await history.change({f"{A}.md": posting_file(f"post_ouvert: {opens}")})
    told = await history.wait(paris(2024, 11, 1))
    assert told[0] == ("opened", A, datetime.fromisoformat(at))


async def test_the_same_instant_in_another_form_is_no_other_closing_day(history: History) -> None:
    await history.change({f"{A}.md": until("2024-04-20")})
    for written in ("2024-04-19T22:00:00.000Z", "2024-04-20T00:00:00Z", "20/04/2024", "20 avril 2024"):
        assert await history.change({f"{A}.md": until(written)}) == []
