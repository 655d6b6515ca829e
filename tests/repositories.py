"""A real git repository, made commit by commit at given instants."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

JOBS = "content/_jobs"
START = datetime(2024, 3, 4, 9, 0, tzinfo=UTC)
"""A Monday, 10:00 in Paris."""


def posting_file(*lines: str, body: str = "Une mission utile.", team: str = "exemple") -> bytes:
    """A posting whose front matter holds `lines` besides a role and a team."""
    front = "\n".join(("roles: Développeuse web", f"startup: {team}", "contrat: cdd", *lines))
    return f"---\n{front}\n---\n\n{body}\n".encode()


class Repository:
    """A repository with a working tree, on branch `main`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main", "--template=")

    def git(self, *arguments: str, at: datetime = START) -> str:
        """What a git command says, with nothing of the configuration of who runs the tests."""
        environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
        environment |= {
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_AUTHOR_NAME": "Équipe exemple",
            "GIT_AUTHOR_EMAIL": "equipe-exemple@example.org",
            "GIT_COMMITTER_NAME": "Équipe exemple",
            "GIT_COMMITTER_EMAIL": "equipe-exemple@example.org",
            "GIT_AUTHOR_DATE": at.isoformat(),
            "GIT_COMMITTER_DATE": at.isoformat(),
        }
        # A commit would start another git, and that one a third, to see whether there is anything to tidy.
        command = ["git", "-c", "maintenance.auto=false", "-C", str(self.path), *arguments]
        return (
            subprocess.run(command, capture_output=True, env=environment, check=True).stdout.decode().strip()
        )

    def commit(
        self,
        files: Mapping[str, bytes | None] | None = None,
        *,
        at: datetime = START,
        renames: Mapping[str, str] | None = None,
    ) -> str:
        """Renames, then writes or (None) deletes files, and commits; paths are below the postings folder,
        or from the root where they begin with `/`. Returns the commit.
        """
        for old, new in (renames or {}).items():
            self._place(new).parent.mkdir(parents=True, exist_ok=True)
            self._place(old).rename(self._place(new))
        for path, content in (files or {}).items():
            place = self._place(path)
            if content is None:
                place.unlink()
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "Un changement", at=at)
        # Where HEAD is no branch it holds the commit; both as in gitrepository-layout.
        head = (self.path / ".git/HEAD").read_text().strip()
        return (self.path / ".git" / head.removeprefix("ref: ")).read_text().strip() if ":" in head else head

    def _place(self, path: str) -> Path:
        return self.path / (path[1:] if path.startswith("/") else f"{JOBS}/{path}")
