"""A source that is away, or Vigie asleep: afterwards the net change is told, with the instants of the clock."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from postings.errors import SourceError
from postings.lifecycle import Policy
from postings.model import State
from tests.lives import paris
from tests.postings.lives.history import CLOSED, OPEN, History, Told, long
from tests.repositories import posting_file

FILLED = posting_file("open: true", "poste_pourvu: true")
DATED = posting_file("open: true", "poste_ferme: 2024-03-20")


def noticed(folder: Path) -> History:
    """A history whose notices are told, 7 days and 1 day before the closing day."""
    return History(folder / "noticed", Policy())


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        (OPEN, [CLOSED, OPEN], []),
        (OPEN, [CLOSED, OPEN, CLOSED], ["closed"]),
        (OPEN, [FILLED, OPEN], []),
        (OPEN, [CLOSED, FILLED], ["filled"]),
        (OPEN, [None, CLOSED], ["closed"]),
        (OPEN, [CLOSED, None], ["withdrawn"]),
        (CLOSED, [OPEN, CLOSED], []),
        (CLOSED, [OPEN, FILLED], ["filled"]),
        (CLOSED, [OPEN, None], []),
        (CLOSED, [FILLED, CLOSED], []),
        (FILLED, [CLOSED, OPEN], ["opened"]),
        (None, [OPEN, CLOSED, OPEN], ["opened"]),
        (None, [OPEN, None], []),
    ],
)
async def test_of_many_changes_between_two_looks_the_net_one_is_told(
    history: History, first: bytes | None, then: list[bytes | None], told: list[str]
) -> None:
    await history.change({"2024-03-01-a.md": first} if first else {"/README.md": b"Un site.\n"})
    for content in then:
        history.write({"2024-03-01-a.md": content})
    assert await history.look() == [(kind, "2024-03-01-a") for kind in told]


async def test_a_source_that_is_gone_for_a_day_closes_nothing_and_the_clock_goes_on(
    history: History,
) -> None:
    await history.change({"2024-03-01-a.md": DATED, "2024-03-01-b.md": OPEN})
    away = history.repository.path.rename(history.folder / "away")
    history.now = paris(2024, 3, 20, 12)
    with pytest.raises(SourceError):
        await history.look()
    assert await history.wait(paris(2024, 3, 21, 12)) == [("closed", "2024-03-01-a", paris(2024, 3, 21))]
    away.rename(history.repository.path)
    assert await history.look() == []
    assert history.state("2024-03-01-b") is State.OPEN


async def test_a_deadline_extended_while_the_source_was_away_reopens_when_it_is_back(
    history: History,
) -> None:
    await history.change({"2024-03-01-a.md": DATED})
    history.write({"2024-03-01-a.md": posting_file("open: true", "poste_ferme: 2024-04-20")})
    await history.wait(paris(2024, 3, 22))  # nobody could know
    assert await history.look() == [("reopened", "2024-03-01-a")]


@pytest.mark.parametrize("extended", [paris(2024, 3, 19), paris(2024, 3, 22)], ids=["before", "after"])
async def test_a_deadline_extended_while_vigie_slept_is_an_update(
    history: History, extended: datetime
) -> None:
    await history.change({"2024-03-01-a.md": DATED})
    history.now = extended
    history.write({"2024-03-01-a.md": posting_file("open: true", "poste_ferme: 2024-04-20")}, hours=1)
    history.now = paris(2024, 3, 25)
    assert await history.look() == [("updated", "2024-03-01-a")]


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["poste_ferme: 2024-03-20", "open: true"], [("closed", "2024-03-01-a")]),
        (["post_ouvert: 2024-03-10"], [("opened", "2024-03-01-a")]),
        (["post_ouvert: 2024-03-10", "poste_ferme: 2024-03-20"], []),
    ],
    ids=["closed meanwhile", "opened meanwhile", "opened and closed meanwhile"],
)
async def test_what_the_clock_did_while_vigie_slept(history: History, lines: list[str], told: Told) -> None:
    await history.change({"2024-03-01-a.md": posting_file(*lines)})
    assert history.wake(paris(2024, 3, 25, 15)) == told
    days = {"closed": paris(2024, 3, 21), "opened": paris(2024, 3, 10)}
    assert [event.at for event in history.told] == [days[kind] for kind, _ in told]


async def test_notices_that_are_past_are_not_told(tmp_path: Path) -> None:
    history = noticed(tmp_path)
    await history.change({"2024-03-01-a.md": DATED})
    assert history.wake(paris(2024, 3, 16)) == []  # the one of 13 March
    assert history.wake(paris(2024, 3, 22)) == [("closed", "2024-03-01-a")]


async def test_a_notice_is_told_late_on_its_own_day_only(tmp_path: Path) -> None:
    history = noticed(tmp_path)
    await history.change({"2024-03-01-a.md": DATED})
    assert history.wake(paris(2024, 3, 13, 20)) == [("closing_soon", "2024-03-01-a")]
    assert history.wake(paris(2024, 3, 20, 8)) == []
    assert [event.notice for event in history.told] == [7]


async def test_notices_of_a_deadline_that_was_moved_while_vigie_slept_are_those_of_the_new_day(
    tmp_path: Path,
) -> None:
    history = noticed(tmp_path)
    await history.change({"2024-03-01-a.md": DATED})
    history.write({"2024-03-01-a.md": posting_file("open: true", "poste_ferme: 2024-04-20")})
    history.now = paris(2024, 3, 19, 10)
    assert await history.look() == [("updated", "2024-03-01-a")]
    assert await history.wait(paris(2024, 4, 20, 12)) == [
        ("closing_soon", "2024-03-01-a", paris(2024, 4, 13, 9)),
        ("closing_soon", "2024-03-01-a", paris(2024, 4, 19, 9)),
    ]


async def test_a_file_deleted_after_its_deadline_while_vigie_slept_ends_once(history: History) -> None:
    await history.change({"2024-03-01-a.md": DATED})
    history.write({"2024-03-01-a.md": None})
    history.now = paris(2024, 3, 25)
    assert await history.look() == [("withdrawn", "2024-03-01-a")]
    assert history.wake(paris(2024, 4, 25)) == []


async def test_a_restart_after_a_long_sleep_follows_renames_and_tells_the_net_change(
    history: History,
) -> None:
    await history.change({"2024-03-01-a.md": long("open: true"), "2024-03-01-b.md": CLOSED})
    history.write(renames={"2024-03-01-a.md": "2024/2024-03-01-a.md"})
    history.write({"2024/2024-03-01-a.md": long("open: false"), "2024-03-01-b.md": OPEN})
    history.write({"2024/2024-03-01-a.md": long("open: true"), "2024-03-02-c.md": CLOSED}, days=40)
    history.follower.restart()
    assert await history.look() == [("opened", "2024-03-01-b")]
