"""The invented history: what a community might do in five weeks, and when."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from pathlib import Path

from postings.dates import PARIS
from postings.errors import SourceError

_JOBS = "content/_jobs"


@dataclass(frozen=True, slots=True)
class Step:
    """One commit: when, what a person would say of it, the files that it writes and those that it removes."""

    at: datetime
    said: str
    folder: str | None = None
    removed: tuple[str, ...] = ()


def _at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2025, month, day, hour, minute, tzinfo=PARIS)


HISTORY = (
    Step(_at(3, 3, 10), "Vigie découvre le dépôt. C’est son point de départ : rien n’est annoncé.", "1"),
    Step(_at(3, 4, 11), "L’équipe Carnet Vert publie une offre.", "2"),
    Step(_at(3, 5, 15, 30), "Relais Voisins prépare une offre qui ouvrira le 10 mars : rien à dire encore.", "3"),
    Step(_at(3, 11, 9, 45), "Carnet Vert élargit le contrat et repousse la date limite.", "4"),
    Step(
        _at(3, 12, 17), "Carnet Vert renomme sa fiche : c’est la même offre, son lien suit.", "5",
        (f"{_JOBS}/2025-03-04-designer-carnet-vert.md",),
    ),
    Step(_at(3, 14, 10, 20), "Relais Voisins a trouvé.", "6"),
    Step(_at(3, 17, 14), "L’Incubateur de la Clairière publie une fiche dont l’en-tête n’est pas refermé.", "7"),
    Step(_at(3, 17, 14, 25), "La fiche est corrigée.", "8"),
    Step(
        _at(3, 24, 9), "La fiche de la Clairière est supprimée.", None, (f"{_JOBS}/2025-03-17-po-clairiere.md",)
    ),
    Step(_at(4, 2, 11, 10), "Carnet Vert n’a pas trouvé et rouvre son offre.", "10"),
)  # fmt: skip
END = _at(4, 3, 9)


class SampleRepository:
    """A real git repository that grows step by step."""

    def __init__(self, path: Path) -> None:
        self.path = path
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
        self._git("init", "--quiet", "--initial-branch=main", at=HISTORY[0].at)

    def play(self, step: Step) -> None:
        """Commits one step, at its own time."""
        for name in step.removed:
            (self.path / name).unlink()
        if step.folder is not None:
            files = resources.files("bot.demo").joinpath("history", step.folder)
            with resources.as_file(files) as folder:
                # Without the packaged files' times, by which git would take an edit of equal length for none.
                shutil.copytree(folder, self.path, dirs_exist_ok=True, copy_function=shutil.copyfile)
        self._git("add", "--all", at=step.at)
        self._git("commit", "--quiet", "--message", step.said, at=step.at)

    def _git(self, *arguments: str, at: datetime) -> None:
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            **{f"GIT_{who}_NAME": "Vigie" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_EMAIL": "vigie@example.org" for who in ("AUTHOR", "COMMITTER")},
            **{f"GIT_{who}_DATE": at.isoformat() for who in ("AUTHOR", "COMMITTER")},
        }
        try:
            subprocess.run(
                ["git", "-C", str(self.path), *arguments], check=True, capture_output=True, env=environment
            )
        except FileNotFoundError:
            raise SourceError(
                "git n’est pas installé : installez-le.", "git is not installed: install it."
            ) from None
