"""What the commands print: the JSON of the contract, and the instants that they are asked for."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import Progress

from bot.cli.usage import UsageError
from postings.dates import midnight
from postings.reading import moments


class Format(StrEnum):
    """How a command prints what it found."""

    JSON = "json"
    TEXT = "text"


FormatOption = Annotated[
    Format, typer.Option("--format", help="json : un objet par ligne ; text : pour lire.")
]
AtOption = Annotated[
    str | None,
    typer.Option("--at", metavar="INSTANT", help="À cet instant (ISO 8601) plutôt que maintenant."),
]


class Terminal(Console):
    """Standard output for people: lines are not wrapped, numbers not coloured.

    Raises BrokenPipeError as a plain write does: Rich would end the process with status 1.
    """

    def __init__(self) -> None:
        super().__init__(file=sys.stdout, highlight=False, soft_wrap=True)

    def on_broken_pipe(self) -> None:
        """Called by Rich when the reader has gone away."""
        raise BrokenPipeError


def print_json(value: Mapping[str, Any]) -> None:
    """One object on one line of standard output."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, separators=(", ", ": ")) + "\n")


def instant(text: str | None) -> datetime:
    """The instant, in UTC, that an option names: a day is its first instant in Paris. Now without one.

    Raises UsageError.
    """
    if text is None:
        return datetime.now(UTC)
    found = moments.parse(text)
    if found is None:
        raise UsageError(
            f"« {text} » n’est pas un instant : écrivez-le comme 2022-06-15 ou 2022-06-15T12:00:00+02:00.",
            f"“{text}” is no instant: write it like 2022-06-15 or 2022-06-15T12:00:00+02:00.",
        )
    return found.astimezone(UTC) if isinstance(found, datetime) else midnight(found)


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, moved by calling what this yields with how many are done and how many there are."""
    console = Console(stderr=True)
    # Left to itself Rich would send what is printed meanwhile to the terminal, away from a file or a pipe.
    with Progress(
        console=console,
        transient=True,
        disable=not console.is_terminal,
        redirect_stdout=False,
        redirect_stderr=False,
    ) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
