"""Which limits of its platform a target is under, so that Vigie keeps below them without being told to.

Where they are published:

- Mattermost: 10 calls a second with a burst of 100 for an account, whatever it asks for
  (https://docs.mattermost.com/administration-guide/configure/rate-limiting-configuration-settings.html, `PerSec`
  and `MaxBurst`; off on many servers, and each may set its own).
- Slack: one message a second in a channel (https://docs.slack.dev/apis/web-api/rate-limits).
- Telegram: 30 messages a second for a bot, one a second in a chat, 20 a minute in a group
  (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Channels count as groups, and
  the topics of a chat as the chat.

Mattermost keeps credit for who was quiet, so a burst is safe. Slack and Telegram count what came in the last
second or minute, whatever was before: of a burst of n, the window that begins with it would hold n more than the
limit. There the messages are spaced.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from postings.model import EventKind
from postings.store import Limit

_APART = 1.02
"""Spaced by a fiftieth more: one message may be longer on its way than the next, and arrive closer to it."""
_SECOND = timedelta(seconds=_APART)
_MATTERMOST = Limit("mattermost", timedelta(seconds=0.1), burst=60)
"""What is left of the hundred is for calls that the outbox does not count: finding a channel by its name, answering
a command, `vigie check`."""
_TELEGRAM = Limit("telegram", _SECOND / 30)
_IN_A_GROUP = timedelta(minutes=_APART) / 20
_TWO_CALLS = frozenset(map(str, (EventKind.UPDATED, EventKind.REOPENED, EventKind.CLOSING_SOON)))
_ENDS = frozenset(map(str, (EventKind.CLOSED, EventKind.FILLED, EventKind.WITHDRAWN)))


def limits_of(target: str) -> Sequence[Limit]:
    """The limits of a target (`platform:place`), the narrowest last; none where nothing is limited."""
    platform, _, place = target.partition(":")
    match platform:
        case "mattermost":
            return (_MATTERMOST,)
        case "slack":
            return (Limit(target, _SECOND),)
        case "telegram":
            chat = place.partition("/")[0]
            # A group has a negative number, and what has a public name is a group or a channel.
            interval = _IN_A_GROUP if chat.startswith(("-", "@")) else _SECOND
            return _TELEGRAM, Limit(f"telegram:{chat}", interval)
        case _:
            return ()


def calls_for(kind: str, *, tells_ends: bool = False) -> int:
    """How many calls a row of the outbox may cost: what is told besides an edit takes two.

    `tells_ends`: its target is told of ends in a reply as well.
    """
    return 2 if kind in _TWO_CALLS or (tells_ends and kind in _ENDS) else 1
