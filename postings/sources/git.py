"""A git repository as a source: a mirror on this machine, looked at by comparing revisions."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from postings.errors import SourceError
from postings.identity import Move
from postings.sources.base import POSTINGS, Layout, Look, inside
from postings.sources.git_repository import FileChange, GitRepository, git, no_branch, without_credentials
from postings.text import french

_MIRRORED = "refs/vigie/source"
_URL = re.compile(r"(?:(?:https|ssh|file)://\S+|[\w.-]+@[\w.-]+:[^\s-]\S*)$")


class GitSource:
    """Any repository that git can fetch: an address, a path, or a bundle.

    The mirror holds the history of one branch; blobs are read from it, one `git cat-file --batch` a look.
    """

    def __init__(
        self,
        name: str,
        address: str,
        mirror: Path,
        *,
        branch: str | None = None,
        layout: Layout | None = None,
    ) -> None:
        self.name = name
        self.layout = layout or Layout()
        self._address = checked_address(address)
        self._branch = branch
        self._repository = GitRepository(mirror)

    async def look(self, since: str | None) -> Look | None:
        """What changed since a revision. One `git ls-remote` when nothing did; SourceError when it fails."""
        return await asyncio.to_thread(self._look, since)

    async def read(self, blobs: Collection[str]) -> Mapping[str, bytes]:
        """The contents of blobs of the mirror."""
        return await asyncio.to_thread(lambda: dict(self._repository.read(blobs)))

    def _look(self, since: str | None) -> Look | None:
        ref, revision = self._remote_head()
        if revision == since and self._repository.resolve(revision) is not None:
            return None
        self._fetch(ref)
        if revision == since:
            return None  # the mirror was lost with a temporary disk: it is there again
        return compare(self._repository, since, _MIRRORED, self.layout)

    def _remote_head(self) -> tuple[str, str]:
        """The branch's full name and commit, as the other side says: the one request of an idle look."""
        # From the root, so that no repository around the working folder lends its configuration.
        listed = git("-C", "/", "ls-remote", "--", self._address, "HEAD", "refs/heads/*").decode(
            "utf-8", "replace"
        )
        refs = {
            ref: revision for revision, _, ref in (row.partition("\t") for row in listed.splitlines()) if ref
        }
        heads = [ref for ref in refs if ref.startswith("refs/heads/")]
        if self._branch is not None:
            wanted = [f"refs/heads/{self._branch}"]
        else:
            wanted = ["HEAD", "refs/heads/main", "refs/heads/master", *(heads if len(heads) == 1 else ())]
        for ref in wanted:
            if ref in refs:
                return ref, refs[ref]
        raise no_branch(self._address, self._branch)

    def _fetch(self, ref: str) -> None:
        path = self._repository.path
        if not (path / "HEAD").exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            git("init", "--bare", "--quiet", "--", str(path))
        # Without --update-shallow git leaves a shallow source's branch out, with a mere warning.
        options = ("--quiet", "--no-tags", "--force", "--update-shallow")
        self._repository.run("fetch", *options, "--", self._address, f"+{ref}:{_MIRRORED}")


def compare(repository: GitRepository, since: str | None, name: str, layout: Layout) -> Look:
    """What differs at the commit `name` from `since`; everything there is where `since` is None or unknown here."""
    revision, at = repository.commit(name)
    net = _net(repository, since, revision, layout)
    if since is None or net is None:
        # A first look learns from the whole history what each file was called first; after a lost one, whose
        # names are known already, only the ends are compared.
        steps = _steps(repository, revision, layout) if since is None else ()
        return Look(revision, at, repository.files(revision, layout.folders), steps=steps, whole=True)
    files: dict[str, str | None] = {change.path: change.blob for change in net}
    for change in net:
        if change.old is not None:
            files.setdefault(change.old, None)
    if repository.follows(since, revision):
        steps = _steps(repository, f"{since}..{revision}", layout)
    else:  # rewritten or moved back: only the two ends can be compared
        steps = (moves_of(net, layout),)
    return Look(revision, at, files, steps=steps)


def _net(
    repository: GitRepository, since: str | None, revision: str, layout: Layout
) -> tuple[FileChange, ...] | None:
    """What differs between two commits, None where the first is not known here."""
    if since is None:
        return None
    try:
        return repository.changes(since, revision, layout.folders)
    except SourceError:
        if repository.resolve(since) is not None:
            raise
        return None


def _steps(repository: GitRepository, range_: str, layout: Layout) -> tuple[tuple[Move, ...], ...]:
    commits = repository.commits(range_, [layout.postings])
    return tuple(step for commit in commits if (step := moves_of(commit.changes, layout)))


def moves_of(changes: Iterable[FileChange], layout: Layout) -> tuple[Move, ...]:
    """What some changes did to the paths of postings."""
    postings = (change for change in changes if inside(change.path, layout.postings))
    return tuple(move for change in postings if (move := change.move()) is not None)


def checked_address(address: str) -> str:
    """An address or an existing path that git may be given. Raises SourceError for anything else."""
    if _URL.match(address):
        return address
    path = Path(address).expanduser()
    if address and not address.startswith("-") and "://" not in address and path.exists():
        return str(path.resolve())
    shown = without_credentials(address)
    if "://" in address:
        raise SourceError(
            french(
                f"L’adresse {shown} n’est pas acceptée : donnez une adresse https, ssh ou file, ou un chemin."
            ),
            f"The address {shown} is not accepted: give one of https, ssh or file, or a path.",
        )
    raise SourceError(
        french(
            f"La source « {shown} » n’existe pas : donnez un dépôt git, un bundle ou un dossier qui contient "
            f"{POSTINGS}."
        ),
        f"The source “{shown}” does not exist: give a git repository, a bundle or a folder that holds {POSTINGS}.",
    )
