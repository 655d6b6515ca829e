"""Invented rows for the store's tests, each with what a test does not care about filled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from postings.model import Event, EventKind, Posting, Record, State, Team
from postings.store import Outgoing, Source, Store
from postings.store.codec import event_to_json
from postings.store.values import DIGEST

NOON = datetime(2024, 5, 14, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
SOURCE = Source("site", "https://git.example.org/site.git", revision="r1", looked_at=NOON)


def posting(id: str, **changes: object) -> Posting:
    """A posting of the team `exemple`."""
    base = Posting(id=id, path=f"content/_jobs/{id}.md", role="Développeuse", team=Team("exemple", "Exemple"))
    return replace(base, **changes)  # type: ignore[arg-type]


def record(id: str, state: State | None = State.OPEN, **changes: object) -> Record:
    """A record whose file has had one name, its id."""
    base = Record(id=id, posting=posting(id), state=state, names=(id,))
    return replace(base, **changes)  # type: ignore[arg-type]


def opened(posting: str, at: datetime = NOON, id: str | None = None) -> Event:
    """The first opening of a posting."""
    return Event(
        id=id or f"{posting}:opened:1",
        kind=EventKind.OPENED,
        posting=posting,
        at=at,
        state=State.OPEN,
        previous_state=None,
        role="Développeuse",
        team=None,
        opening=1,
    )


def outgoing(
    key: str,
    target: str = "salon",
    *,
    ready_at: datetime = NOON,
    kind: str = "opened",
    posting: str = "a",
    first: bool = False,
    hold: int | None = None,
) -> Outgoing:
    """A message about the posting `a`, made at `NOON`."""
    return Outgoing(key, target, posting, kind, {"event": key}, ready_at, NOON, first, hold)


def digest(key: str, *postings: str, hold: int | None = None) -> Outgoing:
    """A digest that names some postings, made at `NOON`."""
    events = [event_to_json(opened(posting)) for posting in postings]
    return Outgoing(key, "salon", "", DIGEST, {"events": events}, NOON, NOON, True, hold)


async def keep(store: Store, *records: Record) -> None:
    """Stores the source and some records."""
    async with store.change() as change:
        await change.put_source(SOURCE)
        for each in records:
            await change.put_records(SOURCE.name, [(each, None)])


async def enqueue(store: Store, *rows: Outgoing) -> None:
    """Puts rows in the outbox, in order."""
    async with store.change() as change:
        for row in rows:
            assert await change.enqueue(row)
