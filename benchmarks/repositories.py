"""Repositories of any size, made by one `git fast-import` (https://git-scm.com/docs/git-fast-import)."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

from benchmarks.samples import markdown

_JOBS = "content/_jobs"
_START = 1_640_995_200  # 1 January 2022
_DAY = 86_400
_TEAMS = 500
_OPEN_FOR, _KEPT_FOR = 80, 240
"""Commits after which a posting closes, and after which its file is deleted."""
_CONTRACTS = ("indépendant", "CDD", "CDI", "stage", "alternance", "fonctionnaire", "CDD ou CDI")


def brief(number: int, round: int = 0) -> bytes:
    """A short posting, another one for each number and each of seven rounds, which differ in their contract."""
    return (
        f"---\nroles: Développeur·se numéro {number}\nstartup: equipe-{number % 50}\nopen: true\n"
        f"contrat: {_CONTRACTS[round]}\n---\n\n"
        f"L’équipe {number} aide les agents du service {number * 7} à suivre leurs démarches, pas à pas.\n\n"
        f"Un paragraphe que toutes les fiches reprennent, pour dire ce que fait la communauté.\n\nFin {round}.\n"
    ).encode()


def name(number: int) -> str:
    """The path of a posting."""
    return f"{_JOBS}/2022-01-01-offre-{number}.md"


def made(path: Path, count: int) -> None:
    """A bare repository whose first commit adds so many postings."""
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(path)], check=True)
    commit(path, 0, ((name(number), brief(number)) for number in range(count)), first=True)


def history(path: Path, count: int) -> None:
    """A bare repository of so many commits: postings come, close and go, and there are far more teams than postings."""
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", str(path)], check=True)
    for number in range(count):
        team = number % _TEAMS
        files: list[tuple[str, bytes | None]] = [(f"content/_startups/equipe-{team}.md", _team(team, number))]
        if number % 2 == 0:
            files.append((name(number), markdown(number)))
            if number >= _OPEN_FOR:
                closed = markdown(number - _OPEN_FOR).replace(b"open: true", b"open: false")
                files.append((name(number - _OPEN_FOR), closed))
            if number >= _KEPT_FOR:
                files.append((name(number - _KEPT_FOR), None))
        commit(path, number, files, first=number == 0)


def _team(number: int, round: int) -> bytes:
    """The file of a team."""
    told = "Elle aide les agents à suivre leurs démarches, et les usagers à savoir où elles en sont.\n\n"
    return f"---\ntitle: Équipe {number} ({round})\n---\n\n{told * 30}".encode()


def commit(
    path: Path, number: int, files: Iterable[tuple[str, bytes | None]], *, first: bool = False
) -> None:
    """One commit that writes some files, or (None) deletes them."""
    subprocess.run(
        ["git", "-C", str(path), "fast-import", "--quiet"],
        input=b"".join(_stream(number, files, first=first)),
        check=True,
    )


def _stream(number: int, files: Iterable[tuple[str, bytes | None]], *, first: bool) -> Iterator[bytes]:
    who = b"Exemple <equipe-exemple@example.org> %d +0000" % (_START + number * _DAY)
    yield b"commit refs/heads/main\ncommitter %s\ndata 0\n" % who
    if not first:
        yield b"from refs/heads/main^0\n"
    for path, content in files:
        if content is None:
            yield f"D {path}\n".encode()
        else:
            yield f"M 644 inline {path}\ndata {len(content)}\n".encode() + content + b"\n"
