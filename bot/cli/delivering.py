"""`vigie deliveries`: the outbox, a row sent again by hand, a stopped channel tried again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from bot.announcing.waiting import events_of
from bot.asking.rows import STATES, delivery_line, next_try
from bot.cli.output import Format, FormatOption, Terminal, print_json
from bot.cli.usage import UsageError
from bot.options.settings import Settings, load_settings
from bot.wording import reasons
from postings.store import Delivery, DeliveryState, Stopped, Store
from postings.store.values import NOTE
from postings.text import french
from postings.wording import pick


class Shown(StrEnum):
    """Which rows are shown."""

    PENDING = "pending"
    HELD = "held"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"
    FAILED = "failed"


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("deliveries", help="Les envois : les voir, en refaire un, réessayer un canal arrêté.")(
        _deliveries
    )


def _deliveries(
    state: Annotated[
        Shown | None,
        typer.Option(
            "--state",
            help="Seulement les envois dans cet état ; failed : abandonnés, ou qui attendent après un échec.",
        ),
    ] = None,
    limit: Annotated[
        int, typer.Option("--limit", metavar="N", help="Les N derniers, le plus récent d’abord.")
    ] = 50,
    retry: Annotated[
        int | None, typer.Option("--retry", metavar="ID", help="Renvoie tout de suite l’envoi abandonné ID.")
    ] = None,
    resume: Annotated[
        str | None,
        typer.Option("--resume", metavar="CANAL", help="Réessaie tout de suite un canal arrêté."),
    ] = None,
    format: FormatOption = Format.TEXT,
) -> None:
    if retry is not None and resume is not None:
        raise UsageError(
            french("Choisissez entre --retry et --resume : renvoyer un envoi, ou réessayer un canal."),
            "Choose --retry or --resume: send a delivery again, or try a channel again.",
        )
    if limit < 1:
        raise UsageError(
            french(f"--limit ne peut pas être {limit} : donnez au moins 1."),
            f"--limit cannot be {limit}: give at least 1.",
        )
    settings = load_settings()
    if retry is not None:
        asyncio.run(_retry(settings, retry))
    elif resume is not None:
        asyncio.run(_resume(settings, resume))
    else:
        asyncio.run(_list(settings, state, limit, format))


async def _retry(settings: Settings, id: int) -> None:
    language = settings.language
    store = await Store.open(settings.database, migrate=False)
    try:
        row = await store.outbox.row(id)
        if row is None:
            raise UsageError(
                french(f"Il n’y a pas d’envoi {id} : « vigie deliveries » montre les derniers."),
                f"There is no delivery {id}: “vigie deliveries” shows the latest.",
            )
        if row.target not in settings.targets and not (await store.standing([row.target])).get(row.target):
            raise UsageError(
                french(
                    f"L’envoi {id} est pour {row.target}, qui n’est plus dans la configuration : "
                    "remettez-y ce canal d’abord."
                ),
                f"Delivery {id} is for {row.target}, which is not in the configuration any more: "
                "put this channel back first.",
            )
        if not await store.outbox.again(id, now=datetime.now(UTC)):
            raise UsageError(
                french(
                    f"L’envoi {id} n’est pas abandonné ({STATES[row.state][0]}) : "
                    "seul un envoi abandonné se renvoie."
                ),
                f"Delivery {id} is not dead ({STATES[row.state][1]}): only a dead one is sent again.",
            )
        stopped = any(known.target == row.target for known in await store.outbox.stopped())
    finally:
        await store.close()
    if stopped:
        told = pick(
            language,
            french(f"L’envoi {id} attend que {row.target} soit rétabli : « vigie check » dit pourquoi."),
            f"Delivery {id} waits until {row.target} works again: “vigie check” says why.",
        )
    else:
        told = pick(
            language,
            f"L’envoi {id} repart vers {row.target}, si ce qu’il dit est encore vrai.",
            f"Delivery {id} is sent to {row.target} again, if what it says is still true.",
        )
    typer.echo(told, err=True)


async def _resume(settings: Settings, target: str) -> None:
    store = await Store.open(settings.database, migrate=False)
    try:
        if not await store.outbox.resume(target, now=datetime.now(UTC)):
            raise UsageError(
                french(f"Le canal {target} n’est pas arrêté : « vigie check » montre ceux qui le sont."),
                f"The channel {target} is not stopped: “vigie check” shows those that are.",
            )
    finally:
        await store.close()
    told = pick(
        settings.language,
        f"Vigie réessaie {target} dans la minute, ou à son prochain démarrage.",
        f"Vigie tries {target} again within a minute, or when it starts next.",
    )
    typer.echo(told, err=True)


async def _list(settings: Settings, state: Shown | None, limit: int, format: Format) -> None:
    language, now, console = settings.language, datetime.now(UTC), Terminal()
    failed = state is Shown.FAILED
    states: list[DeliveryState] | None = [s for s in STATES if s == state] if state and not failed else None
    store = await Store.open(settings.database, migrate=False)
    try:
        rows = await store.outbox.deliveries(states, limit, failed=failed)
        stopped = {known.target: known for known in await store.outbox.stopped()}
    finally:
        await store.close()
    if format is Format.TEXT and not rows:
        told = ("Aucun envoi.", "No delivery.")
        if state is not None:
            told = ("Aucun envoi dans cet état.", "No delivery in this state.")
        console.print(pick(language, *told))
    for row in rows:
        if format is Format.JSON:
            print_json(_json(row, stopped.get(row.target), language))
        else:
            console.print(delivery_line(row, stopped.get(row.target), now, language), markup=False)


def _json(row: Delivery, stopped: Stopped | None, language: str) -> dict[str, object]:
    again = next_try(row, stopped)
    return {
        "id": row.id,
        "target": row.target,
        "posting": row.posting or None,
        "kind": row.kind,
        "roles": [] if row.kind == NOTE else [event.role for event in events_of(row)],
        "state": row.state,
        "stopped": stopped is not None and row.state == "pending",
        "attempts": row.attempts,
        "unknown": row.unknown,
        "created_at": row.created_at.isoformat(),
        "next_try": again and again.isoformat(),
        "finished_at": row.finished_at and row.finished_at.isoformat(),
        "error": row.error and reasons.told(row.error, language),
        "message_id": row.message_id,
        "hold": row.hold,
    }
