"""A real git repository of invented postings, committed at given instants."""

from __future__ import annotations

import os
import subprocess
from datetime import datetime
from pathlib import Path

_WHO = {
    "GIT_AUTHOR_NAME": "Equipe exemple",
    "GIT_AUTHOR_EMAIL": "equipe-exemple@example.org",
    "GIT_COMMITTER_NAME": "Equipe exemple",
    "GIT_COMMITTER_EMAIL": "equipe-exemple@example.org",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
}


class Repository:
    """A repository with a work tree, on the branch `main`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True, exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, at: datetime | None = None) -> str:
        """The output of a git command here; commits are made `at` an instant."""
        stamp = f"{int(at.timestamp())} +0000" if at else ""
        dates = {"GIT_AUTHOR_DATE": stamp, "GIT_COMMITTER_DATE": stamp} if at else {}
        return subprocess.run(
            ["git", "-C", str(self.path), *arguments],
            env={**os.environ, **_WHO, **dates},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()

    def commit(self, at: datetime, files: dict[str, str | None] | None = None) -> str:
        """Writes files (None: deletes), commits them at an instant, returns the revision."""
        for name, text in (files or {}).items():
            path = self.path / name
            if text is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, "utf-8")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message=Une révision", at=at)
        return self.git("rev-parse", "HEAD")


def job(name: str) -> str:
    """The path of a posting."""
    return f"content/_jobs/{name}.md"


def text(role: str = "Développeuse ou développeur", body: str = "Rejoignez-nous.", **keys: str) -> str:
    """A posting's file; `keys` are written in its front matter as they are."""
    lines = [f"roles: {role}", *(f"{key}: {value}" for key, value in keys.items())]
    return "---\n" + "\n".join(lines) + f"\n---\n\n{body}\n"
