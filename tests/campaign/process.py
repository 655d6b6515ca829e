"""One process of Vigie as a child of the campaign: the real command, with shorter waits, that can be killed.

What is shorter than in production is only how long Vigie waits: the lease of a minute, the time that a
platform is given to answer, the pauses before a row or a stopped target is tried again, before the turn to
watch is asked for again, and between two messages to one Slack channel or Telegram chat. The order of these is
kept (a request gives up well within a lease), and so is every line of code that acts on them. Rows are not
given up, since a day passes in no campaign. Children are forked from a process that has imported Vigie once,
which saves two seconds a start; each begins with memory in which nothing of Vigie has run.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
from collections.abc import Mapping
from datetime import timedelta
from multiprocessing.context import ForkServerProcess
from pathlib import Path

LEASE = 6.0
"""Seconds for which a row is leased."""
PATIENCE = 3.0
"""Seconds that a platform is given to answer."""

_forks = multiprocessing.get_context("forkserver")
_forks.set_forkserver_preload(["tests.campaign.imports"])


class Child:
    """A running command. Its log is a file, to which each life of a slot adds."""

    def __init__(self, command: str, folder: Path, log: Path, options: Mapping[str, str]) -> None:
        self.log = log
        self._process: ForkServerProcess = _forks.Process(
            target=_live, args=(command, folder, log, dict(options)), daemon=True
        )
        self._process.start()

    @property
    def pid(self) -> int:
        """The number of the process."""
        assert self._process.pid is not None
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self._process.is_alive()

    def kill(self) -> None:
        """Ends it as a crash of the machine would: it can do nothing about it."""
        self._process.kill()
        self._process.join(30)

    def stop(self) -> int | None:
        """Asks it to end; returns its exit status, None when it did not end within half a minute."""
        self._process.terminate()
        self._process.join(30)
        return self._process.exitcode


def logged(log: Path) -> list[dict[str, object]]:
    """The events of a log; what a kill cut in the middle is left out."""
    found: list[dict[str, object]] = []
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            found.append(event)
    return found


def _live(command: str, folder: Path, log: Path, options: Mapping[str, str]) -> None:
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(options)
    _shorten()
    from bot.cli import main

    sys.argv = ["vigie", command]
    main([command])


def _shorten() -> None:
    from bot.channels import mattermost_api, slack, telegram
    from bot.deliveries import outbox, pacing, retrying, stopped
    from bot.processes import following

    outbox.LEASE = timedelta(seconds=LEASE)
    retrying.CAPS = tuple(timedelta(seconds=seconds) for seconds in (0.2, 0.3, 0.5, 0.8, 1, 1, 1))
    retrying.PATIENCE = timedelta(days=1)
    pacing._SECOND = pacing._IN_A_GROUP = timedelta(seconds=0.1)
    outbox._LONGEST_SLEEP = 0.5
    following.Following.__init__.__defaults__ = (timedelta(seconds=1),)
    stopped.TRIED_EVERY = timedelta(seconds=2)
    mattermost_api._TIMEOUT = telegram._TIMEOUT = PATIENCE
    slack._TIMEOUT = PATIENCE  # type: ignore[assignment]  # seconds, with a fraction
