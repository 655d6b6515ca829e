"""What one command knows: the postings of a source at an instant, kept in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from postings.catalogue import Catalogue
from postings.lifecycle import Policy
from postings.model import Event, Record, State
from postings.questions.model import Names
from postings.reading.address import POSTING_URL
from postings.replay import Replay
from postings.sources.directory import DirectorySource
from postings.sources.opening import Opened
from postings.watched import Watched


class Snapshot(Catalogue):
    """A catalogue (see postings/catalogue.py) of records, events and names that do not change any more."""

    def __init__(
        self,
        records: Iterable[Record],
        events: Iterable[Event],
        names: Names,
        at: datetime,
        bodies: Mapping[str, str],
    ) -> None:
        self._records = {record.id: record for record in records}
        self._events = list(events)
        self._known = names_of(names, self._records.values())
        self._at = at
        self._bodies = bodies
        # A name that two postings had leads to the one that is still there.
        there_last = sorted(self._records.values(), key=lambda r: r.state is not None)
        self._names = {name: r.id for r in there_last for name in r.names}

    async def records(self, states: Collection[State] | None = None) -> list[Record]:
        """The records in some states; without it all."""
        return [r for r in self._records.values() if states is None or r.state in states]

    async def find(self, name: str) -> Record | None:
        """The record of an id, or of any name that its file had."""
        return self._records.get(name) or self._records.get(self._names.get(name, ""))

    async def events(self, posting: str | None = None, limit: int = 100) -> list[Event]:
        """The latest events, newest first."""
        found = [event for event in self._events if posting is None or event.posting == posting]
        return sorted(found, key=lambda e: e.at, reverse=True)[:limit]

    async def bodies(self, ids: Collection[str]) -> Mapping[str, str]:
        """The Markdown of some postings, by id."""
        return {id: self._bodies[id] for id in ids if id in self._bodies}

    async def names(self) -> Names:
        """The names of teams and incubators, with the cities and technologies of the postings."""
        return self._known

    async def last_look(self) -> datetime | None:
        """The instant of the snapshot, in UTC."""
        return self._at


def names_of(names: Names, records: Iterable[Record]) -> Names:
    """`names` with the cities and technologies that postings name."""
    postings = [r.posting for r in records if r.posting is not None]
    return replace(
        names,
        cities=tuple(dict.fromkeys(city for p in postings for city in p.cities)),
        technologies=tuple(dict.fromkeys(word for p in postings for word in p.technologies)),
    )


async def snapshot(
    opened: Opened,
    at: datetime,
    *,
    policy: Policy,
    posting_url: str = POSTING_URL,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Snapshot:
    """The postings as they were at an instant (UTC); of a history, at its last revision that is not later.

    A folder has no history: what is open there became so on the day that each posting names.
    """
    if opened.repository is not None:
        replay = Replay(
            opened.repository,
            opened.revision,
            policy=policy,
            posting_url=posting_url,
            progress=progress,
        )
        events = list(replay.events(at))
        return Snapshot(replay.known().values(), events, replay.watched.site.names(), at, replay.bodies)
    assert opened.folder is not None  # noqa: S101  one of the two is set
    source = DirectorySource("folder", opened.folder)
    look = await source.look(None)
    assert look is not None  # noqa: S101  a first look always finds the whole
    watched = Watched(policy=policy, posting_url=posting_url)
    plan = watched.follow(look)
    outcome = watched.decide(plan, await source.read(plan.blobs), {}, at, baseline=True)
    return Snapshot(outcome.records, (), watched.site.names(), at, outcome.bodies)
