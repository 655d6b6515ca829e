"""One life: a real repository, the real watcher over a real database, and the model beside them."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.announcing.announcer import Announcer
from bot.watching.watcher import Watcher
from postings.lifecycle import Policy
from postings.model import Event
from postings.reading.address import POSTING_URL
from postings.replay import Replay
from postings.sources.git import GitSource
from postings.sources.git_repository import GitRepository
from postings.store import Store
from tests.bot.house import Clock
from tests.fast_git import FastGit
from tests.followers import Follower
from tests.living.history import Act, History, skewed
from tests.living.model import Model, Told
from tests.repositories import JOBS

POLICY = Policy()


@dataclass(frozen=True)
class Chapter:
    """Some commits, some time, a trouble perhaps, then a look or none."""

    commits: Sequence[Act] = ()
    how: str = "commit"
    """How they come: "commit", "merge", "foxtrot", "back" or "rewrite"."""
    count: int = 1
    """How many commits the branch goes back by."""
    skew: int = 0
    """How many days ago the commits are dated."""
    passes: str = "run"
    """What Vigie does while time passes: "run", or "sleep" like a machine that is shut."""
    length: timedelta | None = timedelta(0)
    """How much time passes; None until the next instant at which something is due."""
    offset: timedelta = timedelta(0)
    """What is added to that instant."""
    trouble: str = ""
    """"restart", "outage" (until the next chapter), "copy" (another address) or "mirror lost"."""
    looks: bool = True


class Living:
    """The life as it goes."""

    def __init__(self, folder: Path, database: str, now: datetime) -> None:
        self.folder, self.database = folder, database
        self.clock = Clock(now)
        self.model = Model()
        self.place = folder / "depot.git"
        self.history = History(FastGit(self.place))
        self.since: str | None = None
        self.told = 0
        self.away = False
        """Whether the source is gone for now."""
        self.lost = False
        """Whether the mirror was lost since the last look that succeeded."""

    async def open(self) -> None:
        """Starts the process; the first commit is its baseline."""
        self.store = await Store.open(self.database)
        self._start()

    async def close(self) -> None:
        """Ends the process."""
        await self.store.close()

    def _start(self) -> None:
        source = GitSource("beta", f"file://{self.place}", self.folder / "mirror.git")
        self.watcher = Watcher(
            self.store, source, Announcer([], timedelta(0)), address=str(self.place), policy=POLICY,
            posting_url=POSTING_URL, clock=self.clock,
        )  # fmt: skip

    async def live(self, chapter: Chapter) -> None:
        """One chapter, checked at every look and tick."""
        now, at = self.clock.now, skewed(self.clock.now, chapter.skew)
        history = self.history
        if self.away:
            self._hide()
        if chapter.how == "back":
            history.back(chapter.count)
            history.commit(chapter.commits, now, at)
        elif chapter.how == "rewrite":
            history.rewrite(chapter.count, chapter.commits, now, at)
        elif chapter.commits:
            {"commit": history.commit, "merge": history.merge, "foxtrot": history.foxtrot}[chapter.how](
                chapter.commits, now, at
            )
        await self._trouble(chapter.trouble)
        until = (
            now + chapter.length
            if chapter.length is not None
            else (self.model.due(now) or now) + chapter.offset
        )
        await self._pass(max(now, until), chapter.passes)
        if chapter.looks:
            await self.look()

    async def look(self) -> None:
        """One look: what is told, and that a source that is away is said to be."""
        reached = await self.watcher.look()
        assert reached is not self.away
        now = self.clock.now
        if self.away or self.since == self.history.head:
            await self._compare(self.model.tick(now))
        else:
            steps, first = self.history.steps(self.since), self.since is None
            exact = self.lost and self.since is not None and not self.history.reaches(self.since)
            self.since = self.history.head
            expected = self.model.look(steps, self.history.tree, now, baseline=first, exact=exact)
            await self._compare(expected)
        self.lost &= self.away

    async def end(self) -> None:
        """The source is there again; what is remembered is what is there."""
        if self.away:
            self._hide()
        await self.look()
        files = await self.store.files("beta")
        ids = {path.removeprefix(f"{JOBS}/"): f.id for path, f in files.items() if path.startswith(JOBS)}
        assert ids == self.model.names.ids
        records = {record.id: record.state for record in await self.store.records(source="beta")}
        assert records == self.model.states()
        await self._in_one_look()
        self._replayed()

    async def _in_one_look(self) -> None:
        """A process that sees the whole history in one look ends with the same postings in the same states."""
        if self.history.rewritten:
            return  # what was on the commits that are lost gave names that nobody can find again
        once = Follower(GitSource("beta", f"file://{self.place}", self.folder / "once.git"), POLICY)
        await once.look(self.clock.now)
        tree, ids = self.history.tree, once.watched.identities.live
        assert {path.removeprefix(f"{JOBS}/"): id for path, id in ids.items()} == self.model.names.ids
        for id in set(self.model.names.ids.values()):
            # A file that is broken now stands for what it said before, which only the other one saw.
            posting = self.model.postings[id]
            if posting.file is not None and not tree[posting.file[0]].broken:
                assert once.records[id].state == posting.state, id

    def _replayed(self) -> None:
        """`vigie replay` tells of the branch what a watcher that looks at every commit would."""
        model, chain = Model(), self.history.chain(self.history.head)
        # A commit that changes no file is none: not even its date counts.
        chain = [commit for n, commit in enumerate(chain) if n == 0 or chain[n - 1].files != commit.files]
        expected: list[Told] = []
        now = chain[0].at
        first = True  # the baseline is the first revision that holds a posting
        for number, commit in enumerate(chain):
            at = max(now, commit.at)
            expected += _ticks(model, now, at)
            now, before = at, chain[number - 1].tree if number else {}
            expected += model.look([(before, commit.tree)], commit.tree, now, baseline=first)
            first = first and not commit.tree
        expected += _ticks(model, now, self.clock.now)
        replay = Replay(GitRepository(self.place), self.history.head or "", policy=POLICY)
        _same(replay.events(self.clock.now), expected)

    async def _pass(self, until: datetime, how: str) -> None:
        """Time passes, with a tick at every instant at which something is due where the process runs."""
        while how == "run":
            stored, due = await self.store.next_due(), self.model.due(self.clock.now)
            assert due is None or (stored is not None and stored <= due), "it would be told late"
            if stored is None or stored > until:
                break
            self.clock.now = max(self.clock.now, stored)
            await self.watcher.tick()
            await self._compare(self.model.tick(self.clock.now))
            later = await self.store.next_due()
            assert later is None or later > self.clock.now, "it would never sleep"
        self.clock.now = until

    async def _trouble(self, trouble: str) -> None:
        if trouble == "outage":
            self._hide()
        elif trouble == "restart":
            await self.store.close()
            await self.open()
        elif trouble == "mirror lost":
            shutil.rmtree(self.folder / "mirror.git", ignore_errors=True)
            self.lost = True
        elif trouble == "copy":
            copy = self.place.with_name(f"{self.place.stem}-copie.git")
            shutil.copytree(self.place, copy)
            self.place = self.history.git.path = copy
            self._start()

    def _hide(self) -> None:
        """The source is gone, or there again."""
        hidden = self.place.with_suffix(".away")
        (hidden.rename(self.place) if self.away else self.place.rename(hidden))
        self.away = not self.away

    async def _compare(self, expected: list[Told]) -> None:
        events = await self.store.events(limit=100_000)
        new = events[: len(events) - self.told]
        self.told = len(events)
        _same(new, expected)


def _ticks(model: Model, now: datetime, until: datetime) -> Iterator[Told]:
    while (due := model.due(now)) is not None and due <= until:
        now = due
        yield from model.tick(now)


def _same(events: Iterable[Event], expected: Iterable[Told]) -> None:
    """Nothing missing, twice or wrong."""
    told = Counter(map(_row, map(_told, events)))
    due = Counter(map(_row, expected))
    assert told == due, f"told too much: {sorted(told - due)}; not told: {sorted(due - told)}"


def _told(event: Event) -> Told:
    about = (event.notice,) if event.notice is not None else tuple(c.field for c in event.changes)
    state, previous = (s and str(s) for s in (event.state, event.previous_state))
    return Told(
        str(event.kind), event.posting, event.at.astimezone(UTC), state, previous, event.opening, about
    )


def _row(told: Told) -> tuple[str, ...]:
    return tuple(
        f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value) for value in told
    )
