"""What a chat platform must do to carry messages, and what can go wrong there."""

from __future__ import annotations

from typing import Protocol

from bot.channels.access import Access
from bot.wording.message import Message
from postings.errors import VigieError


class TryLater(VigieError):
    """The platform did not take the message and it may later: too many requests, down, not reached.

    Also what a platform refuses for no known reason: trying again is bounded, so that such a row ends dead.

    `wait` is the seconds that the platform asked for, None when it named none.
    """

    def __init__(self, french: str, english: str, wait: float | None = None) -> None:
        super().__init__(french, english)
        self.wait = wait


class OutcomeUnknown(VigieError):
    """A request to send was made and its answer was lost or a 5xx: the message may be there or not.

    Only `post` raises it, and `find` where nothing can be found; a lost edit or question is TryLater.
    """


class TargetRefused(VigieError):
    """It will not pass until a person changes something: channel gone, bot not in it, token refused."""


class TargetMoved(VigieError):
    """The target has another name now (a Telegram group that became a supergroup)."""

    def __init__(self, french: str, english: str, target: str) -> None:
        super().__init__(french, english)
        self.target = target


class MessageGone(VigieError):
    """The message to edit or to reply to was deleted by somebody, or is too old to be edited there."""


class Channel(Protocol):
    """One platform with one account; `target` is a place there, as written in the configuration."""

    platform: str

    async def post(
        self,
        target: str,
        message: Message,
        *,
        delivery: str,
        reply_to: str | None = None,
        broadcast: bool = False,
    ) -> str:
        """Sends a message and returns its id on the platform.

        `delivery` is unique to this sending and is kept with the message where the platform can. `reply_to`
        is the id of the message in whose thread it stands; `broadcast` shows a reply in the channel as well
        where the platform can (Slack). Raises the errors of this module, never the library's own.
        """

    async def edit(self, target: str, message_id: str, message: Message) -> None:
        """Replaces the text of a message. Unchanged text is not an error."""

    async def find(self, target: str, delivery: str, since: float) -> str | None:
        """The id of the message of a delivery sent after `since` (seconds since 1970), or None.

        Raises OutcomeUnknown where the platform cannot tell (Telegram).
        """

    def permalink(self, target: str, message_id: str) -> str | None:
        """The address of a message, for "la première annonce"; None when it is not known."""

    async def check(self, target: str) -> Access:
        """Asks the platform what the account may do in `target`, and posts nothing.

        Raises TargetRefused where it does not reach it at all.
        """

    async def close(self) -> None:
        """Frees what was opened."""
