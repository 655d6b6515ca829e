"""What is read from the database, within a transaction or without one: each function is one question."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from postings.model import Event, EventKind, Record, State
from postings.questions.model import Names
from postings.reading.site import Site
from postings.store.codec import Json, event_from_json, record_from_json
from postings.store.tables import events, messages, names, outbox, postings, sources, teams
from postings.store.values import DIGEST, Delivery, Living, Source, StoredTeam, named
from postings.store.writing import chunks


def _record(data: object) -> Record:
    return record_from_json(cast(Json, data))


async def source(connection: AsyncConnection, name: str, *, lock: bool = False) -> Source | None:
    """What is remembered of a source; `lock` keeps others from changing it until the transaction ends."""
    query = select(sources).where(sources.c.name == name)
    row = (await connection.execute(query.with_for_update() if lock else query)).one_or_none()
    return None if row is None else Source(**row._mapping)


async def records(
    connection: AsyncConnection,
    states: Collection[State] | None = None,
    *,
    source: str | None = None,
    ids: Collection[str] | None = None,
) -> list[Record]:
    """The records, the last opened first, then by id; of some states, one source, some ids when given.

    Of thousands of ids they come in parts, each so ordered.
    """
    query = select(postings.c.record).order_by(postings.c.opened_at.desc().nulls_last(), postings.c.id)
    if states is not None:
        query = query.where(postings.c.state.in_(states))
    if source is not None:
        query = query.where(postings.c.source == source)
    if ids is None:
        return [_record(data) for data in await connection.scalars(query)]
    found: list[Record] = []
    for some in chunks(ids):
        found += [_record(d) for d in await connection.scalars(query.where(postings.c.id.in_(some)))]
    return found


async def find(connection: AsyncConnection, name: str) -> Record | None:
    """The record whose id is `name`, else one whose file had that name, those that still have a file first.

    A name of another source than the first is given as ids are, `source:name`.
    """
    by_id = await connection.scalar(select(postings.c.record).where(postings.c.id == name))
    if by_id is not None:
        return _record(by_id)
    candidates = [_named(name)]
    prefix, colon, rest = name.partition(":")
    if colon:
        candidates.append(_named(rest).where(names.c.source == prefix))
    for query in candidates:
        if (data := await connection.scalar(query.limit(1))) is not None:
            return _record(data)
    return None


def _named(name: str) -> Select[tuple[object]]:
    return (
        select(postings.c.record)
        .join(names, names.c.posting == postings.c.id)
        .where(names.c.name == name)
        .order_by(postings.c.state.is_(None), names.c.latest.desc(), postings.c.id)
    )


async def due(connection: AsyncConnection, now: datetime) -> list[tuple[str, Record]]:
    """Each source and record that the clock alone may change by `now`, the first due first."""
    query = (
        select(postings.c.source, postings.c.record)
        .where(postings.c.next_due <= now)
        .order_by(postings.c.next_due, postings.c.id)
    )
    return [(row.source, _record(row.record)) for row in await connection.execute(query)]


async def events_of(connection: AsyncConnection, posting: str | None, limit: int) -> list[Event]:
    """The latest events, newest first, at most `limit`; of one posting when its id is given."""
    query = select(events.c.event).order_by(events.c.at.desc(), events.c.number.desc()).limit(limit)
    if posting is not None:
        query = query.where(events.c.posting == posting)
    return [event_from_json(cast(Json, data)) for data in await connection.scalars(query)]


async def news(
    connection: AsyncConnection,
    *,
    since: datetime | None,
    before: datetime | None,
    limit: int | None,
    oldest: bool,
) -> list[Event]:
    """The events that readers are told, newest or oldest first, from one instant on and before another."""
    order = (events.c.at, events.c.number) if oldest else (events.c.at.desc(), events.c.number.desc())
    query = select(events.c.event).where(events.c.kind != EventKind.STALE.value).order_by(*order).limit(limit)
    if since is not None:
        query = query.where(events.c.at >= since)
    if before is not None:
        query = query.where(events.c.at < before)
    return [event_from_json(cast(Json, data)) for data in await connection.scalars(query)]


async def all_teams(connection: AsyncConnection) -> list[StoredTeam]:
    """The team and incubator files of every source, incubators first, by id."""
    columns = (teams.c.id, teams.c.kind, teams.c.name, teams.c.incubator, teams.c.title)
    query = select(*columns).order_by(teams.c.kind, teams.c.id)
    return [StoredTeam(*row) for row in await connection.execute(query)]


async def names_known(connection: AsyncConnection) -> Names:
    """The names that words of questions can mean: those of the vocabulary, of team files and of postings."""
    files = await all_teams(connection)
    site = Site.from_titles(
        {team.id: (team.title or team.name, team.incubator) for team in files if team.kind == "startup"},
        {team.id: team.title or team.name for team in files if team.kind == "incubator"},
    ).names()
    known_teams = {id: dict.fromkeys(spellings) for id, spellings in site.teams.items()}
    known_incubators = {id: dict.fromkeys(spellings) for id, spellings in site.incubators.items()}
    cities: dict[str, None] = {}
    technologies: dict[str, None] = {}
    p = postings.c
    columns = (p.team, p.team_name, p.incubator, p.incubator_name, p.cities, p.technologies)
    for row in await connection.execute(select(*columns).where(p.state.is_not(None)).distinct()):
        if row.team is not None and row.team not in known_incubators:
            known_teams.setdefault(row.team, {}).update(dict.fromkeys((row.team_name, row.team)))
        if row.incubator is not None:
            spelt = dict.fromkeys((row.incubator_name, row.incubator))
            known_incubators.setdefault(row.incubator, {}).update(spelt)
        cities.update(dict.fromkeys(row.cities))
        technologies.update(dict.fromkeys(row.technologies))
    return Names(
        teams={id: tuple(spellings) for id, spellings in sorted(known_teams.items())},
        incubators={id: tuple(spellings) for id, spellings in sorted(known_incubators.items())},
        cities=tuple(sorted(cities)),
        technologies=tuple(sorted(technologies)),
    )


async def message(connection: AsyncConnection, target: str, posting: str) -> Living | None:
    """The living message of a posting in a target."""
    query = select(messages).where(messages.c.target == target, messages.c.posting == posting)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else Living(**row._mapping)


async def messages_of(
    connection: AsyncConnection, postings: Collection[str]
) -> dict[tuple[str, str], Living]:
    """The living messages of some postings, by target and posting."""
    found: dict[tuple[str, str], Living] = {}
    for some in chunks(postings):
        for row in await connection.execute(select(messages).where(messages.c.posting.in_(some))):
            found[row.target, row.posting] = Living(**row._mapping)
    return found


DELIVERY = (
    outbox.c.id,
    outbox.c.key,
    outbox.c.target,
    outbox.c.posting,
    outbox.c.kind,
    outbox.c.payload,
    outbox.c.attempts,
    outbox.c.created_at,
    outbox.c.unknown_since,
    outbox.c.ready_at,
    outbox.c.retry_at,
    outbox.c.state,
    outbox.c.error,
    outbox.c.message_id,
    outbox.c.finished_at,
    outbox.c.first,
    outbox.c.hold,
    outbox.c.restored_from,
)
"""The columns that `delivery` reads."""


def delivery(row: Row[*tuple[Any, ...]]) -> Delivery:
    """A row of the outbox, read by `DELIVERY`."""
    return Delivery(**row._mapping, unknown=row._mapping["unknown_since"] is not None)


async def told(connection: AsyncConnection, posting: str, limit: int) -> list[Delivery]:
    """The rows of the outbox that speak of a posting, the latest first: of its own, and of digests, at most `limit`."""
    query = select(*DELIVERY).order_by(outbox.c.id.desc()).limit(limit)
    own = [delivery(row) for row in await connection.execute(query.where(outbox.c.posting == posting))]
    digests = [delivery(row) for row in await connection.execute(query.where(outbox.c.kind == DIGEST))]
    rows = [*own, *(row for row in digests if posting in named("", row.payload))]
    return sorted(rows, key=lambda row: row.id, reverse=True)
