"""What every platform that listens shares: who answers, how much is read, what is said when it goes wrong."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

import structlog

from bot.answers import Answer
from bot.message import Message, line
from postings.errors import VigieError
from postings.wording import pick

Answerer: TypeAlias = Callable[[str], Awaitable[Message]]
"""What was typed after the command → the answer; an `Answer` says whether the whole channel may see it."""

MAX_BODY = 64 * 1024
"""Bytes of a request that are read; a platform's are a few thousand."""

_log = structlog.get_logger(__name__)


async def answered(answerer: Answerer, text: str, *, platform: str, language: str) -> Message:
    """The answer, or a sentence that says why there is none. Raises nothing but cancellation."""
    try:
        return await answerer(text)
    except VigieError as error:
        _log.warning("question not answered", platform=platform, error=error.english)
        return Message((line(error.told(language)),))
    except Exception:
        _log.exception("question failed", platform=platform)
        return Message(
            (
                line(
                    pick(
                        language,
                        "Vigie n’a pas pu répondre\u00a0: réessayez dans un moment, "
                        "ou signalez-le à qui s’occupe de Vigie (la cause est dans son journal).",
                        "Vigie could not answer: try again in a moment, or tell whoever runs Vigie "
                        "(the cause is in its log).",
                    )
                ),
            )
        )


def is_public(message: Message) -> bool:
    """Whether the answer is for the whole channel, not only for the person who asked."""
    return isinstance(message, Answer) and message.public
