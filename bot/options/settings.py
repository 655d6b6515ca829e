"""Every option of Vigie in one table: name, type, default, check, whether it is a secret, and what it is for.

The tables within it are in `bot/options/`; the reference in docs/operations.md, the `vigie.toml` of `vigie init` and
the variables of the environment are made from it.
"""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, HttpUrl
from pydantic_core import PydanticCustomError

from bot.options.about import About, Table, Token
from bot.options.accounts import HooksSettings, MattermostSettings, SlackSettings, TelegramSettings
from bot.options.channels import ChannelSettings, Language, Place
from bot.options.environment import CONFIG, add_environment
from bot.options.file import add_file
from bot.options.given import Given
from bot.options.mistakes import ConfigurationError
from bot.options.settling import settled
from bot.options.sources import BETA, SourceSettings
from postings.lifecycle import Policy
from postings.reading.address import POSTING_URL

__all__ = [
    "CONFIG_FILE",
    "ChannelSettings",
    "HooksSettings",
    "MattermostSettings",
    "Settings",
    "SlackSettings",
    "SourceSettings",
    "TelegramSettings",
    "load_settings",
]

CONFIG_FILE = "vigie.toml"
_A_YEAR = 365
"""In days. Checks are generous, and keep lengths of time within what the clock's arithmetic can hold."""


def _people(value: Any) -> Any:
    """Anyone, the staff, or people as `platform:id`."""
    people = isinstance(value, list | tuple) and all(isinstance(one, str) and ":" in one for one in value)
    if value in ("anyone", "admins") or people:
        return value
    raise PydanticCustomError("people", "no people")


class Settings(Table):
    """The whole configuration. Made by `load_settings`."""

    language: Annotated[
        Language,
        About(
            "the language of announcements, answers and problems; the web page and the feeds are French",
            'La langue des annonces et des réponses : "fr" ou "en".',
        ),
    ] = "fr"
    public_url: Annotated[
        HttpUrl,
        About(
            "what all addresses of feeds and pages are made from",
            "L’adresse à laquelle la page et les flux sont visibles.",
            "address",
        ),
    ] = HttpUrl("http://localhost:8000")
    contact: Annotated[
        str | None,
        About(
            "where people report what they have no access to, an address of mail or of a page; the accessibility "
            "statement (`/accessibilite`) names it",
            "À qui signaler un défaut d’accessibilité : une adresse électronique, ou celle d’une page.",
            "text",
            "accessibilite@example.org",
        ),
    ] = None
    hub: Annotated[
        HttpUrl | None,
        About(
            "a WebSub hub that is told which feeds changed, and tells their readers at once; the feeds name it",
            "Le hub WebSub à prévenir quand un flux change, pour que ses abonnés le sachent aussitôt.",
            "address",
            "https://hub.example.org/",
        ),
    ] = None
    posting_url: Annotated[
        str,
        About(
            "the public address of a posting",
            "L’adresse publique d’une offre, faite de la date et du nom de sa fiche.",
            "template",
        ),
    ] = POSTING_URL
    data: Annotated[
        Path,
        About(
            "the folder of the mirrors of sources, and of the database where none is named",
            "Le dossier des copies des sources, et de la base si aucune n’est nommée.",
            "path",
        ),
    ] = Path("var")
    database_url: Annotated[
        Token | None,
        About(
            "`sqlite:///path` or `postgres://…`; without it `vigie.db` in `data`",
            "La base de données, postgres://… ou sqlite:///chemin ; sans elle, un fichier SQLite dans « data ».",
            "address",
            host="DATABASE_URL",
        ),
    ] = None
    host: Annotated[
        str | None,
        About(
            "where HTTP listens; without it this machine only, everywhere when the host gives `PORT`",
            "L’adresse sur laquelle HTTP écoute ; sans elle, cette machine seulement, ou partout quand un hébergeur "
            "donne PORT.",
            "address",
            "127.0.0.1",
        ),
    ] = None
    port: Annotated[
        int, Field(ge=0, le=65535), About("the port of HTTP", "Le port de HTTP.", "number", host="PORT")
    ] = 8000
    metrics_token: Annotated[
        Token | None,
        About(
            "what whoever reads `/metrics` must send; without it anybody who reaches it reads it",
            "Le jeton que doit envoyer qui lit /metrics ; sans lui, l’adresse est ouverte à qui l’atteint.",
            "text",
        ),
    ] = None
    worker_port: Annotated[
        int | None,
        Field(ge=0, le=65535),
        About(
            "the port on which `vigie worker` answers `/healthz`, `/readyz` and `/metrics`; without it none",
            "Le port sur lequel « vigie worker » répond à /healthz, /readyz et /metrics ; sans lui, aucun.",
            "number",
            9100,
        ),
    ] = None
    poll: Annotated[
        float,
        Field(gt=0, le=_A_YEAR * 24 * 60),
        About(
            "the time between two looks at a source", "Minutes entre deux regards sur une source.", "minutes"
        ),
    ] = 5
    settle: Annotated[
        float,
        Field(ge=0, le=_A_YEAR * 24 * 60),
        About(
            "how long a file must stay unchanged before its first announcement, two hours at most; 0: at once",
            "Minutes pendant lesquelles la fiche d’une nouvelle offre doit rester inchangée avant d’être annoncée.",
            "minutes",
        ),
    ] = 30
    flood_limit: Annotated[
        int,
        Field(ge=1),
        About(
            "with more new messages than this for one channel in one look, they become one digest",
            "Au-delà de ce nombre de nouveaux messages d’un coup dans un canal, un seul message les rassemble.",
            "number",
        ),
    ] = 5
    mass_change: Annotated[
        int,
        Field(ge=1),
        About(
            "when more postings than this, and more than half of a source's open ones, enter or leave the list in one "
            "look, announcements are [held](#what-is-held)",
            "Au-delà de ce nombre d’offres qui ouvrent ou ferment d’un coup (et de la moitié des offres ouvertes), "
            "Vigie retient les annonces et demande ce qu’il faut en faire.",
            "number",
        ),
    ] = 10
    staff_channel: Annotated[
        Place | None,
        About(
            "the place that is told what a person must know or decide, `platform:target` as in [Channels](#channels), "
            "for example `mattermost:equipe/vigie-admin`; without it the log only",
            "Où Vigie dit à qui s’occupe d’elle ce qu’il faut savoir ou décider.",
            "text",
            "mattermost:equipe/vigie-admin",
        ),
    ] = None
    source_silence: Annotated[
        float,
        Field(gt=0, le=_A_YEAR * 24),
        About(
            "how long a source may not answer before the staff is told, see "
            "[What the staff is told](#what-the-staff-is-told)",
            "Heures sans réponse d’une source après lesquelles Vigie le dit là.",
            "hours",
        ),
    ] = 6
    source_quiet: Annotated[
        int,
        Field(gt=0, le=10 * _A_YEAR),
        About(
            "how long a source may have neither a change nor an open posting before the staff is told",
            "Jours sans changement ni offre ouverte dans une source après lesquels Vigie le dit là.",
            "days",
        ),
    ] = 30
    closing_notice: Annotated[
        tuple[Annotated[int, Field(ge=0, le=_A_YEAR)], ...],
        About(
            "how many days before the closing day to tell of it, at 09:00 in Paris",
            "Combien de jours avant la date limite prévenir qu’une offre va fermer.",
            "list of days",
        ),
    ] = (7, 1)
    stale_after: Annotated[
        int,
        Field(gt=0, le=10 * _A_YEAR),
        About(
            "after how many days without a change an open posting counts as stale; the `staff_channel` is told on the "
            "next Monday",
            "Jours sans changement après lesquels une offre ouverte est rappelée, le lundi suivant.",
            "days",
        ),
    ] = 45
    questions_per_minute: Annotated[
        int,
        Field(ge=1),
        About(
            "what one person may ask in the chats; a further question is told when to come again",
            "Combien de questions une personne peut poser par minute dans la messagerie.",
            "number",
        ),
    ] = 20
    subscribers: Annotated[
        Literal["anyone", "admins"] | tuple[str, ...],
        BeforeValidator(_people),
        About(
            "who may make and end subscriptions in the chats; people as `platform:id`, for example "
            '`["slack:U0123456789"]`; the staff always may',
            'Qui peut s’abonner depuis la messagerie : "anyone" (tout le monde), "admins", ou une liste '
            '["slack:U0123456789"].',
            "`anyone`, `admins` or list of people",
        ),
    ] = "anyone"
    sources: tuple[SourceSettings, ...] = (SourceSettings(address=BETA),)
    channels: tuple[ChannelSettings, ...] = ()
    mattermost: MattermostSettings | None = None
    slack: SlackSettings | None = None
    telegram: TelegramSettings | None = None
    hooks: HooksSettings | None = None

    @property
    def policy(self) -> Policy:
        """What is worth telling, and when."""
        return Policy(self.closing_notice, timedelta(days=self.stale_after))

    @property
    def targets(self) -> frozenset[str]:
        """Every place that may be told something: `platform:target`."""
        staff = () if self.staff_channel is None else (self.staff_channel,)
        return frozenset((*(channel.key for channel in self.channels), *staff))

    @property
    def platforms(self) -> tuple[str, ...]:
        """The platforms on which something may be told or asked, by name."""
        told = {target.partition(":")[0] for target in self.targets}
        return tuple(
            sorted(told | {name for name in ("mattermost", "slack", "telegram") if getattr(self, name)})
        )

    @property
    def site_url(self) -> str:
        """`public_url` without a slash at its end."""
        return str(self.public_url).rstrip("/")

    @property
    def bind(self) -> str:
        """The address on which HTTP listens."""
        return self.host or ("0.0.0.0" if "PORT" in os.environ else "127.0.0.1")  # noqa: S104  a host's router calls it

    @property
    def database(self) -> str:
        """The database's address, which may hold a password: `shown` of postings.store.engine hides it.

        The folder of the embedded one is made, so that a first start needs no preparation. Raises
        ConfigurationError where it cannot be.
        """
        if self.database_url is not None:
            return self.database_url.get_secret_value()
        try:
            self.data.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigurationError(
                f"Le dossier {self.data} ne peut pas être créé ({error.strerror}) : corrigez « data ».",
                f"The folder {self.data} cannot be made ({error.strerror}): mend “data”.",
            ) from None
        return f"sqlite:///{self.data / 'vigie.db'}"


def language_said() -> Language:
    """The language of what is told where the configuration as a whole may be wrong: French unless it says English."""
    said = Given()
    add_file(said, Path(os.environ.get(CONFIG) or CONFIG_FILE), named=False)
    return "en" if os.environ.get("VIGIE_LANGUAGE", said.values.get("language")) == "en" else "fr"


def load_settings(**given: Any) -> Settings:
    """The configuration: what is `given` over the environment, over the file, over the defaults.

    Raises ConfigurationError with a sentence for each mistake, none of which holds a value that may be secret.
    """
    said = Given()
    file = os.environ.get(CONFIG)
    add_file(said, Path(file or CONFIG_FILE), named=file is not None)
    add_environment(said, os.environ, Settings)
    for name, value in given.items():
        said.replace(name, value)
    return settled(said, Settings)
