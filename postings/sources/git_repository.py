"""Git as a program: the few commands that are needed, with nothing of the user's configuration in them."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from postings.errors import SourceError
from postings.identity import Added, Deleted, Move, Renamed
from postings.text import french

TIMEOUT = 600
"""Seconds that one command may take: the first fetch of a large repository is the longest."""
_BLOBS_AT_ONCE = 2000
# To the last @: a password with an @ or a / in it, written as it is, must not show in part.
_CREDENTIALS = re.compile(r"(?<=://)\S*@")
_SAID = re.compile(r"^(?:fatal|error): (.*)", re.M)
# Beyond this many new names git compares contents no more: exact renames are still followed.
_RENAMES = ("-M50%", "-l2000")


@dataclass(frozen=True, slots=True)
class FileChange:
    """What one commit, or the way between two, did to one file. `old` is set for a rename."""

    path: str
    blob: str | None
    old: str | None = None
    added: bool = False

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
        """The branch's commit: the named branch, else HEAD, else main, master, or the only one."""
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
            if (revision := self.resolve(name)) is not None:
                return revision
        raise no_branch(str(self.path), branch)

    def follows(self, old: str, new: str) -> bool:
        """Whether `new` was made from `old` along first parents; false where a commit between is missing."""
        if old == new:
            return True
        listed = self.run("rev-list", "--first-parent", "--parents", "--end-of-options", f"{old}..{new}")
        _, _, oldest = listed.decode().strip().rpartition("\n")
        return old in oldest.split()[1:2]

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

    def commits(self, range_: str, folders: Sequence[str]) -> Iterator[Commit]:
        """The commits of a range along first parents, oldest first, that touch `folders`."""
        output = self.run(
            "log", "-z", "--reverse", "--no-show-signature", "--first-parent", "--diff-merges=first-parent", "--raw",
            "--no-abbrev", "--root", *_RENAMES, "--format=%x01%H %ct", "--end-of-options", range_, "--", *folders,
        )  # fmt: skip
        # Each commit is \x01HASH TIME, then entries; a path follows its entry, so none is taken for a header.
        tokens = iter(output.split(b"\0"))
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
        """The contents of blobs, through one `git cat-file --batch` for many. Missing ones are left out."""
        wanted = list(dict.fromkeys(blobs))
        for start in range(0, len(wanted), _BLOBS_AT_ONCE):
            some = wanted[start : start + _BLOBS_AT_ONCE]
            output = self.run("cat-file", "--batch", stdin="".join(f"{blob}\n" for blob in some).encode())
            at = 0
            while at < len(output):
                end = output.index(b"\n", at)
                facts = output[at:end].split()
                if facts[-1] == b"missing":
                    at = end + 1
                    continue
                size = int(facts[2])
                yield facts[0].decode(), output[end + 1 : end + 1 + size]
                at = end + 1 + size + 1


def git(*arguments: str, stdin: bytes | None = None) -> bytes:
    """The output of a git command, the user's configuration off. Raises SourceError with what git said."""
    # safe.directory counts from the command line only; a repository of another user is only read here.
    command = ["git", "-c", "safe.directory=*", "-c", "core.quotePath=false", *arguments]
    try:
        done = subprocess.run(
            command, input=stdin or b"", capture_output=True, timeout=TIMEOUT, env=_environment(), check=False
        )
    except FileNotFoundError:
        raise SourceError(
            french("git n’est pas installé : installez-le."), "git is not installed: install it."
        ) from None
    except subprocess.TimeoutExpired:
        raise SourceError(
            french(
                f"git n’a pas fini en {TIMEOUT} secondes : la source ne répond pas, vérifiez son adresse."
            ),
            f"git did not finish within {TIMEOUT} seconds: the source does not answer, check its address.",
        ) from None
    if done.returncode:
        raise _refusal(done.stderr.decode("utf-8", "replace"))
    return done.stdout


def _refusal(stderr: str) -> SourceError:
    found = _SAID.search(stderr)  # the first such line says why; what follows is advice for another reader
    said = without_credentials(found[1] if found else stderr.strip().partition("\n")[0]).rstrip(".")
    return SourceError(
        french(f"git a refusé : {said}. Vérifiez l’adresse de la source et les droits d’y lire."),
        f"git refused: {said}. Check the source’s address and the rights to read it.",
    )


def without_credentials(text: str) -> str:
    """`text` with the user and password of any address in it taken out."""
    return _CREDENTIALS.sub("", text)


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


def _environment() -> Mapping[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key in _KEPT}
    return kept | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_ALLOW_PROTOCOL": "file:ssh:https",
        "GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND", "ssh -oBatchMode=yes"),
        "LC_ALL": "C.UTF-8",
    }


# What a host may have to set for git to reach a server at all.
_KEPT = {"GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_EXEC_PATH"}


def _commit(header: bytes, changes: list[FileChange]) -> Commit:
    revision, stamp = header.decode().split()
    return Commit(revision, _time(stamp), tuple(changes))


def _changes(tokens: Iterator[bytes]) -> Iterator[FileChange]:
    for token in tokens:
        if token:
            yield from _entry(token, tokens)


def _entry(token: bytes, tokens: Iterator[bytes]) -> list[FileChange]:
    """One raw entry, `:mode mode blob blob STATUS`, whose path or two paths are the next tokens."""
    _, mode, _, blob, status = token.decode().split()
    path = _path(next(tokens))
    gone = mode in {"000000", "120000", "160000"}  # deleted, or no plain file any longer
    if status[0] == "R":
        new = _path(next(tokens))
        return [FileChange(new, None if gone else blob, old=path)]
    return [FileChange(path, None if gone else blob, added=status[0] == "A")]


def _path(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")  # files are read by blob: the path only names them


def _time(stamp: str) -> datetime:
    return datetime.fromtimestamp(int(stamp), UTC)
