"""One posting as it lives: decided on again and again, at instants that the test gives."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from postings.dates import PARIS, When
from postings.lifecycle import Gone, Policy, Present, Unreadable, decide, next_due
from postings.model import Contract, Event, EventKind, Posting, Record, State, Team

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
NOON = datetime(2024, 5, 14, 10, 0, tzinfo=UTC)
"""A Tuesday, noon in Paris."""
PATH = "content/_jobs/2024-05-14-exemple.md"
BASE = Posting(
    id="2024-05-14-exemple",
    path=PATH,
    role="Développeuse web",
    team=Team("exemple", "Exemple"),
    contracts=(Contract.CDD,),
    open=True,
    url="https://example.org/recrutement/2024/05/14/exemple.html",
)


def posting(**facts: object) -> Posting:
    """A posting that says `open: true`, save for `facts`."""
    return replace(BASE, **facts)  # type: ignore[arg-type]


def on(year: int, month: int, day: int) -> When:
    """A whole day."""
    return When(day=date(year, month, day))


def paris(year: int, month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """An instant, in UTC, by the clocks of Paris."""
    return datetime(year, month, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


class Life:
    """The record of a posting and all that was told of it."""

    def __init__(self, policy: Policy | None = None, id: str = BASE.id) -> None:
        self.policy = policy or Policy()
        self.id = id
        self.record: Record | None = None
        self.told: list[Event] = []

    def see(self, at: datetime, *, baseline: bool = False, rules: bool = False, **facts: Any) -> list[Event]:
        """The file says `facts`; with `rules` only Vigie's rules made it say something else."""
        return self._decide(Present(posting(**facts), changed=not rules), at, baseline=baseline)

    def break_(self, at: datetime, *, closes: bool = False) -> list[Event]:
        """The file can no longer be read; with `closes` it still says `open: false`."""
        return self._decide(Unreadable(PATH, closes=closes), at)

    def delete(self, at: datetime) -> list[Event]:
        """The file is deleted."""
        return self._decide(Gone(), at)

    def wait(self, until: datetime) -> list[Event]:
        """From due instant to due instant, as the watcher's schedule does."""
        found: list[Event] = []
        now = datetime.min.replace(tzinfo=UTC)
        while self.record is not None:
            due = next_due(self.record, now, self.policy)
            if due is None or due > until:
                break
            now = due
            found += self._decide(None, due)
        return found

    def wake(self, at: datetime) -> list[Event]:
        """The clock is looked at once, after an outage."""
        return self._decide(None, at)

    def state(self) -> State | None:
        """The present state."""
        assert self.record is not None
        return self.record.state

    def _decide(
        self, seen: Present | Unreadable | Gone | None, at: datetime, *, baseline: bool = False
    ) -> list[Event]:
        self.record, found = decide(self.record, seen, at, id=self.id, policy=self.policy, baseline=baseline)
        self.told += found
        return list(found)


def kinds(events: list[Event]) -> list[EventKind]:
    """What was told, in order."""
    return [event.kind for event in events]
