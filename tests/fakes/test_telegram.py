"""The fake Bot API, spoken to with python-telegram-bot, which parses every answer strictly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from telegram import (
    Bot,
    BotCommand,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from tests.fakes.failures import Failure, Limit
from tests.fakes.telegram import FakeTelegram
from tests.fakes.test_server import Clock

GROUP = -1001234567890


@pytest.fixture(autouse=True)
def waits_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    # Without it python-telegram-bot warns whenever it is told to wait, and warnings are errors here.
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def server(clock: Clock) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(clock=clock) as fake:
        fake.add_chat(GROUP)
        yield fake


def a_bot(server: FakeTelegram) -> Bot:
    # Loading the authorities that nothing here is checked against would take most of the time.
    sending, polling = (HTTPXRequest(httpx_kwargs={"verify": False}) for _ in range(2))
    return Bot(server.token, base_url=f"{server.url}/bot", request=sending, get_updates_request=polling)


@pytest.fixture
async def bot(server: FakeTelegram) -> AsyncIterator[Bot]:
    async with a_bot(server) as client:
        yield client


async def refused(call: Any, error: type[TelegramError], message: str) -> None:
    with pytest.raises(error) as caught:
        await call
    # The library takes "Bad Request: " away and writes the rest as one sentence, capitals included.
    assert caught.value.message.lower() == message.lower()


async def test_the_bot_learns_who_it_is(server: FakeTelegram, bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.is_bot, me.username) == (server.bot_user_id, True, "vigie_exemple_bot")


async def test_a_message_is_kept_as_sent_and_as_read(server: FakeTelegram, bot: Bot, clock: Clock) -> None:
    sent = await bot.send_message(
        GROUP,
        '<b>Nouvelle offre</b>\n<a href="https://example.org/">Lire</a>',
        parse_mode="HTML",
        link_preview_options=LinkPreviewOptions(is_disabled=True),
    )
    (message,) = server.messages
    assert message.text == '<b>Nouvelle offre</b>\n<a href="https://example.org/">Lire</a>'
    assert (message.plain, message.parse_mode) == ("Nouvelle offre\nLire", "HTML")
    assert message.link_preview_disabled
    assert (sent.message_id, sent.text) == (message.message_id, message.plain)
    assert [entity.type for entity in sent.entities] == ["bold", "text_link"]
    assert sent.entities[1].url == "https://example.org/"
    assert sent.link_preview_options == LinkPreviewOptions(is_disabled=True)
    assert sent.date.timestamp() == clock.now
    assert sent.from_user is not None
    assert sent.from_user.id == server.bot_user_id


async def test_a_channel_speaks_in_its_own_name(server: FakeTelegram, bot: Bot) -> None:
    server.add_chat(-1009, "channel", username="offres_exemple")
    sent = await bot.send_message("@offres_exemple", "Offre")
    assert sent.sender_chat is not None
    assert (sent.sender_chat.id, sent.from_user) == (-1009, None)


async def test_json_bodies_are_taken_too(server: FakeTelegram) -> None:
    async with httpx.AsyncClient(verify=False) as http:
        body = {"chat_id": GROUP, "text": "Offre", "link_preview_options": {"is_disabled": True}}
        answer = await http.post(f"{server.url}/bot{server.token}/sendMessage", json=body)
        lost = await http.post(f"{server.url}/bot{server.token}/shout", json={})
    assert answer.json()["result"]["text"] == "Offre"
    assert server.messages[0].link_preview_options == {"is_disabled": True}
    assert lost.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_text_without_a_parse_mode_stays_as_it_is(server: FakeTelegram, bot: Bot) -> None:
    sent = await bot.send_message(GROUP, "<b> & 2023")
    assert (sent.text, sent.entities) == ("<b> & 2023", ())
    assert not server.messages[0].link_preview_disabled


async def test_a_text_that_looks_like_a_number_stays_a_text(server: FakeTelegram, bot: Bot) -> None:
    assert (await bot.send_message(GROUP, "2023")).text == "2023"


async def test_a_mention_is_noticed(server: FakeTelegram, bot: Bot) -> None:
    await bot.send_message(GROUP, "🚀 @personne", parse_mode="HTML")
    assert server.messages[0].mentions == ["@personne"]


@pytest.mark.parametrize("text", ["<b>Offre", "<p>Offre</p>", "a < b"])
async def test_broken_markup_is_refused(server: FakeTelegram, bot: Bot, text: str) -> None:
    with pytest.raises(BadRequest, match=r"^Can't parse entities: "):
        await bot.send_message(GROUP, text, parse_mode="HTML")
    assert server.messages == []


async def test_only_html_is_spoken(bot: Bot) -> None:
    await refused(bot.send_message(GROUP, "*a*", parse_mode="Markdown"), BadRequest, "Unsupported parse_mode")


@pytest.mark.parametrize("text", ["", " ", "<b> </b>"])
async def test_an_empty_text_is_refused(bot: Bot, text: str) -> None:
    await refused(bot.send_message(GROUP, text, parse_mode="HTML"), BadRequest, "Message text is empty")


async def test_the_length_is_counted_after_parsing_in_utf16(server: FakeTelegram, bot: Bot) -> None:
    await bot.send_message(GROUP, f"<b>{'&amp;' * 4094}🚀</b>", parse_mode="HTML")
    too_long = bot.send_message(GROUP, f"<b>{'a' * 4095}🚀</b>", parse_mode="HTML")
    await refused(too_long, BadRequest, "Message is too long")
    edit = bot.edit_message_text("a" * 4097, GROUP, server.messages[0].message_id)
    await refused(edit, BadRequest, "Message is too long")


async def test_a_chat_that_is_not_there(server: FakeTelegram, bot: Bot) -> None:
    await refused(bot.send_message(-1, "Offre"), BadRequest, "Chat not found")
    await refused(bot.send_message("@absent", "Offre"), BadRequest, "Chat not found")
    await refused(bot.get_chat(-1), BadRequest, "Chat not found")
    server.delete_channel(GROUP)
    await refused(bot.send_message(GROUP, "Offre"), BadRequest, "Chat not found")


async def test_who_blocks_the_bot_is_not_written_to(server: FakeTelegram, bot: Bot) -> None:
    server.add_chat(42, "private", title="Personne")
    server.block(42)
    server.block(GROUP)
    await refused(bot.send_message(42, "Offre"), Forbidden, "Forbidden: bot was blocked by the user")
    kicked = "Forbidden: bot was kicked from the supergroup chat"
    await refused(bot.send_message(GROUP, "Offre"), Forbidden, kicked)


async def test_a_revoked_token(server: FakeTelegram, bot: Bot) -> None:
    server.revoke_token()
    await refused(bot.send_message(GROUP, "Offre"), InvalidToken, "Unauthorized")


@pytest.mark.parametrize(("token", "code"), [("1:wrong", 401), ("nonsense", 404)])
async def test_a_wrong_token(server: FakeTelegram, token: str, code: int) -> None:
    async with httpx.AsyncClient(verify=False) as http:
        answer = await http.get(f"{server.url}/bot{token}/getMe")
    assert (answer.status_code, answer.json()["ok"], answer.json()["error_code"]) == (code, False, code)


async def test_429_says_when_to_come_back(server: FakeTelegram, bot: Bot) -> None:
    server.fail(Failure.status(429, retry_after=17))
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(GROUP, "Offre")
    assert caught.value.retry_after == timedelta(seconds=17)
    assert server.messages == []


async def test_the_limit_is_by_chat(clock: Clock) -> None:
    async with FakeTelegram(clock=clock, limit=Limit(1, 1)) as server:
        server.add_chat(1, "private")
        server.add_chat(2, "private")
        async with a_bot(server) as bot:
            await bot.send_message(1, "Offre")
            await bot.send_message(2, "Offre")
            with pytest.raises(RetryAfter):
                await bot.send_message(1, "Offre")
            clock.now += 1
            await bot.send_message(1, "Offre")
    assert len(server.messages) == 3


async def test_a_group_that_moved_tells_its_new_id(server: FakeTelegram, bot: Bot) -> None:
    server.add_chat(-77, "group", title="Ancien groupe")
    server.migrate(-77, -10077)
    with pytest.raises(ChatMigrated) as caught:
        await bot.send_message(-77, "Offre")
    assert caught.value.new_chat_id == -10077
    assert (await bot.send_message(-10077, "Offre")).chat.title == "Ancien groupe"


async def test_failures_of_the_server(server: FakeTelegram, bot: Bot) -> None:
    server.fail(Failure.status(500), Failure.garbage(), Failure.accept_then_cut())
    for _ in range(3):
        with pytest.raises(NetworkError):
            await bot.send_message(GROUP, "Offre")
    assert len(server.messages) == 1


async def test_an_edit_keeps_the_former_text(server: FakeTelegram, bot: Bot, clock: Clock) -> None:
    sent = await bot.send_message(GROUP, "Offre")
    clock.now += 60
    edited = await bot.edit_message_text("<b>Fermée</b>", GROUP, sent.message_id, parse_mode="HTML")
    (message,) = server.messages
    assert not isinstance(edited, bool)
    assert (edited.text, message.plain, message.edits) == ("Fermée", "Fermée", ["Offre"])
    assert edited.edit_date is not None
    assert edited.edit_date.timestamp() == clock.now


async def test_edits_that_telegram_refuses(server: FakeTelegram, bot: Bot) -> None:
    sent = await bot.send_message(GROUP, "<b>Offre</b>", parse_mode="HTML")
    with pytest.raises(BadRequest, match=r"^Message is not modified"):
        await bot.edit_message_text("<strong>Offre</strong>", GROUP, sent.message_id, parse_mode="HTML")
    foreign = server.say(GROUP, "Bonjour").message_id
    await refused(bot.edit_message_text("X", GROUP, foreign), BadRequest, "Message can't be edited")
    server.delete_post(sent.message_id)
    gone = bot.edit_message_text("X", GROUP, sent.message_id)
    await refused(gone, BadRequest, "Message to edit not found")


async def test_a_reply_points_at_its_message(server: FakeTelegram, bot: Bot) -> None:
    first = await bot.send_message(GROUP, "Offre")
    reply = await bot.send_message(GROUP, "Modifiée", reply_parameters=ReplyParameters(first.message_id))
    assert reply.reply_to_message is not None
    assert reply.reply_to_message.message_id == first.message_id
    assert server.messages[1].reply_to == first.message_id
    assert server.messages[1].reply_parameters == {"message_id": first.message_id}


async def test_a_reply_to_a_deleted_message(server: FakeTelegram, bot: Bot) -> None:
    first = await bot.send_message(GROUP, "Offre")
    server.delete_post(first.message_id)
    strict = bot.send_message(GROUP, "Modifiée", reply_parameters=ReplyParameters(first.message_id))
    await refused(strict, BadRequest, "Message to be replied not found")
    lax = ReplyParameters(first.message_id, allow_sending_without_reply=True)
    sent = await bot.send_message(GROUP, "Modifiée", reply_parameters=lax)
    assert sent.reply_to_message is None


async def test_topics(server: FakeTelegram, bot: Bot) -> None:
    server.add_chat(-1005, topics=[7])
    sent = await bot.send_message(-1005, "Offre", message_thread_id=7)
    assert (sent.message_thread_id, sent.is_topic_message, sent.chat.is_forum) == (7, True, True)
    assert server.messages[0].message_thread_id == 7
    for chat, topic in ((-1005, 8), (GROUP, 7)):
        lost = bot.send_message(chat, "Offre", message_thread_id=topic)
        await refused(lost, BadRequest, "Message thread not found")


async def test_a_chat_describes_itself(server: FakeTelegram, bot: Bot) -> None:
    server.add_chat(-1009, "channel", title="Offres", username="offres_exemple")
    chat = await bot.get_chat(-1009)
    assert (chat.type, chat.title, chat.username) == ("channel", "Offres", "offres_exemple")


@pytest.mark.parametrize(("data", "taken"), [("é" * 32, True), ("é" * 32 + "a", False)])
async def test_a_button_holds_64_bytes(server: FakeTelegram, bot: Bot, data: str, taken: bool) -> None:
    markup = InlineKeyboardMarkup([[InlineKeyboardButton("Suite", callback_data=data)]])
    call = bot.send_message(GROUP, "Offre", reply_markup=markup)
    if taken:
        assert (await call).reply_markup == markup
    else:
        await refused(call, BadRequest, "BUTTON_DATA_INVALID")


def an_update(text: str) -> dict[str, Any]:
    chat = {"id": 42, "type": "private", "first_name": "Personne"}
    return {"message": {"message_id": 1, "date": 1_700_000_000, "chat": chat, "text": text}}


async def test_polling_gets_each_update_until_it_is_confirmed(server: FakeTelegram, bot: Bot) -> None:
    pushed = [server.push_update(an_update(text)) for text in ("un", "deux")]
    updates = await bot.get_updates(timeout=0)
    assert [update.update_id for update in updates] == [update["update_id"] for update in pushed]
    assert updates[0].message is not None
    assert updates[0].message.text == "un"
    left = await bot.get_updates(offset=updates[0].update_id + 1, timeout=0)
    assert [update.update_id for update in left] == [updates[1].update_id]
    assert await bot.get_updates(offset=updates[1].update_id + 1, timeout=0) == ()


async def test_a_poll_waits_for_an_update(server: FakeTelegram, bot: Bot) -> None:
    polling = asyncio.create_task(bot.get_updates(timeout=60))
    await server.until(lambda: server.requests[-1].path.endswith("/getUpdates"))
    assert not polling.done()
    server.push_update(an_update("un"))
    assert len(await polling) == 1


async def test_only_one_may_poll(server: FakeTelegram, bot: Bot) -> None:
    first = asyncio.create_task(bot.get_updates(timeout=60))
    await server.until(lambda: server.requests[-1].path.endswith("/getUpdates"))
    async with a_bot(server) as other:
        await other.get_updates(timeout=0)
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await first


async def test_a_webhook_ends_polling(server: FakeTelegram, bot: Bot) -> None:
    await bot.set_webhook("https://vigie.example.org/telegram/webhook", secret_token="Secret_1")
    assert server.webhook == {
        "url": "https://vigie.example.org/telegram/webhook",
        "secret_token": "Secret_1",
    }
    with pytest.raises(Conflict, match="webhook is active"):
        await bot.get_updates(timeout=0)
    server.push_update(an_update("un"))
    await bot.delete_webhook()
    assert len(await bot.get_updates(timeout=0)) == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates(timeout=0) == ()


async def test_webhooks_that_telegram_refuses(server: FakeTelegram, bot: Bot) -> None:
    plain = bot.set_webhook("http://vigie.example.org/")
    await refused(plain, BadRequest, "Bad webhook: An HTTPS URL must be provided for webhook")
    for secret in ("é", "a b", "x" * 257):
        wrong = bot.set_webhook("https://vigie.example.org/", secret_token=secret)
        await refused(wrong, BadRequest, "Secret token contains unallowed characters")
    assert server.webhook is None


async def hook(request: Request) -> Response:
    secret = request.headers.get("x-telegram-bot-api-secret-token")
    return JSONResponse({"secret": secret, "update": await request.json()})


async def test_a_delivery_carries_its_secret_and_a_number(server: FakeTelegram) -> None:
    app = Starlette(routes=[Route("/telegram/webhook", hook, methods=["POST"])])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as http:
        first = (await server.deliver("/telegram/webhook", "s1", an_update("un"), client=http)).json()
        second = (await server.deliver("/telegram/webhook", None, an_update("deux"), client=http)).json()
    assert (first["secret"], second["secret"]) == ("s1", None)
    assert second["update"]["update_id"] == first["update"]["update_id"] + 1


async def test_commands_are_small_ascii_words(server: FakeTelegram, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("postes", "Les offres ouvertes")], language_code="fr")
    assert server.commands == {"fr": [{"command": "postes", "description": "Les offres ouvertes"}]}
    accented = bot.set_my_commands([BotCommand("équipes", "Les équipes")])
    await refused(accented, BadRequest, "BOT_COMMAND_INVALID")
    silent = bot.set_my_commands([BotCommand("postes", "")])
    await refused(silent, BadRequest, "BOT_COMMAND_DESCRIPTION_INVALID")
    many = bot.set_my_commands([BotCommand(f"c{n}", "Commande") for n in range(101)])
    await refused(many, BadRequest, "BOT_COMMANDS_TOO_MUCH")


async def test_a_pressed_button_is_answered_once(server: FakeTelegram, bot: Bot) -> None:
    person = {"id": 42, "is_bot": False, "first_name": "Personne"}
    server.push_update({"callback_query": {"id": "7", "from": person, "chat_instance": "1", "data": "p2"}})
    (update,) = await bot.get_updates(timeout=0)
    assert update.callback_query is not None
    await update.callback_query.answer("Page 2")
    assert server.callback_answers[0]["text"] == "Page 2"
    with pytest.raises(BadRequest, match=r"^Query is too old"):
        await bot.answer_callback_query("7")


def test_updates_can_be_pushed_from_another_thread() -> None:
    async def poll(server: FakeTelegram) -> int:
        async with a_bot(server) as bot:
            polling = asyncio.create_task(bot.get_updates(timeout=60))
            await asyncio.to_thread(server.wait, lambda: server.requests[-1].path.endswith("/getUpdates"))
            server.push_update(an_update("un"))
            return len(await polling)

    with FakeTelegram().in_thread() as server:
        assert asyncio.run(poll(server)) == 1
