"""The shelf of a store: kept in memory, brought up to date with what was written since it was last asked.

A source's generation is counted up in the transaction that writes its postings or teams; the row stays locked until
that ends, so that whoever has read a generation has seen all that is of it or before.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, cast

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.catalogue import Answers
from postings.model import Record
from postings.questions import search
from postings.questions.entry import RULES, Entry, entry
from postings.questions.model import Names, Question
from postings.questions.shelf import Held, Phrases, Shelf, phrases_of
from postings.store import reads
from postings.store.codec import Json, record_from_json
from postings.store.tables import generations, postings, shelf
from postings.store.writing import chunks, insert, put

_AT_ONCE = 2_000
_SPARE = 1_000
_AT_HAND = 100
"""Records that are kept when they are asked for together: a page of an answer, not all that is exported."""
_RECORDS = 1_000
"""Records that are kept in all, those asked for last."""


async def next_generation(connection: AsyncConnection, source: str) -> int:
    """Counts a source's generation up, and keeps others from doing so until the transaction ends."""
    statement = insert(connection.dialect.name, generations).values(source=source, number=1)
    counted = statement.on_conflict_do_update(
        index_elements=["source"], set_={"number": generations.c.number + 1}
    ).returning(generations.c.number)
    return cast(int, await connection.scalar(counted))


async def put_entries(connection: AsyncConnection, source: str, records: Sequence[Record]) -> None:
    """Writes what some records answer to, in a generation of their own."""
    if not records:
        return
    generation = await next_generation(connection, source)
    await put(connection, shelf, [_row(source, generation, record) for record in records])


def _row(source: str, generation: int, record: Record) -> dict[str, object]:
    made = entry(record)
    facts = made and {"keys": made.keys, "opened": made.opened, "closes": made.closes}
    return {
        "posting": record.id,
        "source": source,
        "generation": generation,
        "rules": RULES,
        "entry": facts,
        "text": made.text if made else "",
    }


class Shelving:
    """The shelf and the names of one store, as they were when a question last came."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()
        self._shelf = Shelf()
        self._seen: dict[str, int] = {}
        self._loaded = False
        self._texts: dict[str, str] = {}
        self._names: tuple[dict[str, int], Names] | None = None
        self._records: dict[str, Record] = {}
        self._beat: object = None

    async def prepare(self, connection: AsyncConnection) -> None:
        """Reads what is on the shelf, and the names."""
        async with self._lock:
            await self._refresh(connection)
        await self.names(connection)

    async def names(self, connection: AsyncConnection) -> Names:
        """The names that are known: the same object as long as nothing was written."""
        current = await generations_of(connection)
        if self._names is None or self._names[0] != current:
            names = await reads.names_known(connection)
            same = self._names is not None and self._names[1] == names
            self._names = current, self._names[1] if same and self._names else names
        return self._names[1]

    def known(
        self, beat: object, question: Question, now: datetime, *, start: int, limit: int
    ) -> Answers | None:
        """What `answers` gives, where memory alone tells it as of a beat of the store; else None."""
        if not self._tells(beat, [question]):
            return None
        total, ids = self._shelf.page(question, now, {}, start=start, limit=limit)
        if not all(id in self._records for id in ids):
            return None
        return Answers(total, self._kept(ids))

    def known_counts(self, beat: object, questions: Sequence[Question], now: datetime) -> list[int] | None:
        """What `counts` gives, where memory alone tells it as of a beat of the store; else None."""
        if not self._tells(beat, questions):
            return None
        return [self._shelf.count(question, now, {}) for question in questions]

    async def answers(
        self,
        connection: AsyncConnection,
        question: Question,
        now: datetime,
        *,
        start: int,
        limit: int,
        beat: object,
    ) -> Answers:
        """How many postings answer, and some of them; `beat` is that of the store before the connection was used."""
        async with self._lock:
            await self._refresh(connection, beat)
            held = await self._held(connection, question)
            total, ids = self._shelf.page(question, now, held, start=start, limit=limit)
            if len(ids) <= _AT_HAND:
                unread = [id for id in ids if id not in self._records]
                self._records |= {record.id: record for record in await reads.records(connection, ids=unread)}
                return Answers(total, self._kept(ids))
        found = {record.id: record for record in await reads.records(connection, ids=ids)}
        return Answers(total, [found[id] for id in ids if id in found])

    async def counts(
        self, connection: AsyncConnection, questions: Sequence[Question], now: datetime, *, beat: object
    ) -> list[int]:
        """How many postings answer each question; `beat` is that of the store before the connection was used."""
        async with self._lock:
            await self._refresh(connection, beat)
            return [
                self._shelf.count(question, now, await self._held(connection, question))
                for question in questions
            ]

    async def shared(
        self, connection: AsyncConnection, question: Question, now: datetime, keys: Iterable[str]
    ) -> tuple[int, Counter[str]]:
        """How many postings answer, and how many of these have each of some keys."""
        async with self._lock:
            await self._refresh(connection)
            held = await self._held(connection, question)
            return self._shelf.count(question, now, held), self._shelf.shared(question, now, held, keys)

    def _tells(self, beat: object, questions: Iterable[Question]) -> bool:
        """Whether the shelf is as of a beat, and holds all that decides: the texts of phrases are in the database."""
        if beat is None or beat != self._beat:
            return False
        return not any(phrases_of(question) for question in questions)

    def _kept(self, ids: Iterable[str]) -> list[Record]:
        """Of some postings the records that are at hand, and from now on those asked for last."""
        found = {id: self._records.pop(id) for id in ids if id in self._records}
        self._records |= found
        for id in list(islice(self._records, max(len(self._records) - _RECORDS, 0))):
            del self._records[id]
        return list(found.values())

    async def _refresh(self, connection: AsyncConnection, beat: object = None) -> None:
        current = await generations_of(connection)
        if not self._loaded or current != self._seen:
            self._beat = None  # nobody looks at the shelf while it changes
            await self._read(connection, current)
        if beat is not None:
            self._beat = beat

    async def _read(self, connection: AsyncConnection, current: dict[str, int]) -> None:
        if self._shelf.dead > len(self._shelf) + _SPARE:
            self._shelf, self._seen, self._loaded, self._texts = Shelf(), {}, False, {}
        outdated = await self._put_rows(connection, newer(self._seen, current))
        if not self._loaded:
            outdated += await _unshelved(connection)
        for some in chunks(outdated, _AT_ONCE):
            await self._put_made(connection, some)
        self._seen, self._loaded = current, True

    async def _put_rows(self, connection: AsyncConnection, which: ColumnElement[bool]) -> list[str]:
        """Puts rows on the shelf; returns the ids of those of other rules, which must be made from the record."""
        outdated: list[str] = []
        query = select(shelf.c.posting, shelf.c.rules, shelf.c.entry, shelf.c.text).where(which)
        result = await connection.stream(query)
        async for rows in result.partitions(_AT_ONCE):
            for row in rows:
                self._records.pop(row.posting, None)
            outdated += [row.posting for row in rows if row.rules != RULES]
            entries = [
                (row.posting, _entry(row.posting, row.entry, row.text)) for row in rows if row.rules == RULES
            ]
            await asyncio.to_thread(self._shelf.put, entries)
        return outdated

    async def _put_made(self, connection: AsyncConnection, ids: Collection[str]) -> None:
        found = await connection.scalars(select(postings.c.record).where(postings.c.id.in_(ids)))
        made = [
            (record.id, entry(record)) for record in (record_from_json(cast(Json, data)) for data in found)
        ]
        self._texts.update((id, one.text) for id, one in made if one)
        self._shelf.put(made)

    async def _held(self, connection: AsyncConnection, question: Question) -> Phrases:
        """Which of the candidates hold the phrases of a question."""
        found = {}
        for phrase, ids in self._shelf.candidates(question).items():
            texts = {id: self._texts[id] for id in ids if id in self._texts}
            for some in chunks(id for id in ids if id not in texts):
                rows = await connection.execute(
                    select(shelf.c.posting, shelf.c.text).where(shelf.c.posting.in_(some))
                )
                texts |= {row.posting: row.text for row in rows}
            found[phrase] = _holding(texts.items(), phrase.split())
        return found


def _holding(texts: Iterable[tuple[str, str]], wanted: Sequence[str]) -> Held:
    holding = [(id, text) for id, text in texts if search.holds_phrase(text, wanted)]
    head = [id for id, text in holding if search.holds_phrase(text.partition("|")[0], wanted)]
    return Held([id for id, _ in holding], head)


def _entry(id: str, facts: Any, text: str) -> Entry | None:
    return facts and Entry(id, tuple(facts["keys"]), facts["opened"], facts["closes"], text)


async def generations_of(connection: AsyncConnection) -> dict[str, int]:
    """How often the postings or teams of each source were written."""
    rows = await connection.execute(select(generations.c.source, generations.c.number))
    return {row.source: row.number for row in rows}


def newer(seen: Mapping[str, int], current: Mapping[str, int]) -> ColumnElement[bool]:
    """Of the rows of the shelf, those of later generations than were seen."""
    return or_(
        *(
            and_(shelf.c.source == source, shelf.c.generation > seen.get(source, 0))
            for source, number in current.items()
            if number != seen.get(source, 0)
        ),
        false(),
    )


async def _unshelved(connection: AsyncConnection) -> list[str]:
    """The ids of the postings that were written before there was a shelf."""
    query = (
        select(postings.c.id)
        .join(shelf, shelf.c.posting == postings.c.id, isouter=True)
        .where(shelf.c.posting.is_(None))
    )
    return list(await connection.scalars(query))
