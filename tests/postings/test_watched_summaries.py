"""Summaries of a source that is followed: what postings share is nobody's own, and telling of it is no news."""

from __future__ import annotations

from pathlib import Path

import pytest

from postings.sources.git import GitSource
from tests.followers import Follower
from tests.lives import DAY
from tests.repositories import START, Repository, posting_file

COMMON = (
    "Les services publics numériques se construisent avec de petites équipes autonomes, près des usagers."
)


def own(n: int) -> str:
    return f"La mission numéro {n} consiste à rencontrer les communes et à dessiner leur service avec elles."


def file(n: int) -> bytes:
    return posting_file("open: true", f"title: Poste {n}", body=f"{COMMON}\n\n{own(n)}")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "site")


@pytest.fixture
def follower(tmp_path: Path, repository: Repository) -> Follower:
    return Follower(GitSource("site", str(repository.path), tmp_path / "mirror"))


def summaries(follower: Follower) -> list[str]:
    return [r.posting.summary for _, r in sorted(follower.records.items()) if r.posting]


async def test_a_first_look_knows_all_paragraphs_before_it_sums_up(
    repository: Repository, follower: Follower
) -> None:
    repository.commit({f"2024-03-0{n}-poste.md": file(n) for n in range(1, 5)})
    await follower.look()
    assert summaries(follower) == [own(n) for n in range(1, 5)]


async def test_a_fourth_posting_takes_the_paragraph_from_the_three_others_and_tells_nothing_of_them(
    repository: Repository, follower: Follower
) -> None:
    repository.commit({f"2024-03-0{n}-poste.md": file(n) for n in range(1, 4)})
    await follower.look()
    assert summaries(follower) == [COMMON] * 3
    repository.commit({"2024-03-04-poste.md": file(4)}, at=START + DAY)
    assert await follower.look() == [("opened", "2024-03-04-poste")]
    assert summaries(follower)[3] == own(4)
    repository.commit({"2024-03-09-autre.md": posting_file("open: false")}, at=START + 2 * DAY)
    assert await follower.look() == []
    assert summaries(follower)[:4] == [own(n) for n in range(1, 5)]


async def test_a_posting_that_goes_gives_the_paragraph_back(
    repository: Repository, follower: Follower
) -> None:
    repository.commit({f"2024-03-0{n}-poste.md": file(n) for n in range(1, 5)})
    await follower.look()
    repository.commit({"2024-03-04-poste.md": None}, at=START + DAY)
    assert await follower.look() == [("withdrawn", "2024-03-04-poste")]
    repository.commit({"2024-03-03-poste.md": file(3) + b"\n"}, at=START + 2 * DAY)
    assert await follower.look() == []
    assert summaries(follower)[:3] == [COMMON] * 3


async def test_a_restart_still_knows_which_paragraphs_are_shared(
    repository: Repository, follower: Follower
) -> None:
    repository.commit({f"2024-03-0{n}-poste.md": file(n) for n in range(1, 5)})
    await follower.look()
    follower.restart()
    repository.commit({"2024-03-05-poste.md": file(5)}, at=START + DAY)
    assert await follower.look() == [("opened", "2024-03-05-poste")]
    assert summaries(follower)[4] == own(5)
