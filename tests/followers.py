"""A source followed from look to look, as the watcher does it, with what it remembers kept in memory."""

from __future__ import annotations

from datetime import UTC, datetime

from postings.identity import Identities
from postings.lifecycle import Policy
from postings.model import Event, Record, State
from postings.reading.shared import Paragraphs
from postings.sources.base import Look, Source
from postings.watched import Watched


class Follower:
    """The records of a source, and what was told of them."""

    def __init__(self, source: Source, policy: Policy | None = None) -> None:
        self.source = source
        self.policy = policy or Policy(closing_notice=())
        self.watched = Watched(policy=self.policy, layout=source.layout)
        self.records: dict[str, Record] = {}
        self.revision: str | None = None
        self.told: list[Event] = []

    async def look(self, at: datetime | None = None) -> list[tuple[str, str]]:
        """Looks once, at the revision's own instant unless told otherwise; what was told: kind and posting."""
        look = await self.source.look(self.revision)
        return [] if look is None else await self.follow(look, at)

    async def follow(self, look: Look, at: datetime | None = None) -> list[tuple[str, str]]:
        """Follows what a look found."""
        plan = self.watched.follow(look)
        if plan.site:
            self.watched.refresh(plan, self.records.values(), everything=False)
        contents = await self.source.read(plan.blobs)
        first = self.revision is None
        outcome = self.watched.decide(plan, contents, self.records, at or look.at, baseline=first)
        self.records |= {record.id: record for record in outcome.records}
        self.revision = look.revision
        self.told += outcome.events
        return [(str(event.kind), event.posting) for event in outcome.events]

    def restart(self) -> None:
        """Forgets all but what is stored."""
        held, layout = self.watched, self.source.layout
        identities = Identities(live=dict(held.identities.live), gone=dict(held.identities.gone))
        paragraphs = {r.id: r.posting.paragraphs for r in self.records.values() if r.posting and r.state}
        self.watched = Watched(
            policy=self.policy,
            layout=layout,
            identities=identities,
            blobs=held.blobs,
            site=held.site,
            paragraphs=Paragraphs(paragraphs),
        )

    def present(self) -> dict[str, State | None]:
        """The states of the postings whose files exist."""
        return {
            id: r.state for id, r in sorted(self.records.items()) if r.state is not None or not r.readable
        }


LATER = datetime(2024, 4, 1, 12, 0, tzinfo=UTC)
"""Some weeks after the repositories of the tests begin."""
