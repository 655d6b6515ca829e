"""Every option of Vigie in one place: name, type, default, check, and whether it is a secret.

Read from the environment first (`VIGIE_` and the name in capitals, `__` between levels; `DATABASE_URL` and
`PORT` as hosting platforms give them), then from `vigie.toml`, then from the defaults here.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, HttpUrl, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from bot.mistakes import ConfigurationError, not_json, sentence
from bot.ways import Crontab, Hours, Language, check_together
from postings.lifecycle import Policy
from postings.model import EventKind
from postings.reading.address import POSTING_URL
from postings.sources.base import INCUBATORS, POSTINGS, STARTUPS, Layout
from postings.text import french

CONFIG_FILE = "vigie.toml"
_ANNOUNCED = tuple(kind for kind in EventKind if kind is not EventKind.STALE)


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SourceSettings(_Table):
    """One source of postings (docs/specification.md, section 8)."""

    name: str = Field(default="beta", pattern=r"^[a-z0-9][a-z0-9_-]*$")
    kind: Literal["git", "directory", "jobs_api", "welcomekit"] = "git"
    address: str
    branch: str | None = None
    depth: int | None = Field(default=None, gt=0)
    """How many of the last revisions are fetched; None for all."""
    postings: str = POSTINGS
    startups: str = STARTUPS
    incubators: str = INCUBATORS
    url: HttpUrl = HttpUrl("https://www.welcomekit.co/api/v1")
    """Of welcomekit: the base of its API."""
    key: SecretStr | None = None
    """Of welcomekit: the key of its API; without one the public list is read."""
    allow_private_addresses: bool = False
    """Of jobs_api and welcomekit: whether the list may be on this machine or its network."""

    @property
    def layout(self) -> Layout:
        """Where its files are."""
        return Layout(self.postings, self.startups, self.incubators)


class ChannelSettings(_Table):
    """One place where changes are announced (docs/specification.md, section 5)."""

    platform: Literal["console", "mattermost", "slack", "telegram"]
    target: str = ""
    events: tuple[EventKind, ...] = _ANNOUNCED
    filter: str = ""
    """A question: only postings that answer it are announced."""
    mode: Literal["immediate", "digest"] = "immediate"
    """Whether each thing is told as it comes, or all of it in one message a period."""
    digest: Crontab = "0 9 * * 1"
    """Of mode digest: when the message leaves, a cron expression in Europe/Paris."""
    quiet_hours: Hours = "20:00-08:00"
    """In Europe/Paris; what is announced waits until they end. Empty: none."""
    quiet_weekends: bool = True
    """Whether Saturdays and Sundays are quiet as well."""
    language: Language | None = None
    """None: that of Settings."""
    replies: Literal["changes", "all"] = "changes"
    """What is told in a message's thread: changes, or also that a posting ended."""

    @property
    def key(self) -> str:
        """What tells this target from every other: the platform and the place on it."""
        return f"{self.platform}:{self.target}"


class MattermostSettings(_Table):
    """The bot account of a Mattermost server."""

    url: HttpUrl
    token: SecretStr
    command_tokens: tuple[SecretStr, ...] = ()
    """The tokens of the slash commands, one a team; while one is being replaced, the old and the new."""
    teams: tuple[str, ...] = ()
    """The teams, as in their addresses, whose people are answered; empty: every team that has a command."""
    admins: tuple[str, ...] = ()
    """The ids of the people who may give the staff's commands."""


class SlackSettings(_Table):
    """The Slack app."""

    token: SecretStr
    signing_secret: SecretStr | None = None
    """Without it no command is answered."""
    workspaces: tuple[str, ...] = ()
    """The ids of the workspaces whose people are answered; empty: every one that has the app."""
    admins: tuple[str, ...] = ()
    """The ids of the people who may give the staff's commands."""
    api_url: HttpUrl = HttpUrl("https://slack.com/api/")


class TelegramSettings(_Table):
    """The Telegram bot."""

    token: SecretStr
    webhook_secret: SecretStr | None = None
    """Set: Telegram calls public_url. Not set: the bot asks Telegram (long polling)."""
    chats: tuple[int, ...] = ()
    """The ids of the groups that are answered; empty: every one that the bot is in. People alone always are."""
    admins: tuple[int, ...] = ()
    """The ids of the people who may give the staff's commands."""
    api_url: HttpUrl = HttpUrl("https://api.telegram.org")
    unknown: Literal["resend", "skip"] = "resend"
    """What becomes of a message of which nobody can tell whether it was sent."""


class HooksSettings(_Table):
    """What the forge calls when something was pushed."""

    secret: Annotated[SecretStr, Field(min_length=16)]
    """The forge signs its calls with it, or sends it (GitLab)."""


class Settings(BaseSettings):
    """The whole configuration. Made by `load_settings`."""

    model_config = SettingsConfigDict(
        env_prefix="VIGIE_", env_nested_delimiter="__", extra="forbid", frozen=True, toml_file=CONFIG_FILE
    )

    language: Language = "fr"
    public_url: HttpUrl = HttpUrl("http://localhost:8000")
    """What all addresses of feeds and pages are made from."""
    contact: str | None = None
    """Where people report what they have no access to: an address of mail or of a page."""
    posting_url: str = POSTING_URL
    data: Path = Path("var")
    """The folder of the mirrors of sources, and of the database where none is named."""
    database_url: SecretStr | None = Field(
        default=None, validation_alias=AliasChoices("VIGIE_DATABASE_URL", "DATABASE_URL", "database_url")
    )
    host: str | None = None
    """Where HTTP listens: by default this machine only, everywhere where a host gives PORT."""
    port: Annotated[int, Field(ge=0, le=65535)] = Field(
        default=8000, validation_alias=AliasChoices("VIGIE_PORT", "PORT", "port")
    )
    poll: Annotated[float, Field(gt=0)] = 5
    """Minutes between two looks at a source."""
    settle: Annotated[float, Field(ge=0)] = 30
    """Minutes for which a posting's file must be unchanged before its first announcement."""
    flood_limit: Annotated[int, Field(ge=1)] = 5
    """New messages for one channel in one look; more of them become one digest."""
    mass_change: Annotated[int, Field(ge=1)] = 10
    """Postings that may enter or leave *open* in one look, whatever share of the source they are."""
    closing_notice: tuple[Annotated[int, Field(ge=0)], ...] = (7, 1)
    """Days before the closing day."""
    stale_after: Annotated[int, Field(gt=0)] = 45
    """Days without change."""
    source_silence: Annotated[float, Field(gt=0)] = 6
    """Hours without an answer of a source after which the staff is told."""
    source_quiet: Annotated[int, Field(gt=0)] = 30
    """Days without any change or open posting in a source after which the staff is told."""
    questions_per_minute: Annotated[int, Field(ge=1)] = 20
    """What one person may ask in the chats."""
    subscribers: Literal["anyone", "admins"] | tuple[str, ...] = "anyone"
    """Who may make and end subscriptions in the chats: anyone, the staff, or people as `platform:id`."""
    sources: tuple[SourceSettings, ...] = ()
    channels: tuple[ChannelSettings, ...] = ()
    staff_channel: str | None = None
    """The place, `platform:target`, that is told what a person must know or decide."""
    mattermost: MattermostSettings | None = None
    slack: SlackSettings | None = None
    telegram: TelegramSettings | None = None
    hooks: HooksSettings | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment wins over the file, which wins over the defaults."""
        return init_settings, env_settings, _Toml(settings_cls)

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


class _Toml(TomlConfigSettingsSource):
    """The file, under the names of the options: aliases are for the environment only."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        super().__init__(settings_cls, Path(os.environ.get("VIGIE_CONFIG", CONFIG_FILE)))


def load_settings(**given: Any) -> Settings:
    """The configuration. Raises ConfigurationError, with a sentence for each mistake found."""
    file = Path(os.environ.get("VIGIE_CONFIG", CONFIG_FILE))
    if "VIGIE_CONFIG" in os.environ and not file.is_file():
        raise ConfigurationError(
            f"Le fichier de configuration {file} n’existe pas : corrigez VIGIE_CONFIG ou lancez « vigie init ».",
            f"The configuration file {file} does not exist: mend VIGIE_CONFIG or run “vigie init”.",
        )
    try:
        settings = Settings(**given)
    except ValidationError as error:
        told = " ".join(sentence(e, "fr") for e in error.errors())
        raise ConfigurationError(told, " ".join(sentence(e, "en") for e in error.errors())) from None
    except SettingsError as error:
        raise not_json(str(error)) from None
    except (OSError, ValueError) as error:  # a file that cannot be opened, TOML that cannot be parsed
        detail = " ".join((getattr(error, "strerror", None) or str(error)).split())
        raise ConfigurationError(
            french(f"{file} n’a pas pu être lu ({detail}) : corrigez ce fichier."),
            f"{file} could not be read ({detail}): mend this file.",
        ) from None
    _check(settings)
    return settings


def on_temporary_disk(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this is a Heroku or Scalingo container, whose disk is new at each restart."""
    return "DYNO" in environment or environment.get("STACK", "").startswith("scalingo")


def _check(settings: Settings) -> None:
    """What concerns several options at once."""
    address = settings.database_url.get_secret_value() if settings.database_url else "sqlite"
    if on_temporary_disk() and address.startswith("sqlite"):
        raise ConfigurationError(
            "Le disque de cet hébergeur est effacé à chaque redémarrage et SQLite y perdrait tout : "
            "ajoutez une base PostgreSQL et donnez son adresse dans DATABASE_URL.",
            "This host's disk is wiped at each restart and SQLite would lose everything there: "
            "add a PostgreSQL database and give its address in DATABASE_URL.",
        )
    for channel in (*settings.channels, *_staff(settings)):
        if channel.platform == "console":
            continue
        if getattr(settings, channel.platform) is None:
            name = channel.platform
            raise ConfigurationError(
                f"Le canal « {channel.key} » demande un compte {name} : donnez son jeton dans "
                f"VIGIE_{name.upper()}__TOKEN.",
                f"The channel “{channel.key}” needs a {name} account: give its token in VIGIE_{name.upper()}__TOKEN.",
            )
        if not channel.target:
            raise ConfigurationError(
                f"Un canal {channel.platform} n’a pas de « target » : nommez-le, par exemple « equipe/canal ».",
                f"A {channel.platform} channel has no “target”: name it, for example “team/channel”.",
            )
    check_together(settings.channels)
    names = [source.name for source in settings.sources]
    if len(set(names)) < len(names):
        raise ConfigurationError(
            "Deux sources ont le même « name » : donnez un nom à chacune.",
            "Two sources have the same “name”: give each its own.",
        )


def _staff(settings: Settings) -> tuple[ChannelSettings, ...]:
    """The place of the staff, as any other place. Raises ConfigurationError when it names no platform."""
    if settings.staff_channel is None:
        return ()
    platform, _, target = settings.staff_channel.partition(":")
    try:
        return (ChannelSettings(platform=platform, target=target),)  # type: ignore[arg-type]  # checked by it
    except ValidationError:
        raise ConfigurationError(
            french(
                f"« staff_channel » ne nomme pas de plateforme ({settings.staff_channel}) : "
                "écrivez par exemple « mattermost:equipe/vigie-admin »."
            ),
            f"“staff_channel” names no platform ({settings.staff_channel}): "
            "write for example “mattermost:team/vigie-admin”.",
        ) from None
