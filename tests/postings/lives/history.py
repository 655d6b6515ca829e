"""A repository that lives, and a follower that looks at it: what a test of a life is written with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

from postings.lifecycle import Policy, next_due
from postings.model import Event, Posting, State
from postings.sources.git import GitSource
from tests.followers import Follower
from tests.repositories import START, Repository, posting_file

OPEN, CLOSED = posting_file("open: true"), posting_file("open: false")
BROKEN = b"\n" + OPEN
"""Its first line is not `---`: no posting, though all of it can be read."""
OTHER = b"---\nroles: Designer\nstartup: autre\nopen: true\n---\n\nDessinez un service en ligne.\n"
"""An open posting that shares next to nothing with the others."""
LONG = "\n\n".join(f"Paragraphe {n} de la fiche, qui dit quelque chose d’utile." for n in range(12))

Told = list[tuple[str, str]]


def long(*lines: str, end: str = "", team: str = "exemple") -> bytes:
    """A posting with enough text for git to recognise it after an edit."""
    return posting_file(*lines, body=f"{LONG}\n\n{end}", team=team)


class History:
    """Commits that are a day apart unless told otherwise, and looks at them."""

    def __init__(self, folder: Path, policy: Policy | None = None) -> None:
        self.folder = folder
        self.repository = Repository(folder / "site")
        self.now = START
        self.follower = Follower(self.source(), policy)

    def source(self, address: Path | str | None = None, mirror: str = "mirror") -> GitSource:
        """The repository, or another address, as a source with a mirror of its own."""
        return GitSource("site", str(address or self.repository.path), self.folder / mirror)

    @property
    def told(self) -> list[Event]:
        """All that was told."""
        return self.follower.told

    def write(
        self,
        files: Mapping[str, bytes | None] | None = None,
        *,
        renames: Mapping[str, str] | None = None,
        **later: float,
    ) -> str:
        """Commits without a look; `later` is a timedelta (`hours=2`)."""
        self.now += timedelta(**(later or {"days": 1}))
        return self.repository.commit(files, renames=renames, at=self.now)

    async def change(
        self,
        files: Mapping[str, bytes | None] | None = None,
        *,
        renames: Mapping[str, str] | None = None,
        **later: float,
    ) -> Told:
        """Commits and looks: what was told, sorted."""
        self.write(files, renames=renames, **later)
        return await self.look()

    async def look(self) -> Told:
        """Looks now: what was told, sorted."""
        return sorted(await self.follower.look(self.now))

    async def wait(self, until: datetime) -> list[tuple[str, str, datetime]]:
        """Lets the clock alone run, from due instant to due instant: kind, posting and instant."""
        found: list[Event] = []
        while True:
            dues = {
                id: due
                for id, record in self.follower.records.items()
                if (due := next_due(record, self.now, self.follower.policy)) is not None and due <= until
            }
            if not dues:
                break
            self.now = min(dues.values())
            found += self._tick({id for id, due in dues.items() if due == self.now})
        self.now = until
        return [(str(event.kind), event.posting, event.at) for event in found]

    def wake(self, at: datetime) -> Told:
        """The clock is looked at once, after a long sleep: what was told, sorted."""
        self.now = at
        return sorted((str(event.kind), event.posting) for event in self._tick(set(self.follower.records)))

    def posting(self, id: str) -> Posting:
        """The last good reading of a posting."""
        posting = self.follower.records[id].posting
        assert posting is not None
        return posting

    def state(self, id: str) -> State | None:
        """The state that is stored."""
        return self.follower.records[id].state

    def _tick(self, ids: set[str]) -> tuple[Event, ...]:
        outcome = self.follower.watched.tick([self.follower.records[id] for id in sorted(ids)], self.now)
        self.follower.records |= {record.id: record for record in outcome.records}
        self.follower.told += outcome.events
        return outcome.events
