"""How each place is told: in which language, when, and whether one by one or in a digest."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from bot.hours import NEVER, Quiet, quiet
from bot.mistakes import ConfigurationError
from bot.schedule import Schedule
from postings.text import french

if TYPE_CHECKING:
    from bot.settings import ChannelSettings, Settings


@dataclass(frozen=True, slots=True)
class Ways:
    """How one place is told."""

    language: str = "fr"
    quiet: Quiet = NEVER
    """When nothing new is told."""
    schedule: Schedule | None = None
    """When its digests leave; None where each thing is told as it comes."""
    tells_ends: bool = False
    """Whether the end of a posting is told in its message's thread."""


WaysOf: TypeAlias = Callable[[str], Ways]
"""The ways of a place, by its key `platform:target`."""


def plain(_: str) -> Ways:
    """In French, at once and one by one, whatever the place: the demonstration plays a month in a minute."""
    return Ways()


def ways_of(settings: Settings) -> WaysOf:
    """The ways of the configured places. One that is not configured, but for the staff's, has the defaults."""
    from bot.settings import ChannelSettings

    known = {channel.key: _ways(channel, settings.language) for channel in settings.channels}
    if settings.staff_channel is not None:
        known.setdefault(settings.staff_channel, Ways(settings.language))

    def ways(key: str) -> Ways:
        if key not in known:
            platform, _, target = key.partition(":")
            channel = ChannelSettings.model_validate({"platform": platform, "target": target})
            known[key] = _ways(channel, settings.language)
        return known[key]

    return ways


def _ways(channel: ChannelSettings, language: str) -> Ways:
    # Whoever reads a terminal sits in front of it.
    never = channel.platform == "console"
    return Ways(
        language=channel.language or language,
        quiet=NEVER if never else quiet(channel.quiet_hours, weekends=channel.quiet_weekends),
        schedule=Schedule(channel.digest) if channel.mode == "digest" else None,
        tells_ends=channel.replies == "all",
    )


def check_together(channels: Iterable[ChannelSettings]) -> None:
    """Raises ConfigurationError where channels of one place, which share their messages, want different ways."""
    first: dict[str, ChannelSettings] = {}
    for channel in channels:
        other = first.setdefault(channel.key, channel)
        for option in ("language", "mode", "digest", "quiet_hours", "quiet_weekends", "replies"):
            if getattr(channel, option) != getattr(other, option):
                raise ConfigurationError(
                    french(
                        f"Deux canaux nomment {channel.key} et n’ont pas le même « {option} » : "
                        "donnez-leur la même valeur, ils partagent leurs messages."
                    ),
                    f"Two channels name {channel.key} and differ in “{option}”: "
                    "give them the same value, they share their messages.",
                )


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


Language: TypeAlias = Literal["fr", "en"]
Hours: TypeAlias = Annotated[str, AfterValidator(_hours)]
"""A span of hours, "20:00-08:00", or "" for none."""
Crontab: TypeAlias = Annotated[str, AfterValidator(_crontab)]
"""A cron expression of five fields, as crontab(5) reads it."""
