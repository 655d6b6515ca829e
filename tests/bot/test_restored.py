"""After a restore nothing is told twice: what was said since the backup is found where it stands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.channels.base import OutcomeUnknown
from bot.staff.notes import message
from bot.wording import reasons
from postings.store import Store, backup, restore
from postings.store.values import NOTE
from tests.bot.house import Clock, House, house, paris, settings, watched
from tests.databases import sqlite_database
from tests.repositories import Repository, posting_file

OPEN = posting_file("post_ouvert: 2024-03-04")
SHUT = posting_file("post_ouvert: 2024-03-04", "open: false")
MORE = OPEN.replace(b"contrat: cdd", b"contrat: [freelance, cdd]")


def _closes(day: str) -> bytes:
    return posting_file("post_ouvert: 2024-03-04", f"poste_ferme: {day}")


class Disaster:
    """A backup of a house's database; later another house on what is restored from it, in the same channel."""

    def __init__(self, url: str, folder: Path, **options: Any) -> None:
        self._url = url
        self._folder = folder
        self._options = options
        self._file = folder / "sauvegarde"

    async def back_up(self, vigie: House) -> None:
        await backup(self._url, self._file, vigie.app.clock())

    @asynccontextmanager
    async def restored(
        self, vigie: House, repository: Repository, clock: Clock, *, nothing_since: bool = False
    ) -> AsyncIterator[House]:
        (self._folder / "neuf").mkdir()
        url = sqlite_database(self._folder / "neuf")
        await restore(url, self._file, clock.now, nothing_since=nothing_since)
        store = await Store.open(url)
        try:
            options = settings(self._folder / "neuf", repository.path, **self._options)
            async with house(store, options, clock, vigie.fake) as again:
                yield again
        finally:
            await store.close()


async def test_what_was_announced_since_the_backup_is_not_announced_again_and_stays_true(
    vigie: House, database_url: str, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    disaster = Disaster(database_url, tmp_path)
    await watched(vigie, repository)
    repository.commit({"avant.md": OPEN})
    await vigie.look()
    await disaster.back_up(vigie)
    clock.forward(hours=1)
    repository.commit({"apres.md": OPEN, "bientot.md": _closes("2024-03-05")})
    await vigie.look()
    clock.forward(hours=1)
    repository.commit({"avant.md": MORE})
    await vigie.look()
    clock.forward(days=4)
    said = [post.id for post in vigie.fake.posts]
    assert len(said) == 4, "three openings and a reply"
    repository.commit({"neuve.md": OPEN, "apres.md": MORE})
    async with disaster.restored(vigie, repository, clock) as again:
        await again.look()
        assert [post.id for post in again.fake.posts][:4] == said
        (new,) = again.fake.posts[4:]
        assert "Nouvelle offre" in new.message
        assert {post.id for post in again.fake.posts if "freelance" in post.message.lower()} == {
            said[0],
            said[1],
            said[3],
        }
        # What it found again goes on: the message is kept true, nothing is looked for any more.
        repository.commit({"apres.md": SHUT})
        await again.look()
        assert "Offre fermée" in next(post for post in again.fake.posts if post.id == said[1]).message
        assert len(again.fake.posts) == 5
        assert {row.restored_from for row in (await again.rows())[-1:]} == {None}


async def test_what_waited_when_it_was_backed_up_is_sent_once(
    store: Store, database_url: str, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    quiet = {"quiet_hours": "20:00-08:00"}
    clock.now = paris("2024-03-04T21:00")
    disaster = Disaster(
        database_url, tmp_path, channels=[{"platform": "mattermost", "target": "equipe/offres", **quiet}]
    )
    async with house(store, settings(tmp_path, repository.path, quiet), clock) as vigie:
        await watched(vigie, repository)
        repository.commit({"nuit.md": OPEN})
        await vigie.look()
        assert vigie.roots == []
        await disaster.back_up(vigie)
        clock.now = paris("2024-03-05T09:00")
        await vigie.send()
        assert len(vigie.roots) == 1
        async with disaster.restored(vigie, repository, clock) as again:
            await again.send()
            await again.look()
            assert len(again.roots) == 1
            assert await again.store.message("mattermost:equipe/offres", "nuit") is not None


async def test_many_that_opened_since_are_held_for_they_may_have_been_told_in_one_message(
    vigie: House, database_url: str, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    disaster = Disaster(database_url, tmp_path, staff_channel="mattermost:equipe/direction")
    await watched(vigie, repository)
    await disaster.back_up(vigie)
    repository.commit({f"n{number}.md": OPEN for number in range(7)})
    await vigie.look()
    assert len(vigie.roots) == 1, "a digest"
    async with disaster.restored(vigie, repository, clock) as again:
        await again.look()
        assert len(again.roots) == 1
        (hold,) = await again.store.outbox.holds()
        assert (hold.reason, hold.entered) == ("restored", 7)
        (note,) = [row for row in await again.rows() if row.kind == NOTE]
        assert note.restored_from is None, "it tells of now"
        for language, told in (
            ("fr", "7 offres se sont ouvertes depuis la sauvegarde"),
            ("en", "7 postings have"),
        ):
            assert told in str(message(note.payload, language)).replace("\u00a0", " ")
        await again.store.outbox.release(hold.number, now=clock.now)
        await again.send()
        assert len(again.roots) == 8, "a person said so"


async def test_a_channel_with_digests_is_not_told_of_what_a_digest_may_have_named(
    store: Store, database_url: str, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    channel = {"mode": "digest", "digest": "0 9 * * mon"}
    given = [{"platform": "mattermost", "target": "equipe/offres", "quiet_hours": "", **channel}]
    disaster = Disaster(database_url, tmp_path, channels=given)
    async with house(store, settings(tmp_path, repository.path, channel), clock) as vigie:
        await watched(vigie, repository)
        await disaster.back_up(vigie)
        repository.commit({"dans-le-resume.md": OPEN})
        await vigie.look()
        clock.now = paris("2024-03-11T09:05")
        await vigie.tick()
        assert len(vigie.roots) == 1
        async with disaster.restored(vigie, repository, clock) as again:
            await again.look()
            repository.commit({"apres.md": OPEN})
            await again.look()
            clock.now = paris("2024-03-18T09:05")
            await again.tick()
            assert len(again.roots) == 2
            assert len(again.fake.posts) == 2
            assert "1 nouvelle offre" in again.said[1].replace("\u00a0", " ")


async def test_one_that_moves_has_sent_nothing_since(
    vigie: House, database_url: str, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    disaster = Disaster(database_url, tmp_path)
    await watched(vigie, repository)
    await disaster.back_up(vigie)
    repository.commit({"neuve.md": OPEN})
    async with disaster.restored(vigie, repository, clock, nothing_since=True) as again:
        await again.look()
        assert len(again.roots) == 1
        assert (await again.row()).restored_from is None


async def test_where_the_platform_cannot_tell_nothing_is_sent_again(
    vigie: House, database_url: str, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    disaster = Disaster(database_url, tmp_path)
    await watched(vigie, repository)
    await disaster.back_up(vigie)
    repository.commit({"dev.md": OPEN})
    await vigie.look()
    async with disaster.restored(vigie, repository, clock) as again:

        async def blind(target: str, delivery: str, since: float) -> str | None:
            raise OutcomeUnknown("on ne sait pas", "nobody knows")

        again.app.channels["mattermost"].find = blind  # type: ignore[method-assign]
        await again.look()
        row = await again.row()
        assert (row.state, row.error) == ("dropped", reasons.RESTORED)
        assert len(again.roots) == 1
        repository.commit({"suivante.md": OPEN})
        await again.look()
        assert len(again.roots) == 2
