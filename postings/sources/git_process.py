"""Git as a program: started with nothing of the user's configuration, bounded in time and in output."""

from __future__ import annotations

import contextlib
import os
import re
import selectors
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import IO

from postings.errors import SourceError, SourceRefused
from postings.text import french

TIMEOUT = 600
"""Seconds that one command may take: the first fetch of a large repository is the longest."""
ANSWER_TIMEOUT = 60
"""Seconds that a server may take to say what it has, which is little."""
OUTPUT_LIMIT = 256 * 1024 * 1024
"""Bytes that may be held of one command's output: a listing of a million files fits."""
_CHUNK = 256 * 1024
_LAST_SECONDS = 5.0
"""That git has to end when it is asked to."""
_STDERR_KEPT = 16 * 1024
# To the last @: a password with an @ or a / in it, written as it is, must not show in part.
_CREDENTIALS = re.compile(r"(?<=://)\S*@")
_SAID = re.compile(r"^(?:fatal|error): (.*)", re.M)
# What git and ssh say where a person must act (remote-curl.c, curl's and OpenSSH's own words).
_CERTIFICATE = re.compile(r"SSL certificate|certificate verif|certificate has expired", re.I)
_DENIED = re.compile(
    r"Authentication failed|could not read (?:Username|Password)|Permission denied|Access denied|"
    r"returned error: 40[13]\b|Host key verification failed"
)
# What a host may have to set for git to reach a server at all.
_KEPT = {"GIT_SSL_CAINFO", "GIT_SSL_CAPATH", "GIT_SSH", "GIT_SSH_COMMAND", "GIT_EXEC_PATH"}


_under_way: set[Process] = set()
_closed = False


def end_all(signal_: signal.Signals = signal.SIGTERM) -> None:
    """Ends every git that is under way and lets none begin: this process is about to end.

    A thread that waits for one cannot be cancelled, and would keep the process from ending for TIMEOUT seconds.
    """
    global _closed
    _closed = True
    for process in tuple(_under_way):
        process.end(signal_)


class GitRefused(SourceError):
    """git ended with an error; the sentence holds what it said first."""


class GitDenied(GitRefused, SourceRefused):
    """The server refuses git's key or password, or git the server's certificate."""


class Process:
    """A git command under way, whose output is read as it comes. Leaving the context ends git.

    `given` is all of its input; `asked` leaves the input open, for `write`. `environment` is added to a fixed one;
    `limit` is in seconds (TIMEOUT).
    """

    def __init__(
        self,
        *arguments: str,
        given: bytes = b"",
        asked: bool = False,
        environment: Mapping[str, str] | None = None,
        limit: float | None = None,
    ) -> None:
        self._limit = TIMEOUT if limit is None else limit
        if _closed:
            raise SourceError(
                french("Vigie s’arrête : la source sera regardée au prochain démarrage."),
                "Vigie stops: the source is looked at after the next start.",
            )
        # safe.directory counts from the command line only; a repository of another user is only read here.
        command = ["git", "-c", "safe.directory=*", "-c", "core.quotePath=false", *arguments]
        with contextlib.ExitStack() as stack:
            # Files, since two pipes would have to be filled and emptied at the same time as the third.
            self._stderr = stack.enter_context(tempfile.TemporaryFile())
            stdin: IO[bytes] | int = subprocess.PIPE if asked else subprocess.DEVNULL
            if given:
                stdin = stack.enter_context(tempfile.TemporaryFile())
                stdin.write(given)
                stdin.seek(0)
            try:
                self._process = subprocess.Popen(
                    command,
                    stdin=stdin,
                    stdout=subprocess.PIPE,
                    stderr=self._stderr,
                    env=_environment() | dict(environment or {}),
                    start_new_session=True,  # so that its helpers can be ended with it
                )
            except FileNotFoundError:
                raise SourceError(
                    french("git n’est pas installé : installez-le."), "git is not installed: install it."
                ) from None
            assert self._process.stdout is not None  # noqa: S101  a pipe, asked for above
            self._output = self._process.stdout.fileno()
            self._waiting = stack.enter_context(selectors.PollSelector())
            self._waiting.register(self._output, selectors.EVENT_READ)
            stack.callback(self._end)
            _under_way.add(self)
            self._stack = stack.pop_all()

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def write(self, data: bytes) -> None:
        """Gives git some input. Raises GitRefused when it has ended."""
        assert self._process.stdin is not None  # noqa: S101  for processes that are asked
        try:
            self._process.stdin.write(data)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise self._refusal() from None

    def read(self, seconds: float | None = None) -> bytes:
        """The next bytes of the output, none at its end.

        Raises SourceError when nothing comes within `seconds` (its limit), GitRefused when git ended with an error.
        """
        if not self._waiting.select(self._limit if seconds is None else max(seconds, 0.0)):
            raise _too_slow(self._limit)
        data = os.read(self._output, _CHUNK)
        if not data and self._process.wait():
            raise self._refusal()
        return data

    def chunks(self) -> Iterator[bytes]:
        """The output, piece by piece. Raises like `read`."""
        while data := self.read():
            yield data

    def _refusal(self) -> GitRefused:
        self._stderr.seek(0)
        stderr = self._stderr.read(_STDERR_KEPT).decode("utf-8", "replace")
        found = _SAID.search(
            stderr
        )  # the first such line says why; what follows is advice for another reader
        said = without_credentials(found[1] if found else stderr.strip().partition("\n")[0]).rstrip(".")
        if _CERTIFICATE.search(stderr):
            return GitDenied(
                french(
                    f"Le certificat du serveur de la source est refusé ({said}) : faites-le renouveler, ou donnez à "
                    "Vigie celui de votre autorité dans GIT_SSL_CAINFO."
                ),
                f"The certificate of the source’s server is refused ({said}): have it renewed, or give Vigie your "
                "authority’s in GIT_SSL_CAINFO.",
            )
        kind = GitDenied if _DENIED.search(stderr) else GitRefused
        return kind(
            french(f"git a refusé : {said}. Vérifiez l’adresse de la source et les droits d’y lire."),
            f"git refused: {said}. Check the source’s address and the rights to read it.",
        )

    def end(self, signal_: signal.Signals) -> None:
        """Asks git to end, from another thread; whoever reads is then told that it did."""
        self._signal(signal_)

    def _end(self) -> None:
        _under_way.discard(self)  # from here on its number may become another process's
        if self._process.stdin is not None:  # then the end of what is asked is the end of git
            with contextlib.suppress(BrokenPipeError):
                self._process.stdin.close()
        elif self._process.poll() is None:
            self._signal(signal.SIGTERM)  # git takes its locks away when it is asked to end
        if not self._emptied():
            self._signal(signal.SIGKILL)
        self._process.wait()
        assert self._process.stdout is not None  # noqa: S101  a pipe
        self._process.stdout.close()

    def _emptied(self) -> bool:
        """Whether the output comes to its end soon, which it does when git ends."""
        until = time.monotonic() + _LAST_SECONDS
        while self._waiting.select(max(until - time.monotonic(), 0.0)):
            if not os.read(self._output, _CHUNK):
                return True
        return self._process.poll() is not None

    def _signal(self, signal_: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal_)


def git(
    *arguments: str,
    stdin: bytes | None = None,
    environment: Mapping[str, str] | None = None,
    limit: float | None = None,
) -> bytes:
    """The output of a git command, the user's configuration off.

    Raises GitRefused with what git said, SourceError when it takes over `limit` seconds (TIMEOUT) or says too
    much.
    """
    until = time.monotonic() + (TIMEOUT if limit is None else limit)
    said, size = [], 0
    with Process(*arguments, given=stdin or b"", environment=environment, limit=limit) as process:
        while data := process.read(until - time.monotonic()):
            size += len(data)
            if size > OUTPUT_LIMIT:
                raise _too_much()
            said.append(data)
    return b"".join(said)


def without_credentials(text: str) -> str:
    """`text` with the user and password of any address in it taken out."""
    return _CREDENTIALS.sub("", text)


def _too_slow(limit: float) -> SourceError:
    return SourceError(
        french(f"git n’a pas fini en {limit:g} secondes : la source ne répond pas, vérifiez son adresse."),
        f"git did not finish within {limit:g} seconds: the source does not answer, check its address.",
    )


def _too_much() -> SourceError:
    size = OUTPUT_LIMIT // 1024 // 1024
    return SourceError(
        french(f"git a répondu plus de {size} Mo : la source n’est pas ce qu’elle doit être, vérifiez-la."),
        f"git answered over {size} MB: the source is not what it should be, check it.",
    )


def _environment() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_") or key in _KEPT}
    return kept | {
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_OPTIONAL_LOCKS": "0",
        # Redirects obey it, too: from https to nothing but https.
        "GIT_ALLOW_PROTOCOL": "file:ssh:https",
        "GIT_SSH_COMMAND": os.environ.get("GIT_SSH_COMMAND", "ssh -oBatchMode=yes"),
        "LC_ALL": "C.UTF-8",
    }
