"""A git repository as a source: one request when idle, nothing from an address, sentences that help."""

from __future__ import annotations

from pathlib import Path

import pytest

from postings.errors import SourceError
from postings.identity import Added, Renamed
from postings.sources import git as git_source
from postings.sources import git_repository
from postings.sources.git import GitSource, checked_address
from postings.sources.git_repository import GitRepository, without_credentials
from tests.followers import Follower
from tests.lives import DAY
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
def calls(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The git commands that are run, by their first word that is no option."""
    made: list[str] = []
    real = git_repository.git

    def counted(*arguments: str, stdin: bytes | None = None) -> bytes:
        words = arguments[2:] if arguments[0] == "-C" else arguments
        made.append(words[0])
        return real(*arguments, stdin=stdin)

    monkeypatch.setattr(git_repository, "git", counted)
    monkeypatch.setattr(git_source, "git", counted)
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


async def test_an_idle_look_is_one_request(source: GitSource, calls: list[str]) -> None:
    look = await source.look(None)
    assert look is not None
    calls.clear()
    assert await source.look(look.revision) is None
    assert [call for call in calls if call != "rev-parse"] == ["ls-remote"]


async def test_a_look_reads_all_contents_with_one_command(
    repository: Repository, source: GitSource, calls: list[str]
) -> None:
    repository.commit(
        {f"2024-03-01-{n}.md": posting_file(f"techno: t{n}") for n in range(50)}, at=START + DAY
    )
    look = await source.look(None)
    assert look is not None
    calls.clear()
    blobs = {blob for blob in look.files.values() if blob}
    assert len(await source.read(blobs)) == 51
    assert calls == ["cat-file"]


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


@pytest.mark.parametrize(
    "address",
    [
        "--upload-pack=touch marque",
        "-c",
        "ext::sh -c touch% marque",
        "ext::https://example.org/x",
        "git://example.org/x.git",
        "http://example.org/x.git",
        "fd::17/foo",
        "nulle/part",
        "",
    ],
)
def test_an_address_is_never_an_option_or_a_command(address: str) -> None:
    with pytest.raises(SourceError) as refused:
        checked_address(address)
    assert ("n’est pas acceptée" if "://" in address else "n’existe pas") in str(refused.value)
    assert refused.value.english != str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/x.git",
        "ssh://git@example.org/x.git",
        "git@example.org:x.git",
        "file:///srv/x.git",
    ],
)
def test_addresses_that_are_taken(address: str) -> None:
    assert checked_address(address) == address


def test_a_path_that_looks_like_an_option_is_one_only_when_it_is_written_as_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "-x").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SourceError):
        checked_address("-x")
    assert checked_address("./-x") == str(tmp_path / "-x")


async def test_what_does_not_answer_is_told_in_a_sentence_without_credentials(tmp_path: Path) -> None:
    secret = "s3cret"
    for address in (
        f"https://equipe:{secret}@127.0.0.1:1/x.git",
        f"https://equipe:p@{secret}@127.0.0.1:1/x.git",
    ):
        with pytest.raises(SourceError) as refused:
            await GitSource("site", address, tmp_path / "mirror").look(None)
        for sentence in (str(refused.value), refused.value.english):
            assert secret not in sentence
            assert "127.0.0.1" in sentence
            assert "\n" not in sentence


async def test_a_path_without_a_repository_says_what_git_said_first(tmp_path: Path) -> None:
    (tmp_path / "vide").mkdir()
    with pytest.raises(SourceError, match=r"does not appear to be a git repository.*Vérifiez l’adresse"):
        await GitSource("site", str(tmp_path / "vide"), tmp_path / "mirror").look(None)


def test_credentials_are_taken_out_of_any_text() -> None:
    assert without_credentials("de https://u:p@example.org/x à ssh://git@example.org/y") == (
        "de https://example.org/x à ssh://example.org/y"
    )
    assert "sec" not in without_credentials("https://u:sec/ret@sec@example.org/x")


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


def test_a_revision_follows_another_along_first_parents_only(repository: Repository) -> None:
    first = repository.git("rev-parse", "HEAD")
    repository.git("checkout", "--quiet", "-b", "travail")
    side = repository.commit({"2024-03-02-b.md": OPEN}, at=START + DAY)
    repository.git("checkout", "--quiet", "main")
    middle = repository.commit({"2024-03-02-c.md": OPEN}, at=START + DAY)
    repository.git("merge", "--quiet", "--no-ff", "-m", "Fusion", "travail", at=START + 2 * DAY)
    merge = repository.git("rev-parse", "HEAD")
    local = GitRepository(repository.path)
    assert local.follows(first, merge)
    assert local.follows(middle, merge)
    assert local.follows(merge, merge)
    assert not local.follows(side, merge)
    assert not local.follows(merge, first)
