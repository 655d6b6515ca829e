"""A `git` that notes how Vigie calls it, then is the real one; or that only plays a part."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

_RECORDING = """#!/bin/sh
if [ -n "$GIT_ALLOW_PROTOCOL" ]; then
  printf '%s\\037' "$@" >> '{log}'
  printf '\\n' >> '{log}'
  export GIT_TRACE='{trace}'
fi
exec '{real}' "$@"
"""


class RecordedGit:
    """What Vigie ran since `forget`: its own commands, and in `everything` those that git ran in turn."""

    def __init__(self, folder: Path) -> None:
        self._log, self._trace = folder / "log", folder / "trace"
        real = shutil.which("git")
        put_git(folder, _RECORDING.format(log=self._log, trace=self._trace, real=real))
        self.forget()

    def commands(self) -> list[str]:
        """The commands by their names, in order."""
        found = []
        for line in self._log.read_text().splitlines():
            words = line.split("\037")
            while words[0] in {"-c", "-C"}:
                words = words[2:]
            found.append(words[0])
        return found

    def everything(self) -> str:
        """Every argument of every process."""
        return self._log.read_text() + (self._trace.read_text() if self._trace.exists() else "")

    def forget(self) -> None:
        """Begins anew."""
        self._log.write_text("")
        self._trace.unlink(missing_ok=True)


def put_git(folder: Path, script: str) -> None:
    """Writes a program called git."""
    folder.mkdir(exist_ok=True)
    (folder / "git").write_text(script)
    (folder / "git").chmod(0o755)


def first_on_path(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Makes the programs of a folder those that are found."""
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
