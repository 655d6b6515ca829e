"""The same lives as members of a channel see them: nothing new is said where nothing new happened."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest

from postings.model import State
from postings.store import Store
from tests.bot.house import Clock, House, house, settings, watched
from tests.lives import paris
from tests.postings.lives.history import BROKEN, CLOSED, OPEN, OTHER, long
from tests.repositories import Repository, posting_file

A, B = "2024-03-01-a.md", "2024-03-01-b.md"


async def announced(vigie: House, repository: Repository, files: Mapping[str, bytes | None]) -> list[str]:
    """Lets some postings open in a channel that knows nothing yet; what was said of them."""
    await watched(vigie, repository)
    repository.commit(files)
    await vigie.look()
    assert len(vigie.said) == len(files)
    return vigie.said


@pytest.mark.parametrize(
    ("files", "renames"),
    [
        ({}, {A: f"2024/{A}", B: f"2024/{B}"}),
        ({}, {A: "2024-03-01-a.markdown"}),
        ({A: BROKEN}, {}),
        ({A: OPEN.replace(b"\n", b"\r\n"), B: OTHER.replace(b"\n", b"\r\n")}, {}),
        ({A: OPEN + b"\nUne phrase de plus.\n"}, {}),
        ({f"z/{A}": OTHER}, {}),
        ({"README.md": b"# Les offres\n", ".gitkeep": b""}, {}),
        ({"/content/_startups/exemple.md": b"---\ntitle: Carnet\n---\n"}, {}),
    ],
    ids=["folder", "extension", "broken", "crlf", "text", "double", "no postings", "team"],
)
async def test_what_a_channel_does_not_hear_of(
    vigie: House, repository: Repository, files: dict[str, bytes | None], renames: dict[str, str]
) -> None:
    said = await announced(vigie, repository, {A: OPEN, B: OTHER})
    repository.commit(files, renames=renames)
    await vigie.look()
    assert vigie.said == said
    assert {record.id for record in await vigie.store.records([State.OPEN])} == {A[:-3], B[:-3]}


@pytest.mark.parametrize("new", ["2024-03-02-b.md", "2024-03-01-A.md", "2024-03-01-a-b.md"])
async def test_a_rename_edits_the_link_and_says_nothing(
    vigie: House, repository: Repository, new: str
) -> None:
    said = await announced(vigie, repository, {A: OPEN})
    repository.commit(renames={A: new})
    await vigie.look()
    assert vigie.said == said
    year, month, day, slug = new[:-3].split("-", 3)
    assert f"/{year}/{month}/{day}/{slug}.html" in vigie.roots[0].message
    assert "/2024/03/01/a.html" not in vigie.roots[0].message


async def test_63_postings_that_are_renamed_and_were_never_announced_say_nothing(
    vigie: House, repository: Repository
) -> None:
    names = [f"2024-03-01-poste-{n}.md" for n in range(63)]
    repository.commit({name: long("open: true", f"ref: {n}") for n, name in enumerate(names)})
    await vigie.look()
    repository.commit(renames={name: name.replace("2024-03-01", "2024-03-02") for name in names})
    await vigie.look()
    assert await vigie.kinds() == ["updated"] * 63
    assert vigie.said == []


async def test_a_file_broken_renamed_and_mended_says_nothing(vigie: House, repository: Repository) -> None:
    said = await announced(vigie, repository, {A: long("open: true")})
    repository.commit({A: b"\n" + long("open: true")})
    await vigie.look()
    repository.commit({B: long("open: true")}, renames={A: B})
    await vigie.look()
    assert vigie.said == said
    assert "illisible" not in vigie.roots[0].message


async def test_two_files_that_swap_contents_stay_two_messages(vigie: House, repository: Repository) -> None:
    designer = OPEN.replace("Développeuse web".encode(), b"Designer")
    before = await announced(vigie, repository, {A: OPEN, B: designer})
    repository.commit({A: designer, B: OPEN})
    await vigie.look()
    assert [post.message.partition("\n")[0] for post in vigie.roots] == before[::-1]
    assert before != before[::-1]


async def test_deleted_and_restored_between_two_looks_says_nothing(
    vigie: House, repository: Repository
) -> None:
    said = await announced(vigie, repository, {A: OPEN})
    repository.commit({A: None})
    repository.commit({A: OPEN})
    await vigie.look()
    assert vigie.said == said


async def test_deleted_then_restored_is_said_under_the_same_message(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    said = await announced(vigie, repository, {A: OPEN, B: OTHER})
    repository.commit({A: None})
    await vigie.look()
    assert [line.partition("\u00a0:")[0] for line in vigie.said] == ["**Offre retirée", "**Nouvelle offre"]
    clock.forward(days=2)
    repository.commit({A: OPEN})
    await vigie.look()
    *first, reply = vigie.said
    assert first == said
    assert reply.startswith("**De nouveau ouverte")
    assert "Retirée le 4 mars, rouverte le 6 mars." in reply


async def test_rewritten_history_and_a_branch_moved_back_say_nothing_that_was_said(
    vigie: House, repository: Repository
) -> None:
    said = await announced(vigie, repository, {A: OPEN, B: OTHER})
    repository.git("commit", "--quiet", "--amend", "--message", "Autrement")
    await vigie.look()
    assert vigie.said == said
    latest = repository.commit({"2024-03-01-c.md": CLOSED}, renames={A: f"2024/{A}"})
    await vigie.look()
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    await vigie.look()
    repository.git("reset", "--quiet", "--hard", latest)
    await vigie.look()
    assert vigie.said == said


async def test_a_source_gone_for_a_day_edits_what_its_deadline_closed_and_says_nothing_else(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await announced(vigie, repository, {A: posting_file("open: true", "poste_ferme: 2024-03-04"), B: OTHER})
    _, other = vigie.said
    away = repository.path.rename(repository.path.with_name("ailleurs"))
    clock.forward(hours=20)
    await vigie.look()
    away.rename(repository.path)
    clock.forward(hours=4)
    await vigie.look()
    first, second = vigie.said
    assert first.startswith("**Offre fermée")
    assert "Plus de candidatures depuis le 5 mars (date limite passée)." in first
    assert second == other


async def test_a_long_sleep_tells_no_notice_that_is_past(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await announced(vigie, repository, {A: posting_file("open: true", "poste_ferme: 2024-03-20")})
    clock.now = paris(2024, 3, 16, 12)
    await vigie.tick()
    clock.now = paris(2024, 3, 22, 12)
    await vigie.look()
    (said,) = vigie.said
    assert said.startswith("**Offre fermée")


@pytest.mark.parametrize("mirror", ["kept", "lost"])
async def test_a_source_whose_address_changes_says_nothing(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock, vigie: House, mirror: str
) -> None:
    said = await announced(vigie, repository, {A: OPEN, B: OTHER})
    repository.commit(renames={A: f"2024/{A}"})
    await vigie.look()
    moved = repository.path.rename(repository.path.with_name("demenage"))
    data = tmp_path if mirror == "kept" else tmp_path / "autre-disque"
    async with house(store, settings(data, moved), clock, vigie.fake) as after:
        await after.look()
        assert after.said == said
        assert {record.id for record in await store.records([State.OPEN])} == {A[:-3], B[:-3]}


async def test_a_posting_closed_and_opened_again_and_again_goes_on_as_one_message(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await announced(vigie, repository, {A: OPEN})
    for content in (CLOSED, OPEN, CLOSED, OPEN):
        clock.forward(days=1)
        repository.commit({A: content})
        await vigie.look()
    assert len(vigie.roots) == 1
    assert vigie.roots[0].message.startswith("**Nouvelle offre")


async def test_an_opening_day_to_come_is_announced_on_that_day_though_edited_meanwhile(
    vigie: House, repository: Repository, clock: Clock
) -> None:
    await watched(vigie, repository)
    to_come = posting_file("post_ouvert: 2024-03-20")
    for content in (to_come, to_come + b"\nUne phrase.\n"):
        repository.commit({A: content})
        await vigie.look()
        clock.forward(days=1)
    assert vigie.said == []
    clock.now = paris(2024, 3, 20)
    await vigie.tick()
    clock.now += timedelta(days=1)
    await vigie.look()
    assert [line.partition("\u00a0:")[0] for line in vigie.said] == ["**Nouvelle offre"]


@pytest.mark.parametrize(
    "name", ['2024-03-01-"a"](x).md', "2024-03-01-a\nb <!channel>.md", "2024-03-01-é.md"]
)
async def test_a_name_of_any_kind_makes_one_link_that_works(
    vigie: House, repository: Repository, name: str
) -> None:
    await announced(vigie, repository, {unicodedata.normalize("NFD", name): OPEN})
    message = vigie.roots[0].message
    (link,) = [part for part in message.split("(") if part.startswith("https://")]
    address = link.partition(")")[0]
    assert not set(address) & set(' "<>\n')
    assert address.endswith(".html")
    assert "<!channel>" not in message
