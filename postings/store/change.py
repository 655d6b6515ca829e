"""The unit of work: everything that one look changes, in one transaction."""

from __future__ import annotations

import builtins
from collections.abc import Collection, Iterable
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.model import Event, Record, State
from postings.store import reads
from postings.store.codec import event_to_json, record_to_json
from postings.store.tables import events, files, names, outbox, postings, sources
from postings.store.tables import teams as _teams
from postings.store.values import Delivery, File, Living, Outgoing, Source, StoredTeam
from postings.store.writing import insert_new, put


class Change:
    """Writes, and the reads that they need, within the transaction of `Store.change`.

    All of it is kept when the block ends, none of it when the block raises.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def lock_source(self, name: str) -> Source | None:
        """The source as it is now, which nobody else can lock or change until this transaction ends."""
        if self._connection.dialect.name == "postgresql":
            # A source that is not there yet has no row to lock.
            await self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
        return await reads.source(self._connection, name, lock=True)

    async def records(
        self,
        states: Collection[State] | None = None,
        *,
        source: str | None = None,
        ids: Collection[str] | None = None,
    ) -> list[Record]:
        """As `Store.records`, with what this transaction has written."""
        return await reads.records(self._connection, states, source=source, ids=ids)

    async def message(self, target: str, posting: str) -> Living | None:
        """As `Store.message`."""
        return await reads.message(self._connection, target, posting)

    async def pending(self, posting: str) -> list[Delivery]:
        """The messages about a posting that are still to be sent, in order."""
        return await reads.pending(self._connection, posting)

    async def put_source(self, source: Source) -> None:
        """Stores what is remembered of a source."""
        await put(self._connection, sources, [asdict(source)])

    async def put_files(self, source: str, set: Iterable[File], removed: Iterable[str]) -> None:
        """Stores files, and takes those `removed` away, save for paths that are stored too.

        The last file of a posting keeps leading to it (`Store.gone_names`) until the posting has one again.
        """
        rows = [
            {"source": source, "path": f.path, "posting": f.id, "blob": f.blob, "gone": False} for f in set
        ]
        leaving = builtins.set(removed) - {row["path"] for row in rows}
        here = files.c.source == source
        await put(self._connection, files, rows)
        if leaving:
            left = update(files).where(here, files.c.path.in_(leaving)).values(gone=True)
            await self._connection.execute(left)
        other = files.alias("other")
        has_file = exists().where(other.c.source == source, other.c.posting == files.c.posting, ~other.c.gone)
        await self._connection.execute(delete(files).where(here, files.c.gone, has_file))

    async def put_record(self, source: str, record: Record, next_due: datetime | None) -> None:
        """Stores a record and its names. `next_due` is when the clock alone may change it next."""
        await self.put_records(source, [(record, next_due)])

    async def put_records(self, source: str, due: Iterable[tuple[Record, datetime | None]]) -> None:
        """Stores records, each with its next due instant, as `put_record` does, in few statements."""
        due = list(due)
        await put(self._connection, postings, [_row(source, record, next_due) for record, next_due in due])
        named = [
            {"source": source, "name": name, "posting": record.id, "latest": name == record.names[-1]}
            for record, _ in due
            for name in dict.fromkeys(record.names)
        ]
        await put(self._connection, names, named)

    async def put_teams(self, source: str, teams: Iterable[StoredTeam]) -> None:
        """Replaces the teams and incubators of a source."""
        await self._connection.execute(delete(_teams).where(_teams.c.source == source))
        await put(self._connection, _teams, [{"source": source, **asdict(team)} for team in teams])

    async def add_event(self, source: str, event: Event) -> bool:
        """Stores an event; returns False, changing nothing, when one of that id is there already."""
        row = {
            "id": event.id,
            "source": source,
            "posting": event.posting,
            "kind": event.kind,
            "at": event.at,
            "event": event_to_json(event),
        }
        return await insert_new(self._connection, events, "id", row)

    async def enqueue(self, row: Outgoing) -> bool:
        """Puts a message in the outbox; returns False, changing nothing, when its key is there already."""
        values = {
            "key": row.key,
            "target": row.target,
            "posting": row.posting,
            "kind": row.kind,
            "payload": dict(row.payload),
            "ready_at": row.ready_at,
            "created_at": row.created_at,
            "state": "pending",
            "attempts": 0,
        }
        return await insert_new(self._connection, outbox, "key", values)

    async def postpone(self, posting: str, until: datetime, latest: timedelta) -> None:
        """Lets the first announcement of a posting wait until `until`, at most `latest` after it was made.

        What is announced already, or may be, is not touched, and nothing is brought forward.
        """
        query = select(outbox.c.id, outbox.c.created_at, outbox.c.ready_at).where(*_unannounced(posting))
        for row in (await self._connection.execute(query.with_for_update())).all():
            ready_at = min(until, row.created_at + latest)
            if ready_at > row.ready_at:
                waits = update(outbox).where(outbox.c.id == row.id).values(ready_at=ready_at)
                await self._connection.execute(waits)

    async def drop_pending(self, posting: str, target: str | None = None) -> int:
        """Drops the first announcement of a posting where it is not sent yet; returns how many were.

        In one target when given. What may have been sent already is left to be settled.
        """
        where = _unannounced(posting)
        if target is not None:
            where = (*where, outbox.c.target == target)
        dropped = update(outbox).where(*where).values(state="dropped", owner=None, leased_until=None)
        return (await self._connection.execute(dropped)).rowcount


def _row(source: str, record: Record, next_due: datetime | None) -> dict[str, object]:
    posting = record.posting
    team = posting and posting.team
    incubator = posting and posting.incubator
    return {
        "id": record.id,
        "source": source,
        "state": record.state,
        "team": team and team.id,
        "team_name": team and team.name,
        "incubator": incubator and incubator.id,
        "incubator_name": incubator and incubator.name,
        "cities": posting.cities if posting else (),
        "technologies": posting.technologies if posting else (),
        "opened_at": record.opened_at,
        "next_due": next_due,
        "record": record_to_json(record),
    }


def _unannounced(posting: str) -> tuple[ColumnElement[bool], ...]:
    return (
        outbox.c.posting == posting,
        outbox.c.kind == "opened",
        outbox.c.state == "pending",
        outbox.c.unknown_since.is_(None),
    )
