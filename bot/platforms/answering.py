"""What every platform that listens shares: who answers, how much is read, what is said when it goes wrong, or late."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Coroutine
from typing import TypeAlias

import structlog
from structlog.contextvars import bound_contextvars

from bot.asking.answers import Answer
from bot.asking.buttons import written_out
from bot.asking.chat import Caller
from bot.ending import PATIENCE as LAST
from bot.wording.message import Message, line
from postings.errors import VigieError
from postings.wording import pick

Answerer: TypeAlias = Callable[[str, Caller], Awaitable[Message]]
"""What was typed after the command, and by whom → the answer; an `Answer` says whether the whole channel may see it."""

MAX_BODY = 64 * 1024
"""Bytes of a request that are read; a platform's are a few thousand."""

PATIENCE = 2.0
"""Seconds that an answer is waited for before it is acknowledged and sent later: platforms give up after three."""

_log = structlog.get_logger(__name__)


async def answered(answerer: Answerer, text: str, caller: Caller, *, language: str) -> Message:
    """The answer, or a sentence that says why there is none. Raises nothing but cancellation.

    The buttons of what the whole channel sees are spelt: anybody's press would change it for everybody.
    """
    try:
        # Not every platform calls by HTTP, where each request has its id.
        with bound_contextvars(question=secrets.token_hex(4)):
            message = await answerer(text, caller)
    except VigieError as error:
        _log.warning("question not answered", platform=caller.platform, error=error.english)
        return Message((line(error.told(language)),))
    except Exception:
        _log.exception("question failed", platform=caller.platform)
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
    if is_public(message):
        return Answer(written_out(message, language).lines, public=True)
    return message


def is_public(message: Message) -> bool:
    """Whether the answer is for the whole channel, not only for the person who asked."""
    return isinstance(message, Answer) and message.public


def stale(language: str) -> str:
    """What is said to who presses a button that is too old."""
    return pick(
        language,
        "Ce bouton ne sert plus\u00a0: reposez la question.",
        "This button is of no use any more: ask the question again.",
    )


def expected(language: str) -> str:
    """What is said at once when the answer comes later."""
    return pick(
        language,
        "Vigie cherche\u00a0: la réponse arrive dans un instant.",
        "Vigie is looking: the answer will come.",
    )


class Later:
    """Work that goes on after its request was acknowledged, until it ends by itself."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[object, object, None]) -> None:
        """Begins some work; what goes wrong in it is logged."""
        task = asyncio.create_task(_guarded(work), name="answering")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def ended(self) -> None:
        """Returns once nothing is under way; what takes longer than the process can wait is given up."""
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=LAST)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)


async def _guarded(work: Coroutine[object, object, None]) -> None:
    try:
        await work
    except VigieError as error:
        _log.warning("answer not sent", error=error.english)
    except Exception:
        _log.exception("answer not sent")


async def soon(task: asyncio.Task[Message], patience: float) -> bool:
    """Whether an answer is there before `patience` seconds have passed; it goes on otherwise."""
    done, _ = await asyncio.wait((task,), timeout=patience)
    return bool(done)
