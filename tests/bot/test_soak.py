"""Two busy years of the real history through the application, with a crash at every tenth transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.options.settings import Settings
from postings.lifecycle import Policy
from postings.model import Event, EventKind
from postings.replay import Replay
from postings.sources.base import Layout
from postings.sources.git_repository import Commit, GitRepository
from postings.store import Store, migrate
from postings.store.engine import Database
from postings.store.tables import outbox
from tests.bot.house import Clock, House, house, settings
from tests.databases import sqlite_database
from tests.fakes.mattermost import FakeMattermost
from tests.fast_git import FastGit

REAL = Path(__file__).parents[3] / "shared" / "data" / "betagouv.bundle"
START, END = datetime(2021, 1, 1, tzinfo=UTC), datetime(2023, 1, 1, tzinfo=UTC)
EVERY = 10
"""Of so many transactions one is the last that its process does."""

WITHOUT = pytest.param(
    None,
    id="without a crash",
    marks=[
        pytest.mark.property,
        pytest.mark.skipif(
            hypothesis.settings.get_current_profile_name() != "campaign",
            reason="with crashes the same events must come out; which of the two fails is for `make campaign`",
        ),
    ],
)

pytestmark = pytest.mark.skipif(not REAL.exists(), reason="the real history is not part of the project")


class Crash(BaseException):
    """The process is killed here."""


@dataclass
class Crashes:
    """How many transactions were begun, over all processes, and how many ended one."""

    every: int | None
    begun: int = 0
    before: int = 0
    after: int = 0


class CrashingDatabase(Database):
    """Kills the process in every so many transactions: just before the commit and just after it, in turn."""

    def __init__(self, url: str, crashes: Crashes) -> None:
        super().__init__(url)
        self._crashes = crashes

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        crashes = self._crashes
        crashes.begun += 1
        fatal = crashes.every is not None and crashes.begun % crashes.every == 0
        commits = fatal and (crashes.before + crashes.after) % 2 == 1
        async with super().write() as connection:
            yield connection
            if fatal and not commits:
                crashes.before += 1
                raise Crash
        if commits:
            crashes.after += 1
            raise Crash


class Machine:
    """What starts the process again whenever it died, over the same database and the same disk."""

    def __init__(self, options: Settings, clock: Clock, fake: FakeMattermost, crashes: Crashes) -> None:
        self.clock, self.fake, self.crashes = clock, fake, crashes
        self._options = options
        self._process = AsyncExitStack()
        self.house: House

    async def start(self) -> None:
        """A process in which nothing of an earlier one is left."""
        await self._process.aclose()
        database = CrashingDatabase(self._options.database, self.crashes)
        store = Store(database)
        self._process.push_async_callback(store.close)
        # What two minutes do: the rows that the dead process held are free.
        async with Database.write(database) as connection:
            await connection.execute(update(outbox).values(leased_until=None, owner=None))
        self.house = await self._process.enter_async_context(
            house(store, self._options, self.clock, self.fake)
        )

    async def do(self, what: Callable[[House], Awaitable[object]]) -> None:
        """Does something, from its beginning after each death."""
        while True:
            try:
                await what(self.house)
                return
            except Crash:
                await self.start()

    async def stop(self) -> None:
        """Ends the process in order."""
        await self._process.aclose()


class Years:
    """The two years as a history of their own, which begins with what there was when they began."""

    def __init__(self, folder: Path) -> None:
        origin = FastGit(folder / "origine.git")
        repository = GitRepository(origin.path)
        repository.run("fetch", "--quiet", str(REAL), "+refs/heads/*:refs/heads/*", "HEAD")
        folders = Layout().folders
        found = repository.run(
            "log", "--first-parent", "--reverse", "--format=%T %ct", "FETCH_HEAD", "--", *folders
        )
        self.git = FastGit(folder / "annees.git", objects=origin.path / "objects")
        times = [
            (tree, datetime.fromtimestamp(int(at), UTC))
            for tree, at in map(str.split, found.decode().split("\n")[:-1])
        ]
        before = [(tree, at) for tree, at in times if at < START]
        head: list[str] = []
        for tree, at in [before[-1], *((tree, at) for tree, at in times if START <= at < END)]:
            head = [self.git.commit_tree(tree, head, at)]
        self.git.move(head[0])
        local = GitRepository(self.git.path)
        self.commits: Sequence[Commit] = list(local.commits(head[0], folders))
        self.events = list(Replay(local, head[0], policy=Policy()).events())


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Years:
    return Years(tmp_path_factory.mktemp("annees"))


async def _lived(years: Years, machine: Machine) -> None:
    """Two years, commit by commit, with what falls due in between."""
    clock = machine.clock
    await machine.start()
    for commit in years.commits:
        at = max(clock.now, commit.at)
        while (due := await machine.house.store.next_due()) is not None and due <= at:
            clock.now = max(clock.now, due)
            await machine.do(_tick)
        clock.now = at
        years.git.move(commit.revision)
        await machine.do(House.look)
    clock.forward(hours=1)
    await machine.do(House.send)


async def _tick(house: House) -> None:
    # As `App.tick`, which would log the death of its process and go on.
    for watcher in house.app.watchers:
        await watcher.tick()
    await house.send()


@pytest.mark.usefixtures("_read_once")
@pytest.mark.parametrize("every", [WITHOUT, pytest.param(EVERY, id="with many crashes")])
async def test_two_years_are_told_as_replay_tells_them(
    every: int | None, years: Years, tmp_path: Path
) -> None:
    clock, crashes = Clock(years.commits[0].at), Crashes(every)
    # What a channel is told of a history without a crash is held by test_real_history.py.
    told: dict[str, list[object]] = {} if every else {"channels": []}
    options = settings(tmp_path, years.git.path, database_url=sqlite_database(tmp_path), **told)
    await migrate(options.database)
    # Objects are shared with the repository, so that a look does not copy them: the rest is as in production.
    FastGit(tmp_path / "sources/beta.git", objects=years.git.path / "objects")
    async with FakeMattermost(clock=lambda: clock.now.timestamp()) as fake:
        machine = Machine(options, clock, fake, crashes)
        await _lived(years, machine)
        events = await machine.house.store.events(limit=100_000)
        rows = await machine.house.rows()
        await machine.stop()
    assert Counter(map(_told, events)) == Counter(map(_told, years.events))
    assert len(events) > 300
    if every is None:
        assert not rows
        return
    assert min(crashes.before, crashes.after) > 50
    assert {row.state for row in rows} <= {"sent", "dropped"}, "something is left to be sent"
    assert len({row.key for row in rows}) == len(rows)
    openings = [row.message_id for row in rows if row.kind == "opened" and row.state == "sent"]
    assert len(set(openings)) == len(openings) > 100
    # Every post is one that a row knows of: one that was posted twice would be known of once.
    assert {post.id for post in fake.posts} == {row.message_id for row in rows if row.message_id}


def _told(event: Event) -> tuple[str, EventKind, datetime]:
    return event.id, event.kind, event.at
