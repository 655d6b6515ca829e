"""`vigie read`: the objects that other programs rely on, the annotations of a forge, the exit status."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bot.cli.conftest import Vigie
from tests.repositories import posting_file

KEYS = [
    "path",
    "id",
    "role",
    "team",
    "host",
    "incubator",
    "contracts",
    "contracts_from",
    "evidence",
    "domains",
    "domains_from",
    "cities",
    "remote",
    "opens",
    "closes",
    "state",
    "state_reason",
    "listed",
    "filled",
    "junior",
    "technologies",
    "url",
    "apply_url",
    "contacts",
    "summary",
    "problems",
]
BROKEN = b"\nroles: Designer\n---\nUne mission.\n"


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A checkout with one team of one incubator, an open posting, a doubtful one and a broken one."""
    root = tmp_path / "site"
    files = {
        "content/_startups/exemple.md": b"---\ntitle: Exemple utile\nincubator: fabrique\n---\n",
        "content/_incubators/fabrique.md": b"---\ntitle: La Fabrique\n---\n",
        "content/_jobs/2024-03-01-dev.md": posting_file("post_ouvert: 2024-03-04", "poste_ferme: 2024-03-20"),
        "content/_jobs/2024-03-02-doute.md": posting_file("open: true", "contrat: cdi"),
        "content/_jobs/2024-03-03-cassee.md": BROKEN,
    }
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return root


def test_json_has_every_key_of_the_contract(run: Vigie, site: Path) -> None:
    file = site / "content/_jobs/2024-03-01-dev.md"
    ran = run("read", file, "--site", site, "--at", "2024-03-10", "--format", "json")
    assert ran.status == 0
    (found,) = ran.objects
    assert [key for key in KEYS if key not in found] == []
    assert found["path"] == file.as_posix()
    assert found["id"] == "2024-03-01-dev"
    assert found["team"] == {"id": "exemple", "name": "Exemple utile"}
    assert found["incubator"] == {"id": "fabrique", "name": "Fabrique"}
    assert (found["contracts"], found["contracts_from"]) == (["cdd"], "front matter")
    assert (found["opens"], found["closes"]) == ("2024-03-04", "2024-03-20")
    assert (found["state"], found["filled"], found["host"]) == ("open", False, found["incubator"])


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2024-03-03", "scheduled"),
        ("2024-03-04", "open"),
        ("2024-03-20T22:59:59Z", "open"),
        ("2024-03-20T23:00:00Z", "closed"),
    ],
)
def test_the_state_is_that_of_the_instant(run: Vigie, site: Path, at: str, state: str) -> None:
    ran = run("read", site / "content/_jobs/2024-03-01-dev.md", "--at", at, "--format", "json")
    assert ran.objects[0]["state"] == state


def test_a_file_that_is_no_posting_prints_what_could_be_read_and_leaves_with_1(
    run: Vigie, site: Path
) -> None:
    ran = run("read", site / "content/_jobs/2024-03-03-cassee.md", "--format", "json")
    assert ran.status == 1
    (found,) = ran.objects
    assert found["state"] is None
    assert any(problem["severity"] == "error" for problem in found["problems"])
    for problem in found["problems"]:
        assert list(problem) == ["code", "severity", "message", "line", "key"]
        assert problem["message"].endswith(".")


def test_a_warning_alone_leaves_with_0(run: Vigie, site: Path) -> None:
    ran = run("read", site / "content/_jobs/2024-03-02-doute.md", "--format", "json")
    assert ran.status == 0
    assert {problem["severity"] for problem in ran.objects[0]["problems"]} == {"warning"}


def test_a_folder_is_all_its_files(run: Vigie, site: Path) -> None:
    ran = run("read", site / "content/_jobs", "--format", "json")
    assert [found["id"] for found in ran.objects] == [
        "2024-03-01-dev",
        "2024-03-02-doute",
        "2024-03-03-cassee",
    ]
    assert ran.status == 1


def test_github_annotations_name_the_file_and_keep_their_signs(run: Vigie, site: Path) -> None:
    odd = site / "content/_jobs/50%, a:b.md"
    odd.write_bytes(BROKEN)
    ran = run("read", odd, site / "content/_jobs/2024-03-02-doute.md", "--format", "github")
    lines = ran.out.splitlines()
    assert ran.status == 1
    assert any(line.startswith("::error file=") and "50%25%2C a%3Ab.md" in line for line in lines)
    assert any(line.startswith("::warning file=") and "doute.md" in line for line in lines)
    assert all(line.startswith(("::error ", "::warning ")) for line in lines)


def test_text_is_for_people(run: Vigie, site: Path) -> None:
    ran = run("read", site / "content/_jobs/2024-03-01-dev.md", "--at", "2024-03-10", "--site", site)
    assert "Développeuse web (ouverte)" in ran.out
    assert "Exemple utile" in ran.out


def test_text_says_what_there_is_and_leaves_out_what_there_is_not(run: Vigie, site: Path) -> None:
    both = site / "content/_jobs/2024-03-04-ville.md"
    both.write_bytes(posting_file("post_ouvert: 2024-03-04", body="Lieu : Lyon"))
    neither = site / "content/_jobs/2024-03-05-vague.md"
    neither.write_bytes(b"---\nroles: Designer\n---\nUne mission.\n")
    said = run("read", both, "--at", "2024-03-10", "--site", site).out.splitlines()
    assert said[3] == "  CDD – Lyon"
    said = run("read", neither, "--at", "2024-03-10", "--site", site).out.splitlines()
    assert said[1].startswith("  Designer (")
    assert said[2].startswith("  http")
    assert all(line.startswith(("  ! ", "  ✗ ")) for line in said[3:])


def test_a_folder_that_is_no_checkout_is_refused(run: Vigie, site: Path) -> None:
    ran = run("read", site / "content/_jobs", "--site", site / "content")
    assert ran.status == 2
    assert "n’est pas une copie du site" in ran.sentence
