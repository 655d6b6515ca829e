"""The addresses for delayed answers that Mattermost and Slack hand out with a slash command."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

USES = 5
LIFETIME = 30 * 60.0  # seconds


@dataclass
class _Issued:
    at: float
    uses: int = 0


@dataclass(frozen=True, slots=True)
class DelayedAnswer:
    """What a bot sent to a response_url: the id of the command that it answers, and the JSON body."""

    command: str
    body: dict[str, Any]


class ResponseUrls:
    """Five answers in 30 minutes for each command, on both platforms.

    https://developers.mattermost.com/integrate/slash-commands/ and
    https://docs.slack.dev/interactivity/handling-user-interaction/ (message responses).
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._issued: dict[str, _Issued] = {}
        self.answers: list[DelayedAnswer] = []

    def issue(self, command: str) -> None:
        """Opens the address of a command."""
        self._issued[command] = _Issued(self._clock())

    def take(self, command: str, body: dict[str, Any]) -> Literal["ok", "used", "expired"]:
        """Keeps an answer if the address may still be used; an address never issued has expired."""
        issued = self._issued.get(command)
        if issued is None or self._clock() - issued.at > LIFETIME:
            return "expired"
        if issued.uses >= USES:
            return "used"
        issued.uses += 1
        self.answers.append(DelayedAnswer(command, body))
        return "ok"
