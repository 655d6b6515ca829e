"""Branches that move otherwise than forward: rewritten, merged, cut, switched; the net change only is told."""

from __future__ import annotations

import contextlib
import shutil
from datetime import timedelta

import pytest

from postings.errors import SourceError
from postings.lifecycle import Policy
from postings.model import State
from postings.replay import Replay
from postings.sources.git_repository import GitRepository
from tests.lives import paris
from tests.postings.lives.history import CLOSED, OPEN, OTHER, History, long
from tests.repositories import JOBS, START, posting_file


def rewrite(history: History) -> None:
    """Makes the branch one commit of what is in the folder now, which follows nothing."""
    git = history.repository.git
    git("checkout", "--quiet", "--orphan", "autre")
    history.write()
    git("branch", "--force", "main", "autre")
    git("checkout", "--quiet", "main")


async def test_rewritten_history_with_the_same_end_tells_nothing(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": CLOSED})
    await history.change(renames={"2024-03-01-a.md": "2024-03-02-a.md"})
    told = list(history.told)
    rewrite(history)
    assert await history.look() == []
    assert history.told == told
    assert set(history.follower.present()) == {"2024-03-01-a", "2024-03-01-b"}


async def test_rewritten_history_with_another_end_tells_the_net_change_only(history: History) -> None:
    history.write({"2024-03-01-a.md": OPEN})
    await history.change({"2024-03-01-b.md": OPEN, "2024-03-01-c.md": long("open: true")})
    (history.repository.path / JOBS / "2024-03-01-a.md").write_bytes(CLOSED)
    folder = history.repository.path / JOBS
    (folder / "2024-03-01-c.md").rename(folder / "2024-03-02-c.md")
    rewrite(history)
    assert await history.look() == [("closed", "2024-03-01-a"), ("updated", "2024-03-01-c")]


async def test_an_amended_commit_tells_what_differs_from_what_was_seen(history: History) -> None:
    await history.change({"2024-03-01-a.md": CLOSED})
    await history.change({"2024-03-01-a.md": OPEN, "2024-03-02-b.md": OTHER})
    history.repository.git("reset", "--quiet", "--hard", "HEAD~1")
    assert await history.change({"2024-03-01-a.md": OPEN}) == [("withdrawn", "2024-03-02-b")]


async def test_a_branch_moved_back_tells_the_net_change_only(history: History) -> None:
    history.write({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": long("open: true")})
    await history.change({"2024-03-02-d.md": CLOSED}, renames={"2024-03-01-b.md": "2024-03-01-c.md"})
    history.repository.git("reset", "--quiet", "--hard", "HEAD~1")
    assert await history.look() == [("updated", "2024-03-01-b")]  # its first address again
    assert history.follower.present() == {"2024-03-01-a": State.OPEN, "2024-03-01-b": State.OPEN}


async def test_a_branch_moved_back_and_forward_again_is_as_it_was(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    latest = history.write({"2024-03-01-a.md": CLOSED})
    await history.look()
    history.repository.git("reset", "--quiet", "--hard", "HEAD~1")
    assert await history.look() == [("reopened", "2024-03-01-a")]
    history.repository.git("reset", "--quiet", "--hard", latest)
    assert await history.look() == [("closed", "2024-03-01-a")]
    assert len({event.id for event in history.told}) == 3


async def test_a_merge_is_followed_along_its_first_parent(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    history.repository.git("checkout", "--quiet", "-b", "travail")
    history.write({"2024-03-02-b.md": OPEN})
    history.write(renames={"2024-03-02-b.md": "2024-03-02-c.md"})
    history.repository.git("checkout", "--quiet", "main")
    history.write({"2024-03-01-a.md": CLOSED})
    history.repository.git("merge", "--quiet", "--no-ff", "-m", "Fusion", "travail", at=history.now)
    assert await history.look() == [("closed", "2024-03-01-a"), ("opened", "2024-03-02-c")]


async def test_another_branch_that_takes_the_watched_one_in_as_second_parent(history: History) -> None:
    git = history.repository.git
    history.write({"2024-03-01-a.md": long("open: true")})
    git("checkout", "--quiet", "-b", "travail")
    history.write({"2024-03-02-b.md": OPEN})
    git("checkout", "--quiet", "main")
    await history.change(renames={"2024-03-01-a.md": "2024-03-01-z.md"})
    git("checkout", "--quiet", "travail")
    git("merge", "--quiet", "--no-ff", "-m", "Fusion", "main", at=history.now)
    git("branch", "--force", "main", "travail")
    git("checkout", "--quiet", "main")
    assert await history.look() == [("opened", "2024-03-02-b")]
    assert set(history.follower.present()) == {"2024-03-01-a", "2024-03-02-b"}


async def test_a_merge_of_an_old_branch_does_not_bring_back_what_was_deleted_meanwhile(
    history: History,
) -> None:
    git = history.repository.git
    await history.change({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": OTHER})
    git("branch", "travail")
    assert await history.change({"2024-03-01-a.md": None}) == [("withdrawn", "2024-03-01-a")]
    git("checkout", "--quiet", "travail")
    history.write(
        {"2024-03-05-c.md": posting_file("open: true", team="troisieme", body="Encore autre chose.")}
    )
    git("checkout", "--quiet", "main")
    git("merge", "--quiet", "--no-ff", "-m", "Fusion", "travail", at=history.now)
    assert await history.look() == [("opened", "2024-03-05-c")]


async def test_a_merge_that_keeps_a_file_deleted_meanwhile_reopens_it(history: History) -> None:
    git = history.repository.git
    await history.change({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": OTHER})
    git("checkout", "--quiet", "-b", "travail")
    history.write({"2024-03-01-a.md": posting_file("open: true", "poste_ferme: 2024-06-01")})
    git("checkout", "--quiet", "main")
    assert await history.change({"2024-03-01-a.md": None}) == [("withdrawn", "2024-03-01-a")]
    git("merge", "--quiet", "--no-ff", "--no-commit", "-s", "ours", "travail")
    git("checkout", "--quiet", "travail", "--", JOBS)
    assert await history.change() == [("reopened", "2024-03-01-a")]


async def test_a_merge_that_changes_no_posting_tells_nothing(history: History) -> None:
    git = history.repository.git
    await history.change({"2024-03-01-a.md": OPEN})
    git("checkout", "--quiet", "-b", "travail")
    history.write({"/autre/page.md": b"Rien.\n"})
    git("checkout", "--quiet", "main")
    git("merge", "--quiet", "--no-ff", "-m", "Fusion", "travail", at=history.now)
    assert await history.look() == []


async def test_a_shallow_clone_that_jumps_ahead_compares_its_ends(history: History) -> None:
    git, shallow = history.repository.git, history.folder / "shallow"
    history.write({"2024-03-01-a.md": long("open: true"), "2024-03-01-b.md": OTHER})
    git("clone", "--quiet", "--depth=1", f"file://{history.repository.path}", str(shallow))
    history.follower.source = history.source(shallow)
    assert await history.look() == []
    history.write(renames={"2024-03-01-a.md": "2024-03-02-a.md"})
    history.write({"2024-03-01-b.md": None})
    git("-C", str(shallow), "fetch", "--quiet", "--depth=1")
    git("-C", str(shallow), "reset", "--quiet", "--hard", "origin/main")
    assert await history.look() == [("updated", "2024-03-01-a"), ("withdrawn", "2024-03-01-b")]


async def test_a_mirror_that_is_lost_with_its_history_compares_its_ends(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": OTHER})
    await history.change(renames={"2024-03-01-a.md": "2024-03-02-a.md"})
    (history.repository.path / JOBS / "2024-03-01-b.md").unlink()
    rewrite(history)
    history.follower.source = history.source(mirror="another-mirror")
    assert await history.look() == [("withdrawn", "2024-03-01-b")]
    assert set(history.follower.present()) == {"2024-03-01-a"}


async def test_a_partial_clone_whose_contents_are_missing_tells_nothing_wrong(history: History) -> None:
    git, partial = history.repository.git, history.folder / "partial"
    history.write({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": OTHER})
    git("config", "uploadpack.allowFilter", "true")
    git("clone", "--quiet", "--bare", "--filter=blob:none", f"file://{history.repository.path}", str(partial))
    history.follower.source = history.source(partial)
    with contextlib.suppress(SourceError):  # a git that fetches what is missing on the way finds all of it
        assert await history.look() == []
    assert history.told == []
    history.follower.source = history.source()
    assert await history.look() == []
    assert set(history.follower.present()) == {"2024-03-01-a", "2024-03-01-b"}


async def test_a_commit_that_is_missing_tells_nothing_until_it_is_there(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    revision = history.write({"2024-03-01-a.md": CLOSED})
    place = history.repository.path / ".git" / "objects" / revision[:2] / revision[2:]
    kept = place.rename(history.folder / "commit")
    with pytest.raises(SourceError):
        await history.look()
    assert history.state("2024-03-01-a") is State.OPEN
    kept.rename(place)
    assert await history.look() == [("closed", "2024-03-01-a")]


def test_commits_whose_dates_go_backwards_do_not_turn_the_clock_back(history: History) -> None:
    dated = posting_file("open: true", "poste_ferme: 2024-03-10")
    history.write({"2024-03-01-a.md": dated})
    history.write({"2024-03-01-b.md": CLOSED}, days=20)
    history.write({"2024-03-01-b.md": OPEN, "2024-03-01-a.md": dated + b"\nEncore.\n"}, days=-30)
    history.write({"2024-03-01-b.md": CLOSED}, days=40)
    repository = GitRepository(history.repository.path)
    replay = Replay(repository, repository.head(), policy=Policy(closing_notice=()))
    assert [(str(event.kind), event.posting, event.at) for event in replay.events()] == [
        ("closed", "2024-03-01-a", paris(2024, 3, 11)),
        ("opened", "2024-03-01-b", START + timedelta(days=21)),
        ("closed", "2024-03-01-b", START + timedelta(days=31)),
    ]


async def test_an_address_of_the_same_history_tells_nothing(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN})
    await history.change(renames={"2024-03-01-a.md": "2024-03-02-a.md"})
    moved = shutil.copytree(history.repository.path, history.folder / "moved")
    history.follower.source = history.source(moved)
    assert await history.look() == []
    history.follower.source = history.source(moved, mirror="another-mirror")
    assert await history.look() == []


async def test_an_address_of_a_fork_tells_what_the_fork_changed(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": OTHER})
    fork = History(history.folder / "fork")
    fork.repository.git("pull", "--quiet", str(history.repository.path), "main")
    history.write({"2024-03-01-a.md": CLOSED})
    await history.look()
    fork.write({"2024-03-01-b.md": None})
    history.follower.source = history.source(fork.repository.path)
    assert await history.look() == [("reopened", "2024-03-01-a"), ("withdrawn", "2024-03-01-b")]


async def test_an_address_of_another_repository_tells_the_net_change(history: History) -> None:
    await history.change({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": OPEN, "2024-03-01-c.md": CLOSED})
    other = History(history.folder / "other")
    other.write({"2024-03-01-b.md": OPEN, "2024-03-08-d.md": OTHER})
    history.follower.source = history.source(other.repository.path)
    assert await history.look() == [("opened", "2024-03-08-d"), ("withdrawn", "2024-03-01-a")]


async def test_an_empty_repository_is_an_error_and_its_first_commit_the_baseline(history: History) -> None:
    with pytest.raises(SourceError):
        await history.look()
    assert await history.change({"2024-03-01-a.md": OPEN}) == []
    assert history.state("2024-03-01-a") is State.OPEN
    assert await history.change({"2024-03-01-a.md": CLOSED}) == [("closed", "2024-03-01-a")]


async def test_postings_whose_folder_appears_later_are_told(history: History) -> None:
    assert await history.change({"/README.md": b"Un site.\n"}) == []
    assert await history.change({"/content/_startups/exemple.md": b"---\ntitle: Exemple\n---\n"}) == []
    assert await history.change({"2024-03-01-a.md": OPEN, "2024-03-01-b.md": CLOSED}) == [
        ("opened", "2024-03-01-a")
    ]


async def test_a_branch_that_is_deleted_tells_nothing_until_it_is_back(history: History) -> None:
    git = history.repository.git
    await history.change({"2024-03-01-a.md": OPEN})
    git("checkout", "--quiet", "--detach")
    git("checkout", "--quiet", "--orphan", "vide")
    git("branch", "--move", "main", "ailleurs")
    git("branch", "autre", "ailleurs")
    with pytest.raises(SourceError):
        await history.look()
    assert history.state("2024-03-01-a") is State.OPEN
    git("branch", "--move", "ailleurs", "main")
    assert await history.look() == []
