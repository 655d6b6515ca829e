"""A folder as a source: compared as a whole, never wrong about what changes while it is read."""

from __future__ import annotations

import os
from pathlib import Path
from shutil import move

import pytest

from postings.errors import SourceError
from postings.sources.directory import DirectorySource
from tests.followers import LATER, Follower
from tests.lives import DAY
from tests.repositories import JOBS, Repository, posting_file

OPEN, CLOSED = posting_file("open: true"), posting_file("open: false")


@pytest.fixture
def jobs(tmp_path: Path) -> Path:
    folder = tmp_path / "site" / JOBS
    folder.mkdir(parents=True)
    (folder / "2024-03-01-a.md").write_bytes(OPEN)
    return folder


@pytest.fixture
def follower(tmp_path: Path, jobs: Path) -> Follower:
    return Follower(DirectorySource("dossier", tmp_path / "site"))


async def test_nothing_new_is_no_look(follower: Follower) -> None:
    look = await follower.source.look(None)
    assert look is not None
    assert await follower.source.look(look.revision) is None


async def test_the_same_content_has_the_id_that_git_gives_it(tmp_path: Path, follower: Follower) -> None:
    look = await follower.source.look(None)
    repository = Repository(tmp_path / "depot")
    repository.commit({"2024-03-01-a.md": OPEN})
    assert look is not None
    blob = repository.git("rev-parse", f"HEAD:{JOBS}/2024-03-01-a.md")
    assert look.files == {f"{JOBS}/2024-03-01-a.md": blob}
    assert await follower.source.read([blob, "0" * 40]) == {blob: OPEN}


async def test_what_changed_is_told(follower: Follower, jobs: Path) -> None:
    assert await follower.look(LATER) == []
    (jobs / "2024-03-01-a.md").write_bytes(CLOSED)
    (jobs / "2024").mkdir()
    (jobs / "2024" / "2024-03-02-b.md").write_bytes(OPEN)
    assert await follower.look(LATER + DAY) == [("opened", "2024-03-02-b"), ("closed", "2024-03-01-a")]
    (jobs / "2024" / "2024-03-02-b.md").unlink()
    assert await follower.look(LATER + 2 * DAY) == [("withdrawn", "2024-03-02-b")]


async def test_a_file_moved_as_it_is_keeps_its_id(follower: Follower, jobs: Path) -> None:
    await follower.look(LATER)
    (jobs / "2024-03-01-a.md").rename(jobs / "2024-03-01-b.md")
    assert await follower.look(LATER + DAY) == [("updated", "2024-03-01-a")]


async def test_a_file_that_changes_while_it_is_read_waits_for_the_next_look(
    follower: Follower, jobs: Path
) -> None:
    await follower.look(LATER)
    (jobs / "2024-03-01-a.md").write_bytes(OPEN + b"Une ligne.\n")
    look = await follower.source.look(follower.revision)
    (jobs / "2024-03-01-a.md").write_bytes(CLOSED)
    assert look is not None
    assert await follower.follow(look, LATER + DAY) == []
    assert await follower.look(LATER + 2 * DAY) == [("closed", "2024-03-01-a")]
    assert await follower.look(LATER + 3 * DAY) == []


async def test_a_file_that_goes_while_it_is_read_is_told_at_the_next_look(
    follower: Follower, jobs: Path
) -> None:
    await follower.look(LATER)
    (jobs / "2024-03-01-a.md").write_bytes(OPEN + b"Une ligne.\n")
    look = await follower.source.look(follower.revision)
    (jobs / "2024-03-01-a.md").unlink()
    assert look is not None
    assert await follower.follow(look, LATER + DAY) == []
    assert await follower.look(LATER + 2 * DAY) == [("withdrawn", "2024-03-01-a")]


async def test_a_file_that_may_not_be_read_is_an_error_and_no_deletion(
    follower: Follower, monkeypatch: pytest.MonkeyPatch
) -> None:
    await follower.look(LATER)

    def refused(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(SourceError, match=r"2024-03-01-a\.md ne peut être lu"):
        await follower.look(LATER + DAY)


async def test_a_missing_folder_is_an_error_and_no_deletion(follower: Follower, jobs: Path) -> None:
    await follower.look(LATER)
    move(jobs, jobs.with_name("ailleurs"))
    with pytest.raises(SourceError, match="n’existe pas\u00a0: donnez") as missing:
        await follower.look(LATER + DAY)
    assert "does not exist" in missing.value.english


async def test_links_are_not_followed_and_any_name_is_taken(follower: Follower, jobs: Path) -> None:
    (jobs / "lien.md").symlink_to(jobs / "2024-03-01-a.md")
    (jobs / os.fsdecode(b"2024-03-02-\xe9.md")).write_bytes(OPEN)
    look = await follower.source.look(None)
    assert look is not None
    assert {path.encode().decode() for path in look.files} == {
        f"{JOBS}/2024-03-01-a.md",
        f"{JOBS}/2024-03-02-\ufffd.md",
    }
