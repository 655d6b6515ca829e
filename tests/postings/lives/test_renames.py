"""Files that take another name, folder or form: the same postings, at other addresses at most."""

from __future__ import annotations

import unicodedata

import pytest

from postings.model import State
from tests.postings.lives.history import CLOSED, LONG, OPEN, OTHER, History, long
from tests.repositories import JOBS, posting_file


async def test_a_folder_that_moves_tells_nothing(history: History) -> None:
    names = [f"2024-03-01-{n}.md" for n in range(30)]
    await history.change(dict.fromkeys(names, OPEN))
    moved = {name: f"2024/{name}" for name in names}
    edits = {f"2024/{name}": long("open: true") for name in names[::3]}
    assert await history.change(edits, renames=moved) == []
    assert len(history.follower.present()) == 30
    paths = {history.posting(id).path for id in history.follower.records}
    assert paths == {f"{JOBS}/{path}" for path in moved.values()}


async def test_63_files_renamed_in_one_commit_are_63_other_addresses(history: History) -> None:
    names = [f"2024-03-01-poste-{n}.md" for n in range(63)]
    await history.change({name: long("open: true", f"ref: {n}") for n, name in enumerate(names)})
    renames = {name: name.replace("2024-03-01", "2024-03-02") for name in names}
    assert await history.change(renames=renames) == sorted(("updated", name[:-3]) for name in names)
    assert {change.field for event in history.told for change in event.changes} == {"url"}
    assert set(history.follower.present()) == {name[:-3] for name in names}


async def test_files_that_are_closed_are_renamed_without_a_word(history: History) -> None:
    names = [f"2024-03-01-poste-{n}.md" for n in range(63)]
    await history.change({name: long("open: false", f"ref: {n}") for n, name in enumerate(names)})
    assert await history.change(renames={name: f"2024-03-02-{name}" for name in names}) == []
    assert set(history.follower.present()) == {name[:-3] for name in names}


async def test_a_rename_with_an_edit_is_the_same_posting_at_another_address(history: History) -> None:
    await history.change({"2024-03-01-a.md": long("open: true")})
    edited = {"2024-03-02-b.md": long("open: true", end="Une phrase de plus.")}
    told = await history.change(edited, renames={"2024-03-01-a.md": "2024-03-02-b.md"})
    assert told == [("updated", "2024-03-01-a")]
    assert [change.field for change in history.told[0].changes] == ["url"]
    assert history.follower.records["2024-03-01-a"].names == ("2024-03-01-a", "2024-03-02-b")


async def test_a_rename_that_keeps_less_than_half_is_another_posting(history: History) -> None:
    await history.change({"2024-03-01-a.md": long("open: true")})
    told = await history.change({"2024-03-01-b.md": OTHER}, renames={"2024-03-01-a.md": "2024-03-01-b.md"})
    assert told == [("opened", "2024-03-01-b"), ("withdrawn", "2024-03-01-a")]


async def test_renames_between_two_looks_leave_every_name(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    history.write(renames={"2024-03-01-a.md": "2024-03-01-b.md"})
    await history.change(renames={"2024-03-01-b.md": "2024-03-01-c.md"})
    names = history.follower.records["2024-03-01-a"].names
    assert names == ("2024-03-01-a", "2024-03-01-b", "2024-03-01-c")


async def test_a_first_look_learns_the_first_names_from_the_history(history: History) -> None:
    history.write({"2024-03-01-a.md": OPEN, "2024-03-01-x.md": CLOSED})
    history.write(renames={"2024-03-01-a.md": "2024-03-01-b.md"})
    assert await history.change({"2024-03-01-a.md": CLOSED}) == []
    states = {"2024-03-01-a": State.OPEN, "2024-03-01-a-2": State.CLOSED, "2024-03-01-x": State.CLOSED}
    assert history.follower.present() == states
    assert history.follower.records["2024-03-01-a"].names == ("2024-03-01-a", "2024-03-01-b")


async def test_a_file_that_takes_the_first_name_of_a_renamed_one_is_another_posting(
    history: History,
) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    await history.change(renames={"2024-03-01-a.md": "2024-03-01-b.md"})
    assert await history.change({"2024-03-01-a.md": OTHER}) == [("opened", "2024-03-01-a-2")]


async def test_a_rename_and_its_undoing_in_one_look_tell_nothing(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    history.write(renames={"2024-03-01-a.md": "2024-03-02-b.md"})
    assert await history.change(renames={"2024-03-02-b.md": "2024-03-01-a.md"}) == []


async def test_a_name_that_changes_its_case_only_keeps_its_id(history: History) -> None:
    await history.change({"2024-03-01-Chef.md": OPEN, "2024-03-01-fini.md": CLOSED})
    renames = {"2024-03-01-Chef.md": "2024-03-01-chef.md", "2024-03-01-fini.md": "2024-03-01-Fini.md"}
    assert await history.change(renames=renames) == [("updated", "2024-03-01-Chef")]
    assert [change.field for change in history.told[0].changes] == ["url"]
    assert set(history.follower.present()) == {"2024-03-01-Chef", "2024-03-01-fini"}


async def test_a_name_whose_accents_are_written_in_another_way_keeps_its_id(history: History) -> None:
    composed = "2024-03-01-ingénieure.md"
    apart = unicodedata.normalize("NFD", composed)
    await history.change({composed: OPEN})
    # The site's address has other bytes: links must follow, and nobody is to hear of another posting.
    assert await history.change(renames={composed: apart}) == [("updated", composed[:-3])]
    assert await history.change({apart: CLOSED}) == [("closed", composed[:-3])]


@pytest.mark.parametrize("name", ['2024-03-01-"a".md', "2024-03-01-a\nb.md", "2024-03-01-a\tb.md", "-M.md"])
async def test_a_name_that_git_would_quote_is_followed_like_any(history: History, name: str) -> None:
    await history.change({"2024-03-01-x.md": CLOSED})
    assert await history.change({name: OPEN}) == [("opened", name[:-3])]
    await history.change(renames={name: f"sous dossier/{name}"})
    assert await history.change({f"sous dossier/{name}": CLOSED}) == [("closed", name[:-3])]
    assert len(history.told) == 2


async def test_a_change_of_extension_tells_nothing(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    assert await history.change(renames={"2024-03-01-a.md": "2024-03-01-a.markdown"}) == []
    told = await history.change({"2024-03-01-a.markdown": None, "2024-03-01-a.md": CLOSED})
    assert told == [("closed", "2024-03-01-a")]


@pytest.mark.parametrize("name", ["2024-03-01-a", "2024-03-01-a.markdown", "2024-03-01-a.html", ".2024-a.md"])
async def test_a_posting_is_one_whatever_its_extension(history: History, name: str) -> None:
    await history.change({"2024-03-01-x.md": CLOSED})
    id = name.removesuffix(".markdown").removesuffix(".md")
    assert await history.change({name: OPEN}) == [("opened", id)]


async def test_the_extension_that_was_forgotten_and_is_added_tells_the_address_only(
    history: History,
) -> None:
    await history.change({"2024-03-01-sans": OPEN, "2024-03-01-texte.txt": OPEN})
    renames = {"2024-03-01-sans": "2024-03-01-sans.md", "2024-03-01-texte.txt": "2024-03-01-texte.md"}
    # The address of one never had an extension, that of the other loses what seemed a part of its name.
    assert await history.change(renames=renames) == [("updated", "2024-03-01-texte.txt")]
    assert set(history.follower.present()) == {"2024-03-01-sans", "2024-03-01-texte.txt"}


async def test_a_posting_renamed_and_closed_in_one_commit_is_closed(history: History) -> None:
    await history.change({"2024-03-01-a.md": long("open: true")})
    closed = {"2024-03-02-b.md": long("open: false")}
    told = await history.change(closed, renames={"2024-03-01-a.md": "2024-03-02-b.md"})
    assert told == [("closed", "2024-03-01-a")]


async def test_500_files_that_are_only_written_anew_tell_nothing(history: History) -> None:
    names = [f"2024-03-01-{n}.md" for n in range(500)]
    await history.change(dict.fromkeys(names, OPEN))
    assert await history.change(dict.fromkeys(names, OPEN.replace(b"\n", b"\r\n"))) == []
    front, _, body = OPEN.removeprefix(b"---\n").partition(b"---\n")
    reordered = b"---\n" + b"".join(sorted(front.splitlines(keepends=True))) + b"---\n" + body
    assert reordered != OPEN
    assert await history.change(dict.fromkeys(names, reordered)) == []
    quoted = posting_file('open: "true"', "technologies:", body=f"Une mission utile.\n\n{LONG}")
    assert await history.change(dict.fromkeys(names, quoted)) == []


async def test_a_file_that_becomes_a_folder_keeps_its_id(history: History) -> None:
    await history.change({"2024-03-01-a": OPEN})
    (history.repository.path / JOBS / "2024-03-01-a").unlink()
    assert await history.change({"2024-03-01-a/2024-03-01-a.md": OPEN}) == []
    assert set(history.follower.present()) == {"2024-03-01-a"}


async def test_a_file_made_executable_tells_nothing(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    (history.repository.path / JOBS / "2024-03-01-a.md").chmod(0o755)
    assert await history.change() == []
