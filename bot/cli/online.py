"""What `vigie check --online` asks of each place, and the test message that it sends when asked to."""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_hex

from bot.channels.access import Access
from bot.channels.base import Channel
from bot.cli.usage import UsageError
from bot.wording.message import Bold, Message, line
from postings.errors import VigieError
from postings.text import french
from postings.wording import pick


def without_account(key: str, channels: Mapping[str, Channel]) -> VigieError | None:
    """What is wrong with `platform:target` when a subscription names it and its platform has no account any more."""
    platform = key.partition(":")[0]
    if platform in channels:
        return None
    return UsageError(
        french(
            f"Des abonnements y sont en cours, mais la configuration n’a plus de compte « {platform} » : "
            "rendez-le-lui, ou arrêtez-les avec « vigie subscriptions end »."
        ),
        f"Subscriptions stand there, but the configuration has no account “{platform}” any more: give it back, or end "
        "them with “vigie subscriptions end”.",
    )


async def asked(channels: Mapping[str, Channel], key: str) -> tuple[Access | None, list[VigieError]]:
    """What the account may do in `platform:target`, and what is wrong there; no access where it reaches nothing."""
    platform, _, target = key.partition(":")
    try:
        access = await channels[platform].check(target)
    except VigieError as error:
        return None, [error]
    return access, list(access.lacks)


async def tried(channels: Mapping[str, Channel], key: str, language: str) -> tuple[str, VigieError | None]:
    """Sends a test message to `platform:target`: its address there, else its id; or the refusal."""
    platform, _, target = key.partition(":")
    try:
        # 32 characters, as of any delivery: Mattermost drops a second message of the same.
        id = await channels[platform].post(target, test_message(language), delivery=token_hex(16))
    except VigieError as error:
        return "", error
    return channels[platform].permalink(target, id) or id, None


def test_message(language: str) -> Message:
    """What is posted to try a place."""
    head = pick(language, "Message de test de Vigie", "Test message of Vigie")
    told = pick(
        language,
        french(" : les annonces arriveront ici. Vous pouvez le supprimer."),
        ": announcements will arrive here. You may delete it.",
    )
    return Message((line(Bold(head), told),))
