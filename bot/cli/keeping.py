"""`vigie backup`, `restore` and `forget`: what is remembered, in a file, back from it, and of one person no more."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.usage import UsageError
from bot.options.settings import Settings, load_settings
from postings.dates import paris_day
from postings.store import Forgotten, Store, backup, restore, shown
from postings.text import french
from postings.wording import clock, counted, day, pick

_PLATFORMS = ("mattermost", "slack", "telegram")


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command(
        "backup", help="Sauvegarde dans un fichier tout ce que Vigie a retenu, pendant qu’elle tourne."
    )(_backup)
    app.command("restore", help="Remplit une base vide avec une sauvegarde, Vigie étant arrêtée.")(_restore)
    app.command("forget", help="Efface ce que Vigie a retenu d’une personne.")(_forget)


def _backup(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Ne doit pas exister encore.")],
) -> None:
    settings = load_settings()
    counts = asyncio.run(backup(settings.database, file, datetime.now(UTC)))
    rows = sum(counts.values())
    told = pick(
        settings.language,
        f"{file} : {counted(rows, 'ligne', 'lignes', 'fr')} de {shown(settings.database)}. "
        "Ce fichier contient des données personnelles : gardez-le comme la base.",
        f"{file}: {counted(rows, 'row', 'rows', 'en')} of {shown(settings.database)}. "
        "This file holds personal data: keep it as you keep the database.",
    )
    _say(told, settings)


def _restore(
    file: Annotated[Path, typer.Argument(metavar="FICHIER", help="Fait par « vigie backup ».")],
    moving: Annotated[
        bool,
        typer.Option(
            "--moving", help="Rien n’a été envoyé depuis la sauvegarde : Vigie était arrêtée, elle déménage."
        ),
    ] = False,
) -> None:
    settings = load_settings()
    done = asyncio.run(restore(settings.database, file, datetime.now(UTC), nothing_since=moving))
    language, rows = settings.language, sum(done.counts.values())
    when = f"{day(paris_day(done.made_at), language)}, {clock(done.made_at, language)}"
    told = pick(
        language,
        f"{shown(settings.database)} : {counted(rows, 'ligne restaurée', 'lignes restaurées', 'fr')}, "
        f"telles qu’elles étaient le {when}.",
        f"{shown(settings.database)}: {counted(rows, 'row', 'rows', 'en')} restored, as of {when}.",
    )
    _say(told, settings)


def _forget(
    person: Annotated[
        str,
        typer.Argument(
            metavar="PLATEFORME:PERSONNE",
            help="mattermost:@nom, slack:U0123456789 ou telegram:123456789.",
        ),
    ],
) -> None:
    settings = load_settings()
    platform, _, name = person.partition(":")
    if platform not in _PLATFORMS or not name:
        raise UsageError(
            french(
                f"« {person} » ne désigne personne : écrivez mattermost:@nom, slack:U0123456789 ou telegram:123456789."
            ),
            f"“{person}” names nobody: write mattermost:@name, slack:U0123456789 or telegram:123456789.",
        )
    if platform == "mattermost" and not name.startswith("@"):
        name = f"@{name}"
    done = asyncio.run(_forgotten(settings, platform, name))
    for told in _told(done, f"{platform}:{name}", settings):
        _say(told, settings)


async def _forgotten(settings: Settings, platform: str, person: str) -> Forgotten:
    store = await Store.open(settings.database, migrate=False)
    try:
        return await store.forget(platform, person, datetime.now(UTC))
    finally:
        await store.close()


def _told(done: Forgotten, person: str, settings: Settings) -> list[str]:
    """What was forgotten, and what the configuration still says of the person."""
    from bot.asking.chat import admins_of

    language = settings.language
    platform, _, id = person.partition(":")
    told = [
        pick(language, f"Vigie n’avait rien retenu de {person}.", f"Vigie remembered nothing of {person}.")
    ]
    if done.any:
        own = counted(done.subscriptions, "abonnement", "abonnements", "fr")
        sent = counted(done.deliveries, "envoi", "envois", "fr")
        named = counted(done.named, "abonnement", "abonnements", "fr")
        gone = counted(done.subscriptions, "subscription", "subscriptions", "en")
        rows = counted(done.deliveries, "delivery", "deliveries", "en")
        nameless = counted(done.named, "subscription", "subscriptions", "en")
        told = [
            pick(
                language,
                f"Vigie a oublié {person} : {own} et {sent} effacés, son nom ôté de {named} de canaux.",
                f"Vigie has forgotten {person}: {gone} and {rows} gone, the name taken from {nameless} of channels.",
            )
        ]
    listed = isinstance(settings.subscribers, tuple) and person in settings.subscribers
    if listed or id in admins_of(settings).get(platform, ()) or person in settings.targets:
        told.append(
            pick(
                language,
                f"La configuration nomme encore {person} : ôtez-l’y.",
                f"The configuration still names {person}: take it out.",
            )
        )
    return told


def _say(told: str, settings: Settings) -> None:
    typer.echo(french(told) if settings.language != "en" else told, err=True)
