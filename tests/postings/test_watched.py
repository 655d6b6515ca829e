"""A source followed look by look on a real repository; what its files may live through is in `lives/`."""

from __future__ import annotations

from pathlib import Path

import pytest

from postings import watched
from postings.model import Posting, State
from postings.sources.git import GitSource
from tests.followers import Follower
from tests.lives import DAY
from tests.postings.lives.history import CLOSED, OPEN, OTHER
from tests.repositories import START, Repository


async def test_a_first_look_tells_nothing_and_the_next_what_changed(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "site")
    repository.commit({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": CLOSED, "2024-03-01-c.md": OPEN})
    follower = Follower(GitSource("site", str(repository.path), tmp_path / "mirror"))
    assert await follower.look() == []
    assert await follower.look() == []
    revision = repository.commit(
        {
            "2024-03-01-a.md": CLOSED,
            "2024-03-01-b.md": OPEN,
            "2024-03-01-c.md": None,
            "2024-03-02-d.md": OTHER,
        },
        at=START + DAY,
    )
    assert sorted(await follower.look()) == [
        ("closed", "2024-03-01-a"),
        ("opened", "2024-03-01-b"),
        ("opened", "2024-03-02-d"),
        ("withdrawn", "2024-03-01-c"),
    ]
    assert {event.revision for event in follower.told} == {revision}
    assert await follower.look() == []


async def test_more_postings_than_are_kept_in_memory_are_followed_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watched, "_DRAFTS_KEPT", 1)
    repository = Repository(tmp_path / "site")
    repository.commit({f"2024-03-01-{name}.md": OPEN for name in "abc"})
    follower = Follower(GitSource("site", str(repository.path), tmp_path / "mirror"))
    await follower.look()
    assert set(follower.present().values()) == {State.OPEN}
    repository.commit({f"2024-03-01-{name}.md": CLOSED for name in "abc"}, at=START + DAY)
    assert sorted(await follower.look()) == [("closed", f"2024-03-01-{name}") for name in "abc"]


def test_where_no_team_file_changed_no_posting_is_read_again() -> None:
    assert not watched.concerned(Posting(id="a", path="a.md", role="Dev"), set())
    assert watched.concerned(Posting(id="a", path="a.md", role="Dev"), {"exemple"})
