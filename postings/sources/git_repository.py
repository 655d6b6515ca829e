"""A repository on this machine, read with the few git commands that are needed."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from types import TracebackType

from postings.errors import SourceError
from postings.identity import Added, Deleted, Move, Renamed
from postings.reading.front_matter import SIZE_LIMIT
from postings.sources.git_process import Process, git, without_credentials
from postings.text import french

__all__ = ["BlobReader", "Commit", "FileChange", "GitRepository", "git", "no_branch", "without_credentials"]

_EARLIEST, _LATEST = 0, 253_370_764_800  # 1970-01-01, 9999-01-01
# Names asked for before the answers are read: 60 of the longest fit the smallest pipe (4096 bytes), so that
# git and its reader never wait for each other.
_ASKED_AT_ONCE = 60
# Beyond this many new names git compares contents no more: exact renames are still followed.
_RENAMES = ("-M50%", "-l2000")
_NO_FILE = {"000000", "120000", "160000"}
"""Modes of what is no plain file: nothing, a link, a submodule."""


@dataclass(frozen=True, slots=True)
class FileChange:
    """What one commit, or the way between two, did to one file. `old` is set for a rename."""

    path: str
    blob: str | None
    old: str | None = None
    added: bool = False
    before: str | None = None
    """The content that `path`, or for a rename `old`, had."""

    def move(self) -> Move | None:
        """What it did to the path; None for an edit in place."""
        if self.old is not None:
            return Renamed(self.old, self.path)
        if self.blob is None:
            return Deleted(self.path)
        return Added(self.path) if self.added else None


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit along first parents, with its changes below the folders that were asked for."""

    revision: str
    at: datetime
    changes: tuple[FileChange, ...]
    parent: str | None = None
    """The first parent; None for a root, and where a shallow history ends."""


class GitRepository:
    """A repository on this machine, bare or not."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def run(self, *arguments: str, stdin: bytes | None = None) -> bytes:
        """The output of a git command here. Raises SourceError with what git said."""
        return git("-C", str(self.path), *arguments, stdin=stdin)

    def resolve(self, name: str) -> str | None:
        """The commit that a name stands for, None where there is none."""
        if not self.path.exists():
            return None
        try:
            return (
                self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
                .decode()
                .strip()
            )
        except SourceError:
            return None

    def head(self, branch: str | None = None) -> str:
        """The branch's commit: the named branch, else HEAD, else main, master, or the only one.

        Raises SourceError when there is no such branch.
        """
        if branch is not None:
            names = [f"refs/heads/{branch}"]
        else:
            listed = self.run("for-each-ref", "--format=%(refname)", "refs/heads").decode().split("\n")
            branches = [b for b in listed if b]
            names = [
                "HEAD",
                "refs/heads/main",
                "refs/heads/master",
                *(branches if len(branches) == 1 else ()),
            ]
        for name in names:
            if "\0" not in name and (revision := self.resolve(name)) is not None:
                return revision
        raise no_branch(str(self.path), branch)

    def commit(self, name: str) -> tuple[str, datetime]:
        """The commit that a name stands for, and when (UTC) it was made. Raises SourceError where there is none."""
        shown = self.run("show", "-s", "--format=%H %ct", "--end-of-options", f"{name}^{{commit}}")
        revision, stamp = shown.decode().split()
        return revision, _time(stamp)

    def files(self, revision: str, folders: Sequence[str]) -> dict[str, str]:
        """The files below `folders` at a revision, to their blobs."""
        output = self.run("ls-tree", "-r", "-z", "--full-tree", revision, "--", *folders)
        found: dict[str, str] = {}
        for entry in output.split(b"\0"):
            if entry:
                facts, path = entry.split(b"\t", 1)
                mode, kind, blob = facts.split()
                if kind == b"blob" and mode != b"120000":
                    found[_path(path)] = blob.decode()
        return found

    def changes(self, old: str, new: str, folders: Sequence[str]) -> tuple[FileChange, ...]:
        """What differs between two commits below `folders`, renames found."""
        output = self.run(
            "diff-tree", "-r", "-z", "--raw", "--no-abbrev", *_RENAMES, old, new, "--", *folders
        )
        return tuple(_changes(iter(output.split(b"\0"))))

    def commits(
        self, range_: str, folders: Sequence[str], *, every: bool = False
    ) -> Generator[Commit, None, None]:
        """The commits of a range along first parents, oldest first, that touch `folders`; or `every` one.

        They are read as git finds them: none but the present one is held. Raises SourceError.
        """
        # Each commit is \x01HASH TIME PARENTS, then entries; a path follows its entry, so none is taken for a header.
        with Process(
            "-C", str(self.path), "log", "-z", "--reverse", "--no-show-signature", "--first-parent",
            "--diff-merges=first-parent", "--raw", "--no-abbrev", "--root", *_RENAMES,
            *(("--sparse",) if every else ()), "--format=%x01%H %ct %P", "--end-of-options", range_, "--", *folders,
        ) as process:  # fmt: skip
            tokens = _tokens(process.chunks())
            header: bytes | None = None
            changes: list[FileChange] = []
            for token in tokens:
                token = token.lstrip(b"\n")
                if token.startswith(b"\x01"):
                    if header is not None:
                        yield _commit(header, changes)
                    header, changes = token[1:], []
                    # In the -z format the first entry may stand right behind the header's line break.
                    if b"\n" in header:
                        header, _, first = header.partition(b"\n")
                        changes += _entry(first.lstrip(b"\n"), tokens)
                elif token:
                    changes += _entry(token, tokens)
            if header is not None:
                yield _commit(header, changes)

    def read(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The contents of blobs, through one process for all. Missing ones are left out."""
        wanted = list(dict.fromkeys(blobs))
        if wanted:
            with BlobReader(self) as reader:
                yield from reader.read(wanted)


class BlobReader:
    """One `git cat-file --batch` that is asked again and again. A context manager."""

    def __init__(self, repository: GitRepository) -> None:
        self._process = Process("-C", str(repository.path), "cat-file", "--batch", asked=True)
        self._held = bytearray()
        """What git said and nobody has read."""
        self._at = 0
        self._stack = ExitStack()
        self._stack.enter_context(self._process)

    def __enter__(self) -> BlobReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def read(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """The contents of blobs, to be used up before the next call. Missing ones are left out.

        Of one over SIZE_LIMIT only as much is given as makes the reader refuse it. Raises SourceError.
        """
        wanted = iter(blobs)
        while some := list(islice(wanted, _ASKED_AT_ONCE)):
            self._process.write("".join(f"{blob}\n" for blob in some).encode())
            for _ in some:
                facts = self._line().split()
                if facts[-1] == b"missing":
                    continue
                size = int(facts[2])
                content = self._bytes(min(size, SIZE_LIMIT + 1))
                self._skip(size - len(content) + 1)
                yield facts[0].decode(), content

    def _line(self) -> bytes:
        while (end := self._held.find(b"\n", self._at)) < 0:
            self._more()
        line = bytes(self._held[self._at : end])
        self._at = end + 1
        return line

    def _bytes(self, count: int) -> bytes:
        while len(self._held) - self._at < count:
            self._more()
        data = bytes(self._held[self._at : self._at + count])
        self._at += count
        return data

    def _skip(self, count: int) -> None:
        while (here := len(self._held) - self._at) < count:
            self._at += here
            count -= here
            self._more()
        self._at += count

    def _more(self) -> None:
        del self._held[: self._at]
        self._at = 0
        data = self._process.read()
        if not data:
            raise SourceError(
                french("git s’est arrêté avant d’avoir tout lu : recommencez."),
                "git stopped before everything was read: try again.",
            )
        self._held += data


def no_branch(address: str, branch: str | None) -> SourceError:
    """The error of a repository that has no such branch, or none that can be told to be the one."""
    shown = without_credentials(address)
    if branch is None:
        return SourceError(
            french(f"Le dépôt {shown} n’a pas de branche principale : nommez-la avec « branch »."),
            f"The repository {shown} has no main branch: name it with “branch”.",
        )
    return SourceError(
        french(f"Le dépôt {shown} n’a pas de branche « {branch} » : corrigez « branch »."),
        f"The repository {shown} has no branch “{branch}”: mend “branch”.",
    )


def _tokens(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """What stands between the NUL bytes of an output."""
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\0")
        yield from whole
    if rest:
        yield rest


def _commit(header: bytes, changes: list[FileChange]) -> Commit:
    revision, stamp, *parents = header.decode().split()
    return Commit(revision, _time(stamp), tuple(changes), parents[0] if parents else None)


def _changes(tokens: Iterator[bytes]) -> Iterator[FileChange]:
    for token in tokens:
        if token:
            yield from _entry(token, tokens)


def _entry(token: bytes, tokens: Iterator[bytes]) -> list[FileChange]:
    """One raw entry, `:mode mode blob blob STATUS`, whose path or two paths are the next tokens."""
    former, mode, before, blob, status = token.decode().removeprefix(":").split()
    path = _path(next(tokens))
    was = None if former in _NO_FILE else before
    now = None if mode in _NO_FILE else blob
    if status[0] == "R":
        new = _path(next(tokens))
        return (
            [FileChange(new, now, old=path, before=was)] if was and now else []
        )  # git pairs equal kinds only
    if was is None and now is None:
        return []
    return [FileChange(path, now, added=was is None, before=was)]


def _path(raw: bytes) -> str:
    # Files are read by blob, the path only names them: two that differ must not be called the same.
    return raw.decode("utf-8", "backslashreplace")


def _time(stamp: str) -> datetime:
    # git keeps any number (git-fast-import, "Date Formats"); what lies outside the calendar is its edge.
    return datetime.fromtimestamp(min(max(int(stamp), _EARLIEST), _LATEST), UTC)
