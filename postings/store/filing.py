"""The questions of subscriptions, each kept once and filed under its anchors, and those that a posting answers.

Whoever files, or asks what is filed, locks the names with which the questions were understood: they are the same for
all until the transaction ends. Names that are new make only those questions be understood again that they concern.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import cast

from sqlalchemy import delete, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.model import Record
from postings.questions import canonical, renamed
from postings.questions.anchors import anchors as anchors_of
from postings.questions.anchors import bits, keys
from postings.questions.match import matches
from postings.questions.model import Names, Question
from postings.questions.parse import parse_question
from postings.store.tables import anchors, filing, questions, subscriptions
from postings.store.writing import chunks, insert_new

_SAID = "said"
"""The only key of a question that means another thing every day ("avant vendredi"): it is kept as it was typed."""
_nothing_new: list[tuple[Names, str]] = []
"""Names of which it is known that they add nothing to those of a digest, the latest last."""


async def lock(connection: AsyncConnection) -> str | None:
    """Keeps others from filing until the transaction ends; returns the digest of the names, None at first."""
    digest: str | None = await connection.scalar(select(filing.c.digest).with_for_update())
    return digest


async def understood(connection: AsyncConnection, present: Names, now: datetime) -> Names:
    """The names with which all questions are filed, after those that `present` adds are understood too."""
    digest = await lock(connection)
    if digest is None:
        told = renamed.to_json(present)
        row = {"id": 1, "digest": canonical.digest(told), "names": told, "rules": canonical.RULES}
        if await insert_new(connection, filing, "id", row):
            return _names(told)
        digest = await lock(connection)
    known = _names(cast(str, await connection.scalar(select(filing.c.names))))
    if await connection.scalar(select(filing.c.rules)) != canonical.RULES:
        await connection.execute(update(filing).values(rules=canonical.RULES))
        await _refile(connection, known, None, now)
    if any(names is present and same == digest for names, same in _nothing_new):
        return known
    names, spellings = renamed.merged(known, present)
    if spellings:
        told = renamed.to_json(names)
        digest, names = canonical.digest(told), _names(told)
        await connection.execute(update(filing).values(digest=digest, names=told))
        await _refile(connection, names, spellings, now)
    _nothing_new[:] = [*_nothing_new[-7:], (present, cast(str, digest))]
    return names


async def filed(
    connection: AsyncConnection, texts: Iterable[str], names: Names, now: datetime
) -> dict[str, int]:
    """The number of the question that each text asks, filed if it was not."""
    asked = {text: _question_of(text, names, now) for text in dict.fromkeys(texts)}
    told = {canonical.digest(question): question for question in asked.values()}
    numbers = await _numbers(connection, told)
    new = {digest: question for digest, question in told.items() if digest not in numbers}
    if new:
        meant = {digest: _meaning(question, names, now) for digest, question in new.items()}
        rows = [
            {
                "digest": digest,
                "question": question,
                "contracts": bits(meant[digest].contracts),
                "domains": bits(meant[digest].domains),
            }
            for digest, question in new.items()
        ]
        await connection.execute(insert(questions), rows)
        numbers |= await _numbers(connection, new)
        under = [
            {"anchor": anchor, "question": numbers[digest]}
            for digest, question in meant.items()
            for anchor in sorted(anchors_of(question))
        ]
        await connection.execute(insert(anchors), under)
    return {text: numbers[canonical.digest(question)] for text, question in asked.items()}


async def answered(connection: AsyncConnection, record: Record, names: Names, now: datetime) -> list[int]:
    """The questions that a posting answers at `now`, by their numbers. `names` are those of `understood`."""
    if record.posting is None:
        return []
    asked = questions.c
    contracts = asked.contracts.bitwise_and(bits(record.posting.contracts))
    domains = asked.domains.bitwise_and(bits(record.posting.domains))
    candidates: dict[int, str] = {}
    for some in chunks(sorted(keys(record))):
        query = (
            select(questions.c.number, questions.c.question)
            .join(anchors, anchors.c.question == questions.c.number)
            .where(
                anchors.c.anchor.in_(some),
                or_(asked.contracts == 0, contracts != 0),
                or_(asked.domains == 0, domains != 0),
            )
        )
        candidates |= {row.number: row.question for row in await connection.execute(query)}
    return [
        number
        for number, question in sorted(candidates.items())
        if matches(record, _meaning(question, names, now), now)
    ]


async def prune(connection: AsyncConnection, numbers: Collection[int]) -> None:
    """Forgets those of some questions that no subscription asks any more."""
    for some in chunks(numbers):
        asked = select(subscriptions.c.question).where(subscriptions.c.question.in_(some)).distinct()
        left = set(some) - set(await connection.scalars(asked))
        await connection.execute(delete(anchors).where(anchors.c.question.in_(left)))
        await connection.execute(delete(questions).where(questions.c.number.in_(left)))


async def any_filed(connection: AsyncConnection) -> bool:
    """Whether there is any question."""
    return bool(await connection.scalar(select(exists().where(questions.c.number.is_not(None)))))


async def _refile(
    connection: AsyncConnection, names: Names, spellings: Collection[str] | None, now: datetime
) -> None:
    """Understands again what `spellings` may concern; all where they are None, whatever was filed."""
    columns = (
        subscriptions.c.number,
        subscriptions.c.text,
        subscriptions.c.words,
        subscriptions.c.question,
    )
    active = (await connection.execute(select(*columns).where(subscriptions.c.ended_at.is_(None)))).all()
    again = active
    if spellings is None:
        await connection.execute(update(subscriptions).values(question=None))
        await connection.execute(delete(anchors))
        await connection.execute(delete(questions))
    else:
        concerned = renamed.concerned({row.number: row.words for row in active}, spellings)
        again = [row for row in active if row.number in concerned]
    numbers = await filed(connection, (row.text for row in again), names, now)
    moved: dict[int, list[int]] = {}
    for row in again:
        if spellings is None or row.question != numbers[row.text]:
            moved.setdefault(numbers[row.text], []).append(row.number)
    for question, some in moved.items():
        for part in chunks(some):
            mine = update(subscriptions).where(subscriptions.c.number.in_(part))
            await connection.execute(mine.values(question=question))
    await prune(connection, {row.question for row in again} - moved.keys())


async def _numbers(connection: AsyncConnection, digests: Mapping[str, str]) -> dict[str, int]:
    """The numbers of the questions that are filed, by their digests."""
    found: dict[str, int] = {}
    for some in chunks(digests):
        query = select(questions.c.digest, questions.c.number).where(questions.c.digest.in_(some))
        found |= {row.digest: row.number for row in await connection.execute(query)}
    return found


def _question_of(text: str, names: Names, now: datetime) -> str:
    """What a text asks for, as it is stored."""
    today = canonical.to_json(canonical.canonical(parse_question(text, names, now)))
    tomorrow = canonical.canonical(parse_question(text, names, now + timedelta(days=1)))
    if canonical.to_json(tomorrow) != today:
        return json.dumps({_SAID: text}, ensure_ascii=False)
    return today


def _meaning(question: str, names: Names, now: datetime) -> Question:
    """What a stored question asks for at `now`."""
    if question.startswith(f'{{"{_SAID}"'):
        return parse_question(json.loads(question)[_SAID], names, now)
    return canonical.from_json(question)


@lru_cache(maxsize=4)
def _names(told: str) -> Names:
    """Names from their JSON: the same object for the same text, since what is made of names is kept with them."""
    return renamed.from_json(told)
