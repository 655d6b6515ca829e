"""A folder as a source: compared as a whole; what cannot be read is never taken for deleted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from postings.errors import SourceError
from postings.sources import directory, folder
from tests.followers import LATER, Follower
from tests.lives import DAY
from tests.postings.sources.folders import CLOSED, NAME, OPEN, remove, rename, save
from tests.repositories import JOBS, Repository


async def test_nothing_new_is_no_look(follower: Follower) -> None:
    look = await follower.source.look(None)
    assert look is not None
    assert await follower.source.look(look.revision) is None


async def test_the_same_content_has_the_id_that_git_gives_it(tmp_path: Path, follower: Follower) -> None:
    look = await follower.source.look(None)
    repository = Repository(tmp_path / "depot")
    repository.commit({"2024-03-01-a.md": OPEN})
    assert look is not None
    blob = repository.git("rev-parse", f"HEAD:{NAME}")
    assert look.files == {NAME: blob}
    assert await follower.source.read([blob, "0" * 40]) == {blob: OPEN}


async def test_what_changed_is_told(follower: Follower, jobs: Path, file: Path) -> None:
    assert await follower.look(LATER) == []
    save(file, CLOSED)
    (jobs / "2024").mkdir()
    (jobs / "2024" / "2024-03-02-b.md").write_bytes(OPEN)
    assert await follower.look(LATER + DAY) == [("closed", "2024-03-01-a"), ("opened", "2024-03-02-b")]
    (jobs / "2024" / "2024-03-02-b.md").unlink()
    assert await follower.look(LATER + 2 * DAY) == [("withdrawn", "2024-03-02-b")]


async def test_a_file_moved_as_it_is_keeps_its_id(follower: Follower, file: Path) -> None:
    await follower.look(LATER)
    rename(file, file.with_name("2024-03-01-b.md"))
    assert await follower.look(LATER + DAY) == [("updated", "2024-03-01-a")]


async def test_a_file_that_changes_after_the_look_waits_for_the_next(follower: Follower, file: Path) -> None:
    await follower.look(LATER)
    save(file, OPEN + b"Une ligne.\n")
    look = await follower.source.look(follower.revision)
    save(file, CLOSED)
    assert look is not None
    assert await follower.follow(look, LATER + DAY) == []
    assert await follower.look(LATER + 2 * DAY) == [("closed", "2024-03-01-a")]
    assert await follower.look(LATER + 3 * DAY) == []


async def test_a_file_that_goes_after_the_look_is_told_at_the_next(follower: Follower, file: Path) -> None:
    await follower.look(LATER)
    save(file, OPEN + b"Une ligne.\n")
    look = await follower.source.look(follower.revision)
    remove(file)
    assert look is not None
    assert await follower.follow(look, LATER + DAY) == []
    assert await follower.look(LATER + 2 * DAY) == [("withdrawn", "2024-03-01-a")]


async def test_links_are_not_followed_and_any_name_is_taken(
    follower: Follower, jobs: Path, file: Path
) -> None:
    (jobs / "lien.md").symlink_to(file)
    (jobs / "boucle").symlink_to(jobs)
    (jobs / os.fsdecode(b"2024-03-02-\xe9.md")).write_bytes(OPEN)
    look = await follower.source.look(None)
    assert look is not None
    assert {path.encode().decode() for path in look.files} == {NAME, f"{JOBS}/2024-03-02-\\xe9.md"}


async def test_what_editors_and_programs_keep_for_themselves_is_no_posting(
    follower: Follower, jobs: Path
) -> None:
    for name in (".2024-03-01-a.md.swp", "2024-03-01-a.md~", "#2024-03-01-a.md#", ".#2024-03-01-a.md"):
        (jobs / name).write_bytes(OPEN)
    (jobs / ".git").mkdir()
    (jobs / ".git" / "config.md").write_bytes(OPEN)
    os.mkfifo(jobs / "tuyau.md")
    look = await follower.source.look(None)
    assert look is not None
    assert list(look.files) == [NAME]


# What cannot be read is never taken for deleted.


async def test_a_file_that_may_not_be_read_is_an_error_and_no_deletion(
    follower: Follower, monkeypatch: pytest.MonkeyPatch, file: Path
) -> None:
    await follower.look(LATER)
    save(file, CLOSED)

    def refused(_path: str) -> object:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(directory, "content_of", refused)
        with pytest.raises(SourceError, match=r"2024-03-01-a\.md ne peut être lu"):
            await follower.look(LATER + DAY)
    assert await follower.look(LATER + DAY) == [("closed", "2024-03-01-a")]


async def test_a_folder_that_may_not_be_listed_is_an_error_and_no_deletion(
    follower: Follower, monkeypatch: pytest.MonkeyPatch, jobs: Path
) -> None:
    (jobs / "2024").mkdir()
    (jobs / "2024" / "2024-03-02-b.md").write_bytes(OPEN)
    await follower.look(LATER)
    real = os.scandir

    def refused(path: str) -> os._ScandirIterator[str]:
        if path.endswith("/2024"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", refused)
    with pytest.raises(SourceError, match=r"/2024 ne peut être lu"):
        await follower.look(LATER + DAY)


async def test_a_missing_folder_is_an_error_and_back_again_nothing_happened(
    careful: Follower, jobs: Path
) -> None:
    rename(jobs, jobs.with_name("ailleurs"))
    with pytest.raises(SourceError, match="n’existe pas\u00a0: donnez") as missing:
        await careful.look(LATER + DAY)
    assert "does not exist" in missing.value.english
    rename(jobs.with_name("ailleurs"), jobs)
    assert await careful.look(LATER + 2 * DAY) == []


async def test_a_folder_replaced_while_it_is_read_is_an_error(
    follower: Follower, monkeypatch: pytest.MonkeyPatch, jobs: Path
) -> None:
    await follower.look(LATER)
    real = folder.files_below

    def replaced(path: str) -> object:
        if path == str(jobs):
            rename(jobs, jobs.with_name("avant"))
            jobs.mkdir()
        return real(path)

    with monkeypatch.context() as patch:
        patch.setattr(directory, "files_below", replaced)
        with pytest.raises(SourceError, match="remplacé pendant sa lecture"):
            await follower.look(LATER + DAY)
    remove(jobs)
    rename(jobs.with_name("avant"), jobs)
    assert await follower.look(LATER + DAY) == []
