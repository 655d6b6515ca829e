"""A git repository as a source: one request when idle, nothing from an address, sentences that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from postings.errors import SourceError
from postings.identity import Added, Deleted, Renamed
from postings.sources.git import GitSource
from tests.followers import Follower
from tests.lives import DAY
from tests.recorded_git import RecordedGit, first_on_path
from tests.repositories import JOBS, START, Repository, posting_file

OPEN = posting_file("open: true")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "site")
    made.commit({"2024-03-01-a.md": OPEN, "/autre/fichier.md": b"Rien.\n"})
    return made


@pytest.fixture
def source(tmp_path: Path, repository: Repository) -> GitSource:
    return GitSource("site", str(repository.path), tmp_path / "mirror")


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordedGit:
    made = RecordedGit(tmp_path / "programs")
    first_on_path(monkeypatch, tmp_path / "programs")
    return made


async def test_the_first_look_lists_the_postings_and_the_next_what_changed(
    repository: Repository, source: GitSource
) -> None:
    first = await source.look(None)
    assert first is not None
    assert (set(first.files), first.whole, first.at) == ({f"{JOBS}/2024-03-01-a.md"}, True, START)
    assert first.steps == ((Added(f"{JOBS}/2024-03-01-a.md"),),)
    revision = repository.commit(renames={"2024-03-01-a.md": "2024-03-01-b.md"}, at=START + DAY)
    second = await source.look(first.revision)
    assert second is not None
    assert (second.revision, second.whole, second.at) == (revision, False, START + DAY)
    assert second.steps == ((Renamed(f"{JOBS}/2024-03-01-a.md", f"{JOBS}/2024-03-01-b.md"),),)
    blob = second.files[f"{JOBS}/2024-03-01-b.md"]
    assert second.files[f"{JOBS}/2024-03-01-a.md"] is None
    assert blob is not None
    assert await source.read([blob, "0" * 40]) == {blob: OPEN}


async def test_an_idle_look_is_one_request(source: GitSource, recorded: RecordedGit) -> None:
    look = await source.look(None)
    assert look is not None
    recorded.forget()
    for _ in range(3):
        assert await source.look(look.revision) is None
    assert sorted(recorded.commands()) == [*["ls-remote"] * 3, "rev-parse"]


async def test_a_look_reads_all_contents_with_one_command(
    repository: Repository, source: GitSource, recorded: RecordedGit
) -> None:
    repository.commit(
        {f"2024-03-01-{n}.md": posting_file(f"techno: t{n}") for n in range(150)}, at=START + DAY
    )
    look = await source.look(None)
    assert look is not None
    recorded.forget()
    blobs = {blob for blob in look.files.values() if blob}
    assert len(await source.read(blobs)) == 151
    assert recorded.commands() == ["cat-file"]


async def test_a_lost_mirror_is_made_again_and_tells_nothing(
    tmp_path: Path, repository: Repository, source: GitSource
) -> None:
    look = await source.look(None)
    assert look is not None
    elsewhere = GitSource("site", str(repository.path), tmp_path / "new-disk" / "mirror")
    assert await elsewhere.look(look.revision) is None
    assert await elsewhere.read([str(look.files[f"{JOBS}/2024-03-01-a.md"])])


async def test_a_bundle_is_a_source(tmp_path: Path, repository: Repository) -> None:
    repository.git("bundle", "create", str(tmp_path / "site.bundle"), "main")
    source = GitSource("site", str(tmp_path / "site.bundle"), tmp_path / "mirror")
    look = await source.look(None)
    assert look is not None
    assert set(look.files) == {f"{JOBS}/2024-03-01-a.md"}
    assert await source.look(look.revision) is None


async def test_a_shallow_clone_is_a_source_and_tells_nothing_wrong(
    tmp_path: Path, repository: Repository
) -> None:
    repository.commit(renames={"2024-03-01-a.md": "2024-03-01-b.md"}, at=START + DAY)
    shallow = tmp_path / "shallow"
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.path}", str(shallow))
    follower = Follower(GitSource("site", str(shallow), tmp_path / "mirror"))
    assert await follower.look() == []
    assert set(follower.present()) == {"2024-03-01-b"}
    other = posting_file("open: true", team="autre", body="Un tout autre poste.")
    for n in range(3):
        repository.commit({f"2024-03-02-{n}.md": other}, at=START + (2 + n) * DAY)
    repository.git("-C", str(shallow), "fetch", "--quiet", "--depth=1")
    repository.git("-C", str(shallow), "reset", "--quiet", "--hard", "origin/main")
    assert await follower.look() == [("opened", f"2024-03-02-{n}") for n in range(3)]


async def test_a_history_that_is_lost_and_rewritten_compares_the_ends(
    tmp_path: Path, repository: Repository, source: GitSource
) -> None:
    follower = Follower(source)
    await follower.look()
    repository.git("checkout", "--quiet", "--orphan", "autre")
    repository.commit(
        {"2024-03-02-x.md": posting_file("open: true", team="autre")},
        renames={"2024-03-01-a.md": "2024/2024-03-01-a.md"},
        at=START + DAY,
    )
    repository.git("branch", "--force", "main", "autre")
    repository.git("checkout", "--quiet", "main")
    follower.source = GitSource("site", str(repository.path), tmp_path / "another-mirror")
    assert await follower.look() == [("opened", "2024-03-02-x")]
    assert set(follower.present()) == {"2024-03-01-a", "2024-03-02-x"}


async def test_the_branch_is_the_configured_one_else_the_main_one(
    tmp_path: Path, repository: Repository
) -> None:
    repository.git("checkout", "--quiet", "-b", "travail")
    work = repository.commit({"2024-03-02-b.md": OPEN}, at=START + DAY)
    main = repository.git("rev-parse", "main")

    async def revision(branch: str | None, mirror: str) -> str:
        look = await GitSource("site", str(repository.path), tmp_path / mirror, branch=branch).look(None)
        assert look is not None
        return look.revision

    assert await revision("main", "1") == main
    assert await revision(None, "2") == work  # HEAD
    repository.git("symbolic-ref", "HEAD", "refs/heads/nulle-part")
    assert await revision(None, "3") == main
    repository.git("branch", "-m", "main", "master")
    assert await revision(None, "4") == main
    repository.git("branch", "-m", "master", "production")
    with pytest.raises(SourceError, match="pas de branche principale"):
        await revision(None, "5")
    repository.git("branch", "-D", "travail")
    assert await revision(None, "6") == main  # the only one
    with pytest.raises(SourceError, match="pas de branche «\u00a0absente\u00a0»"):
        await revision("absente", "7")


async def test_the_configuration_of_whoever_runs_it_changes_nothing(
    tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    around = Repository(tmp_path / "around")
    around.git("config", "url.file:///nowhere/.insteadOf", "/")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".gitconfig").write_text(
        "[diff]\n\trenames = false\n[log]\n\tshowSignature = true\n"
    )
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GIT_DIR", str(around.path / ".git"))
    monkeypatch.chdir(around.path)
    follower = Follower(GitSource("site", str(repository.path), tmp_path / "mirror"))
    await follower.look()
    repository.commit(renames={"2024-03-01-a.md": "2024-03-01-b.md"}, at=START + DAY)
    await follower.look()
    assert set(follower.present()) == {"2024-03-01-a"}


async def test_what_was_merged_is_told_along_first_parents_and_from_a_side_by_the_ends(
    repository: Repository, source: GitSource
) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.git("checkout", "--quiet", "-b", "travail")
    side = repository.commit({"2024-03-02-b.md": OPEN}, at=START + DAY)
    repository.git("checkout", "--quiet", "main")
    repository.commit({"2024-03-02-c.md": OPEN}, at=START + DAY)
    repository.commit({"2024-03-02-c.md": None}, at=START + DAY)
    repository.git("merge", "--quiet", "--no-ff", "-m", "Fusion", "travail", at=START + 2 * DAY)
    b, c = (f"{JOBS}/2024-03-02-{name}.md" for name in "bc")
    followed = await source.look(first)
    assert followed is not None  # the mirror is new, and the commit is one that it has all the same
    assert followed.steps == ((Added(c),), (Deleted(c),), (Added(b),))
    assert set(followed.files) == {b}
    assert followed.at == START + 2 * DAY
    compared = await source.look(side)
    assert compared is not None
    assert (compared.steps, compared.files, compared.whole) == (((),), {}, False)


async def test_a_file_that_comes_from_another_folder_is_new_and_one_that_leaves_is_gone(
    repository: Repository, source: GitSource
) -> None:
    look = await source.look(None)
    assert look is not None
    (repository.path / "content/_startups").mkdir()
    repository.commit({"/content/_startups/x.md": b"---\ntitle: Exemple\n---\n"}, at=START + DAY)
    repository.commit(
        renames={"2024-03-01-a.md": "/content/_startups/a.md", "/content/_startups/x.md": "2024-03-02-x.md"},
        at=START + DAY,
    )
    moved = await source.look(look.revision)
    assert moved is not None
    assert {frozenset(step) for step in moved.steps} == {
        frozenset({Deleted(f"{JOBS}/2024-03-01-a.md"), Added(f"{JOBS}/2024-03-02-x.md")})
    }
    assert moved.files[f"{JOBS}/2024-03-01-a.md"] is None
    assert "content/_startups/x.md" not in moved.files  # it came and went


async def test_a_link_is_no_posting_and_a_file_that_becomes_one_is_gone(
    repository: Repository, source: GitSource
) -> None:
    follower = Follower(source)
    await follower.look()
    path = repository.path / JOBS / "2024-03-01-a.md"
    path.unlink()
    path.symlink_to("ailleurs.md")
    repository.commit(at=START + DAY)
    assert await follower.look() == [("withdrawn", "2024-03-01-a")]
    path.rename(path.with_name("2024-03-01-b.md"))
    repository.commit(at=START + 2 * DAY)
    assert await follower.look() == []
    path.with_name("2024-03-01-b.md").unlink()
    repository.commit({"2024-03-01-a.md": OPEN}, at=START + 3 * DAY)
    assert await follower.look() == [("reopened", "2024-03-01-a")]
