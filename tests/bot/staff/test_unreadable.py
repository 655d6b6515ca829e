"""Files that cannot be read are told to the staff: at once, together, once for the same problem, with a link."""

from __future__ import annotations

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.options.settings import Settings
from bot.processes.app import App
from bot.staff.unreadable import AT_MOST
from postings.store import Store
from tests.bot.floods import notes, open_file, staff_room, staffed
from tests.bot.house import Clock, House, house, settings
from tests.repositories import JOBS, START, Repository

NO_START = b"roles: X\n---\nUne mission.\n"
NOT_CLOSED = b"---\nroles: X\nstartup: exemple\n"
BAD_YAML = b'---\nroles: "X\npost_ouvert: 2024-03-04\n---\nUne mission.\n'


def _told(vigie: House) -> list[str]:
    """What the staff was told but for the baseline."""
    return [note for note in notes(vigie) if not note.startswith("Vigie veille")]


async def _begun(vigie: House, repository: Repository) -> None:
    staff_room(vigie)
    repository.commit({"reste.md": open_file("reste")}, at=START)
    await vigie.look()


async def test_a_new_file_that_cannot_be_read_is_told_with_its_line_and_what_to_mend(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await _begun(vigie, repository)
        repository.commit({"neuve.md": NO_START})
        with capture_logs() as logs:
            await vigie.look()
        (note,) = _told(vigie)
        assert note.splitlines() == [
            f"**Fiche illisible** : `{JOBS}/neuve.md`, ligne 1",
            "La première ligne doit être « --- » : sans elle le site n’affiche pas la fiche. Placez « --- » tout en "
            "haut, avant les champs.",
            "D’ici là, une offre déjà connue reste telle quelle, et une nouvelle n’est pas annoncée.",
        ]
        (logged,) = (log for log in logs if log["event"] == "file unreadable")
        assert (logged["path"], logged["line"], logged["problem"]) == (
            f"{JOBS}/neuve.md",
            1,
            "no_front_matter",
        )
        assert vigie.said == []


async def test_a_posting_whose_file_becomes_unreadable_is_told_and_stays_as_it_was(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await _begun(vigie, repository)
        repository.commit({"reste.md": NOT_CLOSED})
        await vigie.look()
        (note,) = _told(vigie)
        assert note.startswith(
            f"**Fiche illisible** : `{JOBS}/reste.md`, ligne 1\nL’en-tête n’est pas refermé"
        )


async def test_the_same_problem_is_told_once_another_one_again_and_a_mended_file_anew(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    options = staffed(tmp_path, repository.path)
    async with house(store, options, clock) as vigie:
        await _begun(vigie, repository)
        repository.commit({"neuve.md": NO_START})
        for _ in range(2):
            await vigie.look()
        repository.commit({"neuve.md": NO_START + b"Encore.\n"})
        clock.forward(hours=1)
        await vigie.look()
        assert len(_told(vigie)) == 1
        repository.commit({"autre-nom.md": NO_START + b"Toujours.\n"}, renames={"neuve.md": "autre-nom.md"})
        clock.forward(hours=1)
        async with house(store, options, clock, vigie.fake) as after:
            await after.look()
            assert len(_told(after)) == 1, "after a restart and a renaming neither"
            for content, told in ((NOT_CLOSED, 2), (open_file("neuve"), 2), (NOT_CLOSED, 3)):
                repository.commit({"autre-nom.md": content})
                clock.forward(hours=1)
                await after.look()
                assert len(_told(after)) == told


async def test_what_is_mended_before_it_could_be_told_is_not_told(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await _begun(vigie, repository)
        for content in ({"a.md": NO_START, "b.md": NO_START}, {"a.md": open_file("a")}):
            repository.commit(content)
            clock.forward(hours=1)
            await vigie.app.watchers[0].look()
        await vigie.send()
        (note,) = _told(vigie)
        assert f"{JOBS}/b.md" in note
        assert f"{JOBS}/a.md" not in note
        repository.commit({"c.md": NO_START})
        await vigie.app.watchers[0].look()
        repository.commit({"c.md": None})
        clock.forward(hours=1)
        await vigie.look()
        assert len(_told(vigie)) == 1


async def test_several_in_one_look_are_one_message(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await _begun(vigie, repository)
        repository.commit({f"f{number:02}.md": BAD_YAML for number in range(AT_MOST + 3)})
        await vigie.look()
        (note,) = _told(vigie)
        first, *files, last = note.splitlines()
        assert first == (
            "**13 fiches illisibles**. D’ici leur correction, les offres restent ce qu’elles étaient, et les "
            "nouvelles ne sont pas annoncées."
        )
        assert [file.partition(",")[0] for file in files] == [f"`{JOBS}/f{n:02}.md`" for n in range(AT_MOST)]
        assert all("n’est pas du YAML valide" in file for file in files)
        assert last == "et 3 autres."


async def test_at_a_baseline_they_are_only_counted_and_not_told_later(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        staff_room(vigie)
        repository.commit({"a.md": NO_START, "b.md": NOT_CLOSED, "c.md": open_file("c")})
        await vigie.look()
        (note,) = notes(vigie)
        assert note.splitlines() == [
            "Vigie veille : 1 offre ouverte. Rien n’a été annoncé.",
            "2 fiches sont illisibles : `vigie read` sur une copie du dépôt dit quoi corriger.",
        ]
        repository.commit({"a.md": NO_START + b"Encore.\n"})
        await vigie.look()
        assert len(notes(vigie)) == 1


async def test_a_doubt_is_not_told_this_way(
    store: Store, tmp_path: Path, repository: Repository, clock: Clock
) -> None:
    async with house(store, staffed(tmp_path, repository.path), clock) as vigie:
        await _begun(vigie, repository)
        repository.commit({"doute.md": open_file("doute", "date: 2031-01-01", "inconnu: oui")})
        await vigie.look()
        assert _told(vigie) == []


async def test_without_a_staff_channel_it_is_logged_once(vigie: House, repository: Repository) -> None:
    repository.commit({"reste.md": open_file("reste")}, at=START)
    await vigie.look()
    with capture_logs() as logs:
        for content in (NO_START, NO_START + b"Encore.\n"):
            repository.commit({"neuve.md": content})
            await vigie.look()
    assert [log["path"] for log in logs if log["event"] == "file unreadable"] == [f"{JOBS}/neuve.md"]


@pytest.mark.parametrize("branch", [None, "principale"])
async def test_the_branch_that_links_need_is_the_one_that_is_looked_at(
    store: Store, tmp_path: Path, repository: Repository, branch: str | None
) -> None:
    repository.commit()
    repository.git("branch", "--move", "principale")
    options: Settings = settings(
        tmp_path,
        repository.path,
        sources=[{"name": "beta", "address": str(repository.path), "branch": branch}],
    )
    app = App(options, store, {}, Clock())
    (source,) = app.sources
    await source.look(None)
    assert getattr(source, "branch", None) == "principale"
