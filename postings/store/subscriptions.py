"""Subscriptions: what is announced in a place because somebody there asked for it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.model import Record
from postings.questions.model import Names
from postings.questions.renamed import words_of
from postings.store import filing, reads
from postings.store.tables import subscriptions as table
from postings.store.types import storable
from postings.store.writing import chunks

_COLUMNS = (
    table.c.number,
    table.c.target,
    table.c.text,
    table.c.language,
    table.c.made_at,
    table.c.made_by,
    table.c.owner,
    table.c.ended_at,
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a place asked to be told of. It is told of every kind of event of the postings that answer."""

    number: int
    """What people call it by; 0 before it is stored."""
    target: str
    """The place: `platform:place`, as the configuration names channels."""
    text: str
    """The question, as it was typed."""
    language: str
    """That of who asked: "fr" or "en"."""
    made_at: datetime
    """In UTC."""
    made_by: str | None = None
    """Who asked, as the platform names people; None where that is not known."""
    owner: str | None = None
    """The place where that person alone is told, `platform:place`: of what is wrong with `target`."""
    ended_at: datetime | None = None
    """When it was ended, in UTC; None while it stands."""


class Subscriptions:
    """The subscriptions, within one transaction of `Store.change`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def any(self) -> bool:
        """Whether any stands."""
        return await filing.any_filed(self._connection)

    async def add(self, new: Sequence[Subscription], now: datetime) -> list[int]:
        """Stores new subscriptions; returns their numbers, in their order.

        One that asks the same question in the same place as one that stands is that one.
        """
        names = await filing.understood(self._connection, await reads.names_known(self._connection), now)
        questions = await filing.filed(self._connection, (storable(s.text) for s in new), names, now)
        standing = await self._asking({s.target for s in new})
        rows: dict[tuple[str, int], dict[str, object]] = {}
        for one in new:
            place = (one.target, questions[storable(one.text)])
            if place not in standing:
                rows.setdefault(
                    place,
                    {
                        "target": one.target,
                        "text": one.text,
                        "words": words_of(one.text),
                        "language": one.language,
                        "made_at": one.made_at,
                        "made_by": one.made_by,
                        "owner": one.owner,
                        "question": place[1],
                    },
                )
        if rows:
            await self._connection.execute(insert(table), list(rows.values()))
            standing = await self._asking({s.target for s in new})
        return [standing[one.target, questions[storable(one.text)]] for one in new]

    async def end(self, number: int, now: datetime) -> bool:
        """Ends a subscription; returns False, changing nothing, when there is none or it has ended."""
        await filing.lock(self._connection)
        mine = (table.c.number == number, table.c.ended_at.is_(None))
        question = await self._connection.scalar(select(table.c.question).where(*mine))
        if question is None:
            return False
        await self._connection.execute(update(table).where(*mine).values(ended_at=now, question=None))
        await filing.prune(self._connection, [question])
        return True

    async def understood(self, names: Names, now: datetime) -> Names:
        """The names that questions are understood with from now on: all that were ever known, and `names`."""
        return await filing.understood(self._connection, names, now)

    async def asking(self, record: Record, names: Names, now: datetime) -> set[str]:
        """The targets of the subscriptions whose questions a posting answers at `now`.

        `names` are those that `understood` returned in this transaction.
        """
        targets: set[str] = set()
        for some in chunks(await filing.answered(self._connection, record, names, now)):
            query = select(table.c.target).where(table.c.question.in_(some)).distinct()
            targets.update(await self._connection.scalars(query))
        return targets

    async def standing(self, targets: Collection[str]) -> dict[str, bool]:
        """Of some targets those that ever had a subscription, or an owner of one, and whether one stands."""
        return await standing(self._connection, targets)

    async def all(self, *, target: str | None = None) -> list[Subscription]:
        """Those that stand, by number; of one target when given."""
        return await subscriptions(self._connection, target=target)

    async def _asking(self, targets: Collection[str]) -> dict[tuple[str, int], int]:
        """The numbers of what stands in some targets, by target and question."""
        found: dict[tuple[str, int], int] = {}
        for some in chunks(targets):
            query = select(table.c.target, table.c.question, table.c.number).where(
                table.c.target.in_(some), table.c.ended_at.is_(None)
            )
            found |= {(row.target, row.question): row.number for row in await self._connection.execute(query)}
        return found


async def subscriptions(
    connection: AsyncConnection, *, target: str | None = None, ended: bool = False
) -> list[Subscription]:
    """As `Subscriptions.all`; with `ended` all there ever were."""
    query = select(*_COLUMNS).order_by(table.c.number)
    if target is not None:
        query = query.where(table.c.target == target)
    # Of some that ended only the number is left (pruning.py).
    query = query.where(table.c.target != "" if ended else table.c.ended_at.is_(None))
    return [Subscription(**row._mapping) for row in await connection.execute(query)]


async def standing(connection: AsyncConnection, targets: Collection[str]) -> dict[str, bool]:
    """As `Subscriptions.standing`."""
    found: dict[str, bool] = {}
    stands = func.count(table.c.number).filter(table.c.ended_at.is_(None)) > 0
    for some in chunks(targets):
        for place in (table.c.target, table.c.owner):
            query = select(place, stands).where(place.in_(some)).group_by(place)
            for target, now in await connection.execute(query):
                found[target] = found.get(target, False) or bool(now)
    return found
