"""`vigie read` as a check: problems of an instant, warnings that count, the workflow for the site's repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.bot.cli.conftest import Vigie

WORKFLOW = Path(__file__).parents[3] / "docs" / "workflow-verifier-les-offres.yml"
SOUND = b"---\nroles: Designer\nequipe: Exemple\ncontrat: cdd\nopen: true\n---\nUne mission utile.\n"
DOUBTFUL = SOUND.replace(b"contrat: cdd\n", b"")
LATER = SOUND.replace(b"---\nUne", b"date: 2024-03-05\n---\nUne")


def written(folder: Path, content: bytes, name: str = "2024-03-05-designer.md") -> Path:
    path = folder / "content/_jobs" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("content", "lenient", "strict"), [(SOUND, 0, 0), (DOUBTFUL, 0, 1), (b"\n" + SOUND, 1, 1)]
)
def test_with_strict_a_warning_counts(
    run: Vigie, tmp_path: Path, content: bytes, lenient: int, strict: int
) -> None:
    path = written(tmp_path, content)
    assert run("read", path).status == lenient
    assert run("read", path, "--strict").status == strict


def test_a_date_to_come_is_a_problem_of_the_instant(run: Vigie, tmp_path: Path) -> None:
    path = written(tmp_path, LATER)
    for instant, codes in (("2024-03-04T12:00", ["date_in_future"]), ("2024-03-05T12:00", [])):
        (found,) = run("read", path, "--at", instant, "--format", "json").objects
        assert [p["code"] for p in found["problems"]] == codes


def test_the_workflow_reads_the_files_that_a_pull_request_changes(tmp_path: Path) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=exemple", "-c", "user.email=equipe-exemple@example.org")
        subprocess.run(("git", *identity, *arguments), cwd=tmp_path, check=True, capture_output=True)

    git("init", "--quiet")
    (tmp_path / "content/_startups").mkdir(parents=True)
    (tmp_path / "content/_startups/exemple.md").write_bytes(b"---\ntitle: Exemple\n---\n")
    written(tmp_path, b"\n" + SOUND, "2024-03-01-ancienne.md")
    old = written(tmp_path, SOUND, "2024-03-02-retiree.md")
    git("add", ".")
    git("commit", "--quiet", "--message", "avant")
    old.unlink()
    written(tmp_path, DOUBTFUL, "2024-03-05-designer (bis).md")
    git("add", ".")
    git("commit", "--quiet", "--message", "demande de fusion")
    step = yaml.safe_load(WORKFLOW.read_text("utf-8"))["jobs"]["offres"]["steps"][-1]["run"]
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", "-c", step], cwd=tmp_path, env=os.environ | {"PATH": path}, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    (line,) = ran.stdout.splitlines()
    assert line.startswith(
        "::warning file=content/_jobs/2024-03-05-designer (bis).md,line=1,title=no_contract::"
    )
