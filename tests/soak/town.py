"""The world of a soak: that of the campaign, with a channel on each platform that can take what is told there."""

from __future__ import annotations

import json
from pathlib import Path

from tests.campaign.world import SECRET, TEAM, World

HOOK = "le-secret-de-la-forge"
_STEPS = {"open": 12, "deadline": 48, "text": 24, "close": 6, "fill": 5, "withdraw": 5}
"""Mostly changes: openings that outnumber the ends would make everything larger, and memory with it."""
_CONVERSATION, _CHAT = "C0OFFRES00", 501


class Town(World):
    """Mattermost is told of everything. Slack and Telegram, which take one message a second in a place, are told
    of openings, and their messages are kept true: what an event a second costs them.
    """

    def __init__(self, folder: Path, database_url: str, seed: str) -> None:
        super().__init__(folder, database_url, 1, seed, _STEPS)

    def options(self, slot: int) -> dict[str, str]:
        """As in the campaign, with what chat and forge call by."""
        called = {
            "VIGIE_MATTERMOST__COMMAND_TOKENS": json.dumps([self.mattermost.command_token]),
            "VIGIE_HOOKS__SECRET": HOOK,
            "VIGIE_TELEGRAM__WEBHOOK_SECRET": SECRET,
        }
        kept = {name: text for name, text in super().options(slot).items() if name != "VIGIE_PORT"}
        return kept | called

    def _add(self, number: int) -> None:
        awake: dict[str, object] = {"quiet_hours": "", "quiet_weekends": False}
        self.slack.add_channel(_CONVERSATION, "offres")
        self.telegram.add_chat(_CHAT, "private")
        for platform, target, place, wanted in (
            ("mattermost", f"{TEAM}/offres", self.mattermost.add_channel(TEAM, "offres"), {}),
            ("slack", _CONVERSATION, _CONVERSATION, {"events": ["opened"]}),
            ("telegram", f"{_CHAT}", _CHAT, {"events": ["opened"]}),
        ):
            self.places[f"{platform}:{target}"] = place
            self._channels.append({"platform": platform, "target": target, **awake, **wanted})
