"""`vigie held`: the announcements that wait for a person, and what the person decides."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from bot.cli.output import Format, FormatOption, Terminal, print_json, team_json
from bot.cli.usage import UsageError
from bot.notes import commands, what_moved
from bot.settings import Settings, load_settings
from bot.waiting import events_of
from postings.dates import paris_day
from postings.model import Record
from postings.store import Delivery, Hold, Store
from postings.text import french
from postings.wording import clock, counted, day, number, pick

_SHOWN = 10
"""Postings that are named; the others are counted."""


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
    now, language = datetime.now(UTC), settings.language
    store = await Store.open(settings.database, migrate=False)
    try:
        asked = release if release is not None else drop
        assert asked is not None  # noqa: S101  one of the two was given
        if release is not None:
            count = await store.outbox.release(asked, now=now)
        else:
            count = await store.outbox.drop_held(asked, now=now)
        if count is None:
            told = _ended_already(await store.outbox.hold(asked), asked, language)
        elif release is not None:
            told = _released(asked, count, language)
        else:
            told = _dropped(asked, count, language)
    finally:
        await store.close()
    typer.echo(french(told) if language != "en" else told, err=True)


def _released(asked: int, count: int, language: str) -> str:
    messages = _messages(count, language)
    if language == "en":
        return f"Hold {asked} is released: {messages} will be sent, as far as they are still true."
    goes = "sera envoyé" if count == 1 else "seront envoyés"
    return f"La retenue {asked} est levée : {messages} {goes}, pour ce qui est encore vrai."


def _dropped(asked: int, count: int, language: str) -> str:
    messages = _messages(count, language)
    if language == "en":
        return f"Hold {asked} is dropped: {messages} will never be sent."
    goes = "ne sera jamais envoyé" if count == 1 else "ne seront jamais envoyés"
    return f"La retenue {asked} est abandonnée : {messages} {goes}."


def _ended_already(hold: Hold | None, asked: int, language: str) -> str:
    """What became of a hold that waits no more. Raises UsageError when there never was one."""
    if hold is None:
        raise UsageError(
            f"Il n’y a pas de retenue {asked} : « vigie held » montre celles qui attendent.",
            f"There is no hold {asked}: “vigie held” shows those that wait.",
        )
    done = {
        "released": ("a déjà été publiée", "was released already"),
        "dropped": ("a déjà été abandonnée", "was dropped already"),
    }.get(hold.state, ("est tombée d’elle-même", "ended by itself"))
    on = hold.ended_at or hold.at
    when = day(paris_day(on), language)
    return pick(
        language,
        f"La retenue {asked} {done[0]}, le {when} à {clock(on, language)} : il n’y a plus rien à faire.",
        f"Hold {asked} {done[1]}, on {when} at {clock(on, language)}: nothing is left to do.",
    )


async def _list(settings: Settings, format: Format) -> None:
    language, console = settings.language, Terminal()
    store = await Store.open(settings.database, migrate=False)
    try:
        holds = await store.outbox.holds()
        if format is Format.TEXT and not holds:
            console.print(pick(language, "Rien n’est retenu.", "Nothing is held."))
        for hold in holds:
            rows = await store.outbox.held(hold.number)
            ids = dict.fromkeys(event.posting for row in rows for event in events_of(row))
            found = {record.id: record for record in await store.records(ids=list(ids))}
            records = [found[id] for id in ids if id in found]
            if format is Format.JSON:
                print_json(_json(hold, rows, records))
                continue
            for text in _text(hold, rows, records, language):
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
                "team": team_json(record.posting.team if record.posting else None),
            }
            for record in records
        ],
    }


def _text(hold: Hold, rows: list[Delivery], records: list[Record], language: str) -> list[str]:
    when = f"{day(paris_day(hold.at), language, weekday=True)}, {clock(hold.at, language)}"
    if hold.reason == "overwritten":
        why = pick(
            language,
            french("Fiche écrasée ? L’équipe et presque tout le texte ont changé à la fois."),
            "Posting overwritten? The team and most of the text changed at once.",
        )
    else:
        why = what_moved(asdict(hold), language)
    head = pick(language, "Retenue", "Hold")
    lines = [f"{head} {hold.number} – source {hold.source}, {when}", f"  {why}"]
    to = pick(language, "pour", "for")
    lines += [
        f"  {_messages(count, language)} {to} {target}"
        for target, count in sorted(Counter(row.target for row in rows).items())
    ]
    for record in records[:_SHOWN]:
        posting = record.posting
        team = f", {posting.team.name}" if posting and posting.team else ""
        lines.append(f"  - {posting.role if posting else record.id}{team}")
    if (more := len(records) - _SHOWN) > 0:
        others = number(more, language)
        lines.append(
            "  " + pick(language, f"et {others} {'autre' if more == 1 else 'autres'}", f"and {others} more")
        )
    release, drop = (command.text for command in commands(hold.number))
    lines.append(
        pick(
            language,
            french(f"  Publier : {release}    Abandonner : {drop}"),
            f"  Publish: {release}    Drop: {drop}",
        )
    )
    return lines


def _messages(count: int, language: str) -> str:
    return counted(count, "message", "messages", language)
