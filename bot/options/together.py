"""What concerns several options at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Container, Iterable, Iterator
from typing import TYPE_CHECKING

from bot.options.channels import ChannelSettings
from bot.options.mistakes import ConfigurationError, Place
from postings.text import french

if TYPE_CHECKING:
    from bot.options.settings import Settings


def mistakes_together(
    settings: Settings, wrong: Container[str], at: Callable[[str, int], Place | None]
) -> Iterator[ConfigurationError]:
    """What of the options does not go together. Nothing is said of what is `wrong` by itself (options, tables).

    `at` returns where an item of `channels` or `sources` is said.
    """
    address = settings.database_url.get_secret_value() if settings.database_url else "sqlite"
    if on_temporary_disk() and address.startswith("sqlite") and "database_url" not in wrong:
        yield ConfigurationError(
            french(
                "Le disque de cet hébergeur est effacé à chaque redémarrage et SQLite y perdrait tout : "
                "ajoutez une base PostgreSQL et donnez son adresse dans DATABASE_URL."
            ),
            "This host's disk is wiped at each restart and SQLite would lose everything there: "
            "add a PostgreSQL database and give its address in DATABASE_URL.",
        )
    for key in sorted(settings.targets):
        platform = key.partition(":")[0]
        if platform != "console" and getattr(settings, platform) is None and platform not in wrong:
            variable = f"VIGIE_{platform.upper()}__TOKEN"
            yield ConfigurationError(
                french(
                    f"Le canal « {key} » demande un compte {platform} : donnez son jeton dans {variable}."
                ),
                f"The channel “{key}” needs a {platform} account: give its token in {variable}.",
            )
    yield from _apart(settings.channels, at)
    names = [source.name for source in settings.sources]
    for number, name in enumerate(names):
        if name in names[:number]:
            yield ConfigurationError(
                french(f"Deux sources ont le même « name » ({name}) : donnez un nom à chacune."),
                f"Two sources have the same “name” ({name}): give each its own.",
            ).at(at("sources", number))


def _apart(
    channels: Iterable[ChannelSettings], at: Callable[[str, int], Place | None]
) -> Iterator[ConfigurationError]:
    """Channels of one place, which share their messages, and want different ways."""
    first: dict[str, ChannelSettings] = {}
    for number, channel in enumerate(channels):
        other = first.setdefault(channel.key, channel)
        for option in ("language", "mode", "digest", "quiet_hours", "quiet_weekends", "replies"):
            if getattr(channel, option) != getattr(other, option):
                yield ConfigurationError(
                    french(
                        f"Deux canaux nomment {channel.key} et n’ont pas le même « {option} » : "
                        "donnez-leur la même valeur, ils partagent leurs messages."
                    ),
                    f"Two channels name {channel.key} and differ in “{option}”: "
                    "give them the same value, they share their messages.",
                ).at(at("channels", number))


def on_temporary_disk() -> bool:
    """Whether this is a Heroku or Scalingo container, whose disk is new at each restart."""
    return "DYNO" in os.environ or os.environ.get("STACK", "").startswith("scalingo")
