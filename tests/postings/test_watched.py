"""Real histories followed look by look: whose file it is, what is told of it, and what never is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from postings.model import State
from postings.sources.git import GitSource
from tests.followers import Follower
from tests.lives import DAY
from tests.repositories import JOBS, START, Repository, posting_file

OPEN, CLOSED = posting_file("open: true"), posting_file("open: false")
LONG = "\n\n".join(f"Paragraphe {n} de la fiche, qui dit quelque chose d’utile." for n in range(12))


def long(*lines: str, end: str = "") -> bytes:
    """A posting with enough text for git to recognise it after an edit."""
    return posting_file(*lines, body=f"{LONG}\n\n{end}")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "site")


@pytest.fixture
def following(tmp_path: Path, repository: Repository) -> Callable[[], Follower]:
    return lambda: Follower(GitSource("site", str(repository.path), tmp_path / "mirror"))


async def test_a_first_look_tells_nothing_and_the_next_what_changed(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": CLOSED, "2024-03-01-c.md": OPEN})
    follower = following()
    assert await follower.look() == []
    assert await follower.look() == []
    revision = repository.commit(
        {
            "2024-03-01-a.md": CLOSED,
            "2024-03-01-b.md": OPEN,
            "2024-03-01-c.md": None,
            "2024-03-02-d.md": posting_file("open: true", team="autre", body=LONG),
        },
        at=START + DAY,
    )
    assert sorted(await follower.look()) == [
        ("closed", "2024-03-01-a"),
        ("opened", "2024-03-01-b"),
        ("opened", "2024-03-02-d"),
        ("withdrawn", "2024-03-01-c"),
    ]
    assert {event.revision for event in follower.told} == {revision}
    assert await follower.look() == []


async def test_a_rename_with_an_edit_is_the_same_posting_with_another_address(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit({"2024-03-01-a.md": long("open: true")})
    follower = following()
    await follower.look()
    repository.commit(
        {"2024-03-02-b.md": long("open: true", end="Une phrase de plus.")},
        renames={"2024-03-01-a.md": "2024-03-02-b.md"},
        at=START + DAY,
    )
    assert await follower.look() == [("updated", "2024-03-01-a")]
    assert [change.field for change in follower.told[0].changes] == ["url"]
    assert follower.records["2024-03-01-a"].names == ("2024-03-01-a", "2024-03-02-b")


async def test_renames_between_two_looks_leave_every_name(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit({"2024-03-01-a.md": OPEN})
    follower = following()
    await follower.look()
    repository.commit(renames={"2024-03-01-a.md": "2024-03-01-b.md"}, at=START + DAY)
    repository.commit(renames={"2024-03-01-b.md": "2024-03-01-c.md"}, at=START + 2 * DAY)
    await follower.look()
    assert follower.records["2024-03-01-a"].names == ("2024-03-01-a", "2024-03-01-b", "2024-03-01-c")


async def test_a_first_look_learns_the_first_names_from_the_history(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit({"2024-03-01-a.md": OPEN, "2024-03-01-x.md": CLOSED})
    repository.commit(renames={"2024-03-01-a.md": "2024-03-01-b.md"}, at=START + DAY)
    repository.commit({"2024-03-01-a.md": CLOSED}, at=START + 2 * DAY)
    follower = following()
    assert await follower.look() == []
    states = {"2024-03-01-a": State.OPEN, "2024-03-01-a-2": State.CLOSED, "2024-03-01-x": State.CLOSED}
    assert follower.present() == states
    assert follower.records["2024-03-01-a"].names == ("2024-03-01-a", "2024-03-01-b")


async def test_two_files_that_swap_contents_are_two_updates(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    one, other = (
        long("open: true", "ville: x"),
        posting_file("open: true", team="autre", body="Tout autre chose."),
    )
    repository.commit({"2024-03-01-a.md": one, "2024-03-01-b.md": other})
    follower = following()
    await follower.look()
    repository.commit({"2024-03-01-a.md": other, "2024-03-01-b.md": one}, at=START + DAY)
    assert await follower.look() == [("updated", "2024-03-01-a"), ("updated", "2024-03-01-b")]


async def test_deleted_and_added_again_is_reopened_even_after_a_restart(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": OPEN})
    follower = following()
    await follower.look()
    repository.commit({"2024-03-01-a.md": None}, at=START + DAY)
    assert await follower.look() == [("withdrawn", "2024-03-01-a")]
    follower.restart()
    repository.commit({"2024-03-01-a.md": OPEN}, at=START + 2 * DAY)
    assert await follower.look() == [("reopened", "2024-03-01-a")]


async def test_the_same_name_in_two_folders_is_one_posting_with_a_problem(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit({"b/2024-03-01-a.md": OPEN})
    follower = following()
    await follower.look()
    repository.commit({"c/2024-03-01-a.md": CLOSED}, at=START + DAY)
    assert await follower.look() == []
    posting = follower.records["2024-03-01-a"].posting
    assert posting is not None
    (twin,) = [problem for problem in posting.problems if problem.code == "duplicate_id"]
    assert f"{JOBS}/c/2024-03-01-a.md" in twin.french
    repository.commit({"c/2024-03-01-a.md": None}, at=START + 2 * DAY)
    assert await follower.look() == []
    posting = follower.records["2024-03-01-a"].posting
    assert posting is not None
    assert "duplicate_id" not in {problem.code for problem in posting.problems}
    repository.commit({"a/2024-03-01-a.md": CLOSED}, at=START + 3 * DAY)
    assert await follower.look() == [("closed", "2024-03-01-a")]


async def test_a_folder_that_moves_tells_nothing(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    names = [f"2024-03-01-{n}.md" for n in range(30)]
    repository.commit(dict.fromkeys(names, OPEN))
    follower = following()
    await follower.look()
    moved = {name: f"2024/{name}" for name in names}
    edits = {f"2024/{name}": long("open: true") for name in names[::3]}
    repository.commit(edits, renames=moved, at=START + DAY)
    assert await follower.look() == []
    assert len(follower.present()) == 30
    assert {r.posting.path for r in follower.records.values() if r.posting} == {
        f"{JOBS}/{p}" for p in moved.values()
    }


async def test_a_change_of_extension_and_a_file_without_one(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit({"2024-03-01-a.md": OPEN, "2024-03-01-sans": OPEN})
    follower = following()
    await follower.look()
    assert set(follower.present()) == {"2024-03-01-a", "2024-03-01-sans"}
    repository.commit(
        {"2024-03-01-b.markdown": OPEN}, renames={"2024-03-01-a.md": "2024-03-01-a.markdown"}, at=START + DAY
    )
    assert await follower.look() == [("opened", "2024-03-01-b")]
    repository.commit({"2024-03-01-a.markdown": None, "2024-03-01-a.md": CLOSED}, at=START + 2 * DAY)
    assert await follower.look() == [("closed", "2024-03-01-a")]


async def test_files_that_are_only_written_anew_tell_nothing(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    names = [f"2024-03-01-{n}.md" for n in range(20)]
    repository.commit(dict.fromkeys(names, OPEN))
    follower = following()
    await follower.look()
    repository.commit(dict.fromkeys(names, OPEN.replace(b"\n", b"\r\n")), at=START + DAY)
    assert await follower.look() == []


async def test_a_team_file_alone_tells_nothing_and_renames_the_team(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit(
        {"2024-03-01-a.md": OPEN, "/content/_startups/exemple.md": b"---\ntitle: Exemple\n---\n"}
    )
    follower = following()
    await follower.look()
    repository.commit({"/content/_startups/exemple.md": b"---\ntitle: Nouvel Exemple\n---\n"}, at=START + DAY)
    assert await follower.look() == []
    posting = follower.records["2024-03-01-a"].posting
    assert posting is not None
    assert posting.team is not None
    assert posting.team.name == "Nouvel Exemple"


async def test_broken_then_renamed_and_mended_keeps_its_id(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    good = long("open: true")
    repository.commit({"2024-03-01-a.md": good})
    follower = following()
    await follower.look()
    repository.commit({"2024-03-01-a.md": b"\n" + good}, at=START + DAY)
    assert await follower.look() == []
    assert not follower.records["2024-03-01-a"].readable
    repository.commit(
        {"2024-03-01-b.md": good}, renames={"2024-03-01-a.md": "2024-03-01-b.md"}, at=START + 2 * DAY
    )
    assert await follower.look() == [("updated", "2024-03-01-a")]  # its address
    assert follower.records["2024-03-01-a"].readable


async def test_a_new_broken_file_that_is_renamed_and_mended_keeps_its_id(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit({"2024-03-01-x.md": OPEN})
    follower = following()
    await follower.look()
    repository.commit({"2024-03-01-a.md": b"\n" + long("open: true")}, at=START + DAY)
    assert await follower.look() == []
    repository.commit(
        {"2024-03-01-b.md": long("open: true")},
        renames={"2024-03-01-a.md": "2024-03-01-b.md"},
        at=START + 2 * DAY,
    )
    assert await follower.look() == [("opened", "2024-03-01-a")]


async def test_open_false_in_a_broken_file_closes(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit({"2024-03-01-a.md": OPEN})
    follower = following()
    await follower.look()
    repository.commit({"2024-03-01-a.md": b"\n" + CLOSED}, at=START + DAY)
    assert await follower.look() == [("closed", "2024-03-01-a")]


async def test_what_opened_and_closed_between_two_looks_is_not_told(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit({"2024-03-01-a.md": CLOSED})
    follower = following()
    await follower.look()
    repository.commit({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": OPEN}, at=START + DAY)
    repository.commit({"2024-03-01-a.md": CLOSED, "2024-03-01-b.md": None}, at=START + 2 * DAY)
    assert await follower.look() == []


async def test_rewritten_history_tells_the_net_change_only(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit({"2024-03-01-a.md": OPEN})
    repository.commit({"2024-03-01-b.md": OPEN, "2024-03-01-c.md": long("open: true")}, at=START + DAY)
    follower = following()
    await follower.look()
    repository.git("checkout", "--quiet", "--orphan", "autre")
    repository.commit(
        {"2024-03-01-a.md": CLOSED}, renames={"2024-03-01-c.md": "2024-03-02-c.md"}, at=START + 2 * DAY
    )
    repository.git("branch", "--force", "main", "autre")
    repository.git("checkout", "--quiet", "main")
    assert await follower.look() == [("closed", "2024-03-01-a"), ("updated", "2024-03-01-c")]


async def test_a_branch_moved_back_tells_the_net_change_only(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": long("open: true")})
    repository.commit(
        {"2024-03-02-d.md": CLOSED}, renames={"2024-03-01-b.md": "2024-03-01-c.md"}, at=START + DAY
    )
    follower = following()
    await follower.look()
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    assert await follower.look() == [("updated", "2024-03-01-b")]  # its first address again
    assert follower.present() == {"2024-03-01-a": State.OPEN, "2024-03-01-b": State.OPEN}


async def test_a_merge_is_followed_along_its_first_parent(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit({"2024-03-01-a.md": OPEN})
    follower = following()
    await follower.look()
    repository.git("checkout", "--quiet", "-b", "travail")
    repository.commit({"2024-03-02-b.md": OPEN}, at=START + DAY)
    repository.commit(renames={"2024-03-02-b.md": "2024-03-02-c.md"}, at=START + DAY)
    repository.git("checkout", "--quiet", "main")
    repository.commit({"2024-03-01-a.md": CLOSED}, at=START + DAY)
    repository.git("merge", "--quiet", "--no-ff", "-m", "Fusion", "travail", at=START + 2 * DAY)
    assert sorted(await follower.look()) == [("closed", "2024-03-01-a"), ("opened", "2024-03-02-c")]


async def test_another_branch_that_takes_the_watched_one_in_as_second_parent(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit({"2024-03-01-a.md": long("open: true")})
    repository.git("checkout", "--quiet", "-b", "travail")
    repository.commit({"2024-03-02-b.md": OPEN}, at=START + DAY)
    repository.git("checkout", "--quiet", "main")
    repository.commit(renames={"2024-03-01-a.md": "2024-03-01-z.md"}, at=START + DAY)
    follower = following()
    await follower.look()
    repository.git("checkout", "--quiet", "travail")
    repository.git("merge", "--quiet", "--no-ff", "-m", "Fusion", "main", at=START + 2 * DAY)
    repository.git("branch", "--force", "main", "travail")
    repository.git("checkout", "--quiet", "main")
    assert await follower.look() == [("opened", "2024-03-02-b")]
    assert set(follower.present()) == {"2024-03-01-a", "2024-03-02-b"}


async def test_a_symbolic_link_is_no_posting(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": OPEN})
    follower = following()
    await follower.look()
    place = repository.path / JOBS / "2024-03-01-b.md"
    place.unlink()
    place.symlink_to("2024-03-01-a.md")
    repository.commit(at=START + DAY)
    assert await follower.look() == [("withdrawn", "2024-03-01-b")]
    place.unlink()
    repository.commit({"2024-03-01-b.md": OPEN}, at=START + 2 * DAY)
    assert await follower.look() == [("reopened", "2024-03-01-b")]


async def test_a_double_that_a_rename_leaves_behind_is_its_own_posting_from_then_on(
    repository: Repository, following: Callable[[], Follower]
) -> None:
    repository.commit(
        {"1/2024-03-01-a.md": OPEN, "2/2024-03-01-a.md": posting_file("open: true", team="autre")}
    )
    follower = following()
    await follower.look()
    repository.commit(renames={"1/2024-03-01-a.md": "1/2024-03-01-b.md"}, at=START + DAY)
    assert await follower.look() == [("updated", "2024-03-01-a"), ("opened", "2024-03-01-a-2")]
    assert await follower.look() == []
