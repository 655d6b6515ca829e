"""`vigie deliveries`: the outbox, a row sent again by hand, a stopped channel tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

import typer

from bot import reasons
from bot.cli.output import Format, FormatOption, Terminal, print_json
from bot.cli.usage import UsageError
from bot.settings import Settings, load_settings
from bot.telling import EDIT
from bot.waiting import ENDS, FORMER, events_of
from postings import labels
from postings.dates import paris_day
from postings.store import Delivery, DeliveryState, Stopped, Store
from postings.store.values import DIGEST, NOTE
from postings.text import french
from postings.wording import SEPARATOR, clock, colon, counted, day, number, pick


class Shown(StrEnum):
    """Which rows are shown."""

    PENDING = "pending"
    HELD = "held"
    SENT = "sent"
    DEAD = "dead"
    DROPPED = "dropped"
    FAILED = "failed"


_STATES: Mapping[DeliveryState, tuple[str, str]] = {
    "pending": ("en attente", "pending"),
    "held": ("retenu", "held"),
    "sent": ("envoyé", "sent"),
    "dead": ("abandonné", "dead"),
    "dropped": ("sans objet", "dropped"),
}


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
                    f"L’envoi {id} n’est pas abandonné ({_STATES[row.state][0]}) : "
                    "seul un envoi abandonné se renvoie."
                ),
                f"Delivery {id} is not dead ({_STATES[row.state][1]}): only a dead one is sent again.",
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
    states: list[DeliveryState] | None = [s for s in _STATES if s == state] if state and not failed else None
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
            console.print(_text(row, stopped.get(row.target), now, language), markup=False)


def _next_try(row: Delivery, stopped: Stopped | None) -> datetime | None:
    """From when on a row may be tried, as far as is known; None when it is not to be sent."""
    if row.state != "pending":
        return None
    waits = (row.ready_at, row.retry_at, stopped.retry_at if stopped else None)
    return max((instant for instant in waits if instant is not None), default=None)


def _json(row: Delivery, stopped: Stopped | None, language: str) -> dict[str, object]:
    next_try = _next_try(row, stopped)
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
        "next_try": next_try and next_try.isoformat(),
        "finished_at": row.finished_at and row.finished_at.isoformat(),
        "error": row.error and reasons.told(row.error, language),
        "message_id": row.message_id,
        "hold": row.hold,
    }


def _text(row: Delivery, stopped: Stopped | None, now: datetime, language: str) -> str:
    when = f"{day(paris_day(row.created_at), language)}, {clock(row.created_at, language)}"
    told = SEPARATOR.join(
        (str(row.id), when, row.target, _what(row, language), _how(row, stopped, now, language))
    )
    if not row.error:
        return told
    return colon(told, language) + reasons.told(" ".join(row.error.splitlines()), language)


def _what(row: Delivery, language: str) -> str:
    """What a row says: "offre fermée : Développeuse web"."""
    if row.kind == NOTE:
        return pick(language, "note pour l’administration", "note for the staff")
    events = events_of(row)
    if row.kind == DIGEST:
        count = sum(event.kind not in ENDS for event in events)
        return counted(
            count, pick(language, "offre en un message", "posting in one message"),
            pick(language, "offres en un message", "postings in one message"), language,
        )  # fmt: skip
    (event,) = events
    label = f"{pick(language, 'offre', 'posting')} {labels.event(event.kind, language)}"
    if row.kind in {EDIT, FORMER}:
        label = pick(language, f"message corrigé, {label}", f"message edited, {label}")
    return colon(label, language) + (event.role or row.posting)


def _how(row: Delivery, stopped: Stopped | None, now: datetime, language: str) -> str:
    """How it stands: "en attente, 3 essais, prochain essai à 14 h 35"."""
    parts = [pick(language, *_STATES[row.state])]
    if row.hold is not None and row.state == "held":
        parts[0] += pick(language, f" (retenue {row.hold})", f" (hold {row.hold})")
    elif stopped is not None and row.state == "pending":
        parts[0] += pick(language, " (canal arrêté)", " (channel stopped)")
    if row.attempts:
        parts.append(
            f"{number(row.attempts, language)} "
            + pick(
                language,
                "essais" if row.attempts > 1 else "essai",
                "attempts" if row.attempts > 1 else "attempt",
            )
        )
    next_try = _next_try(row, stopped)
    if next_try is not None and next_try > now:
        at = clock(next_try, language)
        if paris_day(next_try) == paris_day(now):
            parts.append(pick(language, f"prochain essai à {at}", f"next try at {at}"))
        else:
            on = day(paris_day(next_try), language)
            parts.append(pick(language, f"prochain essai le {on} à {at}", f"next try on {on} at {at}"))
    return ", ".join(parts)
