"""One invented posting, and events about it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from postings.dates import When
from postings.model import (
    Change,
    Contract,
    Domain,
    Event,
    EventKind,
    Posting,
    Record,
    Remote,
    State,
    Team,
)

NBSP = "\u00a0"
TEAM = Team("exemple-utile", "Exemple utile")
HOST = Team("fabrique", "Fabrique des exemples")
OPENED = datetime(2022, 2, 1, 9, 30, tzinfo=UTC)
CLOSES = date(2022, 2, 23)


def posting(**fields: Any) -> Posting:
    given: dict[str, Any] = {
        "id": "2022-02-01-dev-exemple",
        "path": "content/_jobs/2022-02-01-dev-exemple.md",
        "role": "Développeuse ou développeur web",
        "team": TEAM,
        "host": HOST,
        "incubator": HOST,
        "contracts": (Contract.FREELANCE, Contract.CDD),
        "domains": (Domain.DEVELOPPEMENT,),
        "cities": ("Paris",),
        "remote": Remote.PARTIAL,
        "opens": When(day=date(2022, 2, 1)),
        "opens_written": True,
        "closes": When(day=CLOSES),
        "url": "https://offres.example.org/dev.html",
        "apply_url": "mailto:equipe-exemple@example.org",
        "summary": "Nous cherchons quelqu’un pour construire un service utile.",
    }
    return Posting(**{**given, **fields})


def record(state: State | None = State.OPEN, *, read: Posting | None = None, **fields: Any) -> Record:
    read = read or posting()
    given: dict[str, Any] = {
        "id": read.id,
        "posting": read,
        "state": state,
        "openings": 1,
        "opened_at": OPENED,
    }
    return Record(**{**given, **fields})


def event(kind: EventKind, at: datetime = OPENED, **fields: Any) -> Event:
    given: dict[str, Any] = {
        "id": f"{kind}-1",
        "kind": kind,
        "posting": "2022-02-01-dev-exemple",
        "at": at,
        "state": State.OPEN,
        "previous_state": None,
        "role": "Développeuse ou développeur web",
        "team": TEAM,
        "opening": 1,
    }
    return Event(**{**given, **fields})


def updated(*changes: Change, at: datetime = OPENED) -> Event:
    return event(EventKind.UPDATED, at, previous_state=State.OPEN, changes=changes)
