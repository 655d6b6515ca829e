"""A source named on the command line is opened for what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from postings.errors import SourceError
from postings.sources.base import Layout
from postings.sources.opening import opened
from tests.lives import DAY
from tests.repositories import JOBS, START, Repository, posting_file


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "site")
    made.commit({"2024-03-01-a.md": posting_file("open: true")})
    return made


def test_a_repository_is_read_in_place(repository: Repository) -> None:
    with opened(str(repository.path)) as found:
        assert found.repository is not None
        assert found.repository.path == repository.path
        assert found.revision == repository.git("rev-parse", "HEAD")


def test_a_bare_repository_and_a_worktree(tmp_path: Path, repository: Repository) -> None:
    repository.git("clone", "--quiet", "--bare", ".", str(tmp_path / "nu.git"))
    repository.git("worktree", "add", "--quiet", "-b", "travail", str(tmp_path / "atelier"))
    for path in (tmp_path / "nu.git", tmp_path / "atelier"):
        with opened(str(path)) as found:
            assert found.revision == repository.git("rev-parse", "HEAD")


def test_a_bundle_and_an_address_are_cloned_for_as_long_as_needed(
    tmp_path: Path, repository: Repository
) -> None:
    repository.git("bundle", "create", str(tmp_path / "site.bundle"), "main")
    for source in (str(tmp_path / "site.bundle"), f"file://{repository.path}"):
        with opened(source) as found:
            assert found.repository is not None
            clone = found.repository.path
            assert clone.exists()
            assert found.revision == repository.git("rev-parse", "HEAD")
        assert not clone.exists()


def test_the_branch_that_is_named(repository: Repository) -> None:
    repository.git("checkout", "--quiet", "-b", "travail")
    repository.commit(at=START + DAY)
    with opened(str(repository.path), branch="main") as found:
        assert found.revision == repository.git("rev-parse", "main")
    with pytest.raises(SourceError, match="absente"), opened(str(repository.path), branch="absente"):
        pass


def test_a_folder_of_files(tmp_path: Path) -> None:
    (tmp_path / "export" / JOBS).mkdir(parents=True)
    with opened(str(tmp_path / "export")) as found:
        assert (found.folder, found.repository) == (tmp_path / "export", None)
    (tmp_path / "cms" / "offres").mkdir(parents=True)
    with opened(str(tmp_path / "cms"), layout=Layout(postings="offres")) as found:
        assert found.folder == tmp_path / "cms"


def test_anything_else_is_told_what_it_should_have_been(tmp_path: Path) -> None:
    (tmp_path / "vide").mkdir()
    (tmp_path / "texte.txt").write_text("Ceci n’est pas un bundle.\n")
    for source, sentence in (
        (str(tmp_path / "vide"), "ni un dépôt git ni un dossier qui contient content/_jobs"),
        (str(tmp_path / "texte.txt"), "git a refusé"),
        (str(tmp_path / "absent"), "n’existe pas"),
        (f"file://{tmp_path}/absent.git", "git a refusé"),
        ("--upload-pack=x", "n’existe pas"),
    ):
        with pytest.raises(SourceError, match=sentence), opened(source):
            pass


def test_an_empty_repository_has_no_branch_to_follow(tmp_path: Path) -> None:
    empty = Repository(tmp_path / "neuf")
    with pytest.raises(SourceError, match="pas de branche principale"), opened(str(empty.path)):
        pass
