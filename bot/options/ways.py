"""How each place is told: in which language, when, and whether one by one or in a digest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from bot.options.channels import ChannelSettings
from bot.options.hours import NEVER, Quiet, quiet
from bot.options.schedule import Schedule
from bot.options.settings import Settings


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
