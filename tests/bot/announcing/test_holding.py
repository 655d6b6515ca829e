"""What looks like an accident is told to nobody before a person decides: mass changes, overwritten postings."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.announcing.holding import Moved, is_mass_change
from postings.store import Store
from tests.bot.floods import (
    ALIVE,
    MANY,
    STAFF,
    announced,
    holds_of,
    notes,
    only_hold,
    open_file,
    opened,
    plain,
    removed,
    shut,
    shut_file,
    staff_room,
    staffed,
)
from tests.bot.house import KEY, Clock, House, house, settings, watched
from tests.repositories import Repository

# The rules alone


@pytest.mark.parametrize(
    ("moved", "before", "held"),
    [
        (Moved(11, 0), 0, True),
        (Moved(10, 0), 0, False),
        (Moved(0, 11), 21, True),
        (Moved(0, 11), 22, False),
        (Moved(6, 6), 23, True),
    ],
)
def test_more_than_ten_and_more_than_half(moved: Moved, before: int, held: bool) -> None:
    assert is_mass_change(moved, before, 10) is held


# Baselines


async def test_the_staff_is_told_of_the_baseline(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        staff_room(vigie)
        repository.commit(opened(MANY))
        await vigie.look()
        assert notes(vigie) == ["Vigie veille : 12 offres ouvertes. Rien n’a été annoncé."]
        assert vigie.said == []
        assert await store.outbox.holds() == [], "a baseline never holds"


@pytest.mark.parametrize(("count", "told"), [(0, "aucune offre ouverte"), (1, "1 offre ouverte")])
async def test_the_baseline_of_little_is_told_as_people_say_it(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock, count: int, told: str
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        staff_room(vigie)
        repository.commit(opened(MANY[:count]))
        await vigie.look()
        assert notes(vigie) == [f"Vigie veille : {told}. Rien n’a été annoncé."]


async def test_with_several_sources_the_baseline_names_its_own(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    sources = [{"name": name, "address": str(repository.path)} for name in ("beta", "autre")]
    async with house(store, staffed(tmp_path, repository.path, sources=sources), clock) as vigie:
        staff_room(vigie)
        repository.commit(ALIVE)
        await vigie.look()
        assert (
            notes(vigie)[1]
            == "Vigie veille la source « autre » : aucune offre ouverte. Rien n’a été annoncé."
        )


# Mass changes


async def test_many_deletions_at_once_are_held_and_the_staff_decides(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await announced(vigie, repository)
        repository.commit(removed(MANY))
        await vigie.look()
        assert all(post.message.startswith("**Nouvelle offre") for post in vigie.roots)
        hold = await only_hold(store)
        assert (hold.reason, hold.entered, hold.left, hold.open_before) == ("mass_change", 0, 12, 12)
        assert notes(vigie)[-1] == (
            "**Annonces retenues** : 12 offres quittent d’un coup la liste, qui en comptait 12.\n"
            "12 annonces sont retenues. Rien n’a encore été dit.\n"
            "Si c’est une erreur, rétablissez les fiches : la retenue tombera d’elle-même et rien ne sera dit.\n"
            "Sinon, `vigie held --release 1` les publie et `vigie held --drop 1` les abandonne."
        )
        assert await store.outbox.release(hold.number, now=clock.now) == 12
        assert await store.outbox.release(hold.number, now=clock.now) is None
        await vigie.send()
        assert all(post.message.startswith("**Offre retirée") for post in vigie.roots)


async def test_many_of_a_long_list_are_told_as_usual(vigie: House, repository: Repository) -> None:
    repository.commit(opened(f"a{number:02}" for number in range(24)))
    await vigie.look()
    repository.commit(opened(MANY[:11]))
    await vigie.look()
    assert await vigie.store.outbox.holds() == []
    (post,) = vigie.roots
    assert plain(post).startswith("**11 nouvelles offres**")


async def test_many_that_nobody_asks_for_trouble_nobody(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    options = staffed(tmp_path, repository.path, {"filter": "contrat:stage"})
    async with house(store, options, clock) as vigie:
        staff_room(vigie)
        await watched(vigie, repository)
        repository.commit(opened(MANY))
        await vigie.look()
        assert await store.outbox.holds() == []
        assert [note.partition(" :")[0] for note in notes(vigie)] == ["Vigie veille"]
        assert vigie.said == []


async def test_what_is_dropped_is_never_told(vigie: House, repository: Repository, clock: Clock) -> None:
    await announced(vigie, repository)
    repository.commit(removed(MANY))
    await vigie.look()
    assert await vigie.store.outbox.drop_held(1, now=clock.now) == 12
    assert await vigie.store.outbox.drop_held(1, now=clock.now) is None
    clock.forward(days=1)
    repository.commit(opened(MANY))
    await vigie.look()
    assert len(vigie.fake.posts) == 12, "what was dropped and came back has nothing to be told either"
    assert all(post.message.startswith("**Nouvelle offre") for post in vigie.roots)


@pytest.mark.parametrize("known", [MANY, []], ids=["announced", "never announced"])
async def test_deletions_that_are_restored_the_next_day_tell_nothing_at_all(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock, known: list[str]
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        if known:
            await announced(vigie, repository, known)
        else:
            staff_room(vigie)
            repository.commit(opened(MANY) | ALIVE)
            await vigie.look()
        said = [plain(post) for post in vigie.roots]
        repository.commit(removed(MANY))
        await vigie.look()
        clock.forward(days=1)
        repository.commit(opened(MANY) | {"neuve.md": open_file("neuve")})
        await vigie.look()
        *before, new = [plain(post) for post in vigie.roots]
        assert before == said
        assert new.startswith("**Nouvelle offre : Métier neuve**"), "what is new beside them goes on"
        assert await holds_of(vigie) == [("mass_change", "void")]
        if known:
            assert notes(vigie)[-1].startswith("La retenue 1 est tombée d’elle-même")
        else:
            assert "Aucune n’avait été annoncée" in notes(vigie)[-1]


async def test_an_opening_that_still_settles_when_all_is_deleted_is_told_once_it_is_back(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, settle=30, flood_limit=50), clock) as vigie:
        repository.commit(opened(MANY[1:]) | ALIVE)
        await vigie.look()
        repository.commit(opened(MANY[:1]))
        await vigie.look()
        repository.commit(removed(MANY))
        await vigie.look()
        clock.forward(hours=3)
        await vigie.send()
        assert vigie.said == []
        repository.commit(opened(MANY))
        await vigie.look()
        assert [plain(post).partition(",")[0] for post in vigie.roots] == ["**Nouvelle offre : Métier n00**"]


async def test_many_openings_at_once_are_held_and_told_in_digests_when_released(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        staff_room(vigie)
        repository.commit(opened("abcde"))
        await vigie.look()
        repository.commit(opened(MANY))
        await vigie.look()
        assert vigie.said == []
        assert notes(vigie)[-1].startswith(
            "**Annonces retenues** : 12 offres s’ajoutent d’un coup à la liste, qui en comptait 5.\n12 annonces"
        )
        repository.commit({"n00.md": shut_file("n00")})
        await vigie.look()
        await store.outbox.release(1, now=clock.now)
        await vigie.send()
        (post,) = vigie.roots
        assert plain(post).startswith("**11 nouvelles offres**\n**Métier n01**")


async def test_held_openings_that_are_taken_back_leave_nothing_to_decide(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await watched(vigie, repository)
        repository.commit(ALIVE)
        await vigie.look()
        repository.commit(opened(MANY))
        await vigie.look()
        repository.commit(removed(MANY))
        await vigie.look()
        assert vigie.said == []
        assert await holds_of(vigie) == [("mass_change", "void")]


async def test_a_source_that_lists_none_any_more_holds_however_few_there_were(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        staff_room(vigie)
        await watched(vigie, repository)
        repository.commit(opened("ab"))
        await vigie.look()
        repository.commit(removed("ab"))
        await vigie.look()
        assert all(post.message.startswith("**Nouvelle offre") for post in vigie.roots)
        assert (await only_hold(store)).reason == "emptied"
        assert "la source ne contient plus aucune offre ; 2 offres y étaient ouvertes." in notes(vigie)[-1]


async def test_deleting_what_was_not_open_holds_nothing(vigie: House, repository: Repository) -> None:
    repository.commit(shut(MANY))
    await vigie.look()
    repository.commit(removed(MANY))
    await vigie.look()
    assert await holds_of(vigie) == []


async def test_the_clock_holds_nothing(vigie: House, repository: Repository, clock: Clock) -> None:
    await watched(vigie, repository)
    for start in range(0, 12, 4):
        repository.commit(opened(MANY[start : start + 4], "poste_ferme: 2024-03-05"))
        await vigie.look()
    clock.now = await vigie.store.next_due() or clock.now
    await vigie.tick()
    assert all(post.message.startswith("**Offre fermée") for post in vigie.roots)
    assert await holds_of(vigie) == []


async def test_other_postings_go_on_while_something_is_held(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await announced(vigie, repository)
    repository.commit(removed(MANY))
    await vigie.look()
    repository.commit(opened("z"))
    await vigie.look()
    assert plain(vigie.roots[-1]).startswith("**Nouvelle offre : Métier z**")


async def test_a_notice_that_is_held_is_not_told_on_another_day(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit(opened(MANY, "poste_ferme: 2024-03-20"))
    await vigie.look()
    clock.now = await vigie.store.next_due() or clock.now
    await vigie.tick()
    assert vigie.said == [], "nothing of a posting overtakes what is held of it"
    clock.forward(days=1)
    await vigie.store.outbox.release(1, now=clock.now)
    await vigie.send()
    assert [line.replace("\u00a0", " ") for line in vigie.said] == ["**12 nouvelles offres**"]


async def test_without_a_place_for_the_staff_a_hold_is_logged(
    vigie: House, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    await announced(vigie, repository)
    repository.commit(removed(MANY))
    await vigie.look()
    assert "announcements held" in capsys.readouterr().out
    assert {row.target for row in await vigie.rows()} == {KEY}


async def test_the_place_of_the_staff_is_told_nothing_else(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await announced(vigie, repository, ["a"])
        assert [row.kind for row in await vigie.rows() if row.target == STAFF] == ["note"]
