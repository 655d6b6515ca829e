"""`vigie held`: the announcements that wait for a person, and what the person decides."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.asking.holds import decide, hold_lines, postings_of
from bot.cli.output import Format, FormatOption, Terminal, print_json
from bot.cli.usage import UsageError
from bot.options.settings import Settings, load_settings
from bot.staff.hold_notes import commands
from postings.as_json import team_json
from postings.model import Record
from postings.store import Delivery, Hold, Store
from postings.text import french
from postings.wording import pick


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("held", help="Les annonces retenues : les voir, les publier ou les abandonner.")(_held)


def _held(
    release: Annotated[
        int | None, typer.Option("--release", metavar="N", help="Publie les annonces de la retenue N.")
    ] = None,
    drop: Annotated[
        int | None, typer.Option("--drop", metavar="N", help="Abandonne les annonces de la retenue N.")
    ] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    if release is not None and drop is not None:
        raise UsageError(
            "Choisissez entre --release et --drop : une retenue est publiée ou abandonnée.",
            "Choose --release or --drop: a hold is either published or dropped.",
        )
    settings = load_settings()
    if release is not None or drop is not None:
        asyncio.run(_decide(settings, release=release, drop=drop))
    else:
        asyncio.run(_list(settings, format))


async def _decide(settings: Settings, *, release: int | None, drop: int | None) -> None:
    language = settings.language
    store = await Store.open(settings.database, migrate=False)
    try:
        asked = release if release is not None else drop
        assert asked is not None  # noqa: S101  one of the two was given
        told = await decide(
            store, asked, release=release is not None, now=datetime.now(UTC), language=language
        )
    finally:
        await store.close()
    if told is None:
        raise UsageError(
            french(f"Il n’y a pas de retenue {asked} : « vigie held » montre celles qui attendent."),
            f"There is no hold {asked}: “vigie held” shows those that wait.",
        )
    typer.echo(told, err=True)


async def _list(settings: Settings, format: Format) -> None:
    language, console = settings.language, Terminal()
    store = await Store.open(settings.database, migrate=False)
    try:
        holds = await store.outbox.holds()
        if format is Format.TEXT and not holds:
            console.print(pick(language, "Rien n’est retenu.", "Nothing is held."))
        for hold in holds:
            rows = await store.outbox.held(hold.number)
            records = await postings_of(store, rows)
            if format is Format.JSON:
                print_json(_json(hold, rows, records))
                continue
            release, drop = (command.text for command in commands(hold.number))
            told = pick(
                language,
                french(f"  Publier : {release}    Abandonner : {drop}"),
                f"  Publish: {release}    Drop: {drop}",
            )
            for text in (*hold_lines(hold, rows, records, language), told):
                console.print(text, markup=False)
    finally:
        await store.close()


def _json(hold: Hold, rows: list[Delivery], records: list[Record]) -> dict[str, object]:
    return {
        "number": hold.number,
        "source": hold.source,
        "at": hold.at.isoformat(),
        "reason": hold.reason,
        "posting": hold.posting,
        "entered": hold.entered,
        "left": hold.left,
        "open_before": hold.open_before,
        "messages": len(rows),
        "targets": sorted({row.target for row in rows}),
        "postings": [
            {
                "id": record.id,
                "role": record.posting and record.posting.role,
                "team": team_json(record.team),
            }
            for record in records
        ],
    }
