"""One source, watched: looks at it, decides what happened, remembers and enqueues it in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

import structlog

from bot.announcing.announcer import Announcer, Found
from bot.announcing.corrections import correct
from bot.staff.staff import Staff
from bot.watching.memory import Memory
from postings.errors import SourceError, SourceRefused, StoreError
from postings.lifecycle import Policy, next_due
from postings.model import Event, Record, State
from postings.questions.model import Names
from postings.reading.reader import RULES
from postings.reading.site import Site, shown
from postings.sources.base import Look, Source
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
        staff: Staff | None = None,
    ) -> None:
        self._store = store
        self._source = source
        self._announcer = announcer
        self._address = address
        self._policy = policy
        self._clock = clock
        self._staff = staff
        prefix = "" if first else f"{source.name}:"
        self._memory = Memory(store, source, prefix=prefix, policy=policy, posting_url=posting_url)

    @property
    def name(self) -> str:
        """The source's name."""
        return self._source.name

    async def look(self) -> bool:
        """Looks once, then lets the clock do what is due; returns whether the source could be looked at.

        A source that fails is remembered as failing and raises nothing; what the clock does goes on.
        """
        remembered = await self._store.source(self._source.name) or Remembered(
            self._source.name, self._address
        )
        try:
            look = await self._source.look(remembered.revision)
            if remembered.rules not in {None, RULES}:
                remembered = await self._reread(remembered)
            if look is not None:
                await self._follow(remembered, look)
            else:
                await self._answered(remembered)
        except SourceError as error:
            self.forget()
            await self._failed(remembered, error)
            await self.tick()
            return False
        except BaseException:
            self.forget()
            raise
        await self.tick()
        if remembered.restored_from is not None:
            await self._caught_up()
        return True

    async def tick(self) -> None:
        """Lets the clock do what is due by now to the postings of this source."""
        now = self._clock()
        due = [record for source, record in await self._store.due(now) if source == self._source.name]
        if not due:
            return
        outcome = Watched(policy=self._policy).tick(due, now)
        async with self._store.change() as change:
            # Decided again on what is stored now, under the lock: another process may have been faster.
            await change.lock_source(self._source.name)
            fresh = await change.records(ids=[record.id for record in due])
            if {r.id: r for r in fresh} != {r.id: r for r in due}:
                return
            new = await self._remember(change, outcome, {r.id: r for r in due}, now)
        self._tell(new)

    def forget(self) -> None:
        """What is held may be half-followed, or of the past: it is made anew from what is stored."""
        self._memory.forget()

    async def _follow(self, remembered: Remembered, look: Look) -> None:
        now = self._clock()
        watched, contents = await self._memory.restored(look, remembered.revision)
        site = watched.site
        plan = watched.follow(look)
        contents |= await self._read({blob for blob in plan.site.values() if blob} - contents.keys())
        renamed = site != site.replace(
            {key: contents.get(blob, b"") if blob else None for key, blob in plan.site.items()}
        )
        if renamed:
            records = await self._store.records(source=self._source.name)
            watched.refresh(plan, records, everything=False)
        else:
            records = await self._store.records(ids=list(plan.ids))
        known = {record.id: record for record in records}
        contents |= await self._read(plan.blobs - contents.keys())
        await self._memory.learn_paragraphs(watched, plan, contents)
        baseline = remembered.baseline_at is None
        outcome = watched.decide(plan, contents, known, now, baseline=baseline)
        async with self._store.change() as change:
            await self._locked(change, remembered)
            await change.put_files(
                self._source.name,
                (
                    File(p, watched.identities.live.get(p, ""), b)
                    for p, b in outcome.files.items()
                    if b is not None
                ),
                [path for path, blob in outcome.files.items() if blob is None],
                watched.identities.left,
            )
            new = await self._remember(
                change,
                outcome,
                known,
                now,
                look.revision,
                watched.changed(plan) & known.keys(),
                baseline=baseline,
            )
            told = {event.posting for event in outcome.events}
            silent = [
                (known[record.id], record)
                for record in outcome.records
                if record.id in plan.ids and record.id in known and record.id not in told
            ]
            writing = self._clock()
            await correct(change, self._source.name, silent, revision=look.revision, now=writing)
            await self._announcer.settle(change, plan.ids, writing)
            if baseline:
                opened = sum(record.state is State.OPEN for record in outcome.records)
                broken = len(outcome.broken)
                await self._announcer.baseline(change, self._source.name, opened, writing, broken)
            await change.put_paragraphs(self._source.name, outcome.paragraphs)
            await change.put_bodies(self._source.name, outcome.bodies)
            if renamed:
                await change.put_teams(self._source.name, _teams_of(watched.site))
            await change.put_source(
                replace(
                    remembered.answering(now),
                    address=self._address,
                    revision=look.revision,
                    rules=RULES,
                    baseline_at=remembered.baseline_at or now,
                )
            )
        self._memory.keep(watched, look.revision, renamed=renamed)
        self._tell(new)
        if baseline:
            _log.info("baseline taken, nothing announced", source=self._source.name, open=opened)
        else:
            _log.info("looked", source=self._source.name, revision=look.revision, events=len(outcome.events))

    async def _remember(
        self,
        change: Change,
        outcome: Outcome,
        known: Mapping[str, Record],
        now: datetime,
        revision: str | None = None,
        changed: Collection[str] = (),
        *,
        baseline: bool = False,
    ) -> list[Event]:
        """Records, events and what is to be announced, in the caller's transaction; returns the events that are new.

        `now` is the instant of which it was decided; `revision` is the one that a look found, None where files did
        not change; `changed` are known postings whose own files did.
        """
        await change.put_records(
            self._source.name, [(record, next_due(record, now, self._policy)) for record in outcome.records]
        )
        # Deciding took a while, in which another process may have told the staff of something: what is told from
        # here on comes after that.
        writing = self._clock()
        new = [event for event in outcome.events if await change.add_event(self._source.name, event)]
        asked = self._announcer.filters or ((new or changed) and await change.subscriptions.any())
        if new or (changed and asked):
            records = {**known, **{record.id: record for record in outcome.records}}
            names = await self._memory.names(outcome.records) if asked else Names({}, {})
            await self._announcer.tell(
                change, Found(self._source.name, new, known, records, names, revision, changed), writing
            )
        if self._staff is not None:
            if new:
                await self._staff.stale(change, new, records, writing)
            await self._staff.broken(change, outcome.broken, outcome.records, writing, baseline=baseline)
        return new

    def _tell(self, events: Iterable[Event]) -> None:
        """Logs what happened, by the id with which the keys of the outbox begin."""
        for event in events:
            _log.info(
                "happened", id=event.id, kind=event.kind, posting=event.posting, source=self._source.name
            )

    async def _read(self, blobs: Collection[str]) -> Mapping[str, bytes]:
        return await self._source.read(blobs) if blobs else {}

    async def _reread(self, remembered: Remembered) -> Remembered:
        """Reads every file again under the present rules, which tells nothing."""
        assert remembered.revision is not None  # noqa: S101  it was looked at before
        now = self._clock()
        watched, _ = await self._memory.restored(None, remembered.revision)
        records = await self._store.records(source=self._source.name)
        plan = Plan(remembered.revision)
        watched.refresh(plan, records, everything=True)
        contents = await self._source.read(plan.blobs)
        await self._memory.learn_paragraphs(watched, plan, contents)
        known = {record.id: record for record in records}
        outcome = watched.decide(plan, contents, known, now, baseline=False)
        reread = replace(remembered, rules=RULES)
        async with self._store.change() as change:
            await self._locked(change, remembered)
            await self._remember(change, outcome, known, now)
            await change.put_paragraphs(self._source.name, outcome.paragraphs)
            await change.put_bodies(self._source.name, outcome.bodies)
            await change.put_source(reread)
        self._memory.keep(watched, remembered.revision)
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
            await change.put_source(remembered.answering(self._clock()))

    async def _caught_up(self) -> None:
        """What happened since the backup that was restored is known now: what comes is new."""
        async with self._store.change() as change:
            source = await change.lock_source(self._source.name)
            if source is not None:
                await change.put_source(replace(source, restored_from=None))
        _log.info("caught up after a restore", source=self._source.name)

    async def _failed(self, remembered: Remembered, error: SourceError) -> None:
        _log.warning("source not reached", source=self._source.name, error=error.english)
        since = remembered.failing_since or self._clock()
        async with self._store.change() as change:
            await self._locked(change, remembered)
            await change.put_source(
                replace(
                    remembered,
                    failing_since=since,
                    error=error.english,
                    error_french=str(error),
                    refused=isinstance(error, SourceRefused),
                )
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
