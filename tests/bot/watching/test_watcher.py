"""The watcher on real repositories and databases: what is remembered, and what is told once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.watching.watcher import FollowedElsewhere
from postings.model import EventKind, State
from postings.store import Outgoing, Store
from postings.store.values import NOTE
from tests.bot.house import KEY, Clock, House, house, settings, watched
from tests.repositories import START, Repository, posting_file

OPEN = posting_file("post_ouvert: 2024-03-04")
DESIGN = b"---\nroles: Designer\npost_ouvert: 2024-03-04\n---\n\nDessinez des services.\n"
SHUT = posting_file("post_ouvert: 2024-03-04", "open: false")


async def test_the_first_look_is_a_baseline_that_announces_nothing(
    vigie: House, repository: Repository
) -> None:
    repository.commit({"ouverte.md": OPEN, "fermee.md": SHUT})
    await vigie.look()
    assert vigie.said == []
    assert await vigie.store.events() == []
    assert [record.id for record in await vigie.store.records([State.OPEN])] == ["ouverte"]


async def test_a_new_posting_is_announced_once_however_often_it_is_looked_at(
    vigie: House, repository: Repository
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": OPEN})
    await vigie.look()
    await vigie.look()
    assert await vigie.kinds() == [EventKind.OPENED]
    (post,) = vigie.roots
    assert post.message.startswith("**Nouvelle offre\u00a0: Développeuse web**")


async def test_a_new_process_goes_on_where_the_last_one_stopped(
    vigie: House, store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": OPEN})
    await vigie.look()
    repository.commit({"dev.md": None, "developpeuse.md": OPEN})  # a rename keeps the identity
    async with house(store, settings(tmp_path, repository.path), clock, vigie.fake) as after:
        await after.look()
        assert await after.kinds() == [EventKind.OPENED]
        repository.commit({"developpeuse.md": SHUT})
        await after.look()
        assert [record.id for record in await store.records()] == ["dev"]
        assert [post.id for post in after.roots] == [vigie.roots[0].id]
        assert after.roots[0].message.startswith("**Offre fermée")


async def test_a_deadline_passes_without_a_look(vigie: House, repository: Repository, clock: Clock) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": posting_file("post_ouvert: 2024-03-04", "poste_ferme: 2024-03-20")})
    await vigie.look()
    while (due := await vigie.store.next_due()) is not None and due <= clock.now + timedelta(days=20):
        clock.now = due
        await vigie.tick()
    assert await vigie.kinds() == [
        EventKind.OPENED,
        EventKind.CLOSING_SOON,
        EventKind.CLOSING_SOON,
        EventKind.CLOSED,
    ]
    told = [post.message.partition("\n")[0] for post in vigie.roots]
    assert [line.partition("\u00a0:")[0] for line in told] == [
        "**Offre fermée",
        "Plus qu’une semaine pour candidater (jusqu’au mercredi 20 mars)",
        "Dernier jour demain, mercredi 20 mars",
    ]


async def test_what_opened_and_closed_while_nobody_looked_is_not_told(
    vigie: House, repository: Repository
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": OPEN})
    repository.commit({"dev.md": SHUT})
    await vigie.look()
    assert vigie.said == []


async def test_a_source_that_fails_is_remembered_and_goes_on_when_it_heals(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    away = repository.path.rename(repository.path.with_name("ailleurs"))
    failed_at = clock.forward(minutes=5)
    for _ in range(2):
        assert await vigie.app.watchers[0].look() is False
        clock.forward(minutes=5)
    source = await vigie.store.source("beta")
    assert source is not None
    assert source.failing_since == failed_at
    assert source.error
    assert source.looked_at == failed_at - timedelta(minutes=5), "a failed look verifies nothing"
    away.rename(repository.path)
    repository.commit({"dev.md": OPEN})
    assert await vigie.app.watchers[0].look() is True
    source = await vigie.store.source("beta")
    assert source is not None
    assert (source.failing_since, source.error, source.looked_at) == (None, None, clock.now)
    assert await vigie.kinds() == [EventKind.OPENED]


async def test_the_clock_goes_on_while_the_source_fails(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": posting_file("post_ouvert: 2024-03-04", "poste_ferme: 2024-03-05")})
    await vigie.look()
    repository.path.rename(repository.path.with_name("ailleurs"))
    clock.forward(days=3)
    await vigie.look()
    assert (await vigie.kinds())[-1] is EventKind.CLOSED


async def test_reading_again_under_other_rules_tells_nothing(
    vigie: House, store: Store, repository: Repository, clock: Clock, tmp_path: Path
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": OPEN, "design.md": SHUT})
    await vigie.look()
    before = await vigie.kinds()
    source = await store.source("beta")
    assert source is not None
    async with store.change() as change:
        # As former rules would have read them: another role, and each of the two states for the other.
        for record in await change.records():
            assert record.posting is not None
            opens = record.id == "design"
            misread = replace(record.posting, role="Mal lue", cities=("Ailleurs",), open=opens)
            state = State.OPEN if opens else State.CLOSED
            await change.put_records("beta", [(replace(record, posting=misread, state=state), None)])
        await change.put_source(replace(source, rules="d’avant"))
    async with house(store, settings(tmp_path, repository.path), clock, vigie.fake) as after:
        said = after.said
        await after.look()
        assert await after.kinds() == before
        assert after.said == said
    records = {record.id: record for record in await store.records()}
    assert (records["dev"].state, records["design"].state) == (State.OPEN, State.CLOSED)
    assert {r.posting.role for r in records.values() if r.posting} == {"Développeuse web"}
    assert (await store.source("beta") or source).rules != "d’avant"


async def test_another_name_of_a_team_tells_nothing(vigie: House, repository: Repository) -> None:
    startup = "/content/_startups/exemple.md"
    repository.commit({startup: b"---\ntitle: Exemple utile\n---\n"})
    await vigie.look()
    repository.commit({"dev.md": OPEN})
    await vigie.look()
    repository.commit({startup: "---\ntitle: Exemple très utile\n---\n".encode()})
    await vigie.look()
    assert await vigie.kinds() == [EventKind.OPENED]
    (record,) = await vigie.store.records()
    assert record.posting is not None
    assert record.posting.team is not None
    assert record.posting.team.name == "Exemple très utile"
    assert [(team.id, team.name) for team in await vigie.store.teams()] == [("exemple", "Exemple très utile")]


async def test_two_processes_on_one_database_tell_once(
    vigie: House, store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    other_settings = settings(tmp_path / "autre", repository.path)
    async with house(store, other_settings, clock, vigie.fake) as other:
        await watched(vigie, repository)
        await other.look()
        repository.commit({"dev.md": OPEN})
        await vigie.look()
        # The other one must not go on from what it last saw itself: the rename below would lose the identity.
        await other.look()
        repository.commit({"dev.md": None, "developpeuse.md": OPEN, "design.md": DESIGN})
        await other.look()
        await vigie.look()
        repository.commit({"developpeuse.md": SHUT})
        await vigie.look()
        await other.look()
    told = [(event.kind, event.posting) for event in reversed(await store.events())]
    assert told == [
        (EventKind.OPENED, "dev"),
        (EventKind.OPENED, "design"),
        (EventKind.CLOSED, "dev"),
    ]
    assert len(vigie.roots) == 2


async def test_a_process_that_was_overtaken_during_its_look_stores_nothing(
    vigie: House, store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path / "autre", repository.path), clock, vigie.fake) as other:
        await watched(vigie, repository)
        await other.look()
        repository.commit({"dev.md": OPEN})
        slow = other.app.watchers[0]
        remembered = await store.source("beta")
        assert remembered is not None
        seen = await slow._source.look(remembered.revision)
        assert seen is not None
        await vigie.look()
        with pytest.raises(FollowedElsewhere):
            await slow._follow(remembered, seen)
        await other.app.look(slow)
    assert await vigie.kinds() == [EventKind.OPENED]
    assert len(vigie.roots) == 1


async def test_what_a_slow_look_finds_is_told_after_what_was_told_meanwhile(
    vigie: House, repository: Repository, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the instants in the outbox, which give the order in a place, and not only by who happens to be faster."""
    await watched(vigie, repository)
    repository.commit({"dev.md": OPEN})
    (watcher,) = vigie.app.watchers
    read = watcher._source.read

    async def slowly(blobs: Collection[str]) -> Mapping[str, bytes]:
        clock.now += timedelta(seconds=20)
        async with vigie.store.change() as change:
            await change.enqueue(Outgoing("autre", KEY, "", NOTE, {}, clock(), clock()))
        return await read(blobs)

    monkeypatch.setattr(watcher._source, "read", slowly)
    assert await watcher.look()
    in_order = sorted(await vigie.rows(), key=lambda row: row.ready_at or START)
    assert [row.kind for row in in_order] == [NOTE, EventKind.OPENED]


async def test_the_second_source_shows_its_name_in_its_ids(
    store: Store, tmp_path: Path, clock: Clock
) -> None:
    here, there = Repository(tmp_path / "ici"), Repository(tmp_path / "la")
    for each in (here, there):
        each.commit({"dev.md": OPEN})
    sources = [{"name": "beta", "address": str(here.path)}, {"name": "amis", "address": str(there.path)}]
    async with house(store, settings(tmp_path, "", sources=sources), clock) as vigie:
        await vigie.look()
        assert {record.id for record in await store.records()} == {"dev", "amis:dev"}
        there.commit({"dev.md": SHUT})
        await vigie.look()
    assert [event.posting for event in await store.events()] == ["amis:dev"]


async def test_an_unreadable_file_closes_nothing_until_it_is_mended(
    vigie: House, repository: Repository
) -> None:
    await watched(vigie, repository)
    repository.commit({"dev.md": OPEN})
    await vigie.look()
    repository.commit({"dev.md": b"---\nroles: [\n---\n"})
    await vigie.look()
    (record,) = await vigie.store.records([State.OPEN])
    assert not record.readable
    repository.commit({"dev.md": OPEN})
    await vigie.look()
    (record,) = await vigie.store.records([State.OPEN])
    assert record.readable
    assert await vigie.kinds() == [EventKind.OPENED]
