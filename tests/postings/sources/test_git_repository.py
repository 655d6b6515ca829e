"""Git as a program: read as it speaks, bounded in time and size, ended when nobody listens."""

from __future__ import annotations

import os
from itertools import islice
from pathlib import Path

import pytest

from postings.errors import SourceError
from postings.reading.front_matter import SIZE_LIMIT
from postings.reading.reader import read_file
from postings.sources import git_process
from postings.sources.git_process import git
from postings.sources.git_repository import BlobReader, GitRepository
from tests.recorded_git import first_on_path, put_git
from tests.repositories import JOBS, Repository, posting_file


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "site")


def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    put_git(tmp_path / "programs", f"#!/bin/sh\n{script}\n")
    first_on_path(monkeypatch, tmp_path / "programs")


def test_commits_are_read_as_they_come_however_many_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = "1" * 40
    played(tmp_path, monkeypatch, f"while printf '\\001{one} 1700000000 \\0'; do :; done")
    commits = GitRepository(tmp_path).commits("main", ["content"])
    assert [commit.revision for commit in islice(commits, 3)] == [one] * 3
    commits.close()


def test_every_commit_or_those_that_touch_the_folders(repository: Repository) -> None:
    first = repository.commit({"2024-03-01-a.md": posting_file("open: true")})
    second = repository.commit({"/autre.txt": b"Rien.\n"})
    local = GitRepository(repository.path)
    assert [(c.revision, c.parent, len(c.changes)) for c in local.commits(second, [JOBS])] == [
        (first, None, 1)
    ]
    assert [(c.revision, c.parent) for c in local.commits(f"{first}..{second}", [JOBS], every=True)] == [
        (second, first)
    ]


def test_paths_of_any_name_are_told_from_commits(repository: Repository) -> None:
    names = ["é à.md", "deux\nlignes.md", "\x01piège.md", ":000000 x.md"]
    repository.commit({name: posting_file(f"techno: t{number}") for number, name in enumerate(names)})
    (commit,) = GitRepository(repository.path).commits("main", [JOBS])
    assert {change.path for change in commit.changes} == {f"{JOBS}/{name}" for name in names}


def test_a_git_that_does_not_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played(tmp_path, monkeypatch, f"echo $$ > '{tmp_path}/pid'\nexec sleep 1000")
    monkeypatch.setattr(git_process, "TIMEOUT", 0.3)
    with pytest.raises(SourceError, match="n’a pas fini"):
        git("ls-remote")
    pid = int((tmp_path / "pid").read_text())
    assert not Path(f"/proc/{pid}").exists()


def test_a_git_that_says_too_much_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    played(tmp_path, monkeypatch, "exec yes")
    monkeypatch.setattr(git_process, "OUTPUT_LIMIT", 1024 * 1024)
    with pytest.raises(SourceError, match="plus de 1 Mo"):
        git("ls-remote")


def test_a_machine_without_git_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SourceError, match="git n’est pas installé"):
        git("ls-remote")


def test_a_reader_is_asked_again_and_again(repository: Repository) -> None:
    files = {f"2024-03-01-{n}.md": posting_file(f"techno: t{n}") for n in range(200)}
    repository.commit({**files, "vide.md": b""})
    local = GitRepository(repository.path)
    blobs = local.files("main", [JOBS])
    with BlobReader(local) as reader:
        for _ in range(2):
            found = dict(reader.read([*blobs.values(), "0" * 40]))
            assert {path: found[blob] for path, blob in blobs.items()} == {
                f"{JOBS}/{name}": content for name, content in (files | {"vide.md": b""}).items()
            }
            assert "0" * 40 not in found


def test_a_git_that_dies_while_it_is_asked_is_an_error_and_no_missing_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, repository: Repository
) -> None:
    repository.commit({"2024-03-01-a.md": posting_file("open: true")})
    local = GitRepository(repository.path)
    blobs = local.files("main", [JOBS]).values()
    played(tmp_path, monkeypatch, "read asked; printf '%s blob 100\\nsome of it' $asked")
    with pytest.raises(SourceError, match="git s’est arrêté avant d’avoir tout lu"):
        dict(local.read(blobs))


def test_links_and_modules_are_no_files(repository: Repository) -> None:
    revision = repository.commit({"2024-03-01-a.md": posting_file("open: true")})
    (repository.path / JOBS / "lien.md").symlink_to("2024-03-01-a.md")
    repository.commit()
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{revision},{JOBS}/module.md")
    repository.git("commit", "--quiet", "--message", "Un module")
    assert set(GitRepository(repository.path).files("HEAD", [JOBS])) == {f"{JOBS}/2024-03-01-a.md"}


def test_of_a_file_over_the_limit_only_what_makes_it_refused_is_held(repository: Repository) -> None:
    large = posting_file("open: true", body="x" * (5 * SIZE_LIMIT))
    small = posting_file("open: true")
    repository.commit({"2024-03-01-a.md": large, "2024-03-01-b.md": small})
    local = GitRepository(repository.path)
    paths = {blob: path for path, blob in local.files("main", [JOBS]).items()}
    read = {paths[blob].removeprefix(f"{JOBS}/"): content for blob, content in local.read(paths)}
    assert read["2024-03-01-b.md"] == small
    assert len(read["2024-03-01-a.md"]) == SIZE_LIMIT + 1
    path = f"{JOBS}/2024-03-01-a.md"
    assert read_file(path, read["2024-03-01-a.md"]).findings == read_file(path, large).findings
    exact = posting_file("open: true")
    exact += b"x" * (SIZE_LIMIT - len(exact))
    repository.commit({"2024-03-01-a.md": exact})
    assert exact in dict(local.read(local.files("main", [JOBS]).values())).values()


def test_two_names_that_differ_in_bytes_that_are_no_text_are_two_files(repository: Repository) -> None:
    for name in (b"2024-03-01-\xe8.md", b"2024-03-01-\xe9.md"):
        place = repository.path / JOBS / os.fsdecode(name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(posting_file("open: true"))
    repository.commit()
    files = GitRepository(repository.path).files("HEAD", [JOBS])
    assert sorted(files) == [f"{JOBS}/2024-03-01-\\xe8.md", f"{JOBS}/2024-03-01-\\xe9.md"]


def test_a_commit_dated_outside_the_calendar_is_at_its_edge(repository: Repository, tmp_path: Path) -> None:
    tree = repository.git("mktree")
    commit = (
        f"tree {tree}\nauthor E <e@example.org> 0 +0000\ncommitter E <e@example.org> 9999999999999 +0000\n\n"
    )
    (tmp_path / "commit").write_text(commit)
    made = repository.git("hash-object", "-t", "commit", "-w", "--literally", str(tmp_path / "commit"))
    assert GitRepository(repository.path).commit(made)[1].year == 9999
