"""The command as a real process: `vigie run` and the others, with an environment, watched line by line."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

ROOT = Path(__file__).parents[2]
VIGIE = (sys.executable, "-c", "from bot.cli import main; main()")
_OURS = ("VIGIE_", "GIT_", "DATABASE_URL", "PORT", "DYNO", "STACK")
_BYTECODE = "PYTHONDONTWRITEBYTECODE"


def environment(**options: str) -> dict[str, str]:
    """An environment with these options and none of those of whoever runs the tests."""
    # Where no bytecode is kept, as in containers, each of a hundred processes would compile the program anew.
    kept = {key: value for key, value in os.environ.items() if not key.startswith((*_OURS, _BYTECODE))}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **options}


def vigie(
    *arguments: str,
    folder: Path,
    options: Mapping[str, str] | None = None,
    program: Sequence[str] = VIGIE,
) -> subprocess.CompletedProcess[str]:
    """Runs a command to its end, in a folder."""
    return subprocess.run(
        [*program, *arguments],
        cwd=folder,
        env=environment(**(options or {})),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


class Running:
    """A command that goes on. Its log is JSON, a line an event, since nobody watches at a terminal."""

    news = threading.Condition()
    """Of all processes: notified at each line of any."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.errors: list[str] = []
        self.output: list[str] = []
        self._readers = [
            threading.Thread(target=self._read, args=(stream, lines), daemon=True)
            for stream, lines in ((process.stderr, self.errors), (process.stdout, self.output))
        ]
        for reader in self._readers:
            reader.start()

    def logged(self, event: str, *, times: int = 1, seconds: float = 60) -> dict[str, Any]:
        """Waits until an event was logged (that many times); returns the last of them."""

        def found() -> list[dict[str, Any]]:
            return [line for line in map(_parsed, self.errors) if line.get("event") == event]

        self._wait(lambda: len(found()) >= times, seconds)
        return found()[times - 1]

    def printed(self, text: str, *, seconds: float = 60) -> None:
        """Waits until a text stands on standard output."""
        self._wait(lambda: text in "".join(self.output), seconds)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self.process.pid

    def has_logged(self, event: str) -> bool:
        """Whether an event was logged by now."""
        return any(_parsed(line).get("event") == event for line in self.errors)

    def kill(self) -> None:
        """Ends the process as a crash of the machine would: it can do nothing about it."""
        self.process.kill()
        self.ended()

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Asks the process to end; returns its exit status."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Waits for the end; returns the exit status."""
        status = self.process.wait(60)
        for reader in self._readers:
            reader.join(60)
        return status

    def _read(self, stream: IO[str], lines: list[str]) -> None:
        for line in stream:
            with self.news:
                lines.append(line)
                self.news.notify_all()
        with self.news:
            self.news.notify_all()

    def _wait(self, condition: Callable[[], bool], seconds: float) -> None:
        with self.news:
            happened = self.news.wait_for(lambda: condition() or self.process.poll() is not None, seconds)
            if not (happened and condition()):
                raise TimeoutError("it was not logged:\n" + "".join(self.errors))


@contextlib.contextmanager
def running(
    folder: Path, command: str = "run", *, program: Sequence[str] = VIGIE, **options: str
) -> Iterator[Running]:
    """`vigie run`, or `web` or `worker`, in a folder; killed at the end when it has not ended.

    VIGIE_TEST_LEASE makes leases so many seconds long, where a test waits for the end of one.
    """
    if "VIGIE_TEST_LEASE" in options:
        program = (sys.executable, "-m", "tests.entry")
    with subprocess.Popen(
        [*program, command],
        cwd=folder,
        env=environment(VIGIE_PORT="0", **options),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    ) as process:
        run = Running(process)
        try:
            yield run
        finally:
            if process.poll() is None:
                run.kill()
            run.ended()


def _parsed(line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
