"""What a source of postings must do, whatever it is kept in."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from postings.identity import Move

POSTINGS = "content/_jobs"
STARTUPS = "content/_startups"
INCUBATORS = "content/_incubators"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the files are, from the root of the source."""

    postings: str = POSTINGS
    startups: str = STARTUPS
    incubators: str = INCUBATORS

    @property
    def folders(self) -> tuple[str, str, str]:
        """The three folders that are read."""
        return self.postings, self.startups, self.incubators


@dataclass(frozen=True, slots=True)
class Look:
    """What a look found that differs from the revision it was asked to compare with."""

    revision: str
    at: datetime
    """When the revision was made, in UTC."""
    files: Mapping[str, str | None]
    """Paths of postings and of teams to the id of their content (the blob); None for a file that is gone."""
    steps: tuple[tuple[Move, ...], ...] = ()
    """What happened to the paths of postings, commit by commit, oldest first: at a first look, since ever."""
    whole: bool = False
    """`files` lists all that exist, so that a file that is known and not listed is gone."""
    open_only: bool = False
    """The source lists only what is open: what is gone from it is closed, and nothing tells why."""


class Source(Protocol):
    """A place where postings are kept, looked at again and again."""

    name: str
    layout: Layout

    async def look(self, since: str | None) -> Look | None:
        """What changed since a revision (None: everything that there is); None when nothing did.

        Raises SourceError when the source cannot be looked at now.
        """

    async def read(self, blobs: Collection[str]) -> Mapping[str, bytes]:
        """The contents of some of the blobs that the last look named."""


def inside(path: str, folder: str) -> bool:
    """Whether a path lies below a folder."""
    return path.startswith(folder + "/") if folder else True


def slug_in(path: str, folder: str) -> str | None:
    """The slug of a team's file, None for a path that is no such file."""
    name = path.removeprefix(folder + "/")
    return (
        name.removesuffix(".md")
        if inside(path, folder) and name.endswith(".md") and "/" not in name
        else None
    )
