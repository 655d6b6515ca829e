"""Forged, replayed, stale and foreign requests: each is refused as its platform wants, none reaches the store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from postings.store import Store
from tests.bot.house import Clock
from tests.conversations.conftest import Town
from tests.conversations.world import CHANNEL, GROUP, SITE, TEAM, watched
from tests.databases import sqlite_database
from tests.fakes.slack_objects import signed

COMMAND, ACTION = f"{SITE}/mattermost/command", f"{SITE}/mattermost/action"
SLACK, TELEGRAM = f"{SITE}/slack/events", f"{SITE}/telegram/webhook"
SECRET = "un-secret_de-test"


class Guard:
    """Counts what is asked of the database while somebody unwanted calls."""

    def __init__(self) -> None:
        self.statements: list[str] = []
        self.watching = False

    def __call__(self, *arguments: Any) -> None:
        if self.watching:
            self.statements.append(str(arguments[2]))

    @contextmanager
    def alert(self) -> Iterator[None]:
        self.watching = True
        yield
        self.watching = False


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository, and a database that has seen it, for all tests: they change neither."""
    made = tmp_path_factory.mktemp("vu")

    async def see() -> None:
        store = await Store.open(sqlite_database(made))
        await watched(store, made, Clock())
        await store.close()

    asyncio.run(see())
    return made


@pytest.fixture
def database_url(folder: Path) -> str:
    """One kind of database is enough for what must not reach it."""
    return sqlite_database(folder)


@pytest.fixture
async def guard() -> AsyncIterator[Guard]:
    found = Guard()
    event.listen(Engine, "before_cursor_execute", found)
    yield found
    event.remove(Engine, "before_cursor_execute", found)


Case = Callable[[Town, Guard], Awaitable[int]]
"""Makes the unwanted request, alert, and returns the status that it was answered with."""


def _command(**fields: Any) -> Case:
    async def case(town: Town, guard: Guard) -> int:
        talk = town.mattermost
        with guard.alert():
            given = {"text": "dev", "team_domain": TEAM, "client": talk.client, **fields}
            return (await talk.fake.slash_command(COMMAND, **given)).status_code

    return case


def _form(headers: dict[str, str] | None = None, **form: str) -> Case:
    async def case(town: Town, guard: Guard) -> int:
        with guard.alert():
            response = await town.mattermost.client.post(COMMAND, data=form, headers=headers or {})
            return response.status_code

    return case


async def _command_replayed(town: Town, guard: Guard) -> int:
    talk = town.mattermost
    form = {"token": talk.fake.command_token, "team_domain": TEAM, "text": "dev", "trigger_id": "une-fois"}
    assert (await talk.client.post(COMMAND, data=form)).status_code == 200
    with guard.alert():
        return (await talk.client.post(COMMAND, data=form)).status_code


def _action(
    change: Callable[[dict[str, Any]], Any] = lambda context: context, hours: float = 0, **fields: str
) -> Case:
    """A press of a real button, with its context changed, at another time or by somebody else."""

    async def case(town: Town, guard: Guard) -> int:
        response = await _press(town, guard, change, hours, fields)
        told = response.json()
        assert "update" not in told
        return response.status_code

    return case


async def _press(
    town: Town, guard: Guard, change: Callable[[dict[str, Any]], Any], hours: float, fields: dict[str, str]
) -> httpx.Response:
    talk = town.mattermost
    await talk.say("designer", "1", "channel")
    context = dict(talk.last["attachments"][0]["actions"][1]["integration"]["context"])
    town.clock.forward(hours=hours)
    given = {"user_id": talk.person("1"), "channel_id": talk.room, **fields}
    with guard.alert():
        return await talk.fake.press(ACTION, change(context), client=talk.client, **given)


async def _pressed_twice(town: Town, guard: Guard) -> int:
    talk = town.mattermost
    await talk.say("designer", "1", "channel")
    context = talk.last["attachments"][0]["actions"][1]["integration"]["context"]
    given: dict[str, Any] = {"user_id": talk.person("1"), "channel_id": talk.room, "client": talk.client}
    assert "update" in (await talk.fake.press(ACTION, context, **given)).json()
    with guard.alert():
        response = await talk.fake.press(ACTION, context, **given)
    assert response.json() == {"ephemeral_text": "Ce bouton ne sert plus\u00a0: reposez la question."}
    return response.status_code


def _without(key: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda context: {name: value for name, value in context.items() if name != key}


def _with(**fields: Any) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda context: {**context, **fields}


def _slack_command(**forged: Any) -> Case:
    async def case(town: Town, guard: Guard) -> int:
        with guard.alert():
            response = await town.slack.fake.slash_command(
                SLACK, text="dev", client=town.slack.client, **forged
            )
            await _let_it_go_on()
        assert town.slack.fake.delayed_answers == []
        return response.status_code

    return case


def _slack_event(changes: dict[str, Any], **forged: Any) -> Case:
    async def case(town: Town, guard: Guard) -> int:
        told = {
            "type": "message",
            "channel_type": "im",
            "channel": "D0DIRECT",
            "user": "U1",
            "text": "dev",
            **changes,
        }
        with guard.alert():
            response = await town.slack.fake.calls.event(SLACK, told, client=town.slack.client, **forged)
            await _let_it_go_on()
        assert town.slack.fake.messages == []
        assert town.slack.fake.ephemerals == []
        return response.status_code

    return case


async def _slack_body_changed(town: Town, guard: Guard) -> int:
    headers = signed("command=%2Fpostes&text=dev", town.slack.fake.signing_secret, int(time.time()))
    with guard.alert():
        response = await town.slack.client.post(SLACK, content="command=%2Fpostes&text=ops", headers=headers)
    return response.status_code


async def _slack_unsigned(town: Town, guard: Guard) -> int:
    with guard.alert():
        return (await town.slack.client.post(SLACK, data={"command": "/postes"})).status_code


async def _slack_replayed(town: Town, guard: Guard) -> int:
    talk = town.slack
    body = f"command=%2Fpostes&text=dev&user_id=U1&team_id=T0EXEMPLE&channel_id={CHANNEL}"
    headers = signed(body, talk.fake.signing_secret, int(time.time()))
    assert (await talk.client.post(SLACK, content=body, headers=headers)).status_code == 200
    await _let_it_go_on()
    with guard.alert():
        return (await talk.client.post(SLACK, content=body, headers=headers)).status_code


async def _slack_event_again(town: Town, guard: Guard) -> int:
    fake = town.slack.fake
    told = {"type": "message", "channel_type": "im", "channel": "D0DIRECT", "user": "U1", "text": "aide"}
    await fake.calls.event(SLACK, told, event_id="Ev0", client=town.slack.client)
    await fake.until(lambda: fake.messages)
    with guard.alert():
        response = await fake.calls.event(
            SLACK, told, event_id="Ev0", client=town.slack.client, timestamp=int(time.time()) + 1
        )
        await _let_it_go_on()
    assert len(fake.messages) == 1
    return response.status_code


def _slack_press(**forged: Any) -> Case:
    async def case(town: Town, guard: Guard) -> int:
        action = {"type": "button", "action_id": "vigie0", "value": "designer"}
        with guard.alert():
            given = {"user_id": "U1", "channel_id": CHANNEL, "client": town.slack.client, **forged}
            response = await town.slack.fake.calls.press(SLACK, town.slack.fake.address, action, **given)
            await _let_it_go_on()
        assert town.slack.fake.delayed_answers == []
        return response.status_code

    return case


def _update(secret: str | None = SECRET, chat: int = GROUP, key: str = "message", **fields: Any) -> Case:
    async def case(town: Town, guard: Guard) -> int:
        fake = town.telegram.fake
        told = {
            "message_id": 5,
            "date": int(town.clock.now.timestamp()),
            "chat": {"id": chat, "type": "supergroup", "title": "Groupe"},
            "from": {"id": 1, "is_bot": False, "first_name": "Personne"},
            "text": "/postes dev",
            "entities": [{"type": "bot_command", "offset": 0, "length": 7}],
            **fields,
        }
        with guard.alert():
            response = await fake.deliver(TELEGRAM, secret, {key: told}, client=town.telegram.client)
            await _let_it_go_on()
        assert fake.messages == []
        return response.status_code

    return case


async def _update_again(town: Town, guard: Guard) -> int:
    talk = town.telegram
    await talk.say("designer", "1", "channel")
    said = len(talk.fake.messages)
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    told = {"message_id": 1, "date": 1, "chat": {"id": GROUP, "type": "supergroup"}, "text": "/postes"}
    with guard.alert():
        body = {"update_id": 1000, "message": told}
        response = await talk.client.post(TELEGRAM, json=body, headers=headers)
        await _let_it_go_on()
    assert len(talk.fake.messages) == said
    return response.status_code


def _telegram_press(
    change: Callable[[str], str] = lambda data: data, hours: float = 0, chat: int = GROUP, said: str = ""
) -> Case:
    """A press of a real button with its data changed, too late, or brought to another chat."""

    async def case(town: Town, guard: Guard) -> int:
        talk = town.telegram
        await talk.say("designer", "1", "channel")
        data = talk.last.reply_markup["inline_keyboard"][0][0]["callback_data"]  # type: ignore[index]
        talk.fake.add_chat(chat)
        talk.last.chat_id = chat
        town.clock.forward(hours=hours)
        update = talk.fake.pressed(talk.last, change(data), person=talk.person("2"))
        with guard.alert():
            response = await talk.fake.deliver(TELEGRAM, SECRET, update, client=talk.client)
            await talk.fake.until(lambda: talk.fake.callback_answers)
            await _let_it_go_on()
        assert talk.last.edits == []
        assert talk.fake.callback_answers[0].get("text", "").replace("\u00a0", " ") == said
        return response.status_code

    return case


async def _let_it_go_on() -> None:
    """What was begun after an acknowledgement gets as far as the database, if it goes there."""
    for _ in range(100):
        await asyncio.sleep(0)


STALE = "Ce bouton ne sert plus : reposez la question."

CASES: dict[str, tuple[int, Case]] = {
    "a wrong token": (401, _command(token="faux")),
    "an empty token": (401, _command(token="")),
    "the beginning of a token": (401, _command(token="mattermost-command-toke")),
    "a token and more": (401, _command(token="mattermost-command-token2")),
    "a token in capitals": (401, _command(token="MATTERMOST-COMMAND-TOKEN")),
    "no token": (401, _form(text="dev")),
    "a token of another kind": (401, _form({"Authorization": "Basic mattermost-command-token"}, text="dev")),
    "the bot's own token": (401, _form(token="mattermost-bot-token", text="dev")),
    "another team": (403, _command(team_domain="autre-equipe")),
    "a command again": (401, _command_replayed),
    "a button without a context": (401, _action(lambda _: None)),
    "a context that is a list": (401, _action(lambda _: ["asks"])),
    "a context without signature": (401, _action(_without("mac"))),
    "a signature of another kind": (401, _action(_with(mac=5))),
    "a signature made up": (401, _action(_with(mac="0" * 64))),
    "another question": (401, _action(_with(asks="admin retenus"))),
    "another person in the context": (401, _action(_with(person="user" + "9" * 22))),
    "a longer life": (401, _action(_with(until="9999999999"))),
    "something more in the context": (401, _action(_with(plus="1"))),
    "a number in the context": (401, _action(_with(until=1))),
    "somebody else's button": (401, _action(user_id="user" + "2".zfill(22))),
    "the button of another channel": (401, _action(channel_id="channel" + "5" * 19)),
    "an old button": (200, _action(hours=25)),
    "a button again": (200, _pressed_twice),
    "another signing secret": (401, _slack_command(signing_secret="faux")),
    "an old command": (401, _slack_command(timestamp=int(time.time()) - 400)),
    "a command of tomorrow": (401, _slack_command(timestamp=int(time.time()) + 86_400)),
    "a body that was changed": (401, _slack_body_changed),
    "no signature": (401, _slack_unsigned),
    "a signed request again": (401, _slack_replayed),
    "a press with another secret": (401, _slack_press(signing_secret="faux")),
    "an old press": (401, _slack_press(timestamp=int(time.time()) - 400)),
    "a press in another workspace": (403, _slack_press(team_id="T0AUTRE")),
    "an event of another workspace": (403, _slack_event({}, team_id="T0AUTRE")),
    "a forged event": (401, _slack_event({}, signing_secret="faux")),
    "an event again": (200, _slack_event_again),
    "what an app says": (200, _slack_event({"bot_id": "B0AUTRE"})),
    "what was edited": (200, _slack_event({"subtype": "message_changed"})),
    "what is said to nobody": (200, _slack_event({"channel_type": "channel", "channel": CHANNEL})),
    "no secret": (401, _update(None)),
    "a wrong secret": (401, _update("faux")),
    "a secret and more": (401, _update(SECRET + "x")),
    "another group": (200, _update(chat=-1009999)),
    "an edited command": (200, _update(key="edited_message", edit_date=1_709_542_800)),
    "a command for another bot": (
        200,
        _update(text="/postes@autre_bot", entities=[{"type": "bot_command", "offset": 0, "length": 17}]),
    ),
    "an update again": (200, _update_again),
    "data made up": (200, _telegram_press(lambda _: "admin retenus")),
    "data with another question": (200, _telegram_press(lambda data: data[:12] + "admin retenus")),
    "an old button of Telegram": (200, _telegram_press(hours=25, said=STALE)),
}


async def test_the_guard_sees_what_a_genuine_question_asks(town: Town, guard: Guard) -> None:
    assert await _command()(town, guard) == 200
    assert guard.statements != []


def test_they_are_forty_at_least() -> None:
    assert len(CASES) >= 40


@pytest.mark.parametrize("name", CASES)
async def test_it_is_refused_and_does_not_reach_the_store(name: str, town: Town, guard: Guard) -> None:
    status, case = CASES[name]
    assert await case(town, guard) == status
    assert guard.statements == []
