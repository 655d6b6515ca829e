"""The history of an invented repository: files written, renamed, broken… in real commits, all made in memory."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta

from tests.fast_git import FastGit
from tests.living.files import Facts, File, Tree
from tests.living.model import DAY, PARIS
from tests.repositories import JOBS

FOLDERS = ("", "archive/", "zone/")


@dataclass(frozen=True)
class Wish:
    """What a file is to say, its dates in days from the day on which it is written.

    `hour` makes an instant of the closing day.
    """

    open: bool | None = True
    filled: bool = False
    opens: int | None = None
    closes: int | None = None
    hour: int | None = None
    contract: str = "cdd"
    role: str = "Développeuse web"

    def facts(self, now: datetime) -> Facts:
        """The facts of a file written at `now`."""
        today = now.astimezone(PARIS).date()
        closes: date | datetime | None = today + self.closes * DAY if self.closes is not None else None
        if closes is not None and self.hour is not None:
            closes = datetime.combine(closes, time(self.hour, 30), UTC)
        opens = today + self.opens * DAY if self.opens is not None else None
        return Facts(self.open, self.filled, opens, closes, self.contract, self.role)


@dataclass(frozen=True)
class Act:
    """Something done to the files. `which` and `other` pick files, names and folders among those that there are."""

    kind: str
    which: int = 0
    other: int = 0
    wish: Wish = Wish()


@dataclass(frozen=True)
class Commit:
    """A commit: its postings, all its files as they are written, its parents, its date."""

    revision: str
    tree: Tree
    files: Mapping[str, bytes]
    parents: tuple[str, ...]
    at: datetime

    @property
    def parent(self) -> str | None:
        """The first parent."""
        return self.parents[0] if self.parents else None


class History:
    """The branch of a repository, rewritten at will."""

    def __init__(self, git: FastGit) -> None:
        self.git = git
        self.commits: dict[str, Commit] = {}
        self.head: str | None = None
        self.rewritten = False
        """Whether the branch ever left a commit that was its head."""
        self._docs = 0
        self._teams = 0
        self._paths: list[str] = []
        """Every path that was ever taken."""
        self._graves: dict[str, File] = {}
        """What was deleted last, by path."""

    @property
    def tree(self) -> Tree:
        """The files of the branch."""
        return self.commits[self.head].tree if self.head else {}

    def chain(self, revision: str | None) -> list[Commit]:
        """A commit and its first parents, oldest first."""
        found: list[Commit] = []
        while revision is not None:
            found.append(self.commits[revision])
            revision = found[-1].parent
        return found[::-1]

    def steps(self, since: str | None) -> list[tuple[Tree, Tree]]:
        """What led from a commit to the head: commit by commit, or the two ends where that is no longer known."""
        chain = self.chain(self.head)
        trees: list[Tree] = [{}, *(commit.tree for commit in chain)]
        pairs = list(itertools.pairwise(trees))
        if since is None:
            return pairs
        revisions = [commit.revision for commit in chain]
        if since in revisions:
            return pairs[revisions.index(since) + 1 :]
        return [(self.commits[since].tree, self.tree)]

    def reaches(self, since: str) -> bool:
        """Whether a commit is part of the branch's history, along whatever parents."""
        left, seen = [self.head], set[str | None]()
        while left:
            revision = left.pop()
            if revision is not None and revision not in seen:
                seen.add(revision)
                left += self.commits[revision].parents
        return since in seen

    def commit(self, acts: Sequence[Act], now: datetime, at: datetime) -> None:
        """One commit for each act, dated `at`."""
        for act in acts:
            self._commit([act], [self.head] if self.head else [], now, at)

    def merge(self, acts: Sequence[Act], now: datetime, at: datetime) -> None:
        """The acts come one by one on a branch beside, which is merged."""
        base = self.head
        assert base is not None
        self.commit(acts, now, at)
        self._point([base, *([self.head] if self.head not in (None, base) else [])], self.tree, at)

    def foxtrot(self, acts: Sequence[Act], now: datetime, at: datetime) -> None:
        """The head becomes the second parent of what comes next: it is no longer along the first parents."""
        head = self.commits[self.head or ""]
        if head.parent is not None:
            self._commit(acts, [head.parent, head.revision], now, at)
            self.rewritten = True

    def back(self, count: int) -> None:
        """The branch goes back by some commits."""
        chain = self.chain(self.head)
        self._move(chain[max(0, len(chain) - 1 - count)].revision)

    def rewrite(self, count: int, acts: Sequence[Act], now: datetime, at: datetime) -> None:
        """The last commits become one, with some acts more."""
        chain = self.chain(self.head)
        base = chain[-1 - count].revision if count < len(chain) else None
        self._commit(acts, [base] if base else [], now, at)
        self.rewritten = True

    def _commit(self, acts: Sequence[Act], parents: list[str], now: datetime, at: datetime) -> None:
        tree = dict(self.tree)
        for act in acts:
            self._done(tree, act, now)
        self._paths += [path for path in sorted(tree) if path not in self._paths]
        self._point(parents, tree, at)

    def _point(self, parents: list[str], tree: Tree, at: datetime) -> None:
        files = {f"{JOBS}/{path}": written(file) for path, file in tree.items()}
        files["content/_startups/exemple.md"] = f"---\ntitle: Exemple {self._teams}\n---\n".encode()
        revision = self.git.commit(files, parents, at)
        self.commits[revision] = Commit(revision, tree, files, tuple(parents), at)
        self.head = revision
        self.git.move(revision)

    def _move(self, revision: str) -> None:
        self.rewritten |= revision != self.head
        self.head = revision
        self.git.move(revision)

    def _done(self, tree: dict[str, File], act: Act, now: datetime) -> None:
        """Does one act to the files; one that does not fit what is there does nothing."""
        if act.kind == "team":
            self._teams += 1
        elif act.kind in ("add", "twin", "again") or not tree:
            path = self._free(tree, act)
            if path not in tree:
                self._docs += 1
                tree[path] = File(self._docs, act.wish.facts(now))
        elif act.kind == "restore":
            docs = {file.doc for file in tree.values()}
            graves = [p for p, f in self._graves.items() if p not in tree and f.doc not in docs]
            if graves:
                path = graves[act.which % len(graves)]
                tree[path] = self._graves[path]
        elif act.kind in EDITS:
            path = sorted(tree)[act.which % len(tree)]
            tree[path] = EDITS[act.kind](tree[path], act.wish.facts(now), act.other)
        elif act.kind == "reformat":
            tree.update({path: _touched(file) for path, file in tree.items()})
        elif act.kind == "delete":
            path = sorted(tree)[act.which % len(tree)]
            self._graves[path] = tree.pop(path)
        elif act.kind == "swap":
            one, two = (sorted(tree)[number % len(tree)] for number in (act.which, act.other))
            tree[one], tree[two] = tree[two], tree[one]
        else:
            self._renamed(tree, act)

    def _renamed(self, tree: dict[str, File], act: Act) -> None:
        old = sorted(tree)[act.which % len(tree)]
        folder, _, name = old.rpartition("/")
        folder += "/" if folder else ""
        target = FOLDERS[act.other % len(FOLDERS)]
        olds = [old]
        if act.kind == "move folder":
            olds = [path for path in tree if path.rpartition("/")[0] == folder.rstrip("/")]
            news = [target + path.rpartition("/")[2] for path in olds]
        elif act.kind == "move":
            news = [target + name]
        elif act.kind == "extension":
            news = [old.removesuffix(".md") if old.endswith(".md") else f"{old}.md"]
        elif act.kind == "name back":
            news = [self._paths[act.other % len(self._paths)]]
        else:
            news = [f"{folder}2024-01-05-nom-{len(self._paths) + 1}.md"]
        if not set(news) & tree.keys():
            files = [tree.pop(path) for path in olds]
            if act.kind == "rename edited":
                files = [_touched(file) for file in files]
            elif act.kind == "rename broken":
                files = [replace(file, broken="bare" if act.other % 2 else "unclosed") for file in files]
            elif act.kind == "rename mended":
                files = [replace(file, broken=None) for file in files]
            tree.update(zip(news, files, strict=True))

    def _free(self, tree: Mapping[str, File], act: Act) -> str:
        """A path for a new file: a new name, the name of another in another folder, or one that was taken once."""
        folder = FOLDERS[act.other % len(FOLDERS)]
        if act.kind == "twin" and tree:
            return folder + sorted(tree)[act.which % len(tree)].rpartition("/")[2]
        if act.kind == "again" and self._paths:
            return self._paths[act.which % len(self._paths)]
        return f"{folder if act.which % 2 else ''}2024-01-05-poste-{len(self._paths) + 1}.md"


def _touched(file: File) -> File:
    return replace(file, edition=file.edition + 1)


EDITS: Mapping[str, Callable[[File, Facts, int], File]] = {
    "edit": lambda file, _facts, _n: _touched(file),
    "rewrite": lambda file, facts, _n: replace(file, facts=facts),
    "close": lambda file, _facts, _n: replace(file, facts=replace(file.facts, open=False)),
    "open": lambda file, _facts, _n: replace(file, facts=replace(file.facts, open=True, filled=False)),
    "fill": lambda file, _facts, _n: replace(file, facts=replace(file.facts, filled=True)),
    "postpone": lambda file, facts, _n: replace(file, facts=replace(file.facts, closes=facts.closes)),
    "break": lambda file, _facts, n: replace(file, broken="bare" if n % 2 else "unclosed"),
    "break closed": lambda file, _facts, _n: replace(
        file, facts=replace(file.facts, open=False), broken="unclosed"
    ),
    "mend": lambda file, _facts, _n: replace(file, broken=None),
}
"""What is done to one file where it is."""

ACTS = (
    "add", "twin", "again", "restore", *EDITS, "reformat", "delete", "swap", "team", "move", "move folder",
    "extension", "name back", "rename", "rename edited", "rename broken", "rename mended",
)  # fmt: skip


def written(file: File) -> bytes:
    """The bytes of a file: its text is long and its own, so that git never takes one file for another."""
    facts = file.facts
    keys = {
        "open": None if facts.open is None else str(facts.open).lower(),
        "poste_pourvu": "true" if facts.filled else None,
        "post_ouvert": facts.opens and facts.opens.isoformat(),
        "poste_ferme": facts.closes and facts.closes.isoformat(),
    }
    front = [f"roles: {facts.role}", "startup: exemple", f"contrat: {facts.contract}"]
    front += [f"{key}: {value}" for key, value in keys.items() if value is not None]
    body = "\n".join(
        [f"Ligne {file.doc}-{line} de ce texte-ci, le sien." for line in range(40)]
        + [f"Version {file.doc}-{file.edition}."]
    )
    if file.broken == "bare":
        return f"{body}\n".encode()
    closing = "" if file.broken else "---\n"
    return ("---\n" + "\n".join(front) + f"\n{closing}\n{body}\n").encode()


def skewed(now: datetime, days: int) -> datetime:
    """The date of a commit that was made some days before it came."""
    return now - timedelta(days=days)
