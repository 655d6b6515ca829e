"""Files that go, and those that come back."""

from __future__ import annotations

import pytest

from postings.model import State
from tests.postings.lives.history import BROKEN, CLOSED, OPEN, OTHER, History, long
from tests.repositories import JOBS, posting_file


async def test_an_open_posting_whose_file_is_deleted_is_withdrawn(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    assert await history.change({"2024-03-01-a.md": None}) == [("withdrawn", "2024-03-01-a")]
    assert history.told[0].state is None
    assert history.told[0].previous_state is State.OPEN


@pytest.mark.parametrize(
    "lines", [["open: false"], ["open: true", "poste_pourvu: true"], ["post_ouvert: 2024-06-01"], ["x: y"]]
)
async def test_deleting_what_was_not_open_tells_nothing(history: History, lines: list[str]) -> None:
    await history.change({"2024-03-01-a.md": posting_file(*lines)})
    assert await history.change({"2024-03-01-a.md": None}) == []


async def test_543_files_removed_and_restored_in_one_look_tell_nothing(history: History) -> None:
    names = [f"2024-03-01-poste-{n}.md" for n in range(543)]
    await history.change(dict.fromkeys(names, OPEN))
    history.write(dict.fromkeys(names))
    assert await history.change(dict.fromkeys(names, OPEN)) == []
    assert set(history.follower.present()) == {name[:-3] for name in names}


async def test_deleted_and_restored_with_an_edit_in_one_look_is_an_update(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    history.write({"2024-03-01-a.md": None})
    edited = posting_file("open: true", "poste_ferme: 2024-06-01")
    assert await history.change({"2024-03-01-a.md": edited}) == [("updated", "2024-03-01-a")]


async def test_restored_in_a_later_look_is_reopened_even_after_a_restart(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": OPEN})
    assert await history.change({"2024-03-01-a.md": None}) == [("withdrawn", "2024-03-01-a")]
    history.follower.restart()
    assert await history.change({"2024-03-01-a.md": OPEN}) == [("reopened", "2024-03-01-a")]
    assert history.told[-1].previous_state is None


async def test_restored_as_it_was_closed_tells_nothing(history: History) -> None:
    await history.change({"2024-03-01-a.md": CLOSED})
    await history.change({"2024-03-01-a.md": None})
    assert await history.change({"2024-03-01-a.md": CLOSED}) == []
    assert await history.change({"2024-03-01-a.md": OPEN}) == [("opened", "2024-03-01-a")]


async def test_restored_in_another_folder_is_the_same_posting(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    await history.change({"2024-03-01-a.md": None})
    assert await history.change({"archives/2024-03-01-a.md": OPEN}) == [("reopened", "2024-03-01-a")]


async def test_restored_under_another_name_is_another_posting(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    assert await history.change({"2024-03-01-a.md": None}) == [("withdrawn", "2024-03-01-a")]
    assert await history.change({"2024-03-01-b.md": OPEN}) == [("opened", "2024-03-01-b")]


@pytest.mark.parametrize("name", ["2024-03-01-a.md", "2024-03-02-b.md"])
async def test_a_renamed_posting_comes_back_under_its_first_name_as_under_its_last(
    history: History, name: str
) -> None:
    await history.change({"2024-03-01-a.md": long("open: true")})
    await history.change(renames={"2024-03-01-a.md": "2024-03-02-b.md"})
    assert await history.change({"2024-03-02-b.md": None}) == [("withdrawn", "2024-03-01-a")]
    assert await history.change({name: long("open: true")}) == [("reopened", "2024-03-01-a")]


async def test_each_deletion_and_each_return_is_told(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    for _ in range(3):
        assert await history.change({"2024-03-01-a.md": None}) == [("withdrawn", "2024-03-01-a")]
        assert await history.change({"2024-03-01-a.md": OPEN}) == [("reopened", "2024-03-01-a")]
    assert len({event.id for event in history.told}) == 6


async def test_a_broken_file_that_is_deleted_withdraws_what_stood_open(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    await history.change({"2024-03-01-a.md": BROKEN})
    assert await history.change({"2024-03-01-a.md": None}) == [("withdrawn", "2024-03-01-a")]


async def test_a_file_replaced_by_a_symbolic_link_is_gone(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": OPEN})
    place = history.repository.path / JOBS / "2024-03-01-b.md"
    place.unlink()
    place.symlink_to("2024-03-01-a.md")
    assert await history.change() == [("withdrawn", "2024-03-01-b")]
    place.unlink()
    assert await history.change({"2024-03-01-b.md": OPEN}) == [("reopened", "2024-03-01-b")]


async def test_a_folder_replaced_by_a_symbolic_link_withdraws_what_it_held(history: History) -> None:
    await history.change({"2024/2024-03-01-a.md": OPEN, "2023/2023-01-01-b.md": CLOSED})
    folder = history.repository.path / JOBS / "2024"
    folder.rename(history.repository.path / "ailleurs")
    folder.symlink_to("../../ailleurs")
    assert await history.change() == [("withdrawn", "2024-03-01-a")]


async def test_a_file_replaced_by_a_submodule_is_gone(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": OTHER})
    git, revision = history.repository.git, history.repository.git("rev-parse", "HEAD")
    git("rm", "--quiet", f"{JOBS}/2024-03-01-a.md")
    git("update-index", "--add", "--cacheinfo", f"160000,{revision},{JOBS}/2024-03-01-a.md")
    git("commit", "--quiet", "--message", "Un sous-module")
    assert await history.look() == [("withdrawn", "2024-03-01-a")]
    assert await history.look() == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("README.md", b"# Les offres\n\nUne fiche par offre.\n"),
        (".gitkeep", b""),
        ("photo.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        ("liste.csv", b"role;ouvert\nDev;oui\n"),
    ],
)
async def test_a_file_that_is_no_posting_comes_and_goes_without_a_word(
    history: History, name: str, content: bytes
) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    assert await history.change({name: content}) == []
    assert not history.follower.records[name.removesuffix(".md")].readable
    assert await history.change({name: content + b"\n"}) == []
    assert await history.change({name: None}) == []
    assert history.follower.present() == {"2024-03-01-a": State.OPEN}


async def test_a_file_moved_out_of_the_folder_is_gone_until_it_is_back(history: History) -> None:
    out = {"2024-03-01-a.md": "/content/_archives/2024-03-01-a.md"}
    back = {new: old for old, new in out.items()}
    await history.change({"2024-03-01-a.md": OPEN})
    assert await history.change(renames=out) == [("withdrawn", "2024-03-01-a")]
    assert await history.change(renames=back) == [("reopened", "2024-03-01-a")]
    history.write(renames=out)
    assert await history.change(renames=back) == []
