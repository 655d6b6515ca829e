"""What feeds, pages and answers read: the postings as they are known now, wherever they are kept."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from postings.model import Contract, Domain, Event, EventKind, Record, State, Team
from postings.months import Month, by_month, days_open, ended_between
from postings.questions.match import select
from postings.questions.model import Names, Question


@dataclass(frozen=True, slots=True)
class Answers:
    """How many postings answer a question, and some of them in the order of an answer."""

    total: int
    records: Sequence[Record]


@dataclass(frozen=True, slots=True)
class Facets:
    """How many postings answer a question, and how many of these have each contract, domain and city."""

    total: int
    contracts: Mapping[Contract, int]
    domains: Mapping[Domain, int]
    cities: Mapping[str, int]
    """By the name as it is shown."""


@dataclass(frozen=True, slots=True)
class Changed:
    """What changed since a mark."""

    mark: object
    """To be given the next time; None where nothing is counted."""
    ids: Collection[str] | None
    """The postings that were written since; None: any may have been."""
    last_look: datetime | None
    """As `Catalogue.last_look`."""


def facets_of(records: Sequence[Record]) -> Facets:
    """What some postings have in common."""
    postings = [record.posting for record in records if record.posting]
    return Facets(
        len(records),
        Counter(contract for posting in postings for contract in posting.contracts),
        Counter(domain for posting in postings for domain in posting.domains),
        Counter(city for posting in postings for city in posting.cities),
    )


class Searched(Protocol):
    """What answers questions."""

    async def search(self, question: Question, now: datetime, *, start: int = 0, limit: int) -> Answers:
        """The postings that answer at `now`: at most `limit`, from the `start`-th on (0 is the first)."""

    async def count(self, question: Question, now: datetime) -> int:
        """How many postings answer at `now`."""
        return (await self.counts([question], now))[0]

    async def counts(self, questions: Sequence[Question], now: datetime) -> list[int]:
        """How many postings answer each of some questions at `now`, in their order."""
        return [(await self.search(question, now, limit=0)).total for question in questions]


class Catalogue(Searched, Protocol):
    """Reads of what is known. The store is one; a source read for one command is another.

    A subclass searches and counts by reading every record; the store knows better.
    """

    async def records(self, states: Collection[State] | None = None) -> list[Record]:
        """The records whose state is one of `states`; without it all, those of deleted files included."""

    async def records_of(self, ids: Collection[str]) -> list[Record]:
        """The records of some postings, by their ids; in any order."""
        return [record for record in await self.records() if record.id in ids]

    async def find(self, name: str) -> Record | None:
        """The record of a posting, by its id or by any name that its file had."""

    async def events(self, posting: str | None = None, limit: int = 100) -> list[Event]:
        """The latest events, newest first; of one posting when its id is given."""

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
        found = [
            event
            for event in await self.events(limit=sys.maxsize)
            if event.kind is not EventKind.STALE
            and (since is None or event.at >= since)
            and (before is None or event.at < before)
        ]
        return (found[::-1] if oldest else found)[:limit]

    async def bodies(self, ids: Collection[str]) -> Mapping[str, str]:
        """The Markdown after the front matter of the last good reading of some postings, by id.

        One whose file is gone keeps its last; those of which none is known are left out.
        """

    async def names(self) -> Names:
        """The names of the teams and incubators that exist, to match words of questions with."""

    async def last_look(self) -> datetime | None:
        """The instant, in UTC, of the last look at the sources that succeeded, None before the first."""

    async def search(self, question: Question, now: datetime, *, start: int = 0, limit: int) -> Answers:
        """The postings that answer at `now`: at most `limit`, from the `start`-th on (0 is the first)."""
        found = select(await self.records(question.states or tuple(State)), question, now)
        return Answers(len(found), found[start : start + limit])

    async def facets(self, question: Question, now: datetime) -> Facets:
        """What the postings that answer at `now` have in common."""
        return facets_of(select(await self.records(question.states or tuple(State)), question, now))

    def beat(self) -> object:
        """What is not the same once anything was written; None where only reading tells."""
        return None

    def by_beat(self) -> Searched:
        """What answers as long as `beat` stays the same without asking whether anything was written."""
        return self

    async def changed(self, mark: object) -> Changed:  # noqa: ARG002  the store knows better
        """What changed since a mark (None: ever)."""
        return Changed(None, None, await self.last_look())

    async def shown(self, since: datetime, ids: Collection[str] | None = None) -> list[Record]:
        """The records that are open or ended later than `since`; of some ids when given."""
        return [
            record
            for record in await self.records()
            if (record.state is State.OPEN or (record.ended_at is not None and record.ended_at > since))
            and (ids is None or record.id in ids)
        ]

    async def last_end(self, by: datetime) -> datetime | None:
        """The last instant, in UTC, up to `by` at which a posting stopped being open; None when none did."""
        ends = (record.ended_at for record in await self.records())
        return max((end for end in ends if end is not None and end <= by), default=None)

    async def teams_ever(self) -> tuple[list[Team], list[Team]]:
        """The teams and the incubators of all postings there ever were."""
        postings = [record.posting for record in await self.records() if record.posting is not None]
        return list({p.team for p in postings if p.team}), list(
            {p.incubator for p in postings if p.incubator}
        )

    async def months(self, now: datetime, count: int) -> list[Month]:
        """What opened and ended in each of the last `count` months of Paris up to `now`, the oldest first."""
        return by_month(await self.events(limit=sys.maxsize), now, count)

    async def days_open(self, since: datetime, now: datetime) -> list[float]:
        """How many days each posting that stopped being open from `since` to `now` was open the last time.

        One that is open again counts for nothing.
        """
        ids = ended_between(await self.events(limit=sys.maxsize), since, now)
        return days_open(record for record in await self.records() if record.id in ids)
