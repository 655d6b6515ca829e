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
from postings.dates import When, midnight
from postings.model import Event, Posting, Problem, State, Team
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


def instant(text: str | None, *, now: datetime | None = None) -> datetime:
    """The instant, in UTC, that an option names: a day is its first instant in Paris. Now without one.

    Raises UsageError.
    """
    if text is None:
        return now or datetime.now(UTC)
    found = moments.parse(text)
    if found is None:
        raise UsageError(
            f"« {text} » n’est pas un instant : écrivez-le comme 2022-06-15 ou 2022-06-15T12:00:00+02:00.",
            f"“{text}” is no instant: write it like 2022-06-15 or 2022-06-15T12:00:00+02:00.",
        )
    return found.astimezone(UTC) if isinstance(found, datetime) else midnight(found)


def posting_json(posting: Posting, state: State | None, reason: str | None, language: str) -> dict[str, Any]:
    """A posting as `vigie read --format json` says it."""
    return {
        "path": posting.path,
        "id": posting.id,
        "role": posting.role,
        "team": team_json(posting.team),
        "host": team_json(posting.host),
        "incubator": team_json(posting.incubator),
        "contracts": [str(c) for c in posting.contracts],
        "contracts_from": posting.contracts_from,
        "evidence": posting.evidence,
        "domains": [str(d) for d in posting.domains],
        "domains_from": posting.domains_from,
        "cities": list(posting.cities),
        "remote": posting.remote and str(posting.remote),
        "opens": _iso(posting.opens),
        "closes": _iso(posting.closes),
        "state": state and str(state),
        "state_reason": reason,
        "listed": posting.listed,
        "filled": posting.filled,
        "junior": posting.junior,
        "technologies": list(posting.technologies),
        "url": posting.url or None,
        "apply_url": posting.apply_url,
        "contacts": list(posting.contacts),
        "summary": posting.summary,
        "problems": [problem_json(p, language) for p in posting.problems],
    }


def problem_json(problem: Problem, language: str) -> dict[str, Any]:
    """A problem as the contract says it."""
    return {
        "code": problem.code,
        "severity": str(problem.severity),
        "message": problem.told(language),
        "line": problem.line,
        "key": problem.key,
    }


def event_json(event: Event) -> dict[str, Any]:
    """An event as `vigie replay --format json` says it."""
    return {
        "at": event.at.isoformat(),
        "kind": str(event.kind),
        "posting": event.posting,
        "state": event.state and str(event.state),
        "previous_state": event.previous_state and str(event.previous_state),
        "revision": event.revision,
        "role": event.role,
        "team": team_json(event.team),
        "id": event.id,
        "changes": [{"field": c.field, "before": c.before, "after": c.after} for c in event.changes],
        "reason": event.reason,
        "notice": event.notice,
    }


def team_json(team: Team | None) -> dict[str, str] | None:
    """A team as the contract says it."""
    return {"id": team.id, "name": team.name} if team else None


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


def _iso(moment: When | None) -> str | None:
    return moment.iso() if moment else None
