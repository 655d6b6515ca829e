"""`vigie init` and `vigie check`: a first configuration, and whether it is right."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.online import asked, tried, without_account
from bot.cli.usage import UsageError
from bot.deliveries.stopped import still_stopped
from bot.options.mistakes import ConfigurationError
from bot.options.settings import CONFIG_FILE, Settings, load_settings
from bot.options.sources import BETA
from bot.options.template import configuration
from bot.processes.app import channels_of, source_of
from bot.watching.sources_check import check_sources
from postings.errors import VigieError
from postings.store import Stopped, Store, shown


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command("init", help="Écrit une configuration commentée, après quelques questions.")(_init)
    app.command("check", help="La configuration est-elle juste, les jetons et les canaux marchent-ils ?")(
        _check
    )


def _init(
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Prend les réponses proposées, sans rien demander.")
    ] = False,
) -> None:
    path = Path(CONFIG_FILE)
    if path.exists():
        raise UsageError(
            f"{path} existe déjà : modifiez-le, ou renommez-le pour en refaire un.",
            f"{path} exists already: edit it, or rename it to make a new one.",
        )

    def ask(question: str, default: str) -> str:
        if yes or not sys.stdin.isatty():
            return default
        return str(typer.prompt(question, default=default)).strip()

    jungle = ask("Référence de votre organisation chez Welcome to the Jungle (vide : aucune)", "")
    source = ask("Quel dépôt git veiller (adresse ou chemin)", BETA)
    public_url = ask("À quelle adresse Vigie sera-t-elle visible", "http://localhost:8000")
    target = ask("Dans quel canal Mattermost annoncer (equipe/canal, vide : sur ce terminal)", "")
    server = ask("Adresse du serveur Mattermost", "https://mattermost.incubateur.net") if target else ""
    channel = {"platform": "mattermost", "target": target} if target else {"platform": "console"}
    answers = {
        "": {"public_url": public_url},
        "sources": {"name": "beta", "kind": "git", "address": source},
        "channels": channel,
        "mattermost": {"url": server} if target else {},
    }
    path.write_text(configuration(Settings, answers, jungle), "utf-8")
    typer.echo(f"{path} est écrit. Relisez-le, puis lancez « vigie check » et « vigie run ».", err=True)


def _check(
    online: Annotated[bool, typer.Option("--online", help="Essaie aussi jetons, canaux et sources.")] = False,
    message: Annotated[
        bool,
        typer.Option("--message", help="Comme --online, et envoie un message de test dans chaque canal."),
    ] = False,
) -> int:
    settings = load_settings()
    return asyncio.run(_checked(settings, online=online or message, message=message))


async def _checked(settings: Settings, *, online: bool, message: bool) -> int:
    """Says of each part whether it is right; returns the exit status: 2 for the configuration, 1 for the rest."""
    status = 0
    stopped: dict[str, Stopped] = {}
    followed: set[str] = set()

    def say(what: str, error: VigieError | None = None, told: str = "", *, found: bool = False) -> None:
        nonlocal status
        if error is not None:
            status = max(status, 1 if found else 2)
        mark = "✓" if error is None else "✗"
        detail = error.told(settings.language) if error else told
        sys.stdout.write(f"{mark} {what}{f' : {detail}' if detail else ''}\n")

    try:
        store = await Store.open(settings.database)
        try:
            say(f"base {shown(settings.database)}")
            await check_sources(store, settings.sources)
            for hold in await store.outbox.holds():
                say(f"retenue {hold.number}", told="des annonces attendent, voyez « vigie held »")
            stopped = {known.target: known for known in await store.outbox.stopped()}
            followed = {subscription.target for subscription in await store.subscriptions()}
        except ConfigurationError as error:
            say("sources", error)
        finally:
            await store.close()
    except VigieError as error:
        say(f"base {shown(settings.database)}", error)
    if not settings.sources:
        say("sources", UsageError("aucune n’est configurée, lancez « vigie init »", "none, run “vigie init”"))
    for source in settings.sources:
        what = f"source {source.name}"
        try:
            opened = source_of(source, settings.data)
        except VigieError as error:
            say(what, error)
            continue
        try:
            look = await opened.look(None) if online else None
            say(what, told=f"révision {look.revision[:12]}" if look else "")
        except VigieError as error:
            say(what, error, found=True)
    channels = channels_of(settings)
    try:
        for key in sorted(settings.targets | followed):
            what = f"canal {key.removesuffix(':')}"
            fault: VigieError | None = without_account(key, channels)
            if fault is None and key in stopped:
                fault = still_stopped(stopped[key], reached=online)
            if not online or key.partition(":")[0] not in channels:
                say(what, fault, found=True)
                continue
            access, faults = await asked(channels, key)
            if access is not None and fault is not None:
                faults.append(fault)
            if access is not None and not faults:
                say(what, told=f"compte {access.account}")
            for found in faults:
                say(what, found, found=True)
            for remark in access.remarks if access is not None else ():
                sys.stdout.write(f"• {what} : {remark.told(settings.language)}\n")
            # Who subscribed, perhaps a person alone, did not ask for it.
            if message and key in settings.targets:
                answer, refused = await tried(channels, key, settings.language)
                say(f"message de test {key}", refused, told=answer, found=True)
    finally:
        for opened_channel in channels.values():
            await opened_channel.close()
    for address in _addresses(settings):
        sys.stdout.write(address + "\n")
    return status


def _addresses(settings: Settings) -> list[str]:
    """What to paste into the platforms so that they call Vigie."""
    lines = [f"Flux Atom : {settings.site_url}/feeds/postes.atom"]
    if settings.mattermost is not None:
        lines.append(f"Commande /postes de Mattermost (POST) : {settings.site_url}/mattermost/command")
    if settings.slack is not None:
        lines.append(f"Commande /postes de Slack : {settings.site_url}/slack/events")
    if settings.hooks is not None:
        lines.append(f"Appel de la forge à chaque envoi (webhook, POST) : {settings.site_url}/hooks/git")
    return lines
