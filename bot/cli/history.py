"""`vigie replay`: the events of a whole git history, as they would have been told."""

from __future__ import annotations

from collections import Counter
from enum import StrEnum
from typing import Annotated

import typer
from rich.table import Table

from bot.cli.output import (
    Format,
    FormatOption,
    Terminal,
    instant,
    print_json,
    progress_bar,
)
from bot.cli.usage import UsageError
from bot.options.settings import load_settings
from postings import labels
from postings.as_json import event_json
from postings.dates import paris_day
from postings.model import Event, EventKind
from postings.replay import Replay
from postings.sources.opening import opened
from postings.wording import colon

_HEADINGS = {
    EventKind.OPENED: ("ouvertes", "opened"),
    EventKind.REOPENED: ("rouvertes", "reopened"),
    EventKind.UPDATED: ("modifiées", "updated"),
    EventKind.CLOSING_SOON: ("rappels", "notices"),
    EventKind.CLOSED: ("fermées", "closed"),
    EventKind.FILLED: ("pourvues", "filled"),
    EventKind.WITHDRAWN: ("retirées", "withdrawn"),
    EventKind.STALE: ("dormantes", "stale"),
}


class Baseline(StrEnum):
    """What stands before the first revision."""

    FIRST = "first"
    EMPTY = "empty"


SourceArgument = Annotated[
    str, typer.Argument(metavar="SOURCE", help="Un dépôt git : chemin, bundle ou adresse.")
]
DayOption = Annotated[str | None, typer.Option(metavar="INSTANT", help="ISO 8601.")]


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("replay", help="Rejoue l’histoire d’un dépôt : tout ce qui aurait été annoncé.")(_replay)


def _replay(
    source: SourceArgument,
    since: DayOption = None,
    until: DayOption = None,
    baseline: Annotated[
        Baseline, typer.Option(help="empty : raconte aussi les offres de la première révision.")
    ] = Baseline.FIRST,
    format: FormatOption = Format.TEXT,
) -> None:
    settings = load_settings()
    first = instant(since) if since is not None else None
    last = instant(until) if until is not None else None
    if first and last and first > last:
        raise UsageError("--since est après --until : inversez-les.", "--since is after --until: swap them.")
    console = Terminal()
    counts: Counter[tuple[int, EventKind]] = Counter()
    with opened(source) as found, progress_bar("Révisions") as progress:
        if found.repository is None:
            raise UsageError(
                f"{source} est un dossier sans histoire : « replay » demande un dépôt git ou un bundle.",
                f"{source} is a folder without a history: “replay” needs a git repository or a bundle.",
            )
        replay = Replay(
            found.repository,
            found.revision,
            policy=settings.policy,
            posting_url=settings.posting_url,
            empty_baseline=baseline is Baseline.EMPTY,
            progress=progress,
        )
        for event in replay.events(last):
            if first is not None and event.at < first:
                continue
            counts[paris_day(event.at).year, event.kind] += 1
            if format is Format.JSON:
                print_json(event_json(event))
            else:
                console.print(_line(event, settings.language), markup=False)
    if format is Format.TEXT:
        console.print(_table(counts, settings.language))


def _line(event: Event, language: str) -> str:
    team = f", {event.team.name}" if event.team else ""
    kind = colon(labels.event(event.kind, language), language)
    return f"{paris_day(event.at).isoformat()}  {kind}{event.role}{team}  [{event.posting}]"


def _table(counts: Counter[tuple[int, EventKind]], language: str) -> Table:
    """How many events of each kind, a row a year; with every kind it is 79 columns wide."""
    kinds = [kind for kind in EventKind if any(k is kind for _, k in counts)]
    table = Table(box=None, pad_edge=False, collapse_padding=True)
    table.add_column("Year" if language == "en" else "Année")
    for kind in kinds:
        table.add_column(_HEADINGS[kind][language == "en"], justify="right", no_wrap=True)
    for year in sorted({year for year, _ in counts}):
        table.add_row(str(year), *(str(counts[year, kind] or "") for kind in kinds))
    totals = (str(sum(n for (_, k), n in counts.items() if k is kind)) for kind in kinds)
    table.add_row("Total", *totals, style="bold")
    return table
