"""`vigie query` and `vigie feeds`: what is known, asked for or written as files."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.asking.listing import listing
from bot.channels.console import show
from bot.cli.output import (
    AtOption,
    Format,
    FormatOption,
    Terminal,
    instant,
    print_json,
    progress_bar,
)
from bot.cli.usage import UsageError
from bot.options.settings import Settings, load_settings
from feeds.files import write_files
from postings.as_json import posting_json
from postings.catalogue import Catalogue
from postings.model import Record
from postings.questions.echo import to_json
from postings.questions.match import select
from postings.questions.parse import parse_question
from postings.snapshot import Snapshot, snapshot
from postings.sources.opening import opened
from postings.states import state_at
from postings.store import Store

_ALL = 100_000
"""Events: more than a community ever has."""

SourceOption = Annotated[
    str | None,
    typer.Option(
        metavar="SOURCE", help="Un dépôt git, un bundle, une adresse ou un dossier ; sinon la base de Vigie."
    ),
]


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("query", help="Les offres qui répondent à une question.")(_query)
    app.command("feeds", help="Écrit les flux et les pages dans un dossier.")(_feeds)


def _query(
    question: Annotated[
        str | None, typer.Argument(metavar="QUESTION", help="Par exemple « dev freelance paris ».")
    ] = None,
    at: AtOption = None,
    source: SourceOption = None,
    explain: Annotated[bool, typer.Option(help="Montre d’abord comment la question est comprise.")] = False,
    batch: Annotated[Path | None, typer.Option(metavar="FICHIER", help="Une question par ligne.")] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    settings = load_settings()
    if (question is None) == (batch is None):
        raise UsageError(
            "Posez une question, ou donnez un fichier de questions avec --batch.",
            "Ask a question, or give a file of questions with --batch.",
        )
    questions = [question] if question is not None else _lines(batch)
    asyncio.run(
        _answer(questions, settings, at, source, explain=explain, batch=batch is not None, format=format)
    )


def _lines(batch: Path | None) -> list[str]:
    assert batch is not None  # noqa: S101  checked above
    try:
        return batch.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            f"Le fichier {batch} ne peut pas être lu : donnez un fichier de texte en UTF-8.",
            f"The file {batch} cannot be read: give a text file in UTF-8.",
        ) from None


async def _answer(
    questions: list[str],
    settings: Settings,
    at: str | None,
    source: str | None,
    *,
    explain: bool,
    batch: bool,
    format: Format,
) -> None:
    now = instant(at)
    async with known(settings, source, at) as catalogue:
        if format is Format.TEXT:
            console = Terminal()
            for question in questions:
                if batch or explain:
                    console.print(question, markup=False, style="bold")
                if explain:
                    filters = to_json(parse_question(question, await catalogue.names(), now))
                    console.print(json.dumps(filters, ensure_ascii=False), markup=False)
                show(await listing(question, catalogue, now=now, language=settings.language), console)
            return
        names, records = await catalogue.names(), await catalogue.records()
        for question in questions:
            asked = parse_question(question, names, now)
            found = select(records, asked, now)
            if batch:
                ids = [record.id for record in found]
                print_json(
                    {"question": question, "filters": to_json(asked), "total": len(ids), "results": ids}
                )
                continue
            if explain:
                print_json({"filters": to_json(asked)})
            for record in found:
                print_json(_record_json(record, now, settings.language))


def _record_json(record: Record, now: datetime, language: str) -> dict[str, object]:
    assert record.posting is not None  # noqa: S101  a question answers with what could be read
    _, reason = state_at(record.posting, now)
    opened_at = record.opened_at.isoformat() if record.opened_at else None
    return posting_json(record.posting, record.state, reason, language) | {"opened_at": opened_at}


def _feeds(
    out: Annotated[Path, typer.Option(metavar="DOSSIER", help="Où les écrire.")],
    at: AtOption = None,
    source: SourceOption = None,
) -> None:
    settings = load_settings()
    asyncio.run(_write(settings, out, at, source))


async def _write(settings: Settings, out: Path, at: str | None, source: str | None) -> None:
    now = instant(at)
    async with known(settings, source, at) as catalogue:
        records = await catalogue.records()
        events = await catalogue.events(limit=_ALL)
        bodies = await catalogue.bodies([record.id for record in records])
        written = write_files(out, records, now, settings.site_url, events, bodies)
    typer.echo(f"{len(written)} fichiers écrits dans {out} ; ouvrez {out / 'index.html'}.", err=True)


@asynccontextmanager
async def known(settings: Settings, source: str | None, at: str | None) -> AsyncIterator[Catalogue]:
    """What a command asks: a source read for it, or what is stored. Raises SourceError and StoreError."""
    now = instant(at)
    if source is not None:
        with opened(source) as found, progress_bar("Révisions") as progress:
            catalogue = await snapshot(
                found, now, policy=settings.policy, posting_url=settings.posting_url, progress=progress
            )
        yield catalogue
        return
    store = await Store.open(settings.database, migrate=False)
    try:
        yield store if at is None else await _at(store, now)
    finally:
        await store.close()


async def _at(store: Store, now: datetime) -> Snapshot:
    """What is stored, as the clock would have it at another instant."""
    records = [
        replace(record, state=state_at(record.posting, now)[0]) if record.posting and record.state else record
        for record in await store.records()
    ]
    bodies = await store.bodies([record.id for record in records])
    return Snapshot(records, await store.events(limit=_ALL), await store.names(), now, bodies)
