"""The unit of work: everything that one look changes, in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.model import Event, Record, State
from postings.store import alerts, files, holds, reads, shelving, waiting
from postings.store.bodies import put_bodies
from postings.store.codec import event_to_json, record_to_json
from postings.store.subscriptions import Subscriptions
from postings.store.tables import events, names, postings, sources
from postings.store.tables import files as _files
from postings.store.tables import teams as _teams
from postings.store.values import (
    NOTE,
    Alert,
    AlertKind,
    Delivery,
    File,
    Hold,
    Living,
    Outgoing,
    Source,
    StoredTeam,
)
from postings.store.writing import insert_new, put


class Change:
    """Writes, and the reads that they need, within the transaction of `Store.change`.

    All of it is kept when the block ends, none of it when the block raises.
    """

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self.enqueued = False
        """Whether anything was put in the outbox."""
        self.rewritten = False
        """Whether postings or teams were written."""
        self.restored_from: datetime | None = None
        """Of the source that was locked: since when what is enqueued may have been sent, as of `Source`."""
        self.subscriptions = Subscriptions(connection)

    async def lock_source(self, name: str) -> Source | None:
        """The source as it is now, which nobody else can lock or change until this transaction ends."""
        if self._connection.dialect.name == "postgresql":
            # A source that is not there yet has no row to lock.
            await self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))
        source = await reads.source(self._connection, name, lock=True)
        self.restored_from = source.restored_from if source else None
        return source

    async def records(
        self,
        states: Collection[State] | None = None,
        *,
        source: str | None = None,
        ids: Collection[str] | None = None,
    ) -> list[Record]:
        """As `Store.records`, with what this transaction has written."""
        return await reads.records(self._connection, states, source=source, ids=ids)

    async def put_source(self, source: Source) -> None:
        """Stores what is remembered of a source."""
        await put(self._connection, sources, [asdict(source)])

    async def put_files(
        self, source: str, set: Iterable[File], removed: Iterable[str], left: Mapping[str, str] | None = None
    ) -> None:
        """Stores files, and takes those `removed` away, save for paths that are stored too.

        The last file of a posting keeps leading to it (`Store.gone_names`) until the posting has one again.
        `left` names the last paths, by id, of postings whose file moved before it went.
        """
        await files.put_files(self._connection, source, set, removed, left or {})

    async def put_paragraphs(self, source: str, held: Mapping[str, Collection[str]]) -> None:
        """Stores which paragraphs some postings hold, in place of those they held."""
        await files.put_paragraphs(self._connection, source, held)

    async def put_bodies(self, source: str, read: Mapping[str, str]) -> None:
        """Stores the Markdown of some postings; what is equal already stays as it is."""
        self.rewritten = True
        await put_bodies(self._connection, source, read)

    async def put_records(self, source: str, due: Iterable[tuple[Record, datetime | None]]) -> None:
        """Stores records and their names, in few statements, each with the instant, in UTC, at which the clock alone
        may change it next.
        """
        due = list(due)
        self.rewritten = True
        await put(self._connection, postings, [_row(source, record, next_due) for record, next_due in due])
        named = [
            {"source": source, "name": name, "posting": record.id, "latest": name == record.names[-1]}
            for record, _ in due
            for name in dict.fromkeys(record.names)
        ]
        await put(self._connection, names, named)
        await shelving.put_entries(self._connection, source, [record for record, _ in due])

    async def put_teams(self, source: str, teams: Iterable[StoredTeam]) -> None:
        """Replaces the teams and incubators of a source."""
        self.rewritten = True
        await self._connection.execute(delete(_teams).where(_teams.c.source == source))
        await put(self._connection, _teams, [{"source": source, **asdict(team)} for team in teams])
        await shelving.next_generation(self._connection, source)

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

    async def enqueue(self, row: Outgoing, *, unsent: bool = False) -> bool:
        """Puts a message in the outbox; returns False, changing nothing, when its key is there already.

        One with a hold waits until that is released. `unsent`: it cannot have been sent, whatever was restored; nor
        can a note, which tells of now.
        """
        since = None if unsent or row.kind == NOTE else self.restored_from
        enqueued = await waiting.enqueue(self._connection, row, since)
        self.enqueued = self.enqueued or enqueued
        return enqueued

    async def messages(self, postings: Collection[str]) -> dict[tuple[str, str], Living]:
        """The living messages of some postings, by target and posting."""
        return await reads.messages_of(self._connection, postings)

    async def waiting(self, postings: Collection[str]) -> list[Delivery]:
        """What is still to be sent, or held, about some postings, and every digest that is: in order.

        No sending of these begins before the transaction ends.
        """
        return await waiting.about(self._connection, postings)

    async def drop(self, id: int, *, now: datetime, reason: str) -> bool:
        """Drops a row that is not sent yet; returns False, changing nothing, when it may have been."""
        return await waiting.amend(
            self._connection, id, {"state": "dropped", "finished_at": now, "error": reason}
        )

    async def rewrite(self, id: int, payload: Mapping[str, object]) -> bool:
        """Gives a row that is not sent yet another payload; returns False when it may have been sent."""
        return await waiting.amend(self._connection, id, {"payload": dict(payload)})

    async def set_hold(self, id: int, hold: int | None) -> bool:
        """Holds a row that is not sent yet, or no longer (None); returns False when it may have been sent."""
        state = "pending" if hold is None else "held"
        return await waiting.amend(self._connection, id, {"state": state, "hold": hold})

    async def postpone(
        self,
        postings: Collection[str],
        until: datetime,
        latest: timedelta,
        leaves: Callable[[str, datetime], datetime] = lambda _, instant: instant,
    ) -> None:
        """Lets the first announcements of some postings wait until `until`, at most `latest` after they were
        made, and the digests that name them.

        `leaves(target, instant)` is the first instant at or after another at which a target may be told
        something. What is announced already, or may be, is not touched, and nothing is brought forward.
        """
        await waiting.postpone(self._connection, postings, until, latest, leaves)

    async def ready_at(self, target: str, instant: datetime) -> list[Delivery]:
        """The rows of a target that become ready at an instant, in order; none of them is being sent.

        No sending of these begins before the transaction ends.
        """
        return await waiting.ready_at(self._connection, target, instant)

    async def row(self, key: str) -> Delivery | None:
        """The row of a key, whatever became of it; nobody else changes it before the transaction ends."""
        return await waiting.of_key(self._connection, key)

    async def holds(self, source: str) -> list[Hold]:
        """The holds of a source that are not ended, by number; nobody else can end them meanwhile."""
        return await holds.held(self._connection, source)

    async def held_ends(self, source: str, instants: Collection[datetime]) -> set[datetime]:
        """Of some instants, those of looks whose closings were held and never told."""
        return await holds.untold(self._connection, source, instants)

    async def add_hold(self, hold: Hold) -> int:
        """Stores a new hold and returns its number."""
        return await holds.add(self._connection, hold)

    async def void_holds(self, source: str, now: datetime) -> list[int]:
        """Ends the holds of a source of which no row is left; returns their numbers."""
        return await holds.void(self._connection, source, now)

    async def waiting_row(self, key: str) -> Delivery | None:
        """The row of a key if it is still to be sent; its sending cannot begin before the transaction ends."""
        return await waiting.waiting_of_key(self._connection, key)

    async def alerts(self, kinds: Collection[AlertKind]) -> dict[str, Alert]:
        """What is wrong, of some kinds, by key."""
        return await alerts.of_kinds(self._connection, kinds)

    async def begin_alert(self, alert: Alert, note: Outgoing | None) -> bool:
        """Keeps what is wrong from now on, and enqueues `note`; returns False, doing neither, if it is known."""
        return await alerts.begin(self._connection, alert, note)

    async def change_alert(self, alert: Alert, note: Outgoing | None) -> None:
        """Replaces what is known to be wrong under the same key, and enqueues `note`."""
        await alerts.replace(self._connection, alert, note)

    async def end_alert(self, key: str, *, now: datetime, note: Outgoing | None) -> bool:
        """Forgets what is over; returns whether it was known.

        `note` is enqueued where somebody was told that it was wrong. Where that is not said yet, neither is said.
        """
        return await alerts.end(self._connection, key, now, note)

    async def count_open(self, source: str) -> int:
        """How many postings of a source are open."""
        query = select(func.count()).where(postings.c.source == source, postings.c.state == State.OPEN)
        return await self._connection.scalar(query) or 0

    async def lists_any(self, source: str) -> bool:
        """Whether a source has any file of a posting, as `put_files` left it."""
        here = exists().where(_files.c.source == source, _files.c.posting != "", ~_files.c.gone)
        return bool(await self._connection.scalar(select(here)))


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
        "ended_at": record.ended_at,
        "next_due": next_due,
        "record": record_to_json(record),
    }
