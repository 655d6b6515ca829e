"""What surrounds the processes: the three platforms with their channels, the history, the configuration."""

from __future__ import annotations

import contextlib
import json
import random
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.bot.running import environment
from tests.campaign.story import NEXT, Story
from tests.fakes.mattermost import FakeMattermost
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram

TEAM, STAFF = "equipe", "vigie-admin"
SECRET = "un-secret-de-webhook"


class World:
    """Three servers in threads of their own, `each` channels on each, and a history.

    `places` are the targets as they stand in the outbox, with what the platform calls them.
    """

    def __init__(
        self, folder: Path, database_url: str, each: int, seed: str, steps: Mapping[str, int] = NEXT
    ) -> None:
        self.folder = folder
        (folder / "vigie.toml").touch()
        self.database_url = database_url
        self.news = threading.Condition()
        self.mattermost, self.slack, self.telegram = FakeMattermost(), FakeSlack(), FakeTelegram()
        self.servers: tuple[FakeMattermost | FakeSlack | FakeTelegram, ...] = (
            self.mattermost,
            self.slack,
            self.telegram,
        )
        # For as long as the server drops a second post by itself, Vigie's own search would not be tried.
        self.mattermost.pending_seconds = 0.5
        for server in self.servers:
            server.news = self.news
        self.places: dict[str, Any] = {f"mattermost:{TEAM}/{STAFF}": self.mattermost.add_channel(TEAM, STAFF)}
        self._channels: list[dict[str, object]] = []
        for number in range(each):
            self._add(number)
        self.story = Story(folder / "depot", random.Random(f"{seed} story"), steps)

    @contextlib.contextmanager
    def running(self) -> Iterator[None]:
        """Starts the servers; they stop when the block ends."""
        with contextlib.ExitStack() as stack:
            for server in self.servers:
                stack.enter_context(server.in_thread())
            yield

    @property
    def requests(self) -> int:
        """How many requests the platforms got."""
        return sum(len(server.requests) for server in self.servers)

    def wait(self, condition: Callable[[], bool], seconds: float) -> bool:
        """Waits for a condition, looked at again at each request and answer; returns whether it came."""
        with self.news:
            return self.news.wait_for(condition, seconds)

    def options(self, slot: int) -> dict[str, str]:
        """The environment of the process in a slot, whose mirrors of the source are its own."""
        return environment(
            VIGIE_CONFIG=str(self.folder / "vigie.toml"),
            VIGIE_SOURCES=json.dumps([{"name": "beta", "address": str(self.story.repository.path)}]),
            VIGIE_CHANNELS=json.dumps(self._channels),
            VIGIE_STAFF_CHANNEL=f"mattermost:{TEAM}/{STAFF}",
            VIGIE_MATTERMOST__URL=self.mattermost.url,
            VIGIE_MATTERMOST__TOKEN=self.mattermost.token,
            VIGIE_SLACK__TOKEN=self.slack.token,
            VIGIE_SLACK__API_URL=self.slack.url,
            VIGIE_TELEGRAM__TOKEN=self.telegram.token,
            VIGIE_TELEGRAM__API_URL=self.telegram.url,
            VIGIE_TELEGRAM__WEBHOOK_SECRET=SECRET,
            VIGIE_PUBLIC_URL="https://vigie.example.org",
            VIGIE_DATABASE_URL=self.database_url,
            VIGIE_DATA=str(self.folder / f"var{slot}"),
            VIGIE_PORT="0",
            VIGIE_SETTLE="0",
            VIGIE_POLL="0.02",
            VIGIE_FLOOD_LIMIT="10000",
            VIGIE_MASS_CHANGE="10000",
        )

    def _add(self, number: int) -> None:
        """A channel on each platform; some want openings only, which they follow up all the same."""
        wanted: dict[str, object] = {"quiet_hours": "", "quiet_weekends": False}
        wanted |= {"events": ["opened"]} if number % 7 == 3 else {}
        name = f"offres{number:02}"
        conversation = f"C0OFFRES{number:02}"
        chat = -(500 + number) if number % 3 == 0 else -1_001_000_000_000 - number
        topics = [7] if number % 5 == 4 and number % 3 else None
        self.slack.add_channel(conversation, name)
        self.telegram.add_chat(chat, "group" if number % 3 == 0 else "supergroup", topics=topics)
        here = f"{chat}/7" if topics else f"{chat}"
        for platform, target, place in (
            ("mattermost", f"{TEAM}/{name}", self.mattermost.add_channel(TEAM, name)),
            ("slack", conversation, conversation),
            ("telegram", here, chat),
        ):
            self.places[f"{platform}:{target}"] = place
            self._channels.append({"platform": platform, "target": target, **wanted})
