"""A folder in the middle of a save, and what a look reads of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from postings.reading.front_matter import SIZE_LIMIT
from postings.sources import directory, folder
from postings.sources.directory import QUIET, DirectorySource
from tests.followers import LATER, Follower
from tests.lives import DAY
from tests.postings.sources.folders import CLOSED, NAME, OPEN, Pauses, modified, remove, rename, save
from tests.repositories import posting_file


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are opened."""
    opened: list[str] = []
    real = folder.content_of

    def counted(path: str) -> tuple[bytes, folder.Facts, bool]:
        opened.append(Path(path).name)
        return real(path)

    monkeypatch.setattr(directory, "content_of", counted)
    return opened


def aged(path: Path) -> None:
    """Makes a file one that was last changed long ago."""
    os.utime(path, (1_700_000_000, 1_700_000_000))


async def test_a_file_that_is_emptied_and_then_filled_is_told_as_it_is_in_the_end(
    careful: Follower, pauses: Pauses, file: Path
) -> None:
    save(file, b"")
    pauses.actions = [lambda: save(file, CLOSED)]
    assert await careful.look(LATER + DAY) == [("closed", "2024-03-01-a")]
    assert pauses.waited[0] == QUIET


async def test_a_file_cut_before_its_end_is_not_told(careful: Follower, pauses: Pauses, file: Path) -> None:
    # Its first half says that it is closed; the whole that it is open, elsewhere.
    whole = posting_file("open: true", body="Une mission. " * 500)
    save(file, CLOSED)
    pauses.actions = [lambda: save(file, whole)]
    assert await careful.look(LATER + DAY) == []


async def test_a_file_replaced_by_way_of_another_is_never_missing_nor_new(
    careful: Follower, pauses: Pauses, file: Path
) -> None:
    temporary = file.with_name("2024-03-01-a.md.tmp")
    rename(file, file.with_name("2024-03-01-a.md~"))  # as vi does: the old one away, the new one written
    save(temporary, OPEN)
    pauses.actions = [lambda: rename(temporary, file)]
    assert await careful.look(LATER + DAY) == []
    assert list(careful.records) == ["2024-03-01-a"]


async def test_a_file_that_goes_on_changing_stays_as_it_was(
    careful: Follower, pauses: Pauses, file: Path
) -> None:
    new = file.with_name("2024-03-02-b.md")
    save(new, b"---\n")
    save(file, b"")

    def write(old: bytes, added: bytes) -> None:
        save(file, old)
        save(new, added)

    pauses.actions = [
        lambda: write(b"---\n", b"---\nopen: true\n"),
        lambda: write(CLOSED[:-9], OPEN),
    ]
    assert await careful.look(LATER + DAY) == []
    assert list(careful.records) == ["2024-03-01-a"]
    assert await careful.look(LATER + 2 * DAY) == [("closed", "2024-03-01-a"), ("opened", "2024-03-02-b")]


async def test_a_file_that_is_gone_for_good_is_withdrawn_after_one_pause(
    careful: Follower, pauses: Pauses, file: Path
) -> None:
    remove(file)
    assert await careful.look(LATER + DAY) == [("withdrawn", "2024-03-01-a")]
    assert pauses.waited == [QUIET]


async def test_the_first_look_takes_all_there_is(tmp_path: Path, jobs: Path) -> None:
    changing = Pauses(*[lambda: (jobs / "2024-03-01-a.md").write_bytes(os.urandom(8))] * 5)
    source = DirectorySource("dossier", tmp_path / "site", quiet=QUIET, pause=changing)
    look = await source.look(None)
    assert look is not None
    assert list(look.files) == [NAME]  # left out it would be announced as new at the next look


async def test_what_changed_long_ago_is_believed_at_once(
    careful: Follower, pauses: Pauses, file: Path
) -> None:
    careful.source._now = lambda: 4e9  # type: ignore[attr-defined]
    save(file, CLOSED)
    assert await careful.look(LATER + DAY) == [("closed", "2024-03-01-a")]
    assert pauses.waited == []


async def test_files_that_did_not_change_are_not_read_again(
    tmp_path: Path, jobs: Path, file: Path, read: list[str]
) -> None:
    source = DirectorySource("dossier", tmp_path / "site", now=lambda: 4e9)
    look = await source.look(None)
    assert look is not None
    assert await source.look(look.revision) is None
    (jobs / "2024-03-02-b.md").write_bytes(OPEN)
    assert await source.look(look.revision) is not None
    assert read == ["2024-03-01-a.md", "2024-03-02-b.md"]


async def test_a_file_that_had_just_changed_is_read_again_until_it_has_not(
    tmp_path: Path, file: Path, read: list[str]
) -> None:
    now = [modified(file) + 1]
    source = DirectorySource("dossier", tmp_path / "site", now=lambda: now[0])
    look = await source.look(None)
    assert look is not None
    for later in (0.5, 3, 60):
        now[0] += later
        assert await source.look(look.revision) is None
    assert read == ["2024-03-01-a.md"] * 3


async def test_a_change_that_leaves_size_and_time_is_seen(
    follower: Follower, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Within the granularity of a coarse file system: the same inode, size and times, other bytes.
    facts = (1, len(OPEN), 1, int(modified(file) * 1e9))
    monkeypatch.setattr(folder, "_facts", lambda _found: facts)
    await follower.look(LATER)
    save(file, OPEN.replace(b"open: true ", b"").replace(b"open: true", b"open: nope"))
    assert await follower.look(LATER + DAY) == [("closed", "2024-03-01-a")]


async def test_an_edit_that_restores_the_time_is_seen(tmp_path: Path, file: Path) -> None:
    aged(file)
    follower = Follower(DirectorySource("dossier", tmp_path / "site", now=lambda: 4e9))
    await follower.look(LATER)
    save(file, OPEN.replace(b"open: true", b"open: nope"))
    aged(file)
    assert await follower.look(LATER + DAY) == [("closed", "2024-03-01-a")]


async def test_a_time_in_the_far_future_is_no_trouble(careful: Follower, file: Path) -> None:
    save(file, CLOSED)
    os.utime(file, (8e9, 8e9))
    look = await careful.source.look(careful.revision)
    assert look is not None
    assert look.at.year < 2200
    assert await careful.follow(look, LATER + DAY) == [("closed", "2024-03-01-a")]


async def test_of_a_huge_file_only_the_beginning_is_read(follower: Follower, file: Path) -> None:
    with file.open("wb") as huge:
        huge.write(OPEN)
        huge.truncate(10 * 2**30)  # no disk is used
    await follower.look(LATER)
    assert follower.records["2024-03-01-a"].readable is False
    look = await follower.source.look(None)
    assert look is not None
    (content,) = (await follower.source.read([str(look.files[NAME])])).values()
    assert len(content) == SIZE_LIMIT + 1
