from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from structlog.testing import capture_logs
from telegram.error import NetworkError, RetryAfter

from bot.asking.chat import Caller
from bot.platforms.answering import Answerer
from bot.platforms.telegram import TelegramBot, Webhook, pause
from bot.platforms.telegram_answers import App, TelegramAnswers
from bot.wording.message import Button, Message, line
from tests.bot.house import Clock
from tests.bot.platforms.answerers import Recorder
from tests.fakes.failures import Failure
from tests.fakes.telegram import FakeTelegram

URL = "https://vigie.example.org/telegram/webhook"
SECRET = "un-secret_de-test"
PERSON = 4242
GROUP = -1001234


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
async def server() -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram() as server:
        server.add_chat(PERSON, type="private")
        server.add_chat(GROUP, type="supergroup")
        yield server


def message(text: str, chat: int = PERSON, **fields: Any) -> dict[str, Any]:
    kind = "private" if chat > 0 else "supergroup"
    told: dict[str, Any] = {
        "message_id": 7,
        "date": 1_700_000_000,
        "chat": {"id": chat, "type": kind, "title": "Groupe"},
        "from": {"id": PERSON, "is_bot": False, "first_name": "Personne"},
        "text": text,
        **fields,
    }
    if text.startswith("/"):
        told["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
    return {"message": told}


def bot(
    server: FakeTelegram,
    recorder: Answerer,
    webhook: Webhook | None,
    language: str = "fr",
    chats: Collection[int] = (),
) -> TelegramBot:
    return TelegramBot(
        application(server, recorder, language, chats), language=language, clock=Clock(), webhook=webhook,
        pause=lambda _error, _failures: 0.0,
    )  # fmt: skip


def application(
    server: FakeTelegram, answerer: Answerer, language: str = "fr", chats: Collection[int] = ()
) -> App:
    answers = TelegramAnswers(answerer, secret="secret", language=language, clock=Clock(), chats=chats)
    return answers.application(token=server.token, api_url=server.url)


@asynccontextmanager
async def listening(
    server: FakeTelegram, recorder: Answerer, language: str = "fr", chats: Collection[int] = ()
) -> AsyncIterator[httpx.AsyncClient]:
    """Vigie behind its webhook, as soon as Telegram knows it."""
    vigie = bot(server, recorder, Webhook(URL, SECRET), language, chats)
    await vigie.start()
    await asyncio.wait_for(vigie.ready(), 20)
    app = Starlette(routes=vigie.routes())
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://vigie.example.org"
    ) as client:
        yield client
    await vigie.stop()


async def test_the_webhook_is_told_to_telegram_with_its_secret(
    server: FakeTelegram, recorder: Recorder
) -> None:
    async with listening(server, recorder):
        assert server.webhook is not None
        assert server.webhook["url"] == URL
        assert server.webhook["secret_token"] == SECRET
    [commands] = server.commands.values()
    assert [command["command"] for command in commands] == [
        "postes",
        "suivre",
        "abonnements",
        "arreter",
        "aide",
    ]


@pytest.mark.parametrize(
    ("text", "chat", "asked"),
    [
        ("/postes dev freelance à Paris", GROUP, "dev freelance à Paris"),
        ("/postes", PERSON, ""),
        ("/aide", PERSON, "aide"),
        ("/help", GROUP, "aide"),
        ("/start", PERSON, "aide"),
        ("/suivre dev à Paris", GROUP, "suivre dev à Paris"),
        ("/arreter 3", PERSON, "arrêter 3"),
        ("qui recrute un designer ?", PERSON, "qui recrute un designer ?"),
        ("/contrats", PERSON, "contrats"),
    ],
)
async def test_commands_and_private_questions_are_answered(
    server: FakeTelegram, recorder: Recorder, text: str, chat: int, asked: str
) -> None:
    async with listening(server, recorder) as vigie:
        response = await server.deliver(URL, SECRET, message(text, chat), client=vigie)
        assert response.status_code == 200
    assert recorder.asked == [asked]
    [sent] = server.messages
    assert sent.chat_id == chat
    assert sent.plain == f"2 offres : {asked}\nDev"
    assert sent.link_preview_options == {"is_disabled": True}


@pytest.mark.parametrize("text", ["bonjour à tout le monde", "/postes@un_autre_bot dev", "/contrats"])
async def test_what_is_not_said_to_vigie_in_a_group_is_left_alone(
    server: FakeTelegram, recorder: Recorder, text: str
) -> None:
    async with listening(server, recorder) as vigie:
        assert (await server.deliver(URL, SECRET, message(text, GROUP), client=vigie)).status_code == 200
    assert recorder.asked == []
    assert server.messages == []


async def test_an_edited_question_is_not_answered_again(server: FakeTelegram, recorder: Recorder) -> None:
    async with listening(server, recorder) as vigie:
        update = {"edited_message": message("/postes dev")["message"] | {"edit_date": 1_700_000_060}}
        assert (await server.deliver(URL, SECRET, update, client=vigie)).status_code == 200
    assert recorder.asked == []


async def test_in_english_help_has_its_english_name(server: FakeTelegram, recorder: Recorder) -> None:
    async with listening(server, recorder, "en") as vigie:
        await server.deliver(URL, SECRET, message("/aide"), client=vigie)
    assert recorder.asked == ["help"]


@pytest.mark.parametrize("secret", [None, "", "faux", SECRET + "x"])
async def test_a_caller_without_the_secret_is_refused(
    server: FakeTelegram, recorder: Recorder, secret: str | None
) -> None:
    async with listening(server, recorder) as vigie:
        assert (await server.deliver(URL, secret, message("/postes"), client=vigie)).status_code == 401
    assert recorder.asked == []


@pytest.mark.parametrize(
    "body", [b"", b"null", b"[]", b"[1]", b"{}", b'"x"', b"\xff", b'{"update_id": 1, "message": 3}']
)
async def test_what_is_no_update_is_refused(server: FakeTelegram, recorder: Recorder, body: bytes) -> None:
    async with listening(server, recorder) as vigie:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        response = await vigie.post("/telegram/webhook", content=body, headers=headers)
        assert response.status_code == 400


async def test_a_body_over_64_kb_is_refused(server: FakeTelegram, recorder: Recorder) -> None:
    async with listening(server, recorder) as vigie:
        response = await server.deliver(URL, SECRET, message("x" * 65_536), client=vigie)
    assert response.status_code == 413
    assert recorder.asked == []


async def test_an_error_is_told_and_a_lost_answer_is_not_asked_for_again(
    server: FakeTelegram, recorder: Recorder
) -> None:
    async with listening(server, recorder) as vigie:
        await server.deliver(URL, SECRET, message("/postes source absente"), client=vigie)
        await server.until(lambda: server.messages)
        server.fail(Failure.status(500, path="sendMessage"))
        assert (await server.deliver(URL, SECRET, message("/postes dev"), client=vigie)).status_code == 200
    assert [sent.plain for sent in server.messages] == ["La source ne répond pas."]


async def test_until_telegram_answers_updates_are_to_be_sent_again(
    server: FakeTelegram, recorder: Recorder
) -> None:
    server.fail(Failure.hang_before(path="getMe"))
    vigie = bot(server, recorder, Webhook(URL, SECRET))
    await vigie.start()
    app = Starlette(routes=vigie.routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app)) as client:
        await server.until(lambda: server.requests)
        assert (await server.deliver(URL, SECRET, message("/postes"), client=client)).status_code == 503
        server.release()
        await asyncio.wait_for(vigie.ready(), 20)
        assert (await server.deliver(URL, SECRET, message("/postes"), client=client)).status_code == 200
    await vigie.stop()


async def test_without_a_webhook_updates_are_asked_for_and_answered_once(
    server: FakeTelegram, recorder: Recorder
) -> None:
    first = bot(server, recorder, None)
    assert first.routes() == []
    server.push_update(message("/postes dev"))
    server.push_update(message("/postes ops"))
    await first.start()
    await server.until(lambda: len(server.messages) == 2)
    await first.stop()
    second = bot(server, recorder, None)
    await second.start()
    server.push_update(message("/postes design"))
    await server.until(lambda: len(server.messages) == 3)
    await second.stop()
    assert recorder.asked == ["dev", "ops", "design"]


async def test_telegram_being_down_neither_stops_the_start_nor_loses_a_question(
    server: FakeTelegram, recorder: Recorder
) -> None:
    server.fail(
        Failure.status(500, path="getMe"),
        Failure.garbage(path="setMyCommands"),
        Failure.cut_before(path="getUpdates"),
    )
    server.push_update(message("/postes dev"))
    vigie = bot(server, recorder, None)
    await vigie.start()
    await server.until(lambda: server.messages)
    await vigie.stop()
    assert recorder.asked == ["dev"]


async def test_it_can_be_stopped_while_telegram_is_down(server: FakeTelegram, recorder: Recorder) -> None:
    server.revoke_token()
    vigie = TelegramBot(
        application(server, recorder), language="fr", clock=Clock(), pause=lambda _error, _failures: 3_600.0
    )
    await vigie.start()
    await server.until(lambda: server.requests)
    await vigie.stop()
    assert recorder.asked == []


def test_waits_double_up_to_five_minutes_unless_telegram_asks_for_another() -> None:
    assert [pause(NetworkError("down"), n) for n in (1, 2, 3, 9, 10_000)] == [2, 4, 8, 300, 300]
    assert pause(RetryAfter(17), 1) == 17


async def test_an_update_is_acknowledged_while_the_answer_is_not_there(server: FakeTelegram) -> None:
    ready = asyncio.Event()

    async def slow(text: str, _caller: Caller) -> Message:
        await ready.wait()
        return Message((line(f"2 offres : {text}"),))

    async with listening(server, slow) as vigie:
        assert (await server.deliver(URL, SECRET, message("dev"), client=vigie)).status_code == 200
        assert server.messages == []
        ready.set()
        await server.until(lambda: server.messages)
    assert server.messages[0].plain == "2 offres : dev"


async def test_a_slow_answer_holds_back_no_other(server: FakeTelegram) -> None:
    ready = asyncio.Event()

    async def slow(text: str, _caller: Caller) -> Message:
        if text == "lent":
            await ready.wait()
        return Message((line(text),))

    vigie = bot(server, slow, None)
    await vigie.start()
    server.push_update(message("lent"))
    server.push_update(message("vif"))
    await server.until(lambda: server.messages)
    assert [sent.plain for sent in server.messages] == ["vif"]
    ready.set()
    await vigie.stop()
    assert [sent.plain for sent in server.messages] == ["vif", "lent"]


async def one_more(text: str, _caller: Caller) -> Message:
    """Always the same answer, below which more can be asked for."""
    return Message((line("1 offre"),), (Button("Suite", "aide"),))


async def _pressed(server: FakeTelegram, vigie: httpx.AsyncClient) -> None:
    """Somebody asks in the group, and presses what stands below the answer."""
    await server.deliver(URL, SECRET, message("/postes dev", GROUP), client=vigie)
    await server.until(lambda: server.messages)
    await _press(server, vigie)


async def _press(server: FakeTelegram, vigie: httpx.AsyncClient) -> None:
    answer = server.messages[0]
    assert answer.reply_markup is not None
    data = answer.reply_markup["inline_keyboard"][0][0]["callback_data"]
    await server.deliver(URL, SECRET, server.pressed(answer, data, person=PERSON), client=vigie)


async def test_a_press_that_changes_nothing_is_no_fault(server: FakeTelegram) -> None:
    with capture_logs() as logs:
        async with listening(server, one_more) as vigie:
            await _pressed(server, vigie)
    assert [sent.plain for sent in server.messages] == ["1 offre"]
    assert len(server.callback_answers) == 1, "the button turns no longer"
    assert [log for log in logs if log["event"] == "answer not sent"] == []


async def test_a_press_below_an_answer_that_is_gone_is_kept_in_the_log(server: FakeTelegram) -> None:
    with capture_logs() as logs:
        async with listening(server, one_more) as vigie:
            await server.deliver(URL, SECRET, message("/postes dev", GROUP), client=vigie)
            await server.until(lambda: server.messages)
            server.fail(Failure.status(400, path="editMessageText"))
            await _press(server, vigie)
    (lost,) = [log for log in logs if log["event"] == "answer not sent"]
    assert (lost["platform"], lost["exc_info"]) == ("telegram", None)


async def test_a_button_of_a_group_that_is_answered_no_more_does_nothing(
    server: FakeTelegram, recorder: Recorder
) -> None:
    async with listening(server, one_more) as vigie:
        await server.deliver(URL, SECRET, message("/postes dev", GROUP), client=vigie)
        await server.until(lambda: server.messages)
    with capture_logs() as logs:
        async with listening(server, recorder, chats=(GROUP - 1,)) as vigie:
            await _press(server, vigie)
    assert recorder.asked == []
    assert [(log["event"], log["chat"]) for log in logs if "chat" in log] == [("group not allowed", GROUP)]
    assert server.messages[0].plain == "1 offre"


async def test_a_question_that_nobody_in_particular_asks_is_left_alone(
    server: FakeTelegram, recorder: Recorder
) -> None:
    unsigned = message("/postes dev", GROUP)
    del unsigned["message"]["from"]
    async with listening(server, recorder) as vigie:
        assert (await server.deliver(URL, SECRET, unsigned, client=vigie)).status_code == 200
    assert recorder.asked == []
    assert server.messages == []
