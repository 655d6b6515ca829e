"""The options of Vigie's accounts on the platforms, and of the forge that calls."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, HttpUrl, SecretStr

from bot.options.about import About, Table, Token

_ADMINS = "Les personnes qui peuvent donner les commandes « /postes admin », par leur identifiant."


class MattermostSettings(Table):
    """The bot account of a Mattermost server."""

    url: Annotated[
        HttpUrl,
        About("the server", "L’adresse du serveur.", "address", "https://mattermost.exemple.fr"),
    ]
    token: Annotated[
        Token, About("the access token of the bot account", "Le jeton du compte de bot.", "text")
    ]
    command_tokens: Annotated[
        tuple[Token, ...],
        About(
            "the tokens of the slash commands, one a team, as JSON; without one no command is answered",
            'Les jetons de la commande /postes, un par équipe : ["…"].',
            "list of texts",
        ),
    ] = ()
    """While one is being replaced, the old and the new."""
    teams: Annotated[
        tuple[str, ...],
        About(
            "the teams, as in their addresses, whose people are answered; empty: every team that has a command",
            "Les seules équipes à qui répondre ; sinon toutes celles qui ont la commande.",
            "list of texts",
            ("equipe",),
        ),
    ] = ()
    admins: Annotated[
        tuple[str, ...],
        About(
            "the people who may give the [staff's commands](#the-staffs-commands)",
            _ADMINS,
            "list of ids",
            ("4xp9fdt77pncbef59f4k1qe83o",),
        ),
    ] = ()


class SlackSettings(Table):
    """The Slack app."""

    token: Annotated[Token, About("the bot token, `xoxb-…`", "Le jeton du bot (xoxb-…).", "text")]
    signing_secret: Annotated[
        Token | None,
        About(
            "without it no command is answered",
            "Le secret de signature ; sans lui, aucune commande n’a de réponse.",
            "text",
        ),
    ] = None
    workspaces: Annotated[
        tuple[str, ...],
        About(
            "the workspaces (`T…`) whose people are answered; empty: every one that has the app",
            "Les seuls espaces de travail à qui répondre ; sinon tous ceux qui ont l’application.",
            "list of ids",
            ("T0123456789",),
        ),
    ] = ()
    admins: Annotated[
        tuple[str, ...],
        About(
            "the people (`U…`) who may give the staff's commands", _ADMINS, "list of ids", ("U0123456789",)
        ),
    ] = ()
    api_url: Annotated[
        HttpUrl,
        About("the base of Slack's Web API, for a proxy", "La base de l’API de Slack.", "address"),
    ] = HttpUrl("https://slack.com/api/")


class TelegramSettings(Table):
    """The Telegram bot."""

    token: Annotated[Token, About("the token from @BotFather", "Le jeton donné par @BotFather.", "text")]
    webhook_secret: Annotated[
        Token | None,
        About(
            "set: Telegram calls `public_url`; not set: Vigie asks Telegram (long polling)",
            "Un secret de votre choix, pour que Telegram appelle « public_url » ; sans lui, Vigie interroge Telegram.",
            "text",
        ),
    ] = None
    chats: Annotated[
        tuple[int, ...],
        About(
            "the groups (`-100…`) that are answered; empty: every one that the bot is in; a person alone always is",
            "Les seuls groupes à qui répondre ; sinon tous ceux où est le bot.",
            "list of numbers",
            (-1001234567890,),
        ),
    ] = ()
    admins: Annotated[
        tuple[int, ...],
        About("the people who may give the staff's commands", _ADMINS, "list of numbers", (123456789,)),
    ] = ()
    api_url: Annotated[
        HttpUrl,
        About(
            "the base of the Bot API, for a server of one's own",
            "La base de l’API, pour un serveur à vous.",
            "address",
        ),
    ] = HttpUrl("https://api.telegram.org")
    unknown: Annotated[
        Literal["resend", "skip"],
        About(
            "what becomes of a message whose answer was lost: Telegram lets no bot look whether it was sent. `resend`: "
            "it is sent again, perhaps for the second time; `skip`: it is not, perhaps never sent",
            'Un message dont Telegram n’a pas confirmé l’envoi : renvoyé, peut-être deux fois ("resend"), ou non '
            '("skip").',
        ),
    ] = "resend"


class HooksSettings(Table):
    """What the forge calls when something was pushed."""

    secret: Annotated[
        SecretStr,
        Field(min_length=16),
        About(
            "what the forge signs its calls with, see [The forge tells](#the-forge-tells); without it there is no "
            "`/hooks/git`",
            "Le secret que la forge met dans ses appels à /hooks/git (16 caractères au moins).",
            "text",
        ),
    ]
    """GitLab sends it as it is; the others sign with it."""
