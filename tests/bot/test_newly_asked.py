"""A posting that comes to answer a filter or a subscription by a change is announced as new there, once."""

from __future__ import annotations

from pathlib import Path

from postings.store import Store
from tests.bot.house import KEY, Clock, house, settings, watched
from tests.bot.test_subscriptions import CLOSED_ONLY, FREE, MORE, OPEN, SHUT, subscribe, told
from tests.repositories import Repository, posting_file

FREELANCES = {"filter": "contrat:freelance"}
NEW = "Nouvelle offre : Développeuse web**, exemple"
TEXT = OPEN.replace(b"Une mission utile.", b"Une mission utile, avec de la cartographie.")


async def test_a_change_that_answers_a_filter_is_told_as_new_there_once(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, FREELANCES), clock) as vigie:
        await watched(vigie, repository)
        repository.commit({"dev.md": OPEN})
        await vigie.look()
        assert await vigie.rows() == []
        repository.commit({"dev.md": MORE})
        await vigie.look()
        assert told(vigie, vigie.room) == [NEW]
        for file in (OPEN, FREE):  # it does not answer, its message goes on; and it answers again
            repository.commit({"dev.md": file})
            await vigie.look()
        assert len(vigie.roots) == 1
        assert "Freelance" in vigie.roots[0].message


async def test_a_change_that_is_no_event_is_told_as_new_where_it_makes_an_answer(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, CLOSED_ONLY), clock) as vigie:
        await watched(vigie, repository)
        await subscribe(vigie, "cartographie")
        repository.commit({"dev.md": OPEN})
        await vigie.look()
        repository.commit({"dev.md": TEXT})
        await vigie.look()
        assert len(await vigie.kinds()) == 1, "no event"
        assert told(vigie, vigie.room) == [NEW]
        assert (await vigie.row()).key == f"match:dev:1:{KEY}"


async def test_a_posting_of_the_baseline_is_told_where_it_comes_to_be_asked_for(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, FREELANCES), clock) as vigie:
        repository.commit({"dev.md": OPEN, "libre.md": FREE, "close.md": SHUT})
        await vigie.look()
        assert await vigie.rows() == []
        repository.commit({"dev.md": FREE, "libre.md": MORE, "close.md": SHUT + b"freelance"})
        await vigie.look()
        assert [row.posting for row in await vigie.rows()] == ["dev"]


async def test_another_filter_of_the_place_that_had_asked_already_makes_it_no_news(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, FREELANCES), clock) as vigie:
        await watched(vigie, repository)
        await subscribe(vigie, "cdd")
        repository.commit({"dev.md": OPEN})
        await vigie.look()
        repository.commit({"dev.md": MORE})
        await vigie.look()
        assert len(vigie.roots) == 1
        assert [row.kind for row in await vigie.rows()] == ["opened", "updated"]


async def test_it_waits_until_its_file_has_settled_and_is_not_told_if_it_ends_meanwhile(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    options = settings(tmp_path, repository.path, FREELANCES, settle=30)
    async with house(store, options, clock) as vigie:
        await watched(vigie, repository)
        repository.commit({"dev.md": OPEN, "autre.md": OPEN})
        await vigie.look()
        clock.forward(hours=2)
        repository.commit({"dev.md": FREE, "autre.md": FREE})
        await vigie.look()
        assert told(vigie, vigie.room) == []
        clock.forward(minutes=10)
        repository.commit({"autre.md": SHUT})
        await vigie.look()
        clock.forward(minutes=31)
        await vigie.send()
        assert told(vigie, vigie.room) == [NEW]


async def test_a_team_file_or_time_that_makes_an_answer_tells_nothing(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    filters = {"filter": "incubateur:anct"}, {"filter": "ferme:7j", "events": ["opened"]}
    async with house(store, settings(tmp_path, repository.path, *filters), clock) as vigie:
        await watched(vigie, repository)
        await subscribe(vigie, "incubateur:anct")
        file = posting_file("post_ouvert: 2024-03-04", "poste_ferme: 2024-06-30")
        repository.commit({"dev.md": file})
        await vigie.look()
        team = b"---\ntitle: Exemple\nincubator: anct\n---\n"
        repository.commit({"/content/_startups/exemple.md": team})
        await vigie.look()
        found = await store.find("dev")
        assert found is not None
        assert found.posting is not None
        assert found.posting.incubator is not None
        clock.forward(days=105)
        await vigie.tick()
        assert not [row for row in await vigie.rows() if row.kind == "opened"]


async def test_many_at_once_are_one_message(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, FREELANCES), clock) as vigie:
        await watched(vigie, repository)
        names = [f"n{number}" for number in range(7)]
        for some in (names[:4], names[4:]):
            repository.commit({f"{name}.md": OPEN for name in some})
            await vigie.look()
        repository.commit({f"{name}.md": FREE for name in names})
        await vigie.look()
        assert told(vigie, vigie.room) == ["7 nouvelles offres"]
