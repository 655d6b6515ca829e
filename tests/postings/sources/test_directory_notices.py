"""What the system tells of a folder: saves are noticed, whatever becomes of the folder itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from shutil import copytree, rmtree

import pytest

from postings.sources import directory
from postings.sources.directory import DirectorySource
from tests.postings.sources.folders import OPEN, save


async def noticed(source: DirectorySource, stop: asyncio.Event, *actions: Callable[[], object]) -> None:
    """Acts, each time a change has been noticed once more; returns when all were."""
    changes = source.changes(stop)
    for action in actions:
        waiting = asyncio.ensure_future(anext(changes))
        acting = asyncio.ensure_future(_repeated(action, waiting))
        async with asyncio.timeout(60):
            await waiting
        await acting
    stop.set()
    await changes.aclose()


async def _repeated(action: Callable[[], object], until: asyncio.Future[None]) -> None:
    """Acts until it is noticed: nothing says from when on the system listens."""
    while not until.done():
        action()
        await asyncio.wait({until}, timeout=0.3)


async def test_saves_new_folders_and_deletions_are_noticed(tmp_path: Path, jobs: Path, file: Path) -> None:
    source = DirectorySource("dossier", tmp_path / "site")

    def edit() -> None:
        save(file, OPEN)

    def add() -> None:
        rmtree(jobs / "2024", ignore_errors=True)
        (jobs / "2024").mkdir()

    def save_below() -> None:
        (jobs / "2024" / "tmp").write_bytes(OPEN)
        (jobs / "2024" / "tmp").rename(jobs / "2024" / "2024-03-02-b.md")

    await noticed(source, asyncio.Event(), edit, add, save_below)


async def test_a_folder_that_comes_later_or_is_replaced_is_listened_to(
    tmp_path: Path, jobs: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(directory, "_ASKED_AGAIN", 0.05)
    source = DirectorySource("dossier", tmp_path / "site")
    release = tmp_path / "version-2"
    copytree(jobs, release)
    rmtree(jobs)

    def come() -> None:
        if not jobs.exists():
            jobs.symlink_to(release)

    def save() -> None:
        (jobs / "2024-03-01-a.md").write_bytes(OPEN)

    def repoint() -> None:
        copytree(release, tmp_path / "version-3", dirs_exist_ok=True)
        (tmp_path / "lien").unlink(missing_ok=True)
        (tmp_path / "lien").symlink_to(tmp_path / "version-3")
        (tmp_path / "lien").rename(jobs)

    # The first notice after listening begins anew says only that.
    await noticed(source, asyncio.Event(), come, save, save, repoint, save, save)


async def test_where_the_system_does_not_tell_it_is_said_once_and_listening_ends_when_asked(
    tmp_path: Path, jobs: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stop, tried = asyncio.Event(), 0

    def refused(*_folders: str, **_options: object) -> object:
        nonlocal tried
        tried += 1
        if tried == 3:
            stop.set()
        raise OSError(28, "no space left for watches")

    monkeypatch.setattr(directory, "_ASKED_AGAIN", 0)
    monkeypatch.setattr(directory, "awatch", refused)
    source = DirectorySource("dossier", tmp_path / "site")
    assert [change async for change in source.changes(stop)] == []
    assert tried == 3
    assert capsys.readouterr().out.count("changes are not noticed") == 1
