"""Postings long unchanged: one message a week to the staff, of those that are still so on that Monday."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.staff.reminders import next_monday
from postings.store import Store
from tests.bot.floods import notes, open_file, staff_room, staffed
from tests.bot.house import Clock, House, house
from tests.fakes.mattermost import FakeMattermost
from tests.repositories import START, Repository

MONDAY = datetime(2024, 4, 22, 7, tzinfo=UTC)
"""09:00 in Paris, in summer; the 45 days since START, a Monday in winter, end on Thursday 18 April."""


def _told(vigie: House) -> list[str]:
    return [note for note in notes(vigie) if "sans changement" in note]


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        (datetime(2024, 4, 18, 9, tzinfo=UTC), MONDAY),
        (MONDAY - timedelta(seconds=1), MONDAY),
        (MONDAY, MONDAY + timedelta(days=7)),
        (datetime(2024, 4, 21, 22, 30, tzinfo=UTC), MONDAY),
        (datetime(2024, 3, 26, 9, tzinfo=UTC), datetime(2024, 4, 1, 7, tzinfo=UTC)),
        (datetime(2024, 10, 25, 9, tzinfo=UTC), datetime(2024, 10, 28, 8, tzinfo=UTC)),
    ],
    ids=["thursday", "a second before", "then", "monday in Paris", "to summer time", "to winter time"],
)
def test_the_next_monday_at_nine_in_paris(now: datetime, monday: datetime) -> None:
    assert next_monday(now) == monday


async def _stale(vigie: House, repository: Repository, clock: Clock) -> None:
    """Three postings, the last two found open at the baseline and one day later, all stale by MONDAY."""
    staff_room(vigie)
    repository.commit({"a.md": open_file("a"), "b.md": open_file("b", team="")}, at=START)
    await vigie.look()
    clock.forward(days=1)
    repository.commit({"c.md": open_file("c")})
    await vigie.look()
    for day in (18, 19):
        clock.now = datetime(2024, 4, day, 10, tzinfo=UTC)
        await vigie.look()


async def test_what_is_found_during_a_week_is_one_message_on_monday(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await _stale(vigie, repository, clock)
        clock.now = MONDAY - timedelta(seconds=1)
        await vigie.send()
        assert _told(vigie) == []
        clock.now = MONDAY
        await vigie.send()
        (note,) = _told(vigie)
        assert note.splitlines() == [
            "**3 offres ouvertes** sans changement depuis 45 jours ou plus : sont-elles encore ouvertes ?",
            *_lines("a", "b", "c"),
            "Dans la fiche : `poste_pourvu: true` si le poste est pourvu, `open: false` s’il est fermé.",
        ]
        assert len(vigie.said) == 1, "the community is told nothing of it"


def _lines(*names: str) -> list[str]:
    since = {"a": "4 mars 2024", "b": "4 mars 2024", "c": "5 mars 2024"}
    teams = {"b": ""}
    return [
        f"**Métier {name}**{teams.get(name, ', exemple')} – en ligne depuis le {since[name]}"
        f" – [Lire l’offre](https://beta.gouv.fr/recrutement/2024/03/04/{name}.html)"
        for name in names
    ]


async def test_what_ended_or_changed_by_monday_is_left_out(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await _stale(vigie, repository, clock)
        repository.commit(
            {"a.md": open_file("a", "open: false"), "b.md": open_file("b", body="Autre chose.", team="")}
        )
        await vigie.look()
        clock.now = MONDAY
        await vigie.send()
        (note,) = _told(vigie)
        assert note.splitlines()[1:-1] == _lines("c")
        assert note.startswith(
            "**1 offre ouverte** sans changement depuis 45 jours ou plus : est-elle encore"
        )


async def test_nothing_left_is_no_message(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await _stale(vigie, repository, clock)
        repository.commit({"a.md": None, "b.md": None, "c.md": open_file("c", "open: false")})
        await vigie.look()
        clock.now = MONDAY
        await vigie.send()
        assert _told(vigie) == []


async def test_a_posting_that_stays_as_it_is_is_told_again_after_as_many_days(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await _stale(vigie, repository, clock)
        told = []
        while clock.now < MONDAY + timedelta(days=45):
            clock.forward(days=1)
            await vigie.tick()
            told.append(len(_told(vigie)))
        assert told[-1] == 2


async def test_a_message_that_could_not_be_sent_goes_out_with_what_is_true_then(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await _stale(vigie, repository, clock)
        vigie.fake.channels[staff_room(vigie)].member = False
        clock.now = MONDAY
        await vigie.send()
        repository.commit({"a.md": None, "b.md": None})
        await vigie.look()
        vigie.fake.channels[staff_room(vigie)].member = True
        clock.forward(days=1)
        await vigie.send()
        (note,) = _told(vigie)
        assert note.splitlines()[1:-1] == _lines("c")


async def test_the_sources_share_the_message(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    other = Repository(tmp_path / "autre")
    sources = [
        {"name": "beta", "address": str(repository.path)},
        {"name": "autre", "address": str(other.path)},
    ]
    async with FakeMattermost(clock=lambda: clock.now.timestamp()) as fake:
        options = staffed(tmp_path, repository.path, sources=sources)
        async with house(store, options, clock, fake) as vigie:
            staff_room(vigie)
            repository.commit({"a.md": open_file("a")}, at=START)
            other.commit({"c.md": open_file("c")}, at=START)
            await vigie.look()
            clock.now = datetime(2024, 4, 19, 10, tzinfo=UTC)
            await vigie.tick()
            clock.now = MONDAY
            await vigie.send()
            (note,) = _told(vigie)
            assert note.startswith("**2 offres ouvertes**")
