"""Invented records, and a catalogue that holds them in memory."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from postings.catalogue import Catalogue
from postings.dates import When
from postings.model import Contract, Domain, Event, Posting, Record, Remote, State, Team
from postings.questions.model import Names

NOW = datetime(2026, 3, 10, 13, 5, tzinfo=UTC)
PUBLIC_URL = "https://vigie.example.org"
TEAM = Team("phare", "Phare")
INCUBATOR = Team("ocean", "Incubateur de l’Océan")


def posting(posting_id: str = "2026-03-01-dev-phare", **changes: Any) -> Posting:
    """A posting with every fact that a page or an entry shows."""
    values: dict[str, Any] = {
        "id": posting_id,
        "path": f"content/_jobs/{posting_id}.md",
        "role": "Développeur web",
        "team": TEAM,
        "incubator": INCUBATOR,
        "contracts": (Contract.FREELANCE, Contract.CDD),
        "domains": (Domain.DEVELOPPEMENT,),
        "cities": ("Brest",),
        "remote": Remote.PARTIAL,
        "closes": When(day=date(2026, 4, 30)),
        "url": f"https://site.example.org/recrutement/{posting_id}.html",
        "apply_url": "https://formulaire.example.org/candidater?poste=1",
        "technologies": ("Django",),
        "summary": "Un service qui éclaire les côtes.",
        "text": "un service qui eclaire les cotes",
    }
    return Posting(**(values | changes))


def record(posting_id: str = "2026-03-01-dev-phare", **changes: Any) -> Record:
    """An open record; `posting` may be given in `changes`."""
    opened = NOW - timedelta(days=9)
    values: dict[str, Any] = {
        "id": posting_id,
        "posting": posting(posting_id),
        "state": State.OPEN,
        "openings": 1,
        "entry": 1,
        "opened_at": opened,
        "updated_at": opened,
        "names": (posting_id,),
    }
    return Record(**(values | changes))


def ended(posting_id: str, state: State | None, days_ago: float, **changes: Any) -> Record:
    """A record that stopped being open `days_ago`."""
    at = NOW - timedelta(days=days_ago)
    values: dict[str, Any] = {
        "state": state,
        "opened_at": at - timedelta(days=20),
        "ended_at": at,
        "updated_at": at,
    }
    return record(posting_id, **(values | changes))


@dataclass
class MemoryCatalogue(Catalogue):
    """What a store answers, from lists."""

    held: list[Record] = field(default_factory=list)
    history: list[Event] = field(default_factory=list)
    looked: datetime | None = NOW
    held_bodies: dict[str, str] = field(default_factory=dict)
    known: Names = field(default_factory=lambda: Names({"phare": ("Phare",)}, {"ocean": ("Océan",)}))

    async def records(self, states: Collection[State] | None = None) -> list[Record]:
        return [r for r in self.held if states is None or r.state in states]

    async def find(self, name: str) -> Record | None:
        by_id = (r for r in self.held if r.id == name)
        return next(by_id, None) or next((r for r in self.held if name in r.names), None)

    async def events(self, posting: str | None = None, limit: int = 100) -> list[Event]:
        found: Sequence[Event] = [e for e in self.history if posting in (None, e.posting)]
        return sorted(found, key=lambda e: e.at, reverse=True)[:limit]

    async def bodies(self, ids: Collection[str]) -> Mapping[str, str]:
        return {id: self.held_bodies[id] for id in ids if id in self.held_bodies}

    async def names(self) -> Names:
        return self.known

    async def last_look(self) -> datetime | None:
        return self.looked
