"""A folder with one open posting, and followers of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from postings.sources.directory import QUIET, DirectorySource
from tests.followers import LATER, Follower
from tests.postings.sources.folders import OPEN, Pauses
from tests.repositories import JOBS


@pytest.fixture
def jobs(tmp_path: Path) -> Path:
    folder = tmp_path / "site" / JOBS
    folder.mkdir(parents=True)
    (folder / "2024-03-01-a.md").write_bytes(OPEN)
    return folder


@pytest.fixture
def file(jobs: Path) -> Path:
    return jobs / "2024-03-01-a.md"


@pytest.fixture
def follower(tmp_path: Path, jobs: Path) -> Follower:
    return Follower(DirectorySource("dossier", tmp_path / "site"))


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()


@pytest.fixture
async def careful(tmp_path: Path, jobs: Path, pauses: Pauses) -> Follower:
    """Waits for saves to end, as the watcher does; its first look is done."""
    follower = Follower(DirectorySource("dossier", tmp_path / "site", quiet=QUIET, pause=pauses))
    await follower.look(LATER)
    pauses.waited.clear()
    return follower
