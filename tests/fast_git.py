"""A real, bare git repository whose objects are written without a process: thousands of commits cost seconds.

The forms are those of git's own documentation: gitformat-loose (an object is `TYPE SIZE NUL CONTENT`,
deflated, under its SHA-1), git-mktree for the order of a tree's entries.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

_WHO = "Équipe exemple <equipe-exemple@example.org>"


class FastGit:
    """A bare repository with one branch, `main`; `objects` of another one are shared when given."""

    def __init__(self, path: Path, *, objects: Path | None = None) -> None:
        self.path = path
        (path / "objects" / "info").mkdir(parents=True)
        (path / "refs" / "heads").mkdir(parents=True)
        (path / "HEAD").write_text("ref: refs/heads/main\n")
        (path / "config").write_text("[core]\n\trepositoryformatversion = 0\n\tbare = true\n")
        if objects is not None:
            (path / "objects/info/alternates").write_text(f"{objects}\n")
        self._written: set[str] = set()

    def commit(self, files: Mapping[str, bytes], parents: Sequence[str], at: datetime) -> str:
        """A commit that holds exactly `files`, by path from the root; no branch is moved to it."""
        return self.commit_tree(self._tree(files), parents, at)

    def commit_tree(self, tree: str, parents: Sequence[str], at: datetime) -> str:
        """A commit of a tree that exists; no branch is moved to it."""
        stamp = f"{_WHO} {int(at.timestamp())} +0000"
        lines = [
            f"tree {tree}",
            *(f"parent {parent}" for parent in parents),
            f"author {stamp}",
            f"committer {stamp}",
        ]
        return self._write("commit", ("\n".join(lines) + "\n\nUn changement\n").encode())

    def move(self, revision: str) -> None:
        """Points the branch at a commit."""
        (self.path / "refs/heads/main").write_text(f"{revision}\n")

    def _tree(self, files: Mapping[str, bytes]) -> str:
        entries: list[tuple[bytes, bytes, str]] = []
        folders: dict[str, dict[str, bytes]] = {}
        for path, content in files.items():
            head, slash, rest = path.partition("/")
            if slash:
                folders.setdefault(head, {})[rest] = content
            else:
                entries.append((head.encode(), b"100644", self._write("blob", content)))
        for name, below in folders.items():
            entries.append((name.encode(), b"40000", self._tree(below)))
        # Git sorts a folder as if its name ended with a slash.
        entries.sort(key=lambda entry: entry[0] + (b"/" if entry[1] == b"40000" else b""))
        return self._write(
            "tree", b"".join(mode + b" " + name + b"\0" + bytes.fromhex(id) for name, mode, id in entries)
        )

    def _write(self, kind: str, content: bytes) -> str:
        data = f"{kind} {len(content)}".encode() + b"\0" + content
        id = hashlib.sha1(data, usedforsecurity=False).hexdigest()
        if id not in self._written:
            self._written.add(id)
            place = self.path / "objects" / id[:2] / id[2:]
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(zlib.compress(data, 1))
        return id
