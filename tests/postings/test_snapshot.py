"""What one command knows of a source at an instant."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from postings.lifecycle import Policy
from postings.model import State
from postings.snapshot import Snapshot, snapshot
from postings.sources.opening import opened
from tests.lives import DAY, paris
from tests.repositories import START, Repository, posting_file


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "site")
    made.commit(
        {"2024-03-01-a.md": posting_file("open: true", "techno: django", body="Le poste est basé à Lyon.")}
    )
    made.commit(renames={"2024-03-01-a.md": "2024-03-01-b.md"}, at=START + DAY)
    made.commit(
        {"2024-03-01-c.md": posting_file("open: true", "poste_ferme: 2024-03-20")}, at=START + 2 * DAY
    )
    made.commit({"2024-03-01-b.md": None}, at=START + 3 * DAY)
    return made


async def taken(source: Path, at: datetime) -> Snapshot:
    with opened(str(source)) as found:
        return await snapshot(found, at, policy=Policy())


async def test_of_a_history_the_last_revision_that_is_not_later(repository: Repository) -> None:
    early = await taken(repository.path, START + 2 * DAY)
    assert {r.id for r in await early.records([State.OPEN])} == {"2024-03-01-a", "2024-03-01-c"}
    late = await taken(repository.path, START + 3 * DAY)
    assert {r.id for r in await late.records([State.OPEN])} == {"2024-03-01-c"}
    over = await taken(repository.path, paris(2024, 3, 21))
    assert await over.records([State.OPEN]) == []
    assert len(await over.records()) == 2


async def test_every_name_finds_the_posting_and_the_one_that_exists_first(repository: Repository) -> None:
    repository.commit({"2024-03-01-d.md": posting_file("open: true")}, at=START + 4 * DAY)
    repository.commit(renames={"2024-03-01-d.md": "2024-03-01-b.md"}, at=START + 5 * DAY)
    found = await taken(repository.path, START + 3 * DAY)
    for name in ("2024-03-01-a", "2024-03-01-b"):
        record = await found.find(name)
        assert record is not None
        assert record.id == "2024-03-01-a"
    assert await found.find("inconnu") is None
    later = await taken(repository.path, START + 5 * DAY)
    record = await later.find("2024-03-01-b")
    assert record is not None
    assert record.id == "2024-03-01-d"


async def test_its_events_are_newest_first(repository: Repository) -> None:
    found = await taken(repository.path, paris(2024, 3, 21))
    events = await found.events("2024-03-01-c")
    assert [str(event.kind) for event in events] == ["closed", "closing_soon", "closing_soon", "opened"]
    assert len(await found.events(limit=2)) == 2
    assert await found.last_look() == paris(2024, 3, 21)


async def test_its_names_are_those_that_postings_hold(repository: Repository) -> None:
    names = await (await taken(repository.path, START)).names()
    assert names.technologies == ("django",)
    assert names.cities == ("Lyon",)


async def test_of_a_folder_what_is_there_dated_by_the_postings(tmp_path: Path) -> None:
    jobs = tmp_path / "site" / "content" / "_jobs"
    jobs.mkdir(parents=True)
    (jobs / "2024-03-01-a.md").write_bytes(posting_file("post_ouvert: 2024-03-01"))
    (jobs / "2024-03-01-b.md").write_bytes(posting_file("open: false"))
    found = await taken(tmp_path / "site", START)
    (record,) = await found.records([State.OPEN])
    assert (record.id, record.opened_at) == ("2024-03-01-a", paris(2024, 3, 1))
    assert await found.events() == []


async def test_the_texts_are_those_of_the_last_good_readings(repository: Repository) -> None:
    repository.commit({"2024-03-01-c.md": b"---\nroles: [\n"}, at=START + 4 * DAY)
    known = await taken(repository.path, START + 4 * DAY)
    assert await known.bodies(["2024-03-01-a", "2024-03-01-c", "inconnue"]) == {
        "2024-03-01-a": "Le poste est basé à Lyon.",
        "2024-03-01-c": "Une mission utile.",
    }
