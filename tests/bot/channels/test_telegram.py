from __future__ import annotations

import logging

import pytest

from bot.channels.base import OutcomeUnknown, TargetMoved, TargetRefused
from bot.channels.telegram import TelegramChannel
from bot.wording.message import Bold, Link, Message, line
from tests.bot.channels.platforms import OnTelegram

OFFER = Message(
    (line(Bold("Nouvelle offre"), ", @quelquun"), line(Link("Lire l’offre", "https://exemple.org/poste")))
)


async def test_a_message_mentions_nobody_and_shows_no_preview(telegram: OnTelegram) -> None:
    await telegram.channel.post(telegram.target, OFFER, delivery="d1")
    (message,) = telegram.server.messages
    assert message.mentions == []
    assert [entity["type"] for entity in message.entities] == ["bold", "text_link"]
    assert message.link_preview_options == {"is_disabled": True}


async def test_an_edit_shows_no_preview_either(telegram: OnTelegram) -> None:
    first = await telegram.channel.post(telegram.target, OFFER, delivery="d1")
    await telegram.channel.edit(telegram.target, first, Message((line(Link("Lire", "https://exemple.org")),)))
    assert telegram.server.messages[0].link_preview_options == {"is_disabled": True}


async def test_a_message_goes_to_its_topic(telegram: OnTelegram) -> None:
    telegram.server.add_chat(-1009, topics=[45])
    await telegram.channel.post("-1009/45", OFFER, delivery="d1")
    assert telegram.server.messages[0].message_thread_id == 45
    with pytest.raises(TargetRefused, match="sujet"):
        await telegram.channel.post("-1009/46", OFFER, delivery="d2")


async def test_a_reply_to_a_deleted_message_is_sent_all_the_same(telegram: OnTelegram) -> None:
    first = await telegram.channel.post(telegram.target, OFFER, delivery="d1")
    telegram.delete(first)
    await telegram.channel.post(telegram.target, OFFER, delivery="d2", reply_to=first)
    (message,) = telegram.server.messages
    assert message.reply_to is None


async def test_a_group_that_moved_is_told_with_its_new_number(telegram: OnTelegram) -> None:
    telegram.server.add_chat(-77, type="group")
    telegram.server.migrate(-77, -10077)
    with pytest.raises(TargetMoved) as told:
        await telegram.channel.post("-77", OFFER, delivery="d1")
    assert told.value.target == "-10077"


async def test_a_bot_that_was_put_out_is_told(telegram: OnTelegram) -> None:
    telegram.server.block(int(telegram.target))
    for attempt in (
        telegram.channel.post(telegram.target, OFFER, delivery="d1"),
        telegram.channel.check(telegram.target),
    ):
        with pytest.raises(TargetRefused, match="ajoutez-le"):
            await attempt


async def test_a_public_name_is_a_target(telegram: OnTelegram) -> None:
    telegram.server.add_chat(-1008, type="channel", username="offres_exemple")
    first = await telegram.channel.post("@offres_exemple", OFFER, delivery="d1")
    assert telegram.channel.permalink("@offres_exemple", first) == f"https://t.me/offres_exemple/{first}"


@pytest.mark.parametrize(
    ("target", "link"),
    [
        ("-1001234", "https://t.me/c/1234/7"),
        ("-1001234/45", "https://t.me/c/1234/45/7"),
        ("@offres/45", "https://t.me/offres/45/7"),
        ("-55", None),
        ("55", None),
    ],
)
async def test_permalinks(telegram: OnTelegram, target: str, link: str | None) -> None:
    assert telegram.channel.permalink(target, "7") == link


@pytest.mark.parametrize("target", ["offres", "-100/x", "@", ""])
async def test_a_target_of_another_form_is_explained(telegram: OnTelegram, target: str) -> None:
    with pytest.raises(TargetRefused, match="discussion Telegram"):
        await telegram.channel.post(target, OFFER, delivery="d1")


async def test_nothing_is_asked_before_the_first_message(telegram: OnTelegram) -> None:
    assert telegram.server.requests == []
    await telegram.channel.post(telegram.target, OFFER, delivery="d1")
    assert [request.path.rpartition("/")[2] for request in telegram.server.requests] == ["sendMessage"]


async def test_the_outcome_of_a_lost_answer_stays_unknown(telegram: OnTelegram) -> None:
    with pytest.raises(OutcomeUnknown):
        await telegram.channel.find(telegram.target, "d1", since=0)


async def test_the_token_is_never_logged(telegram: OnTelegram, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    channel = TelegramChannel(telegram.server.token, telegram.server.url)
    await channel.post(telegram.target, OFFER, delivery="d1")
    await channel.close()
    assert telegram.server.token not in caplog.text
