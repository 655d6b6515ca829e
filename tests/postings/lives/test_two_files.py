"""Two files that meet: swapped, copied, doubled, overwritten."""

from __future__ import annotations

from postings.model import State
from tests.postings.lives.history import CLOSED, OPEN, OTHER, History, long
from tests.repositories import JOBS, posting_file

ONE = long("open: true")


async def test_two_files_that_swap_contents_are_two_updates(history: History) -> None:
    await history.change({"2024-03-01-a.md": ONE, "2024-03-01-b.md": OTHER})
    told = await history.change({"2024-03-01-a.md": OTHER, "2024-03-01-b.md": ONE})
    assert told == [("updated", "2024-03-01-a"), ("updated", "2024-03-01-b")]


async def test_an_open_and_a_closed_file_that_swap_contents_close_and_open(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": CLOSED})
    told = await history.change({"2024-03-01-a.md": CLOSED, "2024-03-01-b.md": OPEN})
    assert told == [("closed", "2024-03-01-a"), ("opened", "2024-03-01-b")]


async def test_names_swapped_in_one_commit_are_contents_swapped(history: History) -> None:
    await history.change({"2024-03-01-a.md": ONE, "2024-03-01-b.md": OTHER})
    renames = {"2024-03-01-a.md": "x", "2024-03-01-b.md": "2024-03-01-a.md", "x": "2024-03-01-b.md"}
    told = await history.change(renames=renames)
    assert told == [("updated", "2024-03-01-a"), ("updated", "2024-03-01-b")]
    assert history.posting("2024-03-01-a").role == "Designer"


async def test_names_swapped_commit_by_commit_swap_the_addresses(history: History) -> None:
    await history.change({"2024-03-01-a.md": ONE, "2024-03-01-b.md": OTHER})
    history.write(renames={"2024-03-01-a.md": "2024-03-01-x.md"})
    history.write(renames={"2024-03-01-b.md": "2024-03-01-a.md"})
    told = await history.change(renames={"2024-03-01-x.md": "2024-03-01-b.md"})
    assert told == [("updated", "2024-03-01-a"), ("updated", "2024-03-01-b")]
    assert {change.field for event in history.told for change in event.changes} == {"url"}
    assert history.posting("2024-03-01-b").role == "Designer"


async def test_contents_swapped_and_swapped_back_in_one_look_tell_nothing(history: History) -> None:
    await history.change({"2024-03-01-a.md": ONE, "2024-03-01-b.md": OTHER})
    history.write({"2024-03-01-a.md": OTHER, "2024-03-01-b.md": ONE})
    assert await history.change({"2024-03-01-a.md": ONE, "2024-03-01-b.md": OTHER}) == []


async def test_a_copy_is_a_posting_of_its_own(history: History) -> None:
    await history.change({"2024-03-01-a.md": ONE})
    assert await history.change({"2024-03-08-a.md": ONE}) == [("opened", "2024-03-08-a")]


async def test_a_copy_whose_original_is_deleted_in_another_commit_is_no_rename(history: History) -> None:
    await history.change({"2024-03-01-a.md": ONE})
    history.write({"2024-03-08-a.md": ONE})
    told = await history.change({"2024-03-01-a.md": None})
    assert told == [("opened", "2024-03-08-a"), ("withdrawn", "2024-03-01-a")]


async def test_a_file_moved_over_another_withdraws_one_and_updates_the_other(history: History) -> None:
    await history.change({"2024-03-01-a.md": ONE, "2024-03-01-b.md": OTHER})
    told = await history.change(renames={"2024-03-01-a.md": "2024-03-01-b.md"})
    assert told == [("updated", "2024-03-01-b"), ("withdrawn", "2024-03-01-a")]


async def test_a_posting_overwritten_by_another_is_an_update_that_says_all_of_it(history: History) -> None:
    await history.change({"2024-03-01-a.md": ONE})
    assert await history.change({"2024-03-01-a.md": OTHER}) == [("updated", "2024-03-01-a")]
    assert {change.field for change in history.told[0].changes} >= {"role", "team"}


async def test_the_same_name_in_two_folders_is_one_posting_with_a_problem(history: History) -> None:
    await history.change({"b/2024-03-01-a.md": OPEN})
    assert await history.change({"c/2024-03-01-a.md": CLOSED}) == []
    (twin,) = [p for p in history.posting("2024-03-01-a").problems if p.code == "duplicate_id"]
    assert f"{JOBS}/c/2024-03-01-a.md" in twin.french
    assert await history.change({"c/2024-03-01-a.md": None}) == []
    assert "duplicate_id" not in {p.code for p in history.posting("2024-03-01-a").problems}
    assert await history.change({"a/2024-03-01-a.md": CLOSED}) == [("closed", "2024-03-01-a")]


async def test_edits_of_the_double_that_is_not_read_tell_nothing(history: History) -> None:
    await history.change({"a/2024-03-01-x.md": OPEN, "b/2024-03-01-x.md": OPEN})
    assert await history.change({"b/2024-03-01-x.md": CLOSED}) == []
    assert await history.change({"b/2024-03-01-x.md": OTHER}) == []
    assert await history.change({"b/2024-03-01-x.md": b"\nillisible"}) == []
    assert await history.change({"b/2024-03-01-x.md": None}) == []
    assert history.state("2024-03-01-x") is State.OPEN


async def test_the_double_takes_the_place_of_the_one_that_is_deleted(history: History) -> None:
    await history.change({"a/2024-03-01-x.md": OPEN, "b/2024-03-01-x.md": OPEN})
    assert await history.change({"a/2024-03-01-x.md": None}) == []
    assert history.posting("2024-03-01-x").path == f"{JOBS}/b/2024-03-01-x.md"
    assert await history.change({"b/2024-03-01-x.md": None}) == [("withdrawn", "2024-03-01-x")]


async def test_what_the_double_says_counts_once_it_is_the_one_that_is_read(history: History) -> None:
    await history.change({"a/2024-03-01-x.md": OPEN, "b/2024-03-01-x.md": CLOSED})
    assert await history.change({"a/2024-03-01-x.md": None}) == [("closed", "2024-03-01-x")]


async def test_a_double_is_not_read_instead_of_the_first_that_breaks(history: History) -> None:
    await history.change({"a/2024-03-01-x.md": OPEN, "b/2024-03-01-x.md": CLOSED})
    assert await history.change({"a/2024-03-01-x.md": b"\nillisible"}) == []
    assert history.state("2024-03-01-x") is State.OPEN


async def test_both_doubles_deleted_are_one_withdrawal(history: History) -> None:
    await history.change({"a/2024-03-01-x.md": OPEN, "b/2024-03-01-x.md": OPEN})
    told = await history.change({"a/2024-03-01-x.md": None, "b/2024-03-01-x.md": None})
    assert told == [("withdrawn", "2024-03-01-x")]


async def test_a_double_that_a_rename_leaves_behind_is_its_own_posting_from_then_on(
    history: History,
) -> None:
    other = posting_file("open: true", team="autre")
    await history.change({"1/2024-03-01-a.md": OPEN, "2/2024-03-01-a.md": other})
    told = await history.change(renames={"1/2024-03-01-a.md": "1/2024-03-01-b.md"})
    assert told == [("opened", "2024-03-01-a-2"), ("updated", "2024-03-01-a")]
    assert await history.look() == []
