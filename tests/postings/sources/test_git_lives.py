"""What happens to a repository as a whole: gone for a day, moved, rewritten, cut short, elsewhere."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from postings.errors import SourceError
from postings.sources.git import GitSource
from postings.sources.git_repository import GitRepository
from tests.followers import Follower
from tests.lives import DAY
from tests.recorded_git import RecordedGit, first_on_path
from tests.repositories import JOBS, START, Repository, posting_file

OPEN = posting_file(
    "open: true", body="Une mission utile, racontée assez longuement pour rester reconnaissable."
)
OTHER = posting_file("open: true", team="autre", body="Un tout autre poste, ailleurs.\n" * 20)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "site")
    made.git("config", "uploadpack.allowFilter", "true")
    made.commit({"2024-03-01-a.md": OPEN})
    made.commit({"2024-03-01-b.md": posting_file("open: true", "techno: go", team="b")}, at=START + DAY)
    return made


def following(repository: Repository, mirror: Path, **options: int | str) -> GitSource:
    return GitSource("site", f"file://{repository.path}", mirror, **options)  # type: ignore[arg-type]


async def test_a_repository_that_is_gone_for_a_day_tells_the_net_change_when_it_is_back(
    tmp_path: Path, repository: Repository
) -> None:
    follower = Follower(following(repository, tmp_path / "mirror"))
    await follower.look()
    repository.path.rename(tmp_path / "en-panne")
    for _ in range(3):
        with pytest.raises(SourceError, match="git a refusé"):
            await follower.look()
    (tmp_path / "en-panne").rename(repository.path)
    assert await follower.look() == []
    repository.commit({"2024-03-02-c.md": OTHER}, at=START + 2 * DAY)
    repository.commit({"2024-03-02-c.md": None, "2024-03-02-d.md": OTHER}, at=START + 2 * DAY)
    assert await follower.look() == [("opened", "2024-03-02-c")]


async def test_a_branch_moved_back_tells_the_difference_once(tmp_path: Path, repository: Repository) -> None:
    follower = Follower(following(repository, tmp_path / "mirror"))
    await follower.look()
    repository.git("reset", "--quiet", "--hard", "HEAD~1")
    assert await follower.look(START + 2 * DAY) == [("withdrawn", "2024-03-01-b")]
    assert await follower.look(START + 2 * DAY) == []
    assert set(follower.present()) == {"2024-03-01-a"}


async def test_a_history_rewritten_with_the_same_files_tells_nothing(
    tmp_path: Path, repository: Repository
) -> None:
    follower = Follower(following(repository, tmp_path / "mirror"))
    await follower.look()
    repository.git("checkout", "--quiet", "--orphan", "propre")
    repository.commit(at=START + 2 * DAY)
    repository.git("branch", "--quiet", "--force", "main", "propre")
    repository.git("checkout", "--quiet", "main")
    assert await follower.look() == []


async def test_a_default_branch_that_is_renamed_tells_nothing(tmp_path: Path, repository: Repository) -> None:
    follower = Follower(following(repository, tmp_path / "mirror"))
    await follower.look()
    repository.git("branch", "-m", "main", "production")
    assert await follower.look() == []
    repository.commit({"2024-03-02-c.md": OTHER}, at=START + 2 * DAY)
    assert await follower.look() == [("opened", "2024-03-02-c")]


@pytest.mark.parametrize("filters", ["true", "false"])
async def test_the_same_history_at_another_address_tells_nothing(
    tmp_path: Path, repository: Repository, filters: str
) -> None:
    follower = Follower(following(repository, tmp_path / "mirror"))
    await follower.look()
    shutil.copytree(repository.path, tmp_path / "ailleurs")
    repository.path.rename(tmp_path / "parti")
    repository.path = tmp_path / "ailleurs"
    repository.git("config", "uploadpack.allowFilter", filters)
    follower.source = following(repository, tmp_path / "mirror")
    assert await follower.look() == []
    repository.commit(
        {"2024-03-02-c.md": OTHER}, renames={"2024-03-01-a.md": "x/2024-03-01-a.md"}, at=START + 2 * DAY
    )
    assert await follower.look() == [("opened", "2024-03-02-c")]


@pytest.mark.parametrize("mirror", ["mirror", "another-mirror"])
async def test_an_unrelated_history_at_another_address_is_compared_at_the_ends(
    tmp_path: Path, repository: Repository, mirror: str
) -> None:
    follower = Follower(following(repository, tmp_path / "mirror"))
    await follower.look()
    other = Repository(tmp_path / "ailleurs")
    other.commit({"2024-03-01-a.md": OPEN, "2024-03-02-c.md": OTHER}, at=START + 2 * DAY)
    follower.source = following(other, tmp_path / mirror)
    assert sorted(await follower.look()) == [("opened", "2024-03-02-c"), ("withdrawn", "2024-03-01-b")]
    assert await follower.look() == []


async def test_a_revision_that_another_kind_of_source_left_is_compared_at_the_ends(
    tmp_path: Path, repository: Repository
) -> None:
    follower = Follower(following(repository, tmp_path / "mirror"))
    await follower.look()
    for revision in ("a" * 64, "-x", 'W/"etag"', "main", ""):
        follower.revision = revision
        assert await follower.look(START + DAY) == []


@pytest.mark.parametrize("filters", ["true", "false"])
async def test_a_shallow_mirror_stays_shallow_and_tells_what_a_whole_one_does(
    tmp_path: Path, repository: Repository, filters: str
) -> None:
    repository.git("config", "uploadpack.allowFilter", filters)
    follower = Follower(following(repository, tmp_path / "mirror", depth=2))
    whole = Follower(following(repository, tmp_path / "whole"))
    for one in (follower, whole):
        assert await one.look() == []
    steps: list[tuple[int, dict[str, bytes | None], dict[str, str]]] = [
        (1, {"2024-03-02-c.md": OTHER}, {}),
        (1, {}, {"2024-03-01-a.md": "2024/2024-03-01-a.md"}),
        (5, {"2024-03-01-b.md": posting_file("open: false", team="b")}, {}),
        (5, {"2024-03-02-c.md": None}, {}),
        (2, {}, {"2024/2024-03-01-a.md": "2025/2024-03-01-a.md"}),
    ]
    for day, (commits, files, renames) in enumerate(steps, start=2):
        repository.commit(files, renames=renames, at=START + day * DAY)
        for n in range(1, commits):
            repository.commit({f"/autre/{day}-{n}.txt": b"Rien.\n"}, at=START + day * DAY)
        assert await follower.look() == await whole.look()
        count = GitRepository(tmp_path / "mirror").run("rev-list", "--count", "refs/vigie/source")
        assert int(count) == 2
    assert follower.present() == whole.present()
    assert [str(event.kind) for event in follower.told] == ["opened", "closed", "withdrawn"]


@pytest.mark.parametrize("filters", ["true", "false"])
@pytest.mark.parametrize("depth", [None, 1, 3])
async def test_a_shallow_repository_is_never_asked_by_git_itself_for_what_is_left_out(
    tmp_path: Path, repository: Repository, monkeypatch: pytest.MonkeyPatch, filters: str, depth: int | None
) -> None:
    # A git that asks of itself for the edge of a shallow source starts another that does, without end.
    recorded = RecordedGit(tmp_path / "programs")
    first_on_path(monkeypatch, tmp_path / "programs")
    short = tmp_path / "court"
    repository.git("clone", "--quiet", "--depth=1", f"file://{repository.path}", str(short))
    repository.git("-C", str(short), "config", "uploadpack.allowFilter", filters)
    source = GitSource("site", f"file://{short}", tmp_path / "mirror", depth=depth)
    follower = Follower(source)
    assert await follower.look() == []
    for day in range(2, 5):
        held = repository.commit(
            {f"2024-03-02-{day}.md": OTHER + bytes(str(day), "ascii")}, at=START + day * DAY
        )
        repository.git("-C", str(short), "fetch", "--quiet", "--depth=1")
        repository.git("-C", str(short), "reset", "--quiet", "--hard", "origin/main")
        if day == 4:  # the source moves on between the look and the reading
            await source.read(["1" * 40, repository.git("rev-parse", f"{held}:{JOBS}/2024-03-02-4.md")])
        assert await follower.look() == [("opened", f"2024-03-02-{day}")]
    assert "negotiationAlgorithm=noop fetch source" not in recorded.everything()


async def test_the_first_names_are_those_of_the_depth(tmp_path: Path, repository: Repository) -> None:
    repository.commit(renames={"2024-03-01-a.md": "2024-03-09-z.md"}, at=START + 2 * DAY)
    repository.commit(at=START + 3 * DAY)
    for depth, name in ((1, "2024-03-09-z"), (3, "2024-03-01-a")):
        follower = Follower(following(repository, tmp_path / f"mirror-{depth}", depth=depth))
        await follower.look()
        assert set(follower.present()) == {"2024-03-01-b", name}
    assert (repository.path / JOBS / "2024-03-09-z.md").exists()
