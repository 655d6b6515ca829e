"""A copy on this machine of one branch of a repository: all of its commits, and the contents that are needed."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Collection
from pathlib import Path

from postings.errors import SourceError
from postings.sources import git_process
from postings.sources.base import Layout
from postings.sources.git_address import REMOTE, Address
from postings.sources.git_process import GitRefused, Process, git
from postings.sources.git_repository import GitRepository, no_branch

MIRRORED = "refs/vigie/source"
"""What the branch is called in the mirror."""
_PLAIN = "vigie-plain"
"""A file in the mirror of a source that leaves nothing out, or does not give contents one by one."""
_FETCH = (
    "fetch", "--quiet", "--no-tags", "--force", "--no-write-fetch-head", "--no-show-forced-updates",
    "--recurse-submodules=no", "--upload-pack=git-upload-pack", "--no-auto-maintenance",
)  # fmt: skip
_FETCHES_TO_TIDY = 100
_ALL = 0x7FFFFFFF
"""The depth that git takes for the whole history (git-fetch, --unshallow)."""
_COMMIT = re.compile(r"[0-9a-f]{40}")
_NO_PARTS = re.compile(r"filter\b.* not (?:supported|allowed|permitted)|unadvertised object|not our ref")


class Mirror:
    """Fetches what a layout's folders need: first the commits and trees, then their contents with one request.

    So no command that reads the mirror has to ask the source for more: without an address it could not. A source
    that does not serve parts (gitprotocol-v2, "filter") is fetched whole. `depth` is how many of the last commits
    are fetched, None for all.
    """

    def __init__(
        self,
        address: Address,
        path: Path,
        layout: Layout,
        *,
        branch: str | None = None,
        depth: int | None = None,
    ) -> None:
        self.repository = GitRepository(path)
        self._address = address
        self.path = path
        self._folders = layout.folders
        self._branch = branch
        # Without either git leaves a shallow source's branch out. Where contents are left out a depth has to be
        # named: git would else ask a shallow source for its edge, and to ask start a git that asks for it, too,
        # and so on without end.
        self._extent = "--update-shallow" if depth is None else f"--depth={depth}"
        self._extent_of_parts = f"--depth={depth or _ALL}"
        self._ref = ""
        self.named = branch
        """The name of the branch, known from `head` on where none was given."""
        self._held: str | None = None
        self._fetches = 0

    def head(self) -> str:
        """The branch's commit, as the other side says: of the named branch, else HEAD, main, master or the only one.

        One request. Raises SourceError where it fails, or where there is no such branch.
        """
        if self._branch is not None and "\0" in self._branch:
            raise no_branch(self._address.url, self._branch)
        asked = ["HEAD", "refs/heads/*"] if self._branch is None else [f"refs/heads/{self._branch}"]
        # From the root, so that no repository around the working folder lends its configuration.
        listed = git(
            "-C", "/", "ls-remote", "--symref", "--", REMOTE, *asked,
            environment=self._address.environment(), limit=git_process.ANSWER_TIMEOUT,
        )  # fmt: skip
        rows = (row.partition("\t") for row in listed.decode("utf-8", "replace").splitlines())
        # "ref: refs/heads/main", then HEAD, says what HEAD stands for, before the line with its commit.
        refs: dict[str, str] = {}
        stands_for = ""
        for revision, _, ref in rows:
            if revision.startswith("ref: "):
                stands_for = revision.removeprefix("ref: ")
            elif ref:
                refs[ref] = revision
        if self._branch is None:
            heads = [ref for ref in refs if ref.startswith("refs/heads/")]
            asked = ["HEAD", "refs/heads/main", "refs/heads/master", *(heads if len(heads) == 1 else ())]
        for ref in asked:
            if ref in refs:
                self._ref = ref
                named = stands_for if ref == "HEAD" else ref
                self.named = named.removeprefix("refs/heads/") or None
                return refs[ref]
        raise no_branch(self._address.url, self._branch)

    def holds(self, revision: str) -> bool:
        """Whether a commit is here."""
        if revision != self._held or not self._exists:
            self._held = self.repository.resolve(revision)
        return self._held is not None

    def fetch(self, since: str | None) -> None:
        """Brings the mirror to the head that was asked for last, with the contents that came after `since`.

        Raises SourceError.
        """
        new = not self._exists or (not self._fetches and self.repository.resolve(MIRRORED) is None)
        self._made()
        if (self.path / _PLAIN).exists():
            self._fetch(self._extent, "--", REMOTE, self._refspec)
        else:
            try:
                self._fetch(self._extent_of_parts, "--filter=blob:none", "--", REMOTE, self._refspec)
                listed, missing = self._listed([MIRRORED], [None if new else since])
                if missing:
                    self._contents(missing)
                elif new and listed:
                    (self.path / _PLAIN).touch()  # what was to be left out came all the same
            except GitRefused as refusal:
                if not new and not _NO_PARTS.search(refusal.english):
                    raise
                self._whole()
        self._fetches += 1
        if self._fetches % _FETCHES_TO_TIDY == 1:
            self._git("-c", "gc.autoDetach=false", "gc", "--auto", "--quiet")

    def mend(self, since: str | None) -> bool:
        """Fetches what a damage or an interruption left out of the mirror's history; whether anything was missing.

        Raises SourceError.
        """
        _, missing = self._listed([MIRRORED, since], [])
        if missing:
            try:
                self._contents(missing)
            except GitRefused as refusal:
                if not _NO_PARTS.search(refusal.english):
                    raise
                self._whole()
        return bool(missing)

    def find(self, blobs: Collection[str]) -> None:
        """Fetches contents that are not here, as far as the source has them. Raises SourceError."""
        try:
            self._contents(blobs)
        except GitRefused as refusal:
            # What belongs to the past only may be gone for good, after a history was rewritten.
            if self.needed(blobs):
                if not _NO_PARTS.search(refusal.english):
                    raise
                self._whole()

    def needed(self, blobs: Collection[str]) -> bool:
        """Whether any of some contents belongs to the present files. Raises SourceError."""
        return bool(blobs) and not set(blobs).isdisjoint(
            self.repository.files(MIRRORED, self._folders).values()
        )

    @property
    def _exists(self) -> bool:
        return (self.path / "HEAD").exists()

    @property
    def _refspec(self) -> str:
        return f"+{self._ref}:{MIRRORED}"

    def _made(self) -> None:
        if not self._exists:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            git("init", "--bare", "--quiet", "--template=", "--", str(self.path))

    def _whole(self) -> None:
        """Begins again, with everything: a mirror from which parts are missing takes no plain fetch."""
        if not self._ref:
            self.head()
        shutil.rmtree(self.path)
        self._held = None
        self._made()
        plain = self.path / _PLAIN
        plain.touch()
        try:
            self._fetch(self._extent, "--", REMOTE, self._refspec)
        except SourceError:
            plain.unlink()  # it may have been the network
            raise

    def _contents(self, blobs: Collection[str]) -> None:
        """Fetches contents by their names, as git itself does it (promisor-remote.c)."""
        given = "".join(f"{blob}\n" for blob in sorted(blobs))
        self._fetch(self._extent_of_parts, "--filter=blob:none", "--stdin", "--", REMOTE, given=given)

    def _listed(self, tips: list[str | None], known: list[str | None]) -> tuple[bool, list[str]]:
        """Whether commits from `known` to `tips` have files in the folders, and the contents that are not here.

        What is no commit of this repository counts for nothing: the source may have been of another kind.
        """
        revisions = [tip for tip in tips if tip == MIRRORED or (tip and _COMMIT.fullmatch(tip))]
        revisions += [f"^{revision}" for revision in known if revision and _COMMIT.fullmatch(revision)]
        missing: list[str] = []
        listed, rest = False, b""
        with Process(
            "-C", str(self.path), "rev-list", "--objects", "--missing=print", "--ignore-missing", "--first-parent",
            *revisions, "--", *self._folders,
            environment=self._address.environment(partial=True),
        ) as process:  # fmt: skip
            for chunk in process.chunks():
                listed = True
                *rows, rest = (rest + chunk).split(b"\n")
                missing += [row[1:].decode() for row in rows if row.startswith(b"?")]
        return listed, missing

    def _fetch(self, *arguments: str, given: str = "") -> None:
        # To ask for a content it is of no use to tell which commits are here.
        command = ("-c", "fetch.negotiationAlgorithm=noop", *_FETCH) if given else _FETCH
        try:
            self._git(*command, *arguments, given=given)
        except GitRefused as refusal:
            if ".lock'" not in refusal.english or not self._unlocked():
                raise
            self._git(*command, *arguments, given=given)

    def _unlocked(self) -> bool:
        """Takes away what a git that was killed left locked; whether there was anything."""
        oldest = time.time() - git_process.TIMEOUT  # no command lives that long
        locks = [lock for lock in self.path.rglob("*.lock") if lock.stat().st_mtime < oldest]
        for lock in locks:
            lock.unlink()
        return bool(locks)

    def _git(self, *arguments: str, given: str = "") -> None:
        # Contents that are named are parts, of a mirror that is otherwise whole as well.
        partial = bool(given) or not (self.path / _PLAIN).exists()
        environment = self._address.environment(partial=partial)
        git("-C", str(self.path), *arguments, stdin=given.encode(), environment=environment)
