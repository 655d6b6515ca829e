"""`vigie read`: how each file is read, its state and its problems."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import AtOption, instant, print_json
from bot.cli.usage import UsageError
from bot.options.settings import Settings, load_settings
from postings import labels
from postings.as_json import posting_json
from postings.model import Posting, Severity, State
from postings.reading.reader import Draft, read_file, resolve
from postings.reading.shared import Paragraphs
from postings.reading.site import Site
from postings.sources.base import INCUBATORS, STARTUPS
from postings.states import state_at
from postings.wording import SEPARATOR


class ReadFormat(StrEnum):
    """How `vigie read` prints."""

    JSON = "json"
    TEXT = "text"
    GITHUB = "github"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command(
        "read", help="Comment chaque fiche est lue : ses champs, son état, ce qu’il faut y corriger."
    )(_read)


def _read(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FICHE…", help="Des fiches, ou des dossiers de fiches.")
    ],
    at: AtOption = None,
    site: Annotated[
        Path | None, typer.Option("--site", help="Une copie du site : les équipes y sont cherchées.")
    ] = None,
    format: Annotated[
        ReadFormat, typer.Option("--format", help="github : annotations de workflow.")
    ] = ReadFormat.TEXT,
    strict: Annotated[
        bool, typer.Option("--strict", help="Les avertissements comptent aussi dans le code de sortie.")
    ] = False,
) -> int:
    settings = load_settings()
    now = instant(at)
    teams = _site(site)
    drafts = [_draft(path, settings) for path in _files(paths)]
    shared = Paragraphs({draft.posting.path: draft.posting.paragraphs for draft in drafts})
    wrong = False
    for draft in drafts:
        posting = resolve(draft, teams, shared=shared, now=now)
        state, reason = state_at(posting, now) if draft.shown else (None, None)
        wrong = wrong or any(strict or p.severity is Severity.ERROR for p in posting.problems)
        if format is ReadFormat.JSON:
            print_json(posting_json(posting, state, reason, settings.language))
        elif format is ReadFormat.GITHUB:
            for line in _annotations(posting, settings.language):
                sys.stdout.write(line + "\n")
        else:
            sys.stdout.write(_text(posting, state, settings.language) + "\n")
    return 1 if wrong else 0


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith("."))
        elif path.is_file():
            yield path
        else:
            raise UsageError(
                f"La fiche {path} n’existe pas : vérifiez son chemin.", f"The file {path} does not exist."
            )


def _draft(path: Path, settings: Settings) -> Draft:
    try:
        return read_file(path.as_posix(), path.read_bytes(), posting_url=settings.posting_url)
    except OSError as error:
        raise UsageError(
            f"La fiche {path} ne peut pas être lue ({error.strerror}) : vérifiez ses droits.",
            f"The file {path} cannot be read ({error.strerror}): check its permissions.",
        ) from None


def _site(root: Path | None) -> Site:
    if root is None:
        return Site.from_files({}, {})
    if not (root / STARTUPS).is_dir():
        raise UsageError(
            f"{root} n’est pas une copie du site : {root / STARTUPS} n’existe pas.",
            f"{root} is no checkout of the site: {root / STARTUPS} does not exist.",
        )
    startups, incubators = (
        {path.stem: path.read_bytes() for path in sorted((root / folder).glob("*.md"))}
        for folder in (STARTUPS, INCUBATORS)
    )
    return Site.from_files(startups, incubators)


def _annotations(posting: Posting, language: str) -> Iterator[str]:
    """Workflow commands (https://docs.github.com/actions/reference/workflow-commands-for-github-actions)."""
    for problem in posting.problems:
        level = "error" if problem.severity is Severity.ERROR else "warning"
        where = f"file={_escaped(posting.path)}" + (f",line={problem.line}" if problem.line else "")
        message = problem.told(language).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        yield f"::{level} {where},title={_escaped(problem.code)}::{message}"


def _escaped(value: str) -> str:
    for sign, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"), (":", "%3A"), (",", "%2C")):
        value = value.replace(sign, code)
    return value


def _text(posting: Posting, state: State | None, language: str) -> str:
    english = language == "en"
    label = (
        labels.state(state, language) if state else ("not a posting" if english else "n’est pas une offre")
    )
    facts = [", ".join(labels.contract(c, language) for c in posting.contracts), ", ".join(posting.cities)]
    lines = [f"{posting.path}", f"  {posting.role} ({label})"]
    if posting.team:
        lines.append(f"  {posting.team.name}")
    if any(facts):
        lines.append("  " + SEPARATOR.join(fact for fact in facts if fact))
    if posting.url:
        lines.append(f"  {posting.url}")
    for problem in posting.problems:
        mark = "✗" if problem.severity is Severity.ERROR else "!"
        where = (
            f"ligne {problem.line} : "
            if problem.line and not english
            else f"line {problem.line}: "
            if problem.line
            else ""
        )
        lines.append(f"  {mark} {where}{problem.told(language)}")
    return "\n".join(lines)
