"""One source, watched: looks at it, decides what happened, remembers and enqueues it in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from bot.announcer import Announcer
from postings.errors import SourceError, StoreError
from postings.identity import Identities
from postings.lifecycle import Policy, next_due
from postings.model import Record, State
from postings.questions.model import Names
from postings.reading.reader import RULES
from postings.reading.shared import Paragraphs
from postings.reading.site import Kind, Site, shown
from postings.snapshot import names_of
from postings.sources.base import Look, Source, inside, slug_in
from postings.store import Change, File, Store, StoredTeam
from postings.store import Source as Remembered
from postings.watched import Outcome, Plan, Watched

_log = structlog.get_logger(__name__)


class FollowedElsewhere(StoreError):
    """Another process follows the same source in the same database."""


class Watcher:
    """Follows one source for as long as the process lives.

    `clock` returns the present instant in UTC. `first` is whether the source is the first of the
    configuration, whose postings have bare ids.
    """

    def __init__(
        self,
        store: Store,
        source: Source,
        announcer: Announcer,
        *,
        address: str,
        policy: Policy,
        posting_url: str,
        clock: Callable[[], datetime],
        first: bool = True,
    ) -> None:
        self._store = store
        self._source = source
        self._announcer = announcer
        self._address = address
        self._policy = policy
        self._posting_url = posting_url
        self._clock = clock
        self._prefix = "" if first else f"{source.name}:"
        self._watched: Watched | None = None
        self._revision: str | None = None
        """Where `_watched` stands: another process may have gone on from there."""

    async def look(self) -> bool:
        """Looks once, then lets the clock do what is due; returns whether the source could be looked at.

        A source that fails is remembered as failing and raises nothing; what the clock does goes on.
        """
        remembered = await self._store.source(self._source.name) or Remembered(
            self._source.name, self._address
        )
        try:
            look = await self._source.look(remembered.revision)
            if self._watched is None or self._revision != remembered.revision:
                self._watched, self._revision = await self._restored(), remembered.revision
            if remembered.rules not in {None, RULES}:
                remembered = await self._reread(remembered)
            if look is not None:
                await self._follow(remembered, look)
            else:
                await self._answered(remembered)
        except SourceError as error:
            self._watched = None
            await self._failed(remembered, error)
            await self.tick()
            return False
        except BaseException:
            self._watched = None  # half-followed: made anew from what is stored at the next look
            raise
        await self.tick()
        return True

    async def tick(self) -> None:
        """Lets the clock do what is due by now to the postings of this source."""
        now = self._clock()
        due = [record for source, record in await self._store.due(now) if source == self._source.name]
        if not due:
            return
        watched = self._watched or Watched(policy=self._policy)
        outcome = watched.tick(due, now)
        async with self._store.change() as change:
            # Decided again on what is stored now, under the lock: another process may have been faster.
            await change.lock_source(self._source.name)
            fresh = await change.records(ids=[record.id for record in due])
            if {r.id: r for r in fresh} != {r.id: r for r in due}:
                return
            await self._remember(change, outcome, {r.id: r for r in due}, now)

    async def _follow(self, remembered: Remembered, look: Look) -> None:
        watched, now = self._watched, self._clock()
        assert watched is not None  # noqa: S101  restored before
        plan = watched.follow(look)
        contents = dict(await self._source.read({blob for blob in plan.site.values() if blob is not None}))
        renamed = watched.site != watched.site.replace(
            {key: contents.get(blob, b"") if blob else None for key, blob in plan.site.items()}
        )
        if renamed:
            records = await self._store.records(source=self._source.name)
            watched.refresh(plan, records, everything=False)
        else:
            records = await self._store.records(ids=list(plan.ids))
        known = {record.id: record for record in records}
        contents |= await self._source.read(plan.blobs - contents.keys())
        baseline = remembered.baseline_at is None
        outcome = watched.decide(plan, contents, known, now, baseline=baseline)
        async with self._store.change() as change:
            await self._locked(change, remembered)
            await self._remember(change, outcome, known, now)
            await self._announcer.settle(change, plan.ids, now)
            await change.put_files(
                self._source.name,
                (
                    File(p, watched.identities.live.get(p, ""), b)
                    for p, b in outcome.files.items()
                    if b is not None
                ),
                [path for path, blob in outcome.files.items() if blob is None],
            )
            if renamed:
                await change.put_teams(self._source.name, _teams_of(watched.site))
            await change.put_source(
                replace(
                    remembered,
                    address=self._address,
                    revision=look.revision,
                    rules=RULES,
                    baseline_at=remembered.baseline_at or now,
                    looked_at=now,
                    failing_since=None,
                    error=None,
                )
            )
        self._revision = look.revision
        if baseline:
            opened = sum(record.state is State.OPEN for record in outcome.records)
            _log.info("baseline taken, nothing announced", source=self._source.name, open=opened)
        else:
            _log.info("looked", source=self._source.name, revision=look.revision, events=len(outcome.events))

    async def _remember(
        self, change: Change, outcome: Outcome, known: Mapping[str, Record], now: datetime
    ) -> None:
        """Records, events and what is to be announced, in the caller's transaction."""
        await change.put_records(
            self._source.name, [(record, next_due(record, now, self._policy)) for record in outcome.records]
        )
        new = [event for event in outcome.events if await change.add_event(self._source.name, event)]
        if new:
            records = {**known, **{record.id: record for record in outcome.records}}
            names = await self._names(outcome.records) if self._announcer.filters else Names({}, {})
            await self._announcer.tell(change, new, records, names, now)

    async def _names(self, records: Iterable[Record]) -> Names:
        """The names that filters may mean: those that are stored, and those that this transaction brings."""
        stored = await self._store.names()
        brought = names_of(stored, records)
        teams, incubators = dict(stored.teams), dict(stored.incubators)
        for posting in (record.posting for record in records if record.posting is not None):
            for found, team in ((teams, posting.team), (incubators, posting.incubator)):
                if team is not None:
                    found.setdefault(team.id, (team.name, team.id))
        return Names(
            teams,
            incubators,
            tuple(dict.fromkeys((*stored.cities, *brought.cities))),
            tuple(dict.fromkeys((*stored.technologies, *brought.technologies))),
        )

    async def _reread(self, remembered: Remembered) -> Remembered:
        """Reads every file again under the present rules, which tells nothing."""
        watched, now = self._watched, self._clock()
        assert watched is not None  # noqa: S101  restored before
        assert remembered.revision is not None  # noqa: S101  it was looked at before
        records = await self._store.records(source=self._source.name)
        plan = Plan(remembered.revision)
        watched.refresh(plan, records, everything=True)
        known = {record.id: record for record in records}
        outcome = watched.decide(plan, await self._source.read(plan.blobs), known, now, baseline=False)
        reread = replace(remembered, rules=RULES)
        async with self._store.change() as change:
            await self._locked(change, remembered)
            await self._remember(change, outcome, known, now)
            await change.put_source(reread)
        _log.info("read again under new rules", source=self._source.name, changed=len(outcome.records))
        return reread

    async def _locked(self, change: Change, remembered: Remembered) -> None:
        """Makes sure that no other process followed the source meanwhile, until the transaction ends."""
        locked = await change.lock_source(self._source.name)
        if (locked.revision if locked else None) != remembered.revision:
            raise FollowedElsewhere(
                f"La source {self._source.name} est suivie par un autre processus : n’en laissez qu’un.",
                f"The source {self._source.name} is followed by another process: leave only one.",
            )

    async def _answered(self, remembered: Remembered) -> None:
        """An idle look: only that it succeeded is remembered."""
        async with self._store.change() as change:
            await self._locked(change, remembered)
            await change.put_source(
                replace(remembered, looked_at=self._clock(), failing_since=None, error=None)
            )

    async def _failed(self, remembered: Remembered, error: SourceError) -> None:
        _log.warning("source not reached", source=self._source.name, error=error.english)
        since = remembered.failing_since or self._clock()
        async with self._store.change() as change:
            await self._locked(change, remembered)
            await change.put_source(replace(remembered, failing_since=since, error=error.english))

    async def _restored(self) -> Watched:
        """What is held of the source, made from what is stored and from the team files as they were."""
        files = await self._store.files(self._source.name)
        layout = self._source.layout
        teams: dict[Kind, dict[str, str]] = {"startup": {}, "incubator": {}}
        for path, file in files.items():
            if (slug := slug_in(path, layout.startups)) is not None:
                teams["startup"][slug] = file.blob
            elif (slug := slug_in(path, layout.incubators)) is not None:
                teams["incubator"][slug] = file.blob
        contents = await self._source.read({blob for blobs in teams.values() for blob in blobs.values()})
        startups, incubators = (
            {slug: contents.get(blob, b"") for slug, blob in blobs.items()} for blobs in teams.values()
        )
        identities = Identities(
            self._prefix,
            {path: file.id for path, file in files.items() if inside(path, layout.postings)},
            await self._store.gone_names(self._source.name),
        )
        held = await self._store.records(source=self._source.name)
        return Watched(
            policy=self._policy,
            layout=layout,
            paragraphs=Paragraphs(
                {r.id: r.posting.paragraphs for r in held if r.posting is not None and r.state is not None}
            ),
            posting_url=self._posting_url,
            identities=identities,
            blobs={path: file.blob for path, file in files.items()},
            site=Site.from_files(startups, incubators),
        )


def _teams_of(site: Site) -> list[StoredTeam]:
    """The teams as they are stored, by their titles: names and aliases are made from those when needed."""
    return [
        *(
            StoredTeam(slug, "startup", shown(f.name), f.incubator, f.name)
            for slug, f in site.startups.items()
        ),
        *(StoredTeam(slug, "incubator", shown(f.name), None, f.name) for slug, f in site.incubators.items()),
    ]
