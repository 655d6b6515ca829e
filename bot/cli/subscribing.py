"""`vigie subscriptions`: who is told of what, besides the channels of the configuration."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.output import Format, FormatOption, Terminal, print_json
from bot.cli.subscription_file import Plan, check_target, planned, read, written
from bot.cli.usage import UsageError
from bot.options.settings import Settings, load_settings
from postings.dates import paris_day
from postings.questions.echo import understood
from postings.questions.parse import parse_question
from postings.store import Store, Subscription
from postings.text import french
from postings.wording import SEPARATOR, colon, counted, day, pick

_subscriptions = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.add_typer(
        _subscriptions,
        name="subscriptions",
        help="Les abonnements : les voir, en ajouter, en arrêter, les relire dans un fichier.",
    )


@_subscriptions.command("list", help="Les abonnements en cours.")
def _list(
    ended: Annotated[bool, typer.Option("--ended", help="Aussi ceux qui sont arrêtés.")] = False,
    format: FormatOption = Format.TEXT,
) -> None:
    settings = load_settings()
    found = asyncio.run(_stored(settings, ended=ended))
    console = Terminal()
    if format is Format.TEXT and not found:
        console.print(pick(settings.language, "Aucun abonnement.", "No subscription."))
    for one in found:
        if format is Format.JSON:
            print_json(_json(one))
        else:
            console.print(_text(one, settings.language), markup=False)


@_subscriptions.command("add", help="Abonne un lieu aux offres qui répondent à une question.")
def _add(
    target: Annotated[str, typer.Argument(metavar="LIEU", help="Par exemple mattermost:equipe/canal.")],
    question: Annotated[
        str, typer.Argument(metavar="QUESTION", help="Comme dans /postes ; vide : toutes les offres.")
    ],
    by: Annotated[
        str | None, typer.Option("--by", metavar="QUI", help="La personne qui l’a demandé.")
    ] = None,
) -> None:
    settings = load_settings()
    check_target(target, settings)
    asyncio.run(_added(settings, target, question, by))


@_subscriptions.command("end", help="Arrête un abonnement.")
def _end(
    number: Annotated[int, typer.Argument(metavar="N", help="Le numéro que montre « list ».")],
) -> None:
    asyncio.run(_ended(load_settings(), number))


@_subscriptions.command("export", help="Écrit les abonnements en cours, un par ligne (JSON).")
def _export() -> None:
    for line in written(asyncio.run(_stored(load_settings()))):
        sys.stdout.write(line + "\n")


@_subscriptions.command("import", help="Fait des abonnements en cours ceux d’un fichier.")
def _import(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Écrit comme par « export ».")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Dit ce qui changerait, et ne change rien.")
    ] = False,
) -> None:
    settings, now = load_settings(), datetime.now(UTC)
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        detail = getattr(error, "strerror", None) or "UTF-8"
        raise UsageError(
            french(f"{file} n’a pas pu être lu ({detail}) : donnez le chemin d’un fichier de texte."),
            f"{file} could not be read ({detail}): give the path of a text file.",
        ) from None
    plan = asyncio.run(_imported(settings, read(text, settings, now), now, dry_run=dry_run))
    console = Terminal()
    for line in _told(plan, settings.language, dry_run=dry_run):
        console.print(line, markup=False)


async def _stored(settings: Settings, *, ended: bool = False) -> list[Subscription]:
    store = await Store.open(settings.database, migrate=False)
    try:
        return await store.subscriptions(ended=ended)
    finally:
        await store.close()


async def _added(settings: Settings, target: str, question: str, by: str | None) -> None:
    now, language = datetime.now(UTC), settings.language
    new = Subscription(0, target, " ".join(question.split()), language, now, by)
    store = await Store.open(settings.database, migrate=False)
    try:
        names = await store.names()
        async with store.change() as change:
            known = {one.number for one in await change.subscriptions.all(target=target)}
            (number,) = await change.subscriptions.add([new], now)
    finally:
        await store.close()
    asked = parse_question(new.text, names, now)
    meant = understood(asked, names, language)
    if number in known:
        told = pick(
            language,
            f"{target} suit déjà cela (abonnement {number}) : {meant}.",
            f"{target} follows this already (subscription {number}): {meant}.",
        )
    else:
        told = pick(
            language,
            f"Abonnement {number} de {target} : {meant}.",
            f"Subscription {number} of {target}: {meant}.",
        )
    problems = [pick(language, *problem) for problem in asked.problems]
    typer.echo(
        french(" ".join((told, *problems))) if language != "en" else " ".join((told, *problems)), err=True
    )


async def _ended(settings: Settings, number: int) -> None:
    store = await Store.open(settings.database, migrate=False)
    try:
        async with store.change() as change:
            ended = await change.subscriptions.end(number, datetime.now(UTC))
    finally:
        await store.close()
    if not ended:
        raise UsageError(
            french(f"Aucun abonnement {number} n’est en cours : « vigie subscriptions list » les montre."),
            f"No subscription {number} stands: “vigie subscriptions list” shows them.",
        )
    told = pick(
        settings.language,
        f"L’abonnement {number} est arrêté ; les messages déjà publiés restent à jour.",
        f"Subscription {number} is ended; messages that were posted stay up to date.",
    )
    typer.echo(french(told) if settings.language != "en" else told, err=True)


async def _imported(settings: Settings, wanted: list[Subscription], now: datetime, *, dry_run: bool) -> Plan:
    store = await Store.open(settings.database, migrate=False)
    try:
        async with store.change() as change:
            plan = planned(await change.subscriptions.all(), wanted)
            if plan.ends and not wanted:
                raise UsageError(
                    french(
                        "Le fichier ne contient aucun abonnement : pour les arrêter tous, faites-le un par un "
                        "avec « vigie subscriptions end »."
                    ),
                    "The file holds no subscription: to end them all, do so one by one with "
                    "“vigie subscriptions end”.",
                )
            if not dry_run:
                for one in plan.ends:
                    await change.subscriptions.end(one.number, now)
                await change.subscriptions.add(plan.adds, now)
    finally:
        await store.close()
    return plan


def _told(plan: Plan, language: str, *, dry_run: bool) -> list[str]:
    """The changes, a line each, and what they come to."""
    lines = [f"+ {one.target}{SEPARATOR}{_asked(one, language)}" for one in plan.adds]
    lines += [f"- {one.target}{SEPARATOR}{_asked(one, language)}" for one in plan.ends]
    adds, ends, keeps = len(plan.adds), len(plan.ends), len(plan.keeps)
    if language == "en":
        said = f"{counted(adds, 'added', 'added', 'en')}, {ends} ended, {keeps} kept."
        return [*lines, f"{said} Nothing was changed." if dry_run else said]
    said = ", ".join(
        (
            counted(adds, "ajouté", "ajoutés", "fr"),
            counted(ends, "arrêté", "arrêtés", "fr"),
            counted(keeps, "gardé", "gardés", "fr"),
        )
    )
    return [*lines, f"{said}. Rien n’a été changé." if dry_run else f"{said}."]


def _asked(one: Subscription, language: str) -> str:
    return one.text or pick(language, "toutes les offres", "every posting")


def _text(one: Subscription, language: str) -> str:
    since = day(paris_day(one.made_at), language)
    parts = [f"{one.number}", one.target, pick(language, f"depuis le {since}", f"since {since}")]
    if one.made_by is not None:
        parts.append(pick(language, f"par {one.made_by}", f"by {one.made_by}"))
    if one.ended_at is not None:
        on = day(paris_day(one.ended_at), language)
        parts.append(pick(language, f"arrêté le {on}", f"ended on {on}"))
    return colon(SEPARATOR.join(parts), language) + _asked(one, language)


def _json(one: Subscription) -> dict[str, object]:
    return {
        "number": one.number,
        "target": one.target,
        "question": one.text,
        "language": one.language,
        "made_at": one.made_at.isoformat(),
        "made_by": one.made_by,
        "owner": one.owner,
        "ended_at": one.ended_at and one.ended_at.isoformat(),
    }
