"""A git repository as a source: a mirror on this machine, looked at by comparing revisions."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from postings.errors import SourceError
from postings.identity import Added, Deleted, Move, Renamed
from postings.sources.base import Layout, Look, inside
from postings.sources.git_address import Address
from postings.sources.git_process import GitRefused
from postings.sources.git_repository import Commit, FileChange, GitRepository
from postings.sources.mirror import MIRRORED, Mirror
from postings.text import french


class GitSource:
    """Any repository that git can fetch: an address, a path, or a bundle.

    `depth` is how many of the last revisions are fetched, None for all: what is older is compared at its ends.
    """

    def __init__(
        self,
        name: str,
        address: str,
        mirror: Path,
        *,
        branch: str | None = None,
        layout: Layout | None = None,
        depth: int | None = None,
    ) -> None:
        self.name = name
        self.layout = layout or Layout()
        self._mirror = Mirror(Address.of(address), mirror, self.layout, branch=branch, depth=depth)

    @property
    def branch(self) -> str | None:
        """The name of the branch that is looked at; None before the first look where none was given."""
        return self._mirror.named

    async def look(self, since: str | None) -> Look | None:
        """What changed since a revision. One `git ls-remote` when nothing did; SourceError when it fails."""
        return await asyncio.to_thread(self._look, since)

    async def read(self, blobs: Collection[str]) -> Mapping[str, bytes]:
        """The contents of blobs, fetched where the mirror has lost them; one that is only of the past may be gone.

        Raises SourceError where one of the present is not to be had.
        """
        return await asyncio.to_thread(self._read, set(blobs))

    def _look(self, since: str | None) -> Look | None:
        revision = self._mirror.head()
        if revision == since and self._mirror.holds(revision):
            return None
        self._mirror.fetch(since)
        if revision == since:
            return None  # the mirror was lost with a temporary disk: it is there again
        try:
            return compare(self._mirror.repository, since, MIRRORED, self.layout)
        except GitRefused:
            if not self._mirror.mend(since):
                raise
            return compare(self._mirror.repository, since, MIRRORED, self.layout)

    def _read(self, blobs: set[str]) -> dict[str, bytes]:
        found = dict(self._mirror.repository.read(blobs))
        if missing := blobs - found.keys():
            self._mirror.find(missing)
            found |= self._mirror.repository.read(missing)
            if self._mirror.needed(missing - found.keys()):
                raise SourceError(
                    french(
                        f"Il manque des fichiers dans la copie du dépôt {self._mirror.path} : supprimez ce dossier, "
                        "elle sera refaite."
                    ),
                    f"Files are missing from the copy of the repository in {self._mirror.path}: delete this folder, "
                    "it will be made anew.",
                )
        return found


def compare(repository: GitRepository, since: str | None, name: str, layout: Layout) -> Look:
    """What differs at the commit `name` from `since`; everything there is where `since` is None or unknown here.

    Raises SourceError.
    """
    if since is None:
        # A first look learns from the whole history what each file was called first; after a lost one, whose
        # names are known already, only the ends are compared.
        commits = repository.commits(name, layout.folders)
        return _whole(repository, name, layout, _steps(commits, layout))
    try:
        return _followed(repository, since, name, layout) or _ends(repository, since, name, layout)
    except GitRefused:
        if repository.resolve(since) is not None:
            raise
        return _whole(repository, name, layout, ())


def _whole(repository: GitRepository, name: str, layout: Layout, steps: tuple[tuple[Move, ...], ...]) -> Look:
    revision, at = repository.commit(name)
    return Look(revision, at, repository.files(revision, layout.folders), steps=steps, whole=True)


def _followed(repository: GitRepository, since: str, name: str, layout: Layout) -> Look | None:
    """What the commits after `since` did; None where `name` was not made from it along first parents."""
    commits: list[Commit] = []
    with contextlib.closing(repository.commits(f"{since}..{name}", layout.folders, every=True)) as found:
        for commit in found:
            if not commits and commit.parent != since:
                return None
            commits.append(commit)
    if not commits:
        return None  # moved back
    before: dict[str, str | None] = {}
    after: dict[str, str | None] = {}
    for change in (change for commit in commits for change in commit.changes):
        if change.old is not None:
            before.setdefault(change.old, change.before)
            after[change.old] = None
        before.setdefault(change.path, change.before if change.old is None else None)
        after[change.path] = change.blob
    files = {path: blob for path, blob in after.items() if blob != before[path]}
    return Look(commits[-1].revision, commits[-1].at, files, steps=_steps(commits, layout))


def _ends(repository: GitRepository, since: str, name: str, layout: Layout) -> Look:
    """What differs between two commits of which the one was not made from the other."""
    revision, at = repository.commit(name)
    net = repository.changes(since, revision, layout.folders)
    files: dict[str, str | None] = {change.path: change.blob for change in net}
    for change in net:
        if change.old is not None:
            files.setdefault(change.old, None)
    return Look(revision, at, files, steps=(moves_of(net, layout),))


def _steps(commits: Iterable[Commit], layout: Layout) -> tuple[tuple[Move, ...], ...]:
    return tuple(step for commit in commits if (step := moves_of(commit.changes, layout)))


def moves_of(changes: Iterable[FileChange], layout: Layout) -> tuple[Move, ...]:
    """What some changes did to the paths of postings: a file that comes from another folder is a new one."""
    moves: list[Move] = []
    for change in changes:
        here = inside(change.path, layout.postings)
        match change.move():
            case Renamed(old, new) if inside(old, layout.postings) != here:
                moves.append(Added(new) if here else Deleted(old))
            case Added() | Deleted() | Renamed() as move if here:
                moves.append(move)
    return tuple(moves)
