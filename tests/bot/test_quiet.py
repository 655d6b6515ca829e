"""Announcements wait through quiet hours; edits, and what must be known before they end, do not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.announcing.leaving import DIGEST_AT_MOST
from postings.store import Store
from tests.bot.floods import open_file, opened, plain, shut, shut_file
from tests.bot.house import KEY, Clock, House, house, paris, settings, watched
from tests.repositories import Repository

USUAL = {"quiet_hours": "20:00-08:00", "quiet_weekends": True}


FRIDAY_NIGHT = paris("2024-03-08T21:00")
MONDAY = paris("2024-03-11T08:00")


@pytest.fixture
async def calm(store: Store, tmp_path: Path, repository: Repository, clock: Clock) -> AsyncIterator[House]:
    """A channel that is quiet in the evening, at night and on weekends."""
    async with house(store, settings(tmp_path, repository.path, USUAL), clock) as opened_house:
        yield opened_house


async def test_what_opens_on_a_friday_night_is_announced_on_monday_morning(
    calm: House, repository: Repository, clock: Clock
) -> None:
    await watched(calm, repository)
    clock.now = FRIDAY_NIGHT
    repository.commit(opened("a"))
    await calm.look()
    clock.now = paris("2024-03-10T12:00")
    await calm.look()
    assert calm.said == []
    assert (await calm.row()).ready_at == MONDAY
    clock.now = MONDAY
    await calm.send()
    assert plain(calm.roots[0]).startswith("**Nouvelle offre : Métier a**")


async def test_what_settles_into_the_evening_waits_until_morning(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, USUAL, settle=30), clock) as vigie:
        await watched(vigie, repository)
        clock.now = paris("2024-03-04T19:20")
        repository.commit(opened("a"))
        await vigie.look()
        assert (await vigie.row()).ready_at == paris("2024-03-04T19:50")
        clock.forward(minutes=20)
        repository.commit(opened("a", "junior: true"))
        await vigie.look()
        assert (await vigie.row()).ready_at == paris("2024-03-05T08:00"), "20:10 is quiet"


async def test_at_night_a_message_is_edited_and_its_reply_waits(
    calm: House, repository: Repository, clock: Clock
) -> None:
    await watched(calm, repository)
    repository.commit(opened("ab"))
    await calm.look()
    clock.now = paris("2024-03-04T22:00")
    changed = open_file("a").replace(b"contrat: cdd", b"contrat: [freelance, cdd]")
    repository.commit({"a.md": changed, "b.md": shut_file("b")})
    await calm.look()
    a, b = calm.roots
    assert "Freelance" in a.message
    assert plain(b).startswith("**Offre fermée : Métier b**")
    assert calm.fake.replies(a.id) == []
    clock.now = paris("2024-03-05T08:00")
    await calm.send()
    (reply,) = calm.fake.replies(a.id)
    assert plain(reply).startswith("**Offre modifiée : Métier a**")


async def test_a_change_that_is_undone_before_morning_is_not_told(
    calm: House, repository: Repository, clock: Clock
) -> None:
    await watched(calm, repository)
    repository.commit(opened("a"))
    await calm.look()
    clock.now = paris("2024-03-04T22:00")
    changed = open_file("a").replace(b"contrat: cdd", b"contrat: [freelance, cdd]")
    for files in ({"a.md": changed}, opened("a")):
        repository.commit(files)
        await calm.look()
        clock.forward(hours=1)
    clock.now = paris("2024-03-05T08:00")
    await calm.send()
    (root,) = calm.roots
    assert "Freelance" not in root.message
    assert calm.fake.replies(root.id) == []


async def test_what_waits_for_one_morning_is_no_flood(
    calm: House, repository: Repository, clock: Clock
) -> None:
    await watched(calm, repository)
    clock.now = FRIDAY_NIGHT
    for name in "abcde":
        repository.commit(opened(name))
        await calm.look()
        clock.forward(hours=1)
    assert len([row for row in await calm.rows() if row.state == "pending"]) == 5
    for name in "fg":
        repository.commit(opened(name))
        await calm.look()
        clock.forward(hours=1)
    (waiting,) = [row for row in await calm.rows() if row.state == "pending"]
    assert (waiting.kind, waiting.ready_at) == ("digest", MONDAY)
    repository.commit(shut("a"))
    await calm.look()
    clock.now = MONDAY
    await calm.send()
    (post,) = calm.roots
    head, *lines = plain(post).split("\n")
    assert head == "**6 nouvelles offres**"
    assert [line.partition("**, ")[0] for line in lines] == [f"**Métier {name}" for name in "bcdefg"]
    clock.forward(hours=2)
    repository.commit(shut("b"))
    await calm.look()
    assert "Métier b**, exemple – fermée le 11 mars" in plain(calm.roots[0])


async def test_sixteen_that_wait_for_one_morning_are_two_messages(
    calm: House, repository: Repository, clock: Clock
) -> None:
    await watched(calm, repository)
    clock.now = FRIDAY_NIGHT
    names = [f"n{number:02}" for number in range(18)]
    for start in (0, 9):
        repository.commit(opened(names[start : start + 9]))
        await calm.look()
    clock.now = MONDAY
    await calm.send()
    said = "\n".join(post.message for post in calm.roots)
    assert len(calm.roots) == 2
    assert all(said.count(f"**Métier {name}**") == 1 for name in names)


async def test_what_comes_when_the_morning_s_message_is_full_is_one_of_its_own(
    calm: House, repository: Repository, clock: Clock
) -> None:
    await watched(calm, repository)
    clock.now = FRIDAY_NIGHT
    names = [f"n{number:02}" for number in range(DIGEST_AT_MOST)]
    for files in (opened(names[:8]), opened(names[8:]), opened(["seul"])):
        repository.commit(files)
        await calm.look()
    clock.now = MONDAY
    await calm.send()
    full, alone = (plain(post) for post in calm.roots)
    assert full.startswith("**15 nouvelles offres**")
    assert alone.startswith("**Nouvelle offre : Métier seul**")


async def test_a_notice_of_the_weekend_is_told_on_monday_with_the_days_that_are_left(
    calm: House, repository: Repository, clock: Clock
) -> None:
    repository.commit(opened("a", "poste_ferme: 2024-03-16"))
    await calm.look()
    clock.now = await calm.store.next_due() or clock.now
    assert clock.now == paris("2024-03-09T09:00"), "a Saturday, seven days before"
    await calm.tick()
    assert calm.said == []
    clock.now = MONDAY
    await calm.send()
    assert plain(calm.roots[0]).startswith("Plus que 5 jours pour candidater (jusqu’au samedi 16 mars) : ")


async def test_a_notice_of_sunday_for_monday_is_told_on_the_last_morning(
    calm: House, repository: Repository, clock: Clock
) -> None:
    clock.now = paris("2024-03-05T10:00")
    repository.commit(opened("a", "poste_ferme: 2024-03-11"))
    await calm.look()
    clock.now = paris("2024-03-10T09:00")
    await calm.tick()
    assert calm.said == []
    clock.now = MONDAY
    await calm.send()
    assert plain(calm.roots[0]).startswith("Dernier jour aujourd’hui, lundi 11 mars : **Métier a**")


async def test_nobody_misses_a_deadline_for_the_sake_of_a_quiet_weekend(
    calm: House, repository: Repository, clock: Clock
) -> None:
    repository.commit(opened("a", "poste_ferme: 2024-03-10"))
    await calm.look()
    clock.now = paris("2024-03-09T09:00")
    await calm.tick()
    assert plain(calm.roots[0]).startswith("Dernier jour demain, dimanche 10 mars : **Métier a**")


async def test_a_notice_that_waited_is_not_told_once_the_deadline_was_put_off(
    calm: House, repository: Repository, clock: Clock
) -> None:
    repository.commit(opened("a", "poste_ferme: 2024-03-16"))
    await calm.look()
    clock.now = paris("2024-03-09T09:00")
    await calm.tick()
    repository.commit(opened("a", "poste_ferme: 2024-04-16"))
    await calm.look()
    clock.now = MONDAY
    await calm.send()
    assert calm.said == []


async def test_what_a_person_releases_leaves_at_once(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, USUAL, mass_change=1), clock) as vigie:
        await watched(vigie, repository)
        clock.now = FRIDAY_NIGHT
        repository.commit(opened("ab"))
        await vigie.look()
        assert await store.outbox.release(1, now=clock.now) == 2
        await vigie.send()
        assert len(vigie.roots) == 2


async def test_each_place_has_its_own_hours(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    both = (USUAL, {"target": "equipe/nuit"})
    async with house(store, settings(tmp_path, repository.path, *both), clock) as vigie:
        vigie.fake.add_channel("equipe", "nuit")
        await watched(vigie, repository)
        clock.now = FRIDAY_NIGHT
        repository.commit(opened("a"))
        await vigie.look()
        states = {row.target: row.state for row in await vigie.rows()}
        assert states == {KEY: "pending", "mattermost:equipe/nuit": "sent"}
