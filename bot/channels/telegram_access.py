"""What a Telegram bot may do in a chat, from what Telegram says of the chat and of the bot's place in it.

Source: https://core.telegram.org/bots/api#chatmember and #chatpermissions.
"""

from __future__ import annotations

from collections.abc import Iterator

from telegram import ChatFullInfo, ChatMember, ChatMemberAdministrator, ChatMemberRestricted
from telegram.constants import ChatMemberStatus, ChatType

from postings.errors import VigieError
from postings.text import french


def lacks(target: str, chat: ChatFullInfo, bot: ChatMember | None, topic: int | None) -> Iterator[VigieError]:
    """What the bot lacks to post in a chat; `bot` is None in a private one, where it is no member."""
    if topic is not None and not chat.is_forum:
        yield VigieError(
            french(
                f"« {target} » nomme un sujet et la discussion n’en a pas : retirez « /{topic} » ou activez les "
                "sujets."
            ),
            f"“{target}” names a topic and the chat has none: take “/{topic}” away, or turn topics on.",
        )
    if bot is None:
        return
    if bot.status in {ChatMemberStatus.LEFT, ChatMemberStatus.BANNED}:
        yield VigieError(
            french(f"Le bot n’est pas dans « {target} » : ajoutez-le à la discussion."),
            f"The bot is not in “{target}”: add it to the chat.",
        )
    elif not _may_post(chat, bot):
        yield VigieError(
            french(f"Le bot ne peut pas écrire dans « {target} » : {_remedy(chat, 'fr')}."),
            f"The bot may not post in “{target}”: {_remedy(chat, 'en')}.",
        )


def remarks(target: str, chat: ChatFullInfo, topic: int | None) -> Iterator[VigieError]:
    """What no bot can ask Telegram."""
    if topic is not None and chat.is_forum:
        yield VigieError(
            french(
                f"Telegram ne dit pas si le sujet {topic} de « {target} » existe : « vigie check --message » l’essaie."
            ),
            f"Telegram does not tell whether topic {topic} of “{target}” exists: “vigie check --message” tries it.",
        )


def _may_post(chat: ChatFullInfo, bot: ChatMember) -> bool:
    if bot.status == ChatMemberStatus.OWNER:
        return True
    if isinstance(bot, ChatMemberAdministrator):
        return chat.type != ChatType.CHANNEL or bool(bot.can_post_messages)
    if isinstance(bot, ChatMemberRestricted) and not (bot.is_member and bot.can_send_messages):
        return False
    everybody = chat.permissions is None or chat.permissions.can_send_messages is not False
    return chat.type != ChatType.CHANNEL and everybody


def _remedy(chat: ChatFullInfo, language: str) -> str:
    if chat.type == ChatType.CHANNEL:
        return (
            "nommez-le administrateur avec le droit de publier"
            if language == "fr"
            else "make it an administrator that may post"
        )
    return (
        "rendez-lui le droit d’envoyer des messages, ou nommez-le administrateur"
        if language == "fr"
        else "let it send messages, or make it an administrator"
    )
