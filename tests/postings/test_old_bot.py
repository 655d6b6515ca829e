"""The faults of the community's former bot, each with a test that Vigie does not have it.

It told of postings dated in the future only, every day anew, without a link, where `domaines` was written, and
reminded the wrong person every Monday; of what the repository lived through besides it told nothing.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from postings.model import Domain, EventKind, State
from postings.store import Store
from tests.bot import conftest as bot_fixtures
from tests.bot.house import Clock, House, house, settings, watched
from tests.postings.lives.history import CLOSED, OPEN, History, long
from tests.repositories import Repository, posting_file

_nobody_s_configuration = bot_fixtures._nobody_s_configuration
clock, repository, vigie = bot_fixtures.clock, bot_fixtures.repository, bot_fixtures.vigie

SITE = "https://beta.gouv.fr/recrutement/"


@pytest.fixture
def history(tmp_path: Path) -> History:
    """A repository that is followed from its first posting on."""
    return History(tmp_path)


@pytest.mark.parametrize("date", ["2016-05-02", "2024-03-04", "2024-03-05", "2031-01-01"])
async def test_it_told_of_postings_dated_in_the_future_only(history: History, date: str) -> None:
    await history.change({"2024-03-01-x.md": CLOSED})
    posting = posting_file(f"date: {date}", "open: true")
    assert await history.change({f"{date}-a.md": posting}) == [("opened", f"{date}-a")]


async def test_it_had_no_memory_and_told_the_same_every_day(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    repository.commit({"2024-03-01-a.md": OPEN})
    for _ in range(30):
        await vigie.look()
        await vigie.tick()
        clock.forward(days=1)
    assert await vigie.kinds() == [EventKind.OPENED]
    assert len(vigie.said) == 1


@pytest.mark.parametrize("filter_", ["", "domaine:développement"])
async def test_postings_without_domaines_reached_no_channel(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock, filter_: str
) -> None:
    assert b"domaine" not in OPEN
    options = settings(tmp_path, repository.path, {"filter": filter_})
    async with house(store, options, clock) as vigie:
        await watched(vigie, repository)
        repository.commit({"2024-03-01-a.md": OPEN})
        await vigie.look()
        assert len(vigie.said) == 1
        (record,) = await store.records()
        assert record.posting is not None
        assert Domain.DEVELOPPEMENT in record.posting.domains


async def test_its_messages_had_no_link(vigie: House, repository: Repository, clock: Clock) -> None:
    await watched(vigie, repository)
    repository.commit({"2024-03-01-a.md": posting_file("open: true", "poste_ferme: 2024-03-20")})
    await vigie.look()
    while (due := await vigie.store.next_due()) is not None:
        clock.now = due
        await vigie.tick()
        assert all(f"{SITE}2024/03/01/a.html" in post.message for post in vigie.roots)
    assert len(vigie.roots) == 3, "the opening and two notices"
    assert vigie.roots[0].message.startswith("**Offre fermée")


async def test_its_reminders_came_every_monday(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": CLOSED})
    opened = history.now
    told = await history.wait(opened + timedelta(days=200))
    assert told == [("stale", "2024-03-01-a", opened + timedelta(days=45 * n)) for n in (1, 2, 3, 4)]


async def test_its_reminders_forgot_that_the_file_had_changed(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    await history.wait(history.now + timedelta(days=30))
    assert await history.change({"2024-03-01-a.md": OPEN + b"\nToujours d'actualite.\n"}) == []
    edited = history.now
    assert await history.wait(edited + timedelta(days=44)) == []
    assert await history.wait(edited + timedelta(days=45)) == [
        ("stale", "2024-03-01-a", edited + timedelta(days=45))
    ]
    await history.change({"2024-03-01-a.md": CLOSED})
    assert await history.wait(edited + timedelta(days=400)) == []


async def test_its_reminders_went_to_the_wrong_person(history: History) -> None:
    files: dict[str, bytes | None] = {
        f"2024-03-01-{team}.md": posting_file("open: true", f"contact: {team}@example.org", team=team)
        for team in ("une", "autre", "derniere")
    }
    await history.change(files)
    await history.wait(history.now + timedelta(days=45))
    assert len(history.told) == 3
    for event in history.told:
        assert event.kind is EventKind.STALE
        assert event.team is not None
        assert event.posting == f"2024-03-01-{event.team.id}"
        assert history.posting(event.posting).contacts == (f"{event.team.id}@example.org",)


async def test_it_missed_39_reopenings_and_as_many_closings(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    for _ in range(39):
        assert await history.change({"2024-03-01-a.md": CLOSED}) == [("closed", "2024-03-01-a")]
        assert await history.change({"2024-03-01-a.md": OPEN}) == [("reopened", "2024-03-01-a")]
    assert len({event.id for event in history.told}) == 78
    reopened = [event.opening for event in history.told if event.kind is EventKind.REOPENED]
    assert reopened == list(range(2, 41))


async def test_it_took_136_renames_of_which_63_at_once_for_other_postings(history: History) -> None:
    names = [f"2024-03-01-poste-{n}.md" for n in range(136)]
    await history.change({name: long("open: true", f"ref: {n}") for n, name in enumerate(names)})
    for some in (names[:63], names[63:100], *([name] for name in names[100:])):
        history.write(renames={name: f"2024/{name.replace('poste', 'offre')}" for name in some})
    assert await history.look() == sorted(("updated", name[:-3]) for name in names)
    assert history.follower.present() == dict.fromkeys(sorted(name[:-3] for name in names), State.OPEN)


async def test_it_never_told_of_21_deletions_of_open_postings_among_543_at_once(history: History) -> None:
    names = [f"2024-03-01-poste-{n}.md" for n in range(543)]
    await history.change({name: OPEN if n < 21 else CLOSED for n, name in enumerate(names)})
    assert await history.change(dict.fromkeys(names)) == sorted(
        ("withdrawn", name[:-3]) for name in names[:21]
    )
    assert await history.look() == []
