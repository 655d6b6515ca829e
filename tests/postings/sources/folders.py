"""A folder of postings that a test changes, and what happens while a look waits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from shutil import rmtree

from tests.repositories import JOBS, posting_file

OPEN, CLOSED = posting_file("open: true"), posting_file("open: false")
NAME = f"{JOBS}/2024-03-01-a.md"


def save(path: Path, content: bytes) -> None:
    """Writes a file."""
    path.write_bytes(content)


def rename(path: Path, to: Path) -> None:
    """Moves a file or a folder."""
    path.rename(to)


def remove(path: Path) -> None:
    """Deletes a file, or a folder with all that it holds."""
    rmtree(path) if path.is_dir() else path.unlink()


def modified(path: Path) -> float:
    """When a file's content changed, in seconds since 1970."""
    return path.stat().st_mtime


class Pauses:
    """What happens while a look waits, one action a pause; more pauses than actions are allowed."""

    def __init__(self, *actions: Callable[[], object]) -> None:
        self.actions = list(actions)
        self.waited: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.waited.append(seconds)
        if self.actions:
            self.actions.pop(0)()
