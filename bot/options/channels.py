"""The options of a place where changes are announced."""

from __future__ import annotations

from typing import Annotated, Literal, Self, TypeAlias

from pydantic import AfterValidator, model_validator
from pydantic_core import PydanticCustomError

from bot.options.about import About, Table
from bot.options.hours import quiet
from bot.options.schedule import Schedule
from postings.model import EventKind

PLATFORMS = ("console", "mattermost", "slack", "telegram")
_ANNOUNCED = tuple(kind for kind in EventKind if kind is not EventKind.STALE)


def _hours(value: str) -> str:
    try:
        quiet(value, weekends=False)
    except ValueError:
        raise PydanticCustomError("quiet_hours", "no span of hours") from None
    return value


def _crontab(value: str) -> str:
    try:
        Schedule(value)
    except ValueError:
        raise PydanticCustomError("crontab", "no cron expression") from None
    return value


def _place(value: str) -> str:
    platform, _, target = value.partition(":")
    if platform not in PLATFORMS or (platform != "console" and not target):
        raise PydanticCustomError("place", "no place")
    return value


Language: TypeAlias = Literal["fr", "en"]
Hours: TypeAlias = Annotated[str, AfterValidator(_hours)]
"""A span of hours, "20:00-08:00", or "" for none."""
Crontab: TypeAlias = Annotated[str, AfterValidator(_crontab)]
"""A cron expression of five fields, as crontab(5) reads it."""
Place: TypeAlias = Annotated[str, AfterValidator(_place)]
"""A place on a platform: `platform:target`."""


class ChannelSettings(Table):
    """One place where changes are announced (docs/specification.md, section 5)."""

    platform: Annotated[
        Literal["console", "mattermost", "slack", "telegram"],
        About(
            "`console` prints on standard output",
            'La plateforme : "mattermost", "slack", "telegram", ou "console" pour ce terminal.',
        ),
    ]
    target: Annotated[
        str,
        About(
            "Mattermost `team/channel` or `@username`; Slack a channel's id; Telegram a chat's number or `@name`, with "
            "`/topic` for a topic",
            "Le canal : sur Mattermost « equipe/canal » ou « @compte », sur Slack son identifiant, sur Telegram le "
            "numéro ou le « @nom » de la discussion.",
            "text",
            "equipe/canal",
        ),
    ] = ""
    events: Annotated[
        tuple[EventKind, ...],
        About(
            "of these, `opened`, `reopened` and `closing_soon` are told only when listed; what happens to a posting "
            "that has a message there always edits it",
            "Ce qui y est annoncé. Le message d’une offre annoncée est tenu à jour dans tous les cas.",
            "list of kinds",
        ),
    ] = _ANNOUNCED
    filter: Annotated[
        str,
        About(
            "only postings that answer it are announced, for example `contrat:freelance domaine:design`",
            "Seulement certaines offres : une question, comme dans « /postes ».",
            "question",
            "contrat:freelance domaine:design",
        ),
    ] = ""
    mode: Annotated[
        Literal["immediate", "digest"],
        About(
            "`digest`: what is new is told in one message a period, see "
            "[When a channel is told](#when-a-channel-is-told)",
            'Un message par offre, ou "digest" : un seul message par période.',
        ),
    ] = "immediate"
    digest: Annotated[
        Crontab,
        About(
            'with `mode = "digest"`: when that message leaves, in Europe/Paris, a minute later so that what falls due '
            "then is in it; the days of the week are those of crontab, 0 or 7 is Sunday, 1 or `mon` Monday",
            'Avec mode = "digest", quand il part, à l’heure de Paris, à la façon de crontab : ici chaque lundi à '
            "9 heures.",
            "cron expression",
        ),
    ] = "0 9 * * 1"
    quiet_hours: Annotated[
        Hours,
        About(
            'in Europe/Paris; what is announced waits until they end; `""` for none',
            "Les heures calmes, à l’heure de Paris : les annonces y attendent, les corrections non. "
            '"" pour n’en avoir aucune.',
            "span of hours",
        ),
    ] = "20:00-08:00"
    quiet_weekends: Annotated[
        bool,
        About(
            "whether Saturdays and Sundays are quiet as well",
            "Si le samedi et le dimanche sont calmes aussi.",
        ),
    ] = True
    language: Annotated[
        Language | None,
        About(
            "the language of what is told there; without it `language`",
            "La langue de ce canal, si ce n’est pas celle d’en haut.",
            example="en",
        ),
    ] = None
    replies: Annotated[
        Literal["changes", "all"],
        About(
            "`all`: that a posting closed, was filled or withdrawn is told as a reply to its message too",
            'Ce qui est dit dans le fil d’une annonce : les changements, ou "all" : aussi que l’offre est fermée, '
            "pourvue ou retirée.",
        ),
    ] = "changes"

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.platform != "console" and not self.target:
            raise PydanticCustomError("no_target", "no target")
        return self

    @property
    def key(self) -> str:
        """What tells this target from every other: the platform and the place on it."""
        return f"{self.platform}:{self.target}"
