"""Channels that show instead of sending: each lays messages out as its platform would, and keeps them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.channels.access import Access
from bot.channels.layout import mattermost_text, slack_blocks, telegram_html
from bot.wording.message import Message


def _slack(message: Message) -> str:
    """The text of the blocks that Slack would show."""
    texts = (block.get("text") for block in slack_blocks(message))
    return "\n".join(str(text["text"]) for text in texts if isinstance(text, dict))


LAYOUTS: dict[str, Callable[[Message], str]] = {
    "mattermost": mattermost_text,
    "slack": _slack,
    "telegram": telegram_html,
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What one platform would have been asked to do."""

    platform: str
    action: str
    """French, to be read before the text."""
    message: Message
    text: str


class Recorder:
    """A `bot.channels.base.Channel` without a server behind it."""

    def __init__(self, platform: str) -> None:
        self.platform = platform
        self.shown: list[Shown] = []

    async def post(
        self,
        target: str,
        message: Message,
        *,
        delivery: str,
        reply_to: str | None = None,
        broadcast: bool = False,
    ) -> str:
        """Keeps a message; its id is its delivery."""
        action = (
            "nouveau message"
            if reply_to is None
            else "réponse dans le fil, montrée au canal"
            if broadcast
            else ("réponse dans le fil")
        )
        self._keep(action, message)
        return delivery

    async def edit(self, target: str, message_id: str, message: Message) -> None:
        """Keeps an edit."""
        self._keep("message modifié", message)

    async def find(self, target: str, delivery: str, since: float) -> str | None:
        """None: nothing is ever lost here."""
        return None

    def permalink(self, target: str, message_id: str) -> str | None:
        """An address of the kind that the platform gives."""
        return f"https://{self.platform}.example/{message_id[:8]}"

    async def check(self, target: str) -> Access:
        """Always works."""
        return Access("demo")

    async def close(self) -> None:
        """Nothing was opened."""

    def _keep(self, action: str, message: Message) -> None:
        self.shown.append(Shown(self.platform, action, message, LAYOUTS[self.platform](message)))
