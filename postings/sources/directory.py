"""A plain folder as a source: a checkout, or what a content management system writes."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog
from watchfiles import awatch

from postings.errors import SourceError
from postings.sources.base import Layout, Look
from postings.sources.folder import Facts, blob_of, content_of, files_below, unreadable
from postings.text import french

QUIET = 2.0
"""Seconds for which a file must stay as it is to be taken: an editor empties it first and fills it then."""
_ATTEMPTS = 3
_GRANULARITY = 2_000_000_000
"""Nanoseconds within which two changes may bear the same time: FAT has the coarsest, two seconds."""
_NOTICED_WITHIN = 1_000
"""Milliseconds over which changes are gathered into one notice."""
_ASKED_AGAIN = 10.0
"""Seconds after which it is asked again whether the folders are still those that are listened to."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Found:
    """One file as a scan found it."""

    blob: str
    facts: Facts
    racy: bool
    """It changed while it was read, or so shortly before that a later change may leave the same facts."""


class DirectorySource:
    """The files below a folder. There is no history: two looks are compared at their ends.

    A file is read only where what the system says of it changed, by the rule of git's index
    (https://git-scm.com/docs/racy-git): one that changed shortly before it was read is read again at the next look.

    `quiet` is for how many seconds what just changed must stay as it is before a look believes it; 0, for one
    command that tells nobody, takes the folder as it is. `now` gives the seconds since 1970, `pause` waits for
    some seconds.
    """

    def __init__(
        self,
        name: str,
        root: Path,
        *,
        layout: Layout | None = None,
        quiet: float = 0,
        now: Callable[[], float] = time.time,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.name = name
        self.layout = layout or Layout()
        self._root = root.absolute()
        self._quiet = quiet
        self._now = now
        self._pause = pause
        self._taken: dict[str, _Found] | None = None
        """The files as the last look took them, by their paths from the root; None before the first."""
        self._scanned: dict[str, _Found] = {}
        """The files as they were found last, whether a look took them so or not."""
        self._revision = ""
        self._paths: dict[str, str] = {}

    async def look(self, since: str | None) -> Look | None:
        """All the files; None when they are the same as at revision `since`.

        What is caught in the middle of a save is looked at again after `quiet` seconds, and kept as it was at the
        last look while it goes on changing. Raises SourceError where the folder or a file cannot be read.
        """
        found = await asyncio.to_thread(self._scan)
        doubtful = self._doubtful(found)
        for _ in range(_ATTEMPTS - 1):
            if not (self._quiet and doubtful):
                break
            await self._pause(self._quiet)
            before, found = found, await asyncio.to_thread(self._scan)
            doubtful = {path for path in self._doubtful(found) if not _same(path, found, before)}
        if self._quiet and self._taken is not None:
            for path in doubtful:
                if path in self._taken:
                    found[path] = self._taken[path]
                else:
                    del found[path]
        if found != self._taken:
            self._revision = await asyncio.to_thread(_revision, found)
            self._paths = {file.blob: path for path, file in found.items()}
            self._taken = found
        if self._revision == since:
            return None
        latest = max((file.facts[2] for file in found.values()), default=0) / 1e9
        files = {_name(path): found[path].blob for path in sorted(found)}
        return Look(self._revision, datetime.fromtimestamp(min(latest, self._now()), UTC), files, whole=True)

    async def read(self, blobs: Collection[str]) -> Mapping[str, bytes]:
        """The contents of blobs of the last look; one that changed meanwhile waits for the next look.

        Of a file too large to be a posting only the beginning is given.
        """
        return await asyncio.to_thread(self._contents, blobs)

    async def changes(self, stop: asyncio.Event) -> AsyncGenerator[None, None]:
        """Yields when something below the folders may have changed, until `stop` is set.

        Says nothing where the system does not tell (a network's file system): the source is then polled only.
        """
        told = False
        while not stop.is_set():
            folders = await asyncio.to_thread(self._folders)
            try:
                async with contextlib.aclosing(_noticed(folders, stop)) as notices:
                    async for changed in notices:
                        if changed:
                            yield
                        if await asyncio.to_thread(self._folders) != folders:
                            yield  # one came, went or was replaced: those of now are listened to
                            break
                        told = False
            except (OSError, RuntimeError) as error:  # the library's own faults are RuntimeErrors
                if not told:
                    _log.warning("changes are not noticed", source=self.name, error=str(error))
                told = True
                await _until(stop, _ASKED_AGAIN)

    def _folders(self) -> dict[str, tuple[int, int]]:
        """The folders that exist, links followed, and what tells each from another of the same name."""
        found = {}
        for folder in self.layout.folders:
            with contextlib.suppress(OSError):
                facts = (self._root / folder).stat()
                found[str(self._root / folder)] = (facts.st_dev, facts.st_ino)
        return found

    def _doubtful(self, found: Mapping[str, _Found]) -> set[str]:
        """The files that may be in the middle of a save: that changed just now, or are not there any more."""
        taken = self._taken or {}
        changed = {path for path, file in found.items() if file.racy and not _same(path, found, taken)}
        return changed | (taken.keys() - found.keys())

    def _scan(self) -> dict[str, _Found]:
        """The files as they are. Only those are read of which the system says something new."""
        began, folders = int(self._now() * 1e9), self._folders()
        postings = str(self._root / self.layout.postings)
        if postings not in folders:
            raise SourceError(
                french(
                    f"Le dossier {postings} n’existe pas : donnez un dossier qui contient {self.layout.postings}."
                ),
                f"The folder {postings} does not exist: give one that holds {self.layout.postings}.",
            )
        found: dict[str, _Found] = {}
        start = len(os.path.join(self._root, ""))  # noqa: PTH118  the length of what comes before a path
        for folder in folders:
            for path, listed in files_below(folder):
                name = path[start:]
                known = self._scanned.get(name)
                if known is None or known.facts != listed or known.racy:
                    try:
                        content, facts, steady = content_of(path)
                    except FileNotFoundError:
                        continue  # deleted while the folder was read
                    except OSError as error:
                        raise unreadable(path, error) from error
                    racy = not steady or max(facts[2:]) > began - _GRANULARITY
                    known = _Found(blob_of(content, facts), facts, racy)
                found[name] = known
        if self._folders() != folders:  # what was found may be of either
            raise SourceError(
                french(
                    f"Le dossier {postings} a été remplacé pendant sa lecture : rien à faire, il sera relu."
                ),
                f"The folder {postings} was replaced while it was read: nothing to do, it will be read again.",
            )
        self._scanned = found
        return dict(found)

    def _contents(self, blobs: Collection[str]) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for blob in blobs:
            if (path := self._paths.get(blob)) is not None:
                with contextlib.suppress(OSError):
                    content, facts, _steady = content_of(str(self._root / path))
                    if blob_of(content, facts) == blob:
                        found[blob] = content
        return found


async def _noticed(folders: Collection[str], stop: asyncio.Event) -> AsyncGenerator[bool, None]:
    """Whether something changed below the folders: at every change, and every now and then.

    True the first time: something may have changed before the system began to listen.

    Raises OSError or RuntimeError where the system cannot tell.
    """
    if not folders:
        await _until(stop, _ASKED_AGAIN)
        yield False
        return
    watching = awatch(
        *folders,
        watch_filter=None,
        debounce=_NOTICED_WITHIN,
        step=_NOTICED_WITHIN // 2,  # that often the library's thread asks whether it is to end
        rust_timeout=int(_ASKED_AGAIN * 1000),
        yield_on_timeout=True,
        stop_event=stop,
        force_polling=False,
        poll_delay_ms=int(_ASKED_AGAIN * 1000),  # where the system has no notices it polls all the same
    )
    async with contextlib.aclosing(watching):
        beginning = True
        async for changed in watching:
            yield beginning or bool(changed)
            beginning = False


async def _until(stop: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(stop.wait(), seconds)


def _same(path: str, one: Mapping[str, _Found], other: Mapping[str, _Found]) -> bool:
    """Whether a path holds the same in both, or nothing in either."""
    a, b = one.get(path), other.get(path)
    return (a and a.blob) == (b and b.blob)


def _revision(found: Mapping[str, _Found]) -> str:
    files = sorted((_name(path), file.blob) for path, file in found.items())
    return hashlib.sha256("\0".join(f"{name}\0{blob}" for name, blob in files).encode()).hexdigest()


def _name(path: str) -> str:
    """A path as it is stored and shown: what is no UTF-8 in it is replaced."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")
