"""A history told again: in the order of time, with what the clock did at its own instants."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from postings.lifecycle import Policy
from postings.model import Event, State
from postings.replay import Replay
from postings.sources.git_repository import GitRepository
from tests.lives import DAY, HOUR, paris
from tests.repositories import START, Repository, posting_file


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Three postings of March 2024; the last commit is of 3 April."""
    made = Repository(tmp_path / "site")
    made.commit({"2024-03-01-a.md": posting_file("open: true", "poste_ferme: 2024-03-20")})
    made.commit({"2024-03-05-b.md": posting_file("post_ouvert: 2024-03-10", team="autre")}, at=START + DAY)
    made.commit({"/content/_startups/autre.md": b"---\ntitle: Autre\n---\n"}, at=START + 2 * DAY)
    made.commit({"2024-03-07-c.md": posting_file("open: true")}, at=START + 3 * DAY)
    made.commit({"2024-03-07-c.md": posting_file("open: false")}, at=START + 30 * DAY)
    return made


def replay(repository: Repository, *, empty: bool = True, policy: Policy | None = None) -> Replay:
    local = GitRepository(repository.path)
    return Replay(local, local.head(), policy=policy or Policy(), empty_baseline=empty)


def told(events: Iterator[Event]) -> list[tuple[str, str, datetime]]:
    return [(str(event.kind), event.posting, event.at) for event in events]


EVERYTHING = [
    ("opened", "2024-03-01-a", START),
    ("opened", "2024-03-07-c", START + 3 * DAY),
    ("opened", "2024-03-05-b", paris(2024, 3, 10)),
    ("closing_soon", "2024-03-01-a", paris(2024, 3, 13, 9)),
    ("closing_soon", "2024-03-01-a", paris(2024, 3, 19, 9)),
    ("closed", "2024-03-01-a", paris(2024, 3, 21)),
    ("closed", "2024-03-07-c", START + 30 * DAY),
]


def test_everything_is_told_in_order_and_on_time(repository: Repository) -> None:
    assert told(replay(repository).events()) == EVERYTHING


def test_what_the_clock_did_has_no_revision(repository: Repository) -> None:
    by_clock = {event.at for event in replay(repository).events() if event.revision is None}
    assert by_clock == {at for _, _, at in EVERYTHING[2:6]}


def test_the_first_revision_is_a_baseline_unless_it_is_to_be_told(repository: Repository) -> None:
    events = told(replay(repository, empty=False).events())
    assert events == EVERYTHING[1:]


def test_the_baseline_is_the_first_revision_that_holds_a_posting(tmp_path: Path) -> None:
    made = Repository(tmp_path / "site")
    made.commit({"/content/_startups/exemple.md": b"---\ntitle: Exemple\n---\n"})
    made.commit({"2024-03-01-a.md": posting_file("open: true")}, at=START + DAY)
    made.commit({"2024-03-01-b.md": posting_file("open: true")}, at=START + 2 * DAY)
    assert told(replay(made, empty=False).events()) == [("opened", "2024-03-01-b", START + 2 * DAY)]


@pytest.mark.parametrize(
    ("until", "count"),
    [
        (START - HOUR, 0),
        (START, 1),
        (paris(2024, 3, 10) - HOUR, 2),
        (paris(2024, 3, 10), 3),
        (paris(2024, 3, 20, 23, 59), 5),
        (paris(2024, 3, 21), 6),
        (START + 30 * DAY, 7),
    ],
)
def test_until_an_instant(repository: Repository, until: datetime, count: int) -> None:
    assert told(replay(repository).events(until)) == EVERYTHING[:count]


def test_after_the_last_revision_the_clock_goes_on_only_when_asked(repository: Repository) -> None:
    assert told(replay(repository).events(START + 100 * DAY))[7:] == [
        ("stale", "2024-03-05-b", paris(2024, 3, 10) + 45 * DAY),
        ("stale", "2024-03-05-b", paris(2024, 3, 10) + 90 * DAY),
    ]


def test_the_records_are_those_of_the_end(repository: Repository) -> None:
    played = replay(repository)
    list(played.events())
    assert {id: record.state for id, record in played.records.items()} == {
        "2024-03-01-a": State.CLOSED,
        "2024-03-05-b": State.OPEN,
        "2024-03-07-c": State.CLOSED,
    }
    team = played.records["2024-03-05-b"].posting
    assert team is not None
    assert team.team is not None
    assert team.team.name == "Autre"


def test_dates_of_commits_that_go_backwards_do_not_turn_the_clock_back(tmp_path: Path) -> None:
    made = Repository(tmp_path / "site")
    made.commit({"2024-03-01-a.md": posting_file("open: true")}, at=START + DAY)
    made.commit({"2024-03-01-b.md": posting_file("open: true")}, at=START)
    made.commit({"2024-03-01-a.md": posting_file("open: false")}, at=START + 2 * DAY)
    assert told(replay(made).events()) == [
        ("opened", "2024-03-01-a", START + DAY),
        ("opened", "2024-03-01-b", START + DAY),
        ("closed", "2024-03-01-a", START + 2 * DAY),
    ]


def test_names_that_git_quotes_and_file_names_with_line_breaks(tmp_path: Path) -> None:
    made = Repository(tmp_path / "site")
    names = ["2024-03-01-chargé·e.md", "2024-03-01-deux\nlignes.md", '2024-03-01-"guillemets".md']
    made.commit(dict.fromkeys(names, posting_file("open: true")))
    assert {posting for _, posting, _ in told(replay(made).events())} == {
        n.removesuffix(".md") for n in names
    }


def test_a_history_without_any_posting_tells_nothing(tmp_path: Path) -> None:
    made = Repository(tmp_path / "site")
    made.commit({"/LISEZMOI.md": b"Rien ici.\n"})
    assert told(replay(made).events()) == []
    assert told(replay(made).events(START + DAY)) == []


def test_progress_is_told_commit_by_commit(repository: Repository) -> None:
    seen: list[tuple[int, int]] = []
    local = GitRepository(repository.path)
    played = Replay(
        local, local.head(), policy=Policy(), progress=lambda done, total: seen.append((done, total))
    )
    list(played.events())
    assert [total for _, total in seen] == [seen[-1][0]] * 5
    assert [done for done, _ in seen] == sorted({done for done, _ in seen})
