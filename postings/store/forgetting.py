"""A person is forgotten: what names them, or the place where they alone are told something, is taken away."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.store import filing
from postings.store.pruning import take_away
from postings.store.tables import alerts, messages, moved, outbox, pacing, stopped, subscriptions


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was known of a person."""

    subscriptions: int
    """Those of the person alone, which are gone, ended ones too."""
    named: int
    """Those of channels, which stand without the person's name."""
    deliveries: int
    """Rows of the outbox for the person alone."""
    messages: int
    """Messages in a direct conversation that were kept true; they stay there, as they are."""

    @property
    def any(self) -> bool:
        """Whether anything was known."""
        return bool(self.subscriptions or self.named or self.deliveries or self.messages)


async def forget(connection: AsyncConnection, platform: str, person: str, now: datetime) -> Forgotten:
    """Forgets a person of a platform, as its places are named: `@name` on Mattermost, an id elsewhere."""
    await filing.lock(connection)
    table, place = subscriptions, f"{platform}:{person}"
    # On Slack a direct conversation has an id of its own, which the person's subscriptions there tell.
    own = select(table.c.target).where(table.c.owner == place, table.c.target.startswith("slack:D"))
    places = {place, *await connection.scalars(own)}
    alone = (
        await connection.execute(select(table.c.number, table.c.question).where(table.c.target.in_(places)))
    ).all()
    numbers = [row.number for row in alone]
    stands = (table.c.number.in_(numbers), table.c.ended_at.is_(None))
    await connection.execute(update(table).where(*stands).values(ended_at=now, question=None))
    await filing.prune(connection, {row.question for row in alone if row.question is not None})
    await take_away(connection, numbers)
    by_name = and_(table.c.target.startswith(f"{platform}:", autoescape=True), table.c.made_by == person)
    named = await connection.execute(
        update(table).where(or_(table.c.owner == place, by_name)).values(made_by=None, owner=None)
    )
    told = await connection.execute(delete(outbox).where(outbox.c.target.in_(places)))
    living = await connection.execute(delete(messages).where(messages.c.target.in_(places)))
    await connection.execute(delete(stopped).where(stopped.c.target.in_(places)))
    await connection.execute(delete(moved).where(or_(moved.c.target.in_(places), moved.c.place.in_(places))))
    await connection.execute(delete(pacing).where(pacing.c.key.in_(places)))
    about = [f"{kind}:{one}" for kind in ("stuck", "dead") for one in places]
    await connection.execute(delete(alerts).where(alerts.c.key.in_(about)))
    return Forgotten(len(numbers), named.rowcount, told.rowcount, living.rowcount)
