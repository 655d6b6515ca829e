"""The three platforms behind one face: somebody types, presses and reads, in each platform's own requests."""

from __future__ import annotations

import asyncio
import html
import re
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
from starlette.applications import Starlette

from bot.processes.app import App
from bot.processes.listening import telegram_bot
from bot.processes.web import _commands
from tests.conversations.world import ADMIN, CHANNEL, GROUP, ROOM, SITE, TEAM
from tests.fakes.mattermost import FakeMattermost
from tests.fakes.slack import FakeSlack
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_objects import TelegramMessage

BREAK = "\u200b"
SHARE = ("Partager ici", "Share here")


@dataclass(frozen=True)
class Shown:
    """What people see: the text, the labels of the buttons, and whether the whole channel sees it."""

    text: str
    buttons: tuple[str, ...] = ()
    public: bool = False


class Talk(ABC):
    """One platform's end of a conversation. `place` is "channel" or "direct", `who` a person or "admin"."""

    name: str
    last: Any = None
    """What the platform keeps of the last answer, to press a button of it."""

    @abstractmethod
    async def say(self, text: str, who: str, place: str) -> Shown:
        """Somebody types."""

    @abstractmethod
    async def press(self, label: str, who: str, place: str) -> Shown | None:
        """Somebody presses a button of the last answer; None where there is no such button and need not be."""


class OnMattermost(Talk):
    name = "mattermost"

    def __init__(self, fake: FakeMattermost, client: httpx.AsyncClient) -> None:
        self.fake, self.client = fake, client
        self.room = fake.add_channel(TEAM, ROOM)

    def person(self, who: str) -> str:
        return ADMIN["mattermost"] if who == "admin" else "user" + who.zfill(22)

    def channel(self, place: str) -> str:
        return self.room if place != "direct" else "direct" + "0" * 20

    async def say(self, text: str, who: str, place: str) -> Shown:
        response = await self.fake.slash_command(
            f"{SITE}/mattermost/command",
            text=text,
            user_id=self.person(who),
            channel_id=self.channel(place),
            channel_name=ROOM if place != "direct" else f"{'b' * 26}__{'u' * 26}",
            team_domain=TEAM,
            client=self.client,
        )
        assert response.status_code == 200, response.text
        self.last = response.json()
        return _of_mattermost(self.last)

    async def press(self, label: str, who: str, place: str) -> Shown | None:
        action = next(a for a in self.last["attachments"][0]["actions"] if a["name"] == label)
        assert re.fullmatch("[A-Za-z0-9]+", action["id"])
        posts = len(self.fake.posts)
        response = await self.fake.press(
            action["integration"]["url"],
            action["integration"]["context"],
            user_id=self.person(who),
            channel_id=self.channel(place),
            client=self.client,
        )
        assert response.status_code == 200, response.text
        told = response.json()
        if update := told.get("update"):
            self.last = {"text": update["message"], "attachments": update["props"]["attachments"]}
            return _of_mattermost(self.last)
        assert told["ephemeral_text"] == "Partagé dans ce canal."
        [post] = self.fake.posts[posts:]
        assert post.channel_id == self.room
        return _of_mattermost({"text": post.message, "response_type": "in_channel"})


class OnSlack(Talk):
    name = "slack"

    def __init__(self, fake: FakeSlack, client: httpx.AsyncClient) -> None:
        self.fake, self.client = fake, client
        fake.add_channel(CHANNEL)
        fake.add_channel("D0DIRECT", "direct")

    def person(self, who: str) -> str:
        return ADMIN["slack"] if who == "admin" else "U" + who.upper()

    async def say(self, text: str, who: str, place: str) -> Shown:
        if place == "channel":
            seen = len(self.fake.delayed_answers)
            response = await self.fake.slash_command(
                f"{SITE}/slack/events",
                text=html.escape(text, quote=False),
                user_id=self.person(who),
                channel_id=CHANNEL,
                client=self.client,
            )
            assert response.status_code == 200
            return await self._delayed(seen)
        event: dict[str, Any] = {"user": self.person(who), "text": html.escape(text, quote=False)}
        if place == "direct":
            event |= {"type": "message", "channel": "D0DIRECT", "channel_type": "im"}
        else:
            event |= {"type": "app_mention", "channel": CHANNEL, "text": f"<@U0VIGIE> {event['text']}"}
        messages, ephemerals = len(self.fake.messages), len(self.fake.ephemerals)
        response = await self.fake.calls.event(f"{SITE}/slack/events", event, client=self.client)
        assert response.status_code == 200
        await self.fake.until(
            lambda: len(self.fake.messages) > messages or len(self.fake.ephemerals) > ephemerals
        )
        if len(self.fake.ephemerals) > ephemerals:
            self.last = self.fake.ephemerals[-1]["blocks"]
            return _of_slack(self.fake.ephemerals[-1]["text"], self.last, public=False)
        message = self.fake.messages[-1]
        self.last = message.blocks
        return _of_slack(message.text, message.blocks, public=place != "direct")

    async def press(self, label: str, who: str, place: str) -> Shown | None:
        elements = next(block["elements"] for block in self.last if block["type"] == "actions")
        button = next(e for e in elements if e["text"]["text"] == label)
        seen = len(self.fake.delayed_answers)
        response = await self.fake.calls.press(
            f"{SITE}/slack/events",
            self.fake.address,
            {"type": "button", **{key: button[key] for key in ("action_id", "value", "text")}},
            user_id=self.person(who),
            channel_id=CHANNEL if place != "direct" else "D0DIRECT",
            client=self.client,
        )
        assert response.status_code == 200
        shown = await self._delayed(seen)
        assert self.fake.delayed_answers[-1].body["replace_original"] is not shown.public
        return shown

    async def _delayed(self, seen: int) -> Shown:
        await self.fake.until(lambda: len(self.fake.delayed_answers) > seen)
        body = self.fake.delayed_answers[-1].body
        self.last = body["blocks"]
        return _of_slack(body["text"], body["blocks"], public=body["response_type"] == "in_channel")


class OnTelegram(Talk):
    name = "telegram"
    last: TelegramMessage

    def __init__(self, fake: FakeTelegram, client: httpx.AsyncClient) -> None:
        self.fake, self.client = fake, client

    def person(self, who: str) -> int:
        return int(ADMIN["telegram"]) if who == "admin" else 10_000 + int(who)

    def chat(self, who: str, place: str) -> int:
        return GROUP if place != "direct" else self.person(who)

    async def say(self, text: str, who: str, place: str) -> Shown:
        chat = self.chat(who, place)
        if chat not in self.fake.chats:
            self.fake.add_chat(chat, "private" if chat > 0 else "supergroup")
        typed = text if place == "direct" else f"/postes {text}".strip()
        asked = self.fake.say(chat, typed)
        entities = [{"type": "bot_command", "offset": 0, "length": len("/postes")}] * (place != "direct")
        update = {
            "message": {
                "message_id": asked.message_id,
                "date": asked.date,
                "chat": self.fake.chats[chat].as_json(),
                "from": {"id": self.person(who), "is_bot": False, "first_name": "P", "username": "personne"},
                "text": typed,
                "entities": entities,
            }
        }
        seen = len(self.fake.messages)
        await self._deliver(update)
        await self.fake.until(lambda: len(self.fake.messages) > seen)
        self.last = self.fake.messages[-1]
        return _of_telegram(self.last)

    async def press(self, label: str, who: str, place: str) -> Shown | None:
        if label in SHARE:
            return None  # in a group of Telegram everybody sees the answer already
        keyboard = (self.last.reply_markup or {})["inline_keyboard"]
        data = next(b["callback_data"] for row in keyboard for b in row if b["text"] == label)
        assert len(data.encode()) <= 64
        edits = len(self.last.edits)
        await self._deliver(self.fake.pressed(self.last, data, person=self.person(who)))
        await self.fake.until(lambda: len(self.last.edits) > edits)
        return _of_telegram(self.last)

    async def _deliver(self, update: dict[str, Any]) -> None:
        response = await self.fake.deliver(
            f"{SITE}/telegram/webhook", "un-secret_de-test", update, client=self.client
        )
        assert response.status_code == 200


def _of_mattermost(answer: dict[str, Any]) -> Shown:
    attachments = answer.get("attachments") or [{"actions": []}]
    text = re.sub(r"(?<!\\)\[((?:[^\]\\]|\\.)*)\]\([^)]*\)", r"\1", answer["text"])
    text = re.sub(r"(?<!\\)(?:\*\*|`)", "", text)
    text = re.sub(r"\\(?=[!-/:-@\[-`{-~])", "", text)
    buttons = tuple(_label(action["name"]) for action in attachments[0]["actions"])
    return Shown(_plain(text), buttons, answer.get("response_type") == "in_channel")


def _of_slack(text: str, blocks: list[dict[str, Any]], *, public: bool) -> Shown:
    labels = [
        _label(e["text"]["text"]) for block in blocks if block["type"] == "actions" for e in block["elements"]
    ]
    return Shown(_plain(text), tuple(labels), public)


def _of_telegram(message: TelegramMessage) -> Shown:
    keyboard = (message.reply_markup or {"inline_keyboard": []})["inline_keyboard"]
    return Shown(_plain(message.plain), tuple(_label(b["text"]) for row in keyboard for b in row))


def _label(label: str) -> str:
    """A label, without the number of a subscription."""
    return "Arrêter" if label.startswith("Arrêter") else label


def _plain(text: str) -> str:
    """The text without what tells the platforms apart, and with plain spaces."""
    text = html.unescape(text).replace(BREAK, "").replace("\u00a0", " ")
    for here in (f"mattermost:{TEAM}/{ROOM}", f"slack:{CHANNEL}", f"telegram:{GROUP}"):
        text = text.replace(here, "ICI")
    # The numbers of deliveries and subscriptions are each platform's own.
    text = re.sub(r"(?m)^• \d+ (?=–|:)", "• N ", text)
    return re.sub(r"(?i)(?<=abonnement )\d{1,2}\b", "N", text)


@asynccontextmanager
async def talking(
    app: App, mattermost: FakeMattermost, slack: FakeSlack, telegram: FakeTelegram
) -> AsyncIterator[tuple[Talk, ...]]:
    """The application behind its HTTP routes, and whoever talks to it on each platform."""
    async with AsyncExitStack() as stack:
        settings = app.settings.telegram
        assert settings is not None
        telegram.add_chat(GROUP)
        bot = telegram_bot(app, settings)
        await bot.start()
        stack.push_async_callback(bot.stop)
        await asyncio.wait_for(bot.ready(), 20)
        routes = [*_commands(app, stack), *bot.routes()]
        client = await stack.enter_async_context(
            httpx.AsyncClient(transport=httpx.ASGITransport(Starlette(routes=routes)), base_url=SITE)
        )
        yield OnMattermost(mattermost, client), OnSlack(slack, client), OnTelegram(telegram, client)
