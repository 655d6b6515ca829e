"""Only what is needed is fetched, with few commands; a server that does not serve parts is a source all the same."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path

import pytest

from postings.errors import SourceError
from postings.sources import git_process
from postings.sources.base import Layout
from postings.sources.git import GitSource
from postings.sources.git_repository import GitRepository
from tests.followers import Follower
from tests.lives import DAY
from tests.recorded_git import RecordedGit, first_on_path
from tests.repositories import JOBS, START, Repository, posting_file

BODY = (
    "Une mission utile, racontée assez longuement pour qu’une retouche laisse le texte reconnaissable.\n" * 5
)
OPEN = posting_file("open: true", body=BODY)
ELSEWHERE = b"Un article du site, que Vigie ne lit pas.\n"
FOLLOWED = [("updated", "2024-03-01-a")]
"""What a rename tells: the address changed, and nothing was withdrawn or opened."""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "site")
    made.git("config", "uploadpack.allowFilter", "true")
    made.commit({"2024-03-01-a.md": OPEN, "/content/_posts/article.md": ELSEWHERE})
    made.commit({"2024-03-01-a.md": posting_file("open: true", "techno: go", body=BODY)}, at=START + DAY)
    return made


@pytest.fixture
def recorded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> RecordedGit:
    made = RecordedGit(tmp_path / "programs")
    first_on_path(monkeypatch, tmp_path / "programs")
    return made


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    return tmp_path / "mirror"


def address(repository: Repository) -> str:
    return f"file://{repository.path}"


def blob(repository: Repository, content: str) -> str:
    return repository.git("rev-parse", content)


def held(mirror: Path, blobs: Iterable[str]) -> set[str]:
    return {blob for blob, _ in GitRepository(mirror).read(blobs)}


def renamed_and_edited(repository: Repository, *, at: int) -> None:
    """A rename that only a comparison of contents shows."""
    path = repository.path / JOBS / "2024-03-01-a.md"
    path.unlink()
    repository.commit(
        {"2024-03-05-b.md": posting_file("open: true", "techno: rust", body=BODY)}, at=START + at * DAY
    )


async def lives_on(source: GitSource, repository: Repository) -> None:
    """A baseline, a rename with an edit, a new posting: as with a whole copy."""
    follower = Follower(source)
    assert await follower.look() == []
    renamed_and_edited(repository, at=2)
    assert await follower.look() == FOLLOWED
    assert set(follower.present()) == {"2024-03-01-a"}
    repository.commit({"2024-03-08-c.md": posting_file("open: true", team="autre")}, at=START + 4 * DAY)
    assert await follower.look() == [("opened", "2024-03-08-c")]


async def test_only_the_contents_of_the_folders_are_fetched_at_every_revision(
    repository: Repository, mirror: Path
) -> None:
    source = GitSource("site", address(repository), mirror)
    look = await source.look(None)
    assert look is not None
    contents = [
        blob(repository, f"HEAD:{JOBS}/2024-03-01-a.md"),
        blob(repository, f"HEAD~1:{JOBS}/2024-03-01-a.md"),
    ]
    outside = blob(repository, "HEAD:content/_posts/article.md")
    assert held(mirror, [*contents, outside]) == set(contents)
    repository.commit(
        {"2024-03-01-a.md": OPEN, "/content/_posts/autre.md": b"Un autre.\n"}, at=START + 2 * DAY
    )
    assert await source.look(look.revision) is not None
    assert held(mirror, [blob(repository, "HEAD:content/_posts/autre.md")]) == set()


async def test_what_was_fetched_in_part_is_read_without_the_source(
    tmp_path: Path, repository: Repository, mirror: Path
) -> None:
    renamed_and_edited(repository, at=2)
    source = GitSource("site", address(repository), mirror)
    look = await source.look(None)
    assert look is not None
    repository.path.rename(tmp_path / "ailleurs")
    commits = list(GitRepository(mirror).commits(look.revision, Layout().folders))
    assert [change.old for change in commits[-1].changes] == [f"{JOBS}/2024-03-01-a.md"]
    assert await source.read([str(look.files[f"{JOBS}/2024-03-05-b.md"])])


async def test_the_commands_of_a_look(repository: Repository, mirror: Path, recorded: RecordedGit) -> None:
    source = GitSource("site", address(repository), mirror)
    look = await source.look(None)
    assert look is not None
    repository.commit({f"2024-03-02-{n}.md": OPEN for n in range(5)}, at=START + 2 * DAY)
    repository.commit(
        {f"2024-03-02-{n}.md": posting_file(f"techno: t{n}") for n in range(5)}, at=START + 3 * DAY
    )
    recorded.forget()
    second = await source.look(look.revision)
    assert second is not None
    assert len(await source.read([blob for blob in second.files.values() if blob])) == 5
    assert recorded.commands() == ["ls-remote", "fetch", "rev-list", "fetch", "log", "cat-file"]
    assert await source.look(second.revision) is None
    recorded.forget()
    assert await source.look(second.revision) is None
    assert recorded.commands() == ["ls-remote"]


async def test_a_change_outside_of_the_folders_asks_for_no_content(
    repository: Repository, mirror: Path, recorded: RecordedGit
) -> None:
    source = GitSource("site", address(repository), mirror)
    look = await source.look(None)
    assert look is not None
    revision = repository.commit({"/content/_posts/autre.md": b"Un autre.\n"}, at=START + 2 * DAY)
    recorded.forget()
    second = await source.look(look.revision)
    assert second is not None
    assert (second.revision, second.files, second.at) == (revision, {}, START + 2 * DAY)
    assert recorded.commands() == ["ls-remote", "fetch", "rev-list", "log"]


async def test_a_source_that_leaves_nothing_out_is_fetched_with_one_command(
    repository: Repository, mirror: Path, recorded: RecordedGit
) -> None:
    repository.git("config", "uploadpack.allowFilter", "false")
    source = GitSource("site", address(repository), mirror)
    look = await source.look(None)
    assert look is not None
    repository.commit({"2024-03-02-b.md": OPEN}, at=START + 2 * DAY)
    recorded.forget()
    second = await source.look(look.revision)
    assert second is not None
    assert await source.read([str(second.files[f"{JOBS}/2024-03-02-b.md"])])
    assert recorded.commands() == ["ls-remote", "fetch", "log", "cat-file"]


@pytest.mark.parametrize(
    "configuration",
    [
        {"uploadpack.allowFilter": "false"},
        {"uploadpackfilter.allow": "false"},
        {"uploadpack.allowAnySHA1InWant": "true"},
    ],
)
async def test_a_server_that_does_not_serve_parts_is_followed_all_the_same(
    repository: Repository, mirror: Path, configuration: dict[str, str]
) -> None:
    for key, value in configuration.items():
        repository.git("config", key, value)
    await lives_on(GitSource("site", address(repository), mirror), repository)


@pytest.mark.parametrize("single", ["false", "true"])
async def test_an_old_server_that_gives_no_single_contents(
    tmp_path: Path, repository: Repository, mirror: Path, monkeypatch: pytest.MonkeyPatch, single: str
) -> None:
    # Over ssh the server learns of the second version of the protocol by a variable, which this one drops.
    ssh = tmp_path / "old-ssh"
    ssh.write_text(
        '#!/bin/sh\n[ "$1" = -G ] && exit 1\nfor last; do :; done\nunset GIT_PROTOCOL\n'
        'eval "exec git ${last#git-}"\n'
    )
    ssh.chmod(0o755)
    monkeypatch.setenv("GIT_SSH_COMMAND", str(ssh))
    repository.git("config", "uploadpack.allowAnySHA1InWant", single)
    await lives_on(GitSource("site", f"ssh://example.org{repository.path}", mirror), repository)
    outside = blob(repository, "HEAD:content/_posts/article.md")
    assert held(mirror, [outside]) == (set() if single == "true" else {outside})


async def test_filters_that_are_refused_from_one_day_on(repository: Repository, mirror: Path) -> None:
    follower = Follower(GitSource("site", address(repository), mirror))
    assert await follower.look() == []
    repository.git("config", "uploadpackfilter.allow", "false")
    repository.commit({"2024-03-08-c.md": posting_file("open: true", team="autre")}, at=START + 4 * DAY)
    assert await follower.look() == [("opened", "2024-03-08-c")]
    renamed_and_edited(repository, at=5)
    assert await follower.look() == FOLLOWED


@pytest.mark.parametrize("filters", ["true", "false"])
async def test_a_whole_mirror_of_an_earlier_version_goes_on(
    repository: Repository, mirror: Path, filters: str
) -> None:
    repository.git("config", "uploadpack.allowFilter", filters)
    repository.git("init", "--quiet", "--bare", str(mirror))
    repository.git("-C", str(mirror), "fetch", "--quiet", address(repository), "+main:refs/vigie/source")
    follower = Follower(GitSource("site", address(repository), mirror))
    assert await follower.look() == []
    renamed_and_edited(repository, at=2)
    assert await follower.look() == FOLLOWED
    assert set(follower.present()) == {"2024-03-01-a"}


async def test_an_interrupted_first_fetch_is_taken_up_again(repository: Repository, mirror: Path) -> None:
    renamed_and_edited(repository, at=2)
    repository.git("init", "--quiet", "--bare", str(mirror))
    source = GitSource("site", address(repository), mirror)
    assert await source.look(None) is not None  # nothing but an empty mirror was there
    elsewhere = mirror.with_name("mirror-2")
    repository.git("init", "--quiet", "--bare", str(elsewhere))
    fetch = ("-C", str(elsewhere), "fetch", "--quiet", "--filter=blob:none", address(repository))
    repository.git(*fetch, "+main:refs/vigie/source")
    follower = Follower(GitSource("site", address(repository), elsewhere))
    assert await follower.look() == []
    assert set(follower.present()) == {"2024-03-01-a"}


async def test_a_mirror_that_is_made_anew_and_interrupted_finds_the_contents_it_needs(
    repository: Repository, mirror: Path
) -> None:
    follower = Follower(GitSource("site", address(repository), mirror))
    await follower.look()
    renamed_and_edited(repository, at=2)
    elsewhere = mirror.with_name("mirror-2")
    repository.git("init", "--quiet", "--bare", str(elsewhere))
    fetch = ("-C", str(elsewhere), "fetch", "--quiet", "--filter=blob:none", address(repository))
    repository.git(*fetch, "+main:refs/vigie/source")
    repository.git("-C", str(elsewhere), "config", "--remove-section", f"remote.{address(repository)}")
    follower.source = GitSource("site", address(repository), elsewhere)
    assert await follower.look() == FOLLOWED
    assert set(follower.present()) == {"2024-03-01-a"}


async def test_a_content_that_the_mirror_lost_is_fetched_again(repository: Repository, mirror: Path) -> None:
    source = GitSource("site", address(repository), mirror)
    look = await source.look(None)
    assert look is not None
    wanted = str(look.files[f"{JOBS}/2024-03-01-a.md"])
    _lose(repository, mirror, wanted)
    assert held(mirror, [wanted]) == set()
    assert set(await source.read([wanted])) == {wanted}


async def test_a_content_that_is_nowhere_is_an_error_and_not_a_forgotten_file(
    repository: Repository, mirror: Path
) -> None:
    source = GitSource("site", address(repository), mirror)
    look = await source.look(None)
    assert look is not None
    wanted = str(look.files[f"{JOBS}/2024-03-01-a.md"])
    _lose(repository, mirror, wanted)
    (repository.path / ".git" / "objects" / wanted[:2] / wanted[2:]).unlink()
    with pytest.raises(SourceError):
        await source.read([wanted])


async def test_a_content_of_the_past_that_was_erased_everywhere_stops_nothing(
    repository: Repository, mirror: Path
) -> None:
    source = GitSource("site", address(repository), mirror)
    look = await source.look(None)
    assert look is not None
    wanted = str(look.files[f"{JOBS}/2024-03-01-a.md"])
    assert set(await source.read([wanted, "1" * 40])) == {wanted}


async def test_what_a_killed_git_left_locked_is_unlocked_when_it_cannot_live_any_more(
    repository: Repository, mirror: Path
) -> None:
    source = GitSource("site", address(repository), mirror)
    look = await source.look(None)
    assert look is not None
    lock = mirror / "refs" / "vigie" / "source.lock"
    lock.touch()
    repository.commit({"2024-03-02-b.md": OPEN}, at=START + 2 * DAY)
    with pytest.raises(SourceError):
        await source.look(look.revision)
    long_ago = time.time() - 2 * git_process.TIMEOUT
    os.utime(lock, (long_ago, long_ago))
    assert await source.look(look.revision) is not None


def _lose(repository: Repository, mirror: Path, blob: str) -> None:
    """Takes one content out of a mirror, as a damaged disk would."""
    pack = mirror / "objects" / "pack"
    aside = mirror / "aside"
    pack.rename(aside)
    pack.mkdir()
    for file in aside.glob("*.pack"):
        with file.open("rb") as content:
            subprocess.run(["git", "-C", str(mirror), "unpack-objects", "-q"], stdin=content, check=True)
    (mirror / "objects" / blob[:2] / blob[2:]).unlink()
