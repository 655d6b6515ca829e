"""A first announcement waits until the file has settled, whatever makes it the first; nothing else waits."""

from __future__ import annotations

from pathlib import Path

from postings.store import Store
from tests.bot.floods import open_file, opened, plain, shut
from tests.bot.house import Clock, House, house, settings, watched
from tests.repositories import Repository

SETTLE = 30  # minutes
MORE = {"a.md": open_file("a").replace(b"contrat: cdd", b"contrat: [freelance, cdd]")}


async def _reopened_after_long(vigie: House, repository: Repository, clock: Clock) -> None:
    """What was announced ended, and is open again after a fortnight."""
    await watched(vigie, repository)
    repository.commit(opened("a"))
    await vigie.look()
    clock.forward(minutes=SETTLE)
    await vigie.send()
    repository.commit(shut("a"))
    await vigie.look()
    clock.forward(days=15)
    repository.commit(opened("a"))
    await vigie.look()


async def test_a_reopening_after_long_waits_anew_with_each_change(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, settle=SETTLE), clock) as vigie:
        await _reopened_after_long(vigie, repository, clock)
        clock.forward(minutes=SETTLE - 1)
        repository.commit(MORE)
        await vigie.look()
        clock.forward(minutes=SETTLE - 1)
        await vigie.look()
        (former,) = vigie.roots
        assert plain(former).startswith("**Offre fermée"), "the former message is left alone"
        clock.forward(minutes=1)
        await vigie.send()
        _, new = vigie.roots
        assert plain(new).startswith("**De nouveau ouverte : Métier a**")
        assert "Freelance" in plain(new)
        assert (new.edits, vigie.fake.replies(new.id)) == ([], []), "it was true when it went"


async def test_a_reopening_after_long_that_ends_before_it_settled_is_not_told(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, settle=SETTLE), clock) as vigie:
        await _reopened_after_long(vigie, repository, clock)
        clock.forward(minutes=5)
        repository.commit(shut("a"))
        await vigie.look()
        clock.forward(hours=3)
        await vigie.send()
        (post,) = vigie.roots
        assert plain(post).startswith("**Offre fermée")
        assert "19 mars" in plain(post), "the former message says when it ended last"


async def test_a_reopening_within_14_days_waits_for_nothing(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, settle=SETTLE), clock) as vigie:
        await watched(vigie, repository)
        repository.commit(opened("a"))
        await vigie.look()
        clock.forward(minutes=SETTLE)
        await vigie.send()
        for files in (shut("a"), opened("a")):
            repository.commit(files)
            await vigie.look()
        (root,) = vigie.roots
        assert plain(root).startswith("**Nouvelle offre")
        assert len(vigie.fake.replies(root.id)) == 1


async def test_a_change_of_another_file_lets_nothing_wait(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, settings(tmp_path, repository.path, settle=SETTLE), clock) as vigie:
        await watched(vigie, repository)
        repository.commit(opened("a"))
        await vigie.look()
        clock.forward(minutes=SETTLE - 1)
        repository.commit(opened("b"))
        await vigie.look()
        clock.forward(minutes=1)
        await vigie.send()
        assert [plain(post).partition(",")[0] for post in vigie.roots] == ["**Nouvelle offre : Métier a**"]
