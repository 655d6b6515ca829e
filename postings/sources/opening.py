"""A source named on the command line: a repository, a bundle, an address, or a folder of files."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from postings.errors import SourceError
from postings.sources.base import Layout
from postings.sources.git_address import Address
from postings.sources.git_repository import GitRepository
from postings.sources.mirror import MIRRORED, Mirror
from postings.text import french


@dataclass(frozen=True, slots=True)
class Opened:
    """What a name turned out to be: a history, or a folder without one."""

    repository: GitRepository | None = None
    revision: str = ""
    folder: Path | None = None


@contextmanager
def opened(source: str, *, branch: str | None = None, layout: Layout | None = None) -> Iterator[Opened]:
    """Opens a source for one command. Raises SourceError with what it should have been.

    Of a bundle and an address the history of the layout's folders is fetched, into a folder that goes at the end;
    a repository here is read in place.
    """
    address, layout = Address.of(source), layout or Layout()
    path = Path(address.url)
    if path.is_dir():
        repository = GitRepository(path)
        if _is_repository(path):
            yield Opened(repository, repository.head(branch))
            return
        if (path / layout.postings).is_dir():
            yield Opened(folder=path)
            return
        raise SourceError(
            french(
                f"La source « {source} » n’est ni un dépôt git ni un dossier qui contient {layout.postings} : "
                "donnez l’un ou l’autre."
            ),
            f"The source “{source}” is neither a git repository nor a folder that holds {layout.postings}: "
            "give one or the other.",
        )
    with tempfile.TemporaryDirectory(prefix="vigie-") as folder:
        mirror = Mirror(address, Path(folder) / "clone.git", layout, branch=branch)
        mirror.head()
        mirror.fetch(None)
        revision, _ = mirror.repository.commit(MIRRORED)
        yield Opened(mirror.repository, revision)


def _is_repository(path: Path) -> bool:
    return (path / ".git").exists() or ((path / "HEAD").is_file() and (path / "objects").is_dir())
