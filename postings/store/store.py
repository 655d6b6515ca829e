"""The store as the rest of Vigie sees it: reads, the unit of work, the outbox."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, aclosing, asynccontextmanager
from datetime import datetime
from typing import cast

from sqlalchemy import func, select

from postings.catalogue import Answers, Changed, Facets
from postings.model import Contract, Domain, Event, Record, State, Team
from postings.months import Month
from postings.questions.model import Names, Question
from postings.store import alerts, figures, files, forgetting, operating, pruning, reads, schema, showing
from postings.store.beat import Beat
from postings.store.bodies import bodies_of
from postings.store.change import Change
from postings.store.engine import Database
from postings.store.forgetting import Forgotten
from postings.store.origins import Origin, origins
from postings.store.outbox import Outbox
from postings.store.pruning import Pruned
from postings.store.searching import Searching
from postings.store.shelving import Shelving
from postings.store.subscriptions import Subscription, standing, subscriptions
from postings.store.tables import postings, sources
from postings.store.turns import Turn, turn
from postings.store.values import Alert, AlertKind, Delivery, File, Life, Living, Queue, Source, StoredTeam
from postings.store.wakeups import Wakeup, heard, wake
from postings.text import slug


async def migrate(url: str) -> str:
    """Brings the database at `url` to the latest revision and returns that revision.

    Raises StoreError when it cannot be used or is of a later version.
    """
    database = Database(url)
    try:
        return await schema.upgrade(database)
    finally:
        await database.close()


class Store:
    """What Vigie remembers. Every method raises StoreError when the database cannot be used.

    It is a `postings.catalogue.Catalogue`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._shelving = Shelving()
        self._beat = Beat(database)
        self._searching = Searching(database, self._shelving)
        self._searching_by_beat = Searching(database, self._shelving, self._beat)
        self.outbox = Outbox(database)

    @classmethod
    async def open(cls, url: str, *, migrate: bool = True) -> Store:
        """The store at `url`, migrated first; without `migrate` it must be up to date already.

        Raises StoreError when `url` is no address of a database, when the database cannot be used, or when
        it is of a later version (or, without `migrate`, of an earlier one).
        """
        database = Database(url)
        try:
            await (schema.upgrade(database) if migrate else schema.check(database))
        except BaseException:
            await database.close()
            raise
        return cls(database)

    async def close(self) -> None:
        """Closes every connection."""
        self._beat.close()
        await self._database.close()

    async def is_current(self) -> bool:
        """Whether the database is, still, of the version that this program knows."""
        return await schema.is_current(self._database)

    @asynccontextmanager
    async def change(self) -> AsyncIterator[Change]:
        """One transaction: kept as a whole when the block ends, undone as a whole when it raises."""
        async with self._database.write() as connection:
            change = Change(connection)
            yield change
            if change.enqueued:
                await wake(connection, Wakeup.OUTBOX)
            if change.rewritten:
                await wake(connection, Wakeup.POSTINGS)
        self._beat.count()

    def turn(self) -> AbstractAsyncContextManager[Turn]:
        """The standing of one process among those that would watch; what it holds is given back with the block."""
        return turn(self._database)

    async def wake(self, wakeup: Wakeup) -> None:
        """Tells every process that shares the database, this one too."""
        async with self._database.write() as connection:
            await wake(connection, wakeup)

    async def heard(self, pause: Callable[[], Awaitable[None]]) -> AsyncGenerator[Wakeup, None]:
        """What processes tell one another from now on, this one too, without end.

        The first that comes stands for all that was told before. SQLite tells nobody: there it is looked for
        after each `pause`. Raises StoreError when the connection is lost.
        """
        async with aclosing(heard(self._database, pause)) as wakeups:
            async for wakeup in wakeups:
                self._beat.count()
                yield wakeup

    def beat(self) -> object:
        """What is not the same once anything was written, at the cost of a few microseconds.

        On PostgreSQL, where another process wrote, that is once `heard` tells of it, or within a second.
        """
        return self._beat()

    async def changed(self, mark: object) -> Changed:
        """What was written since a mark (None: ever)."""
        async with self._database.read() as connection:
            return await showing.changed(connection, mark)

    async def shown(self, since: datetime, ids: Collection[str] | None = None) -> list[Record]:
        """The records that are open or ended later than `since`; of some ids when given."""
        async with self._database.read() as connection:
            return await showing.shown(connection, since, ids)

    async def last_end(self, by: datetime) -> datetime | None:
        """The last instant, in UTC, up to `by` at which a posting stopped being open; None when none did."""
        async with self._database.read() as connection:
            return await showing.last_end(connection, by)

    async def teams_ever(self) -> tuple[list[Team], list[Team]]:
        """The teams and the incubators of all postings there ever were."""
        async with self._database.read() as connection:
            return await showing.teams_ever(connection)

    async def prepare(self) -> None:
        """Reads what questions are answered from, so that the first who asks need not wait for it."""
        async with self._database.read() as connection:
            await self._shelving.prepare(connection)

    async def source(self, name: str) -> Source | None:
        """What is remembered of a source; None before its first look."""
        async with self._database.read() as connection:
            return await reads.source(connection, name)

    async def files(self, source: str) -> dict[str, File]:
        """The files of a source as they were last seen, by path."""
        async with self._database.read() as connection:
            return await files.files_of(connection, source)

    async def gone_names(self, source: str) -> dict[str, str]:
        """The last path and name of each posting whose file is gone, with the posting's id."""
        async with self._database.read() as connection:
            return await files.gone_names(connection, source)

    async def team_files(self, source: str) -> dict[str, str]:
        """The blobs of the team files of a source, by path."""
        async with self._database.read() as connection:
            return await files.team_files(connection, source)

    async def files_around(
        self, source: str, prefix: str, paths: Collection[str], ids: Collection[str]
    ) -> tuple[dict[str, File], dict[str, str]]:
        """Of `files` and `gone_names`, what a change of some paths and postings may concern.

        `prefix` begins the ids of the source.
        """
        async with self._database.read() as connection:
            return await files.files_around(connection, source, prefix, paths, ids)

    async def paragraphs(self, source: str) -> dict[str, set[str]]:
        """The digests of the paragraphs of every posting of a source that has a file, by id."""
        async with self._database.read() as connection:
            return await files.paragraphs_of(connection, source)

    async def paragraphs_around(
        self, source: str, ids: Collection[str], digests: Collection[str], holders: int
    ) -> dict[str, set[str]]:
        """Of `paragraphs`, those of some postings, and of each digest concerned at least `holders` that hold it."""
        async with self._database.read() as connection:
            return await files.paragraphs_around(connection, source, ids, digests, holders)

    async def records(
        self,
        states: Collection[State] | None = None,
        *,
        source: str | None = None,
        ids: Collection[str] | None = None,
    ) -> list[Record]:
        """The records, the last opened first; of some states, of one source, of some ids when given.

        Without `states` also those of postings whose file is gone.
        """
        async with self._database.read() as connection:
            return await reads.records(connection, states, source=source, ids=ids)

    async def records_of(self, ids: Collection[str]) -> list[Record]:
        """The records of some postings, by their ids."""
        return await self.records(ids=ids)

    async def find(self, name: str) -> Record | None:
        """The record of a posting, by its id or by any name that its file had."""
        async with self._database.read() as connection:
            return await reads.find(connection, name)

    async def due(self, now: datetime) -> list[tuple[str, Record]]:
        """The source and the record of every posting that is due by `now`, the first due first."""
        async with self._database.read() as connection:
            return await reads.due(connection, now)

    async def next_due(self) -> datetime | None:
        """The next instant, in UTC, at which the clock alone may change a posting."""
        async with self._database.read() as connection:
            return cast("datetime | None", await connection.scalar(select(func.min(postings.c.next_due))))

    async def events(self, posting: str | None = None, limit: int = 100) -> list[Event]:
        """The latest events, newest first; of one posting when its id is given."""
        async with self._database.read() as connection:
            return await reads.events_of(connection, posting, limit)

    async def news(
        self,
        *,
        since: datetime | None = None,
        before: datetime | None = None,
        limit: int | None = None,
        oldest: bool = False,
    ) -> list[Event]:
        """The events that readers are told (all but `stale`), newest first; with `oldest` the other way round.

        Those from the instant `since` on and before `before`; at most `limit`.
        """
        async with self._database.read() as connection:
            return await reads.news(connection, since=since, before=before, limit=limit, oldest=oldest)

    async def bodies(self, ids: Collection[str]) -> Mapping[str, str]:
        """The Markdown of the last good reading of some postings, by id; those without one are left out."""
        async with self._database.read() as connection:
            return await bodies_of(connection, ids)

    async def teams(self) -> list[StoredTeam]:
        """The teams and incubators of every source."""
        async with self._database.read() as connection:
            return await reads.all_teams(connection)

    async def names(self) -> Names:
        """The names of teams, incubators, cities and technologies that exist, to match words with."""
        async with self._database.read() as connection:
            return await self._shelving.names(connection)

    async def search(self, question: Question, now: datetime, *, start: int = 0, limit: int) -> Answers:
        """The postings that answer at `now`: at most `limit`, from the `start`-th on (0 is the first)."""
        return await self._searching.search(question, now, start=start, limit=limit)

    async def count(self, question: Question, now: datetime) -> int:
        """How many postings answer at `now`."""
        return await self._searching.count(question, now)

    async def counts(self, questions: Sequence[Question], now: datetime) -> list[int]:
        """How many postings answer each of some questions at `now`, in their order, all as of one moment."""
        return await self._searching.counts(questions, now)

    def by_beat(self) -> Searching:
        """What answers as long as `beat` stays the same without asking the database."""
        return self._searching_by_beat

    async def facets(self, question: Question, now: datetime) -> Facets:
        """What the postings that answer at `now` have in common."""
        async with self._database.read() as connection:
            cities = {
                f"cities:{slug(city)}": city for city in (await self._shelving.names(connection)).cities
            }
            keys = [*(f"contracts:{c}" for c in Contract), *(f"domains:{d}" for d in Domain), *cities]
            total, counts = await self._shelving.shared(connection, question, now, keys)
        return Facets(
            total,
            {c: counts[key] for c in Contract if (key := f"contracts:{c}") in counts},
            {d: counts[key] for d in Domain if (key := f"domains:{d}") in counts},
            {city: counts[key] for key, city in cities.items() if key in counts},
        )

    async def months(self, now: datetime, count: int) -> list[Month]:
        """What opened and ended in each of the last `count` months of Paris up to `now`, the oldest first."""
        async with self._database.read() as connection:
            return await figures.months(connection, now, count)

    async def days_open(self, since: datetime, now: datetime) -> list[float]:
        """How many days each posting that stopped being open from `since` to `now` was open the last time.

        One that is open again counts for nothing.
        """
        async with self._database.read() as connection:
            return await figures.lengths(connection, since, now)

    async def last_look(self) -> datetime | None:
        """The instant, in UTC, since which everything is verified: of the source looked at longest ago.

        None before the first look that succeeded.
        """
        async with self._database.read() as connection:
            return cast("datetime | None", await connection.scalar(select(func.min(sources.c.looked_at))))

    async def origins(self) -> list[Origin]:
        """Every source that was ever looked at, with the ids of its postings, by name."""
        async with self._database.read() as connection:
            return await origins(connection)

    async def message(self, target: str, posting: str) -> Living | None:
        """The living message of a posting in a target; None when there is none."""
        async with self._database.read() as connection:
            return await reads.message(connection, target, posting)

    async def alerts(self, kinds: Collection[AlertKind]) -> dict[str, Alert]:
        """What is wrong and was told, of some kinds, by key."""
        async with self._database.read() as connection:
            return await alerts.of_kinds(connection, kinds)

    async def lives(self) -> list[Life]:
        """What tells of every source whether it still lives, by name."""
        async with self._database.read() as connection:
            return await alerts.lives(connection)

    async def queues(self, *, before: datetime, after: datetime) -> list[Queue]:
        """The targets with rows to be sent since `before`, or with some given up later than `after`, by name.

        Targets that are stopped are left out: what waits there is told of already.
        """
        async with self._database.read() as connection:
            return await alerts.queues(connection, before, after)

    async def operating(self, now: datetime) -> operating.Figures:
        """What an operator measures of all that is remembered, at `now`."""
        async with self._database.read() as connection:
            return await operating.figures(connection, now)

    async def subscriptions(self, *, target: str | None = None, ended: bool = False) -> list[Subscription]:
        """The subscriptions that stand, by number; of one target when given, with `ended` all there ever were."""
        async with self._database.read() as connection:
            return await subscriptions(connection, target=target, ended=ended)

    async def standing(self, targets: Collection[str]) -> dict[str, bool]:
        """Of some targets those that ever had a subscription, or an owner of one, and whether one stands."""
        async with self._database.read() as connection:
            return await standing(connection, targets)

    async def told(self, posting: str, limit: int = 50) -> list[Delivery]:
        """What was sent or waits to be sent about a posting, the latest first; of the latest digests too."""
        async with self._database.read() as connection:
            return await reads.told(connection, posting, limit)

    async def prune(self, before: datetime, configured: Collection[str], *, limit: int) -> Pruned:
        """Takes away at most `limit` rows of each kind that ended before an instant and that nothing needs.

        `configured` are the places of the configuration, `platform:place`.
        """
        async with self._database.write() as connection:
            return await pruning.prune(connection, before, configured, limit)

    async def forget(self, platform: str, person: str, now: datetime) -> Forgotten:
        """Forgets a person, as the platform's places are named: `@name` on Mattermost, an id elsewhere."""
        async with self._database.write() as connection:
            return await forgetting.forget(connection, platform, person, now)
