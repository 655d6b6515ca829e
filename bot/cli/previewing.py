"""`vigie preview`: every kind of message as each platform will show it. No configuration, account or network."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from enum import StrEnum
from io import StringIO
from typing import Annotated

import typer
from rich.console import Console

from bot.channels.console import show
from bot.channels.layout import mattermost_text, slack_blocks, slack_text, telegram_html
from bot.previewing.preview import Place, Preview, previews
from bot.wording.message import Message


class Platform(StrEnum):
    """What messages can be laid out for."""

    MATTERMOST = "mattermost"
    SLACK = "slack"
    TELEGRAM = "telegram"
    CONSOLE = "console"


class Language(StrEnum):
    """The language of the messages."""

    FR = "fr"
    EN = "en"


_NAMES = {
    Platform.MATTERMOST: ("Mattermost", "Le Markdown qui est envoyé."),
    Platform.SLACK: (
        "Slack",
        "Les blocs envoyés, puis le texte que montrent les notifications et que lisent les lecteurs d’écran.",
    ),
    Platform.TELEGRAM: ("Telegram", "Le HTML qui est envoyé."),
    Platform.CONSOLE: ("Terminal", "Ce qui est imprimé."),
}
_PLACES: dict[tuple[Platform, Place], str] = {
    (Platform.SLACK, Place.NOTICE): "réponse dans le fil, montrée aussi à tout le canal",
    (Platform.TELEGRAM, Place.THREAD): "en réponse au message",
    **{(Platform.CONSOLE, place): "imprimé" for place in Place},
    (Platform.CONSOLE, Place.THREAD): "imprimé après une flèche",
    (Platform.CONSOLE, Place.EDIT): "imprimé de nouveau après un crayon",
}
_INTRODUCTION = (
    "Chaque sorte de message que Vigie envoie, à propos d’offres inventées, telle que la reçoit chaque "
    "messagerie. Cette page est ce qu’écrit `vigie preview`."
)
_MARKS = {Place.THREAD: "↳ ", Place.EDIT: "✎ "}


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command("preview", help="Chaque sorte de message, comme chaque messagerie la reçoit.")(_preview)


def _preview(
    platform: Annotated[
        Platform | None, typer.Option(help="Une seule messagerie ; toutes si rien n’est dit.")
    ] = None,
    language: Annotated[Language, typer.Option(help="La langue des messages.")] = Language.FR,
) -> None:
    sys.stdout.write(pages([platform] if platform else list(Platform), language))


def pages(platforms: Iterable[Platform], language: Language) -> str:
    """Every kind of message as each of `platforms` is sent it, in Markdown, with French headings."""
    parts = ["# Aperçu des messages", _INTRODUCTION]
    for platform in platforms:
        parts += [f"## {_NAMES[platform][0]}", _NAMES[platform][1]]
        for preview in previews(platform, language):
            place = _PLACES.get((platform, preview.place), preview.place.value)
            parts += [f"### {preview.what} – {place}", _LAYOUTS[platform](preview)]
    return "\n\n".join(parts) + "\n"


def _mattermost(preview: Preview) -> str:
    return _block("markdown", mattermost_text(preview.message))


def _slack(preview: Preview) -> str:
    from bot.channels.slack import POSTED_TEXT, UPDATED_TEXT

    limit = UPDATED_TEXT if preview.place is Place.EDIT else POSTED_TEXT
    blocks = json.dumps(slack_blocks(preview.message), ensure_ascii=False, indent=2)
    return _block("json", blocks) + "\n\n" + _block("text", slack_text(preview.message, limit))


def _telegram(preview: Preview) -> str:
    return _block("html", telegram_html(preview.message))


def _console(preview: Preview) -> str:
    return _block("text", console_text(preview.message, _MARKS.get(preview.place, "")))


def console_text(message: Message, mark: str = "") -> str:
    """`message` as the terminal shows it, without bold, `mark` before its first line."""
    out = StringIO()
    show(message, Console(file=out), mark)
    return out.getvalue().rstrip("\n")


def _block(language: str, text: str) -> str:
    return f"```{language}\n{text}\n```"


_LAYOUTS: dict[Platform, Callable[[Preview], str]] = {
    Platform.MATTERMOST: _mattermost,
    Platform.SLACK: _slack,
    Platform.TELEGRAM: _telegram,
    Platform.CONSOLE: _console,
}
