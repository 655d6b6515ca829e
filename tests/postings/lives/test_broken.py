"""Files that break the front matter's rule, and are mended or not: a broken file closes nothing by itself."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from postings.model import State
from tests.lives import paris
from tests.postings.lives.history import BROKEN, CLOSED, OPEN, OTHER, History, long
from tests.repositories import posting_file

SHUT = b"\n" + CLOSED
"""Broken, and says `open: false`."""


@pytest.mark.parametrize(
    "broken",
    [
        BROKEN,
        b"",
        b"---\nroles: [\n---\n\nUne mission.\n",
        OPEN.replace(b"---\n\n", b"\n"),
        b"<<<<<<< HEAD\n" + OPEN,
        OPEN.decode().encode("utf-16"),
    ],
    ids=["blank line", "empty", "yaml", "never closed", "conflict", "utf-16"],
)
async def test_broken_then_mended_tells_nothing(history: History, broken: bytes) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    assert await history.change({"2024-03-01-a.md": broken}) == []
    assert not history.follower.records["2024-03-01-a"].readable
    assert history.state("2024-03-01-a") is State.OPEN
    assert await history.change({"2024-03-01-a.md": OPEN}) == []
    assert history.follower.records["2024-03-01-a"].readable


async def test_broken_then_mended_otherwise_is_compared_with_the_last_good_reading(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    await history.change({"2024-03-01-a.md": BROKEN})
    told = await history.change({"2024-03-01-a.md": posting_file("open: true", "poste_ferme: 2024-06-01")})
    assert told == [("updated", "2024-03-01-a")]
    assert [change.field for change in history.told[0].changes] == ["closes"]


async def test_broken_and_mended_between_two_looks_tells_nothing(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    history.write({"2024-03-01-a.md": BROKEN})
    assert await history.change({"2024-03-01-a.md": OPEN}) == []


async def test_broken_then_renamed_and_mended_keeps_its_id(history: History) -> None:
    good = long("open: true")
    await history.change({"2024-03-01-a.md": good})
    await history.change({"2024-03-01-a.md": b"\n" + good})
    told = await history.change({"2024-03-01-b.md": good}, renames={"2024-03-01-a.md": "2024-03-01-b.md"})
    assert told == [("updated", "2024-03-01-a")]
    assert [change.field for change in history.told[0].changes] == ["url"]


async def test_broken_by_the_commit_that_renames_it_then_mended(history: History) -> None:
    good = long("open: true")
    await history.change({"2024-03-01-a.md": good})
    broken = {"2024-03-01-b.md": b"\n" + good}
    assert await history.change(broken, renames={"2024-03-01-a.md": "2024-03-01-b.md"}) == []
    assert await history.change({"2024-03-01-b.md": good}) == [("updated", "2024-03-01-a")]
    assert history.follower.records["2024-03-01-a"].names == ("2024-03-01-a", "2024-03-01-b")


async def test_a_new_broken_file_that_is_renamed_and_mended_keeps_its_id(history: History) -> None:
    good = long("open: true")
    await history.change({"2024-03-01-x.md": OPEN})
    assert await history.change({"2024-03-01-a.md": b"\n" + good}) == []
    told = await history.change({"2024-03-01-b.md": good}, renames={"2024-03-01-a.md": "2024-03-01-b.md"})
    assert told == [("opened", "2024-03-01-a")]


async def test_broken_on_arrival_opens_when_it_is_mended(history: History) -> None:
    await history.change({"2024-03-01-x.md": OPEN})
    assert await history.change({"2024-03-01-a.md": BROKEN}) == []
    assert history.state("2024-03-01-a") is None
    assert await history.change({"2024-03-01-a.md": OPEN}) == [("opened", "2024-03-01-a")]
    assert history.told[0].at == history.now


async def test_broken_on_arrival_and_deleted_was_never_there(history: History) -> None:
    await history.change({"2024-03-01-x.md": OPEN})
    await history.change({"2024-03-01-a.md": BROKEN, "2024-03-01-b.md": SHUT})
    assert await history.change({"2024-03-01-a.md": None, "2024-03-01-b.md": None}) == []


async def test_broken_at_the_first_look_opens_when_it_is_mended(history: History) -> None:
    await history.change({"2024-03-01-a.md": BROKEN})
    assert await history.change({"2024-03-01-a.md": OPEN}) == [("opened", "2024-03-01-a")]


async def test_a_closing_day_passes_while_the_file_is_broken(history: History) -> None:
    dated = posting_file("open: true", "poste_ferme: 2024-03-20")
    await history.change({"2024-03-01-a.md": dated})
    await history.change({"2024-03-01-a.md": b"\n" + dated})
    assert await history.wait(paris(2024, 3, 25)) == [("closed", "2024-03-01-a", paris(2024, 3, 21))]
    assert await history.change({"2024-03-01-a.md": dated}) == []


async def test_an_opening_day_comes_while_the_file_is_broken(history: History) -> None:
    dated = posting_file("post_ouvert: 2024-03-20")
    await history.change({"2024-03-01-a.md": dated})
    await history.change({"2024-03-01-a.md": b"\n" + dated})
    assert await history.wait(paris(2024, 3, 25)) == [("opened", "2024-03-01-a", paris(2024, 3, 20))]


async def test_mended_with_a_later_closing_day_after_the_old_one_passed_is_reopened(history: History) -> None:
    await history.change({"2024-03-01-a.md": posting_file("open: true", "poste_ferme: 2024-03-20")})
    await history.change({"2024-03-01-a.md": BROKEN})
    await history.wait(paris(2024, 3, 25))
    told = await history.change({"2024-03-01-a.md": posting_file("open: true", "poste_ferme: 2024-04-20")})
    assert told == [("reopened", "2024-03-01-a")]


async def test_open_false_in_a_broken_file_closes(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    assert await history.change({"2024-03-01-a.md": SHUT}) == [("closed", "2024-03-01-a")]
    assert history.told[0].reason == "unlisted"


@pytest.mark.parametrize(
    ("mended", "told"),
    [
        (CLOSED, []),
        (OPEN, [("reopened", "2024-03-01-a")]),
        (posting_file("open: false", "poste_pourvu: true"), [("filled", "2024-03-01-a")]),
    ],
    ids=["closed", "open", "filled"],
)
async def test_mended_after_open_false_closed_it(
    history: History, mended: bytes, told: list[tuple[str, str]]
) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    await history.change({"2024-03-01-a.md": SHUT})
    assert await history.wait(history.now + timedelta(days=60)) == []
    assert await history.change({"2024-03-01-a.md": mended}) == told


async def test_a_broken_file_that_no_longer_says_false_opens_nothing(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    await history.change({"2024-03-01-a.md": SHUT})
    assert await history.change({"2024-03-01-a.md": BROKEN}) == []
    assert history.state("2024-03-01-a") is State.CLOSED


async def test_open_false_in_the_broken_file_of_a_scheduled_posting_keeps_it_shut(history: History) -> None:
    await history.change({"2024-03-01-a.md": posting_file("post_ouvert: 2024-03-20")})
    assert await history.change({"2024-03-01-a.md": SHUT}) == []
    assert await history.wait(datetime.fromisoformat("2024-04-20T00:00:00+00:00")) == []


async def test_what_a_broken_file_says_otherwise_is_not_believed(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    broken = b"\n" + posting_file("poste_pourvu: true", "poste_ferme: 2024-03-02")
    assert await history.change({"2024-03-01-a.md": broken}) == []
    assert await history.change({"2024-03-01-a.md": b"\n" + OTHER}) == []
    assert history.state("2024-03-01-a") is State.OPEN
