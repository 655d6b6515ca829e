"""`vigie replay` of a whole history, against the least that can be done and against the naive way."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.measure import Ratio, ratio, seconds
from benchmarks.repositories import history
from postings.lifecycle import Policy
from postings.model import EventKind, Posting
from postings.reading.reader import read_file, resolve
from postings.reading.site import Site
from postings.replay import Replay
from postings.sources.base import Layout, inside, slug_in
from postings.sources.git_process import git
from postings.sources.git_repository import GitRepository

_LAYOUT = Layout()
_EVERY = 20
_COMMITS = 1200


@contextmanager
def watched_history() -> Iterator[GitRepository]:
    """The history that HISTORY names (a repository or a bundle), else an invented one."""
    with tempfile.TemporaryDirectory(prefix="vigie-bench-") as folder:
        path = Path(folder) / "histoire.git"
        if named := os.environ.get("HISTORY"):
            git("clone", "--quiet", "--bare", "--", str(Path(named).resolve()), str(path))
        else:
            history(path, _COMMITS)
        yield GitRepository(path)


def replaying() -> Iterator[Ratio]:
    """Both ratios."""
    with watched_history() as repository:
        head = repository.head()

        def replay() -> list[tuple[str, str]]:
            events = Replay(repository, head, policy=Policy(), empty_baseline=True).events()
            return [(str(event.kind), event.posting) for event in events]

        def least() -> int:
            return len(_read_once(repository, head))

        told, blobs = replay(), least()
        opened = sum(kind == EventKind.OPENED for kind, _ in told)
        if not 0 < opened <= blobs or opened != len({p for kind, p in told if kind == EventKind.OPENED}):
            raise AssertionError("the replay does not tell what the history holds")
        yield ratio("replay/git+one read a blob", replay, least, 1.3, rounds=3)
        sampled = seconds(lambda: _every_revision(repository, head, _EVERY))
        yield Ratio("replay/every file of every revision", seconds(replay) / (sampled * _EVERY), 1 / 30)


def _read_once(repository: GitRepository, head: str) -> list[Posting]:
    """The git commands of a replay, and each distinct content read once, with the teams of the last revision."""
    paths: dict[str, str] = {}
    for commit in repository.commits(head, _LAYOUT.folders):
        for change in commit.changes:
            if change.blob is not None:
                paths.setdefault(change.blob, change.path)
    contents = dict(repository.read(paths))
    site = _site({path: contents[blob] for blob, path in paths.items()})
    teams = {blob: contents[blob] for blob, path in paths.items() if not inside(path, _LAYOUT.postings)}
    if len(Site.from_files(teams, {}).startups) != len(teams):
        raise AssertionError("not every team file was read")
    return [
        resolve(read_file(path, contents[blob]), site)
        for blob, path in paths.items()
        if inside(path, _LAYOUT.postings)
    ]


def _every_revision(repository: GitRepository, head: str, every: int) -> int:
    """Reads every file of every n-th revision with the same reader; returns how many were read."""
    count = 0
    for number, commit in enumerate(repository.commits(head, _LAYOUT.folders)):
        if number % every == 0:
            files = repository.files(commit.revision, _LAYOUT.folders)
            contents = dict(repository.read(files.values()))
            site = _site({path: contents[blob] for path, blob in files.items()})
            for path, blob in files.items():
                if inside(path, _LAYOUT.postings):
                    resolve(read_file(path, contents[blob]), site)
                    count += 1
    return count


def _site(files: dict[str, bytes]) -> Site:
    startups, incubators = (
        {slug: data for path, data in files.items() if (slug := slug_in(path, folder)) is not None}
        for folder in (_LAYOUT.startups, _LAYOUT.incubators)
    )
    return Site.from_files(startups, incubators)
