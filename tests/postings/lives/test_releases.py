"""Readings that differ because the site's team files changed, or Vigie's rules: stored, and nothing told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from postings.model import EventKind, State
from postings.store import Store
from tests.bot.house import Clock, House, house, settings, watched
from tests.postings.lives.history import OPEN, History
from tests.repositories import Repository, posting_file

STARTUP, INCUBATOR = "/content/_startups/exemple.md", "/content/_incubators/abri.md"
OTHER_INCUBATOR = "/content/_incubators/serre.md"
TEAM = b"---\ntitle: Carnet Vert\nincubator: abri\n---\n"
SITE: dict[str, bytes | None] = {
    STARTUP: TEAM,
    INCUBATOR: b"---\ntitle: Abri\n---\n",
    OTHER_INCUBATOR: b"---\ntitle: Serre\n---\n",
}
INFERRED = "---\nroles: Développeuse chez Carnet Vert\nopen: true\n---\n\nUne mission utile.\n".encode()


async def test_a_team_that_is_renamed_tells_nothing(history: History) -> None:
    await history.change({**SITE, "2024-03-01-a.md": OPEN, "2024-03-01-b.md": INFERRED})
    assert await history.change({STARTUP: TEAM.replace(b"Vert", b"Rouge")}) == []
    team = history.posting("2024-03-01-a").team
    assert team is not None
    assert team.name == "Carnet Rouge"


@pytest.mark.parametrize(
    "files",
    [
        {STARTUP: None},
        {INCUBATOR: None},
        {STARTUP: TEAM.replace(b"abri", b"serre")},
        {STARTUP: TEAM.replace(b"incubator: abri\n", b"")},
        {STARTUP: b"illisible"},
        {STARTUP: None, "/content/_startups/carnet-vert.md": TEAM},
        {"/content/_startups/nouvelle.md": b"---\ntitle: Nouvelle\n---\n"},
        dict.fromkeys(SITE),
    ],
    ids=[
        "team deleted",
        "incubator deleted",
        "incubator moved",
        "incubator left out",
        "team broken",
        "team file renamed",
        "team added",
        "all gone",
    ],
)
async def test_what_becomes_of_team_files_tells_nothing(
    history: History, files: dict[str, bytes | None]
) -> None:
    await history.change({**SITE, "2024-03-01-a.md": OPEN, "2024-03-01-b.md": INFERRED})
    assert await history.change(files) == []
    assert await history.change({path: content for path, content in SITE.items() if path in files}) == []


async def test_team_files_that_change_with_a_posting_tell_of_the_posting_only(history: History) -> None:
    await history.change({**SITE, "2024-03-01-a.md": OPEN, "2024-03-01-b.md": INFERRED})
    edited = posting_file("open: true", "poste_ferme: 2024-06-01")
    told = await history.change({STARTUP: TEAM.replace(b"Vert", b"Rouge"), "2024-03-01-a.md": edited})
    assert told == [("updated", "2024-03-01-a")]
    assert [change.field for change in history.told[0].changes] == ["closes"]


async def test_a_role_that_names_its_team_is_the_same_whatever_becomes_of_the_team_s_name(
    history: History,
) -> None:
    named = posting_file("open: true").replace(b"web", b"chez Carnet Vert")
    await history.change({**SITE, "2024-03-01-a.md": named})
    edited = {"2024-03-01-a.md": named + b"\nUne phrase.\n"}
    assert await history.change({STARTUP: TEAM.replace(b"Vert", b"Rouge"), **edited}) == []
    assert await history.change({STARTUP: None, "2024-03-01-a.md": named}) == []


async def test_an_edit_with_the_team_file_that_its_team_was_inferred_from_is_an_update(
    history: History,
) -> None:
    await history.change({**SITE, "2024-03-01-b.md": INFERRED})
    told = await history.change({STARTUP: None, "2024-03-01-b.md": INFERRED + b"\nUne phrase.\n"})
    assert told == [("updated", "2024-03-01-b")]
    assert [change.field for change in history.told[0].changes] == ["team"]


async def test_a_team_s_file_renamed_with_the_postings_that_name_it_is_another_team(
    history: History,
) -> None:
    await history.change({**SITE, "2024-03-01-a.md": OPEN})
    renamed = {STARTUP: None, "/content/_startups/carnet.md": TEAM}
    told = await history.change({**renamed, "2024-03-01-a.md": posting_file("open: true", team="carnet")})
    assert told == [("updated", "2024-03-01-a")]
    assert [change.field for change in history.told[0].changes] == ["team"]


async def test_an_edit_together_with_a_release_tells_of_the_edit_only(
    vigie: House, store: Store, repository: Repository, clock: Clock, tmp_path: Path
) -> None:
    await watched(vigie, repository)
    repository.commit({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": OPEN})
    await vigie.look()
    source = await store.source("beta")
    assert source is not None
    async with store.change() as change:
        # As former rules would have read them: in a city that no file names.
        for record in await change.records():
            assert record.posting is not None
            misread = replace(record.posting, cities=("Ailleurs",))
            await change.put_records("beta", [(replace(record, posting=misread), None)])
        await change.put_source(replace(source, rules="d’avant"))
    repository.commit({"2024-03-01-a.md": posting_file("open: true", "poste_ferme: 2024-06-01")})
    async with house(store, settings(tmp_path, repository.path), clock, vigie.fake) as after:
        await after.look()
    events = await store.events()
    updated = [event for event in events if event.kind is EventKind.UPDATED]
    assert [(event.posting, [c.field for c in event.changes]) for event in updated] == [
        ("2024-03-01-a", ["closes"])
    ]
    assert {r.posting.cities for r in await store.records() if r.posting} == {()}


async def test_a_file_that_a_release_can_read_or_no_longer_can_tells_nothing(
    vigie: House, store: Store, repository: Repository, clock: Clock, tmp_path: Path
) -> None:
    broken = b"\n" + posting_file("open: false")
    repository.commit({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": broken})
    await vigie.look()
    source = await store.source("beta")
    assert source is not None
    async with store.change() as change:
        known = {record.id: record for record in await change.records()}
        open_ = known["2024-03-01-a"]
        # Former rules could not read the first file, and took the second for an open posting.
        unread = replace(open_, posting=None, state=None, readable=False, openings=0)
        taken = replace(open_, id="2024-03-01-b", names=known["2024-03-01-b"].names)
        for record in (unread, taken):
            await change.put_records("beta", [(record, None)])
        await change.put_source(replace(source, rules="d’avant"))
    async with house(store, settings(tmp_path, repository.path), clock, vigie.fake) as after:
        await after.look()
        assert await after.kinds() == []
        repository.commit({"2024-03-01-a.md": OPEN + b"\nUne phrase.\n"})
        await after.look()
        assert await after.kinds() == []
    states = {record.id: (record.state, record.readable) for record in await store.records()}
    assert states == {"2024-03-01-a": (State.OPEN, True), "2024-03-01-b": (State.CLOSED, False)}
