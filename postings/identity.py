"""Which posting a file is, through renames: pure bookkeeping over what happened to paths.

docs/specification.md, section 1, "Identity". The id is the first name that the file had; it survives renames,
edits, deletion and return.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from postings.reading.address import name_of


@dataclass(frozen=True, slots=True)
class Added:
    """A file that was not there."""

    path: str


@dataclass(frozen=True, slots=True)
class Deleted:
    """A file that is no longer there."""

    path: str


@dataclass(frozen=True, slots=True)
class Renamed:
    """A file that is there under another path, edited or not."""

    old: str
    new: str


Move: TypeAlias = Added | Deleted | Renamed


@dataclass(slots=True)
class Identities:
    """Paths that exist with the id of each, and what the files that are gone were called when they went."""

    prefix: str = ""
    """Of a source that is not the first: `name:`."""
    live: dict[str, str] = field(default_factory=dict)
    """Path to id. Files of one name in two folders share an id: the first path is the posting."""
    gone: dict[str, str] = field(default_factory=dict)
    """Last path and last name of deleted files to their id."""
    passed: dict[str, list[str]] = field(default_factory=dict)
    """Id to the names that its file took since this was last emptied: each of them still finds it."""
    former: dict[str, str | None] = field(default_factory=dict)
    """Paths that were touched since this was last emptied, to the id that each had before; None: it was not there."""
    left: dict[str, str] = field(default_factory=dict)
    """Ids whose last file went since this was last emptied, to its last path."""
    _holders: dict[str, set[str]] = field(default_factory=dict, init=False, repr=False)
    _named: dict[str, set[str]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        live, self.live = self.live, {}
        for path, id in live.items():
            self._put(path, id)
        self.forget_moves()

    def forget_moves(self) -> None:
        """Empties `passed`, `former` and `left`: what follows is another look."""
        self.passed.clear()
        self.former.clear()
        self.left.clear()

    def had(self, path: str) -> str | None:
        """The id that a path had when `former` was last emptied."""
        return self.former[path] if path in self.former else self.live.get(path)

    def apply(self, moves: Iterable[Move]) -> None:
        """Follows what one commit, or one look, did to paths.

        Deletions come first: within one commit a name that is freed may be taken.
        """
        moves = list(moves)
        renames = [move for move in moves if isinstance(move, Renamed) and move.old in self.live]
        # Of files that share an id, one that takes another name takes it along only if it is the one read.
        parted = [move for move in renames if self._parts(move)]
        renames = [move for move in renames if move not in parted]
        for old in {move.old for move in parted}:
            self._take(old)
        ids = [self._take(move.old) for move in renames]
        for move in moves:
            if isinstance(move, Deleted):
                self._delete(move.path)
        for move, id in zip(renames, ids, strict=True):
            self._put(move.new, id)
        for id in dict.fromkeys(ids):
            self._part(id)
        for move in moves:
            if isinstance(move, Added) or (isinstance(move, Renamed) and move.new not in self.live):
                self._add(move.path if isinstance(move, Added) else move.new)

    def winner(self, id: str) -> str | None:
        """The path that is read for an id: the first one, where files in two folders share it."""
        return min(self._holders[id]) if id in self._holders else None

    def twins(self, id: str) -> list[str]:
        """The paths that share an id, the one that is read first."""
        return sorted(self._holders.get(id, ()))

    def _parts(self, move: Renamed) -> bool:
        id = self.live[move.old]
        return self.winner(id) != move.old and name_of(move.old) != name_of(move.new)

    def _part(self, id: str) -> None:
        """Files share an id by one name in several folders: those that a rename leaves without are others."""
        latest, folders, others = self.passed[id][-1], set[str](), list[str]()
        for path in self.twins(id):
            if name_of(path) == latest and _folder(path) not in folders:
                folders.add(_folder(path))
            else:
                others.append(path)
                self._take(path)
        for path in others:
            self._add(path)

    def _delete(self, path: str) -> None:
        if path not in self.live:
            return
        id = self._take(path)
        if id not in self._holders:
            self.gone[path] = id
            self.gone[name_of(path)] = id
            self.left[id] = path

    def _add(self, path: str) -> None:
        if path in self.live:
            return
        name = name_of(path)
        for id in dict.fromkeys(self.live[twin] for twin in sorted(self._named.get(name, ()))):
            if all(_folder(twin) != _folder(path) for twin in self._holders[id]):
                self._put(path, id)
                return
        former = self.gone.get(path) or self.gone.get(name)
        if former is not None and former not in self._holders:
            self._put(path, former)
            self._forget(former)
            return
        id, number = self.prefix + name, 1
        while id in self._holders:
            number += 1
            id = f"{self.prefix}{name}-{number}"
        self._put(path, id)

    def _put(self, path: str, id: str) -> None:
        if path in self.live:
            self._take(path)
        self.former.setdefault(path, None)
        self.live[path] = id
        self.left.pop(id, None)
        self._holders.setdefault(id, set()).add(path)
        self._named.setdefault(name_of(path), set()).add(path)
        self.passed.setdefault(id, []).append(name_of(path))

    def _take(self, path: str) -> str:
        id = self.live.pop(path)
        self.former.setdefault(path, id)
        for index, key in ((self._holders, id), (self._named, name_of(path))):
            index[key].discard(path)
            if not index[key]:
                del index[key]
        return id

    def _forget(self, id: str) -> None:
        """A file came back: its former names no longer wait for it."""
        for key in [key for key, of in self.gone.items() if of == id]:
            del self.gone[key]


def moves_between(before: Mapping[str, str], after: Mapping[str, str]) -> list[Move]:
    """The moves between two listings of path to blob, where no history tells: exact renames, else add and delete.

    A blob that left one path and came at one other is a rename; nothing less sure is.
    """
    left: dict[str, list[str]] = {}
    for path in sorted(before.keys() - after.keys()):
        left.setdefault(before[path], []).append(path)
    came: dict[str, list[str]] = {}
    for path in sorted(after.keys() - before.keys()):
        came.setdefault(after[path], []).append(path)
    moves: list[Move] = []
    for blob, paths in came.items():
        olds = left.get(blob, [])
        if len(olds) == len(paths):
            moves += [Renamed(old, new) for old, new in zip(olds, paths, strict=True)]
            left.pop(blob, None)
        else:
            moves += [Added(path) for path in paths]
    moves += [Deleted(path) for paths in left.values() for path in paths]
    return moves


def _folder(path: str) -> str:
    return path.rpartition("/")[0]
