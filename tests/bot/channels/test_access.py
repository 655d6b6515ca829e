"""What each platform says that the account may do in a place, and what is said about what it lacks."""

from __future__ import annotations

import pytest

from bot.channels.base import TargetRefused
from bot.channels.slack import SlackChannel
from bot.channels.slack_access import lacks, scopes_of
from tests.bot.channels.platforms import OnMattermost, OnSlack, OnTelegram, Platform


async def _lacks(platform: Platform, target: str | None = None) -> list[str]:
    access = await platform.channel.check(target or platform.target)
    for lack in (*access.lacks, *access.remarks):
        assert lack.english != str(lack)
    return [str(lack).replace("\u00a0", " ") for lack in access.lacks]


async def _remarks(platform: Platform, target: str | None = None) -> list[str]:
    access = await platform.channel.check(target or platform.target)
    return [str(remark).replace("\u00a0", " ") for remark in access.remarks]


async def test_checking_posts_nothing(platform: Platform) -> None:
    assert await _lacks(platform) == []
    assert platform.shown() == []


async def test_mattermost_an_account_that_may_not_post_in_the_channel(mattermost: OnMattermost) -> None:
    mattermost.server.channel_roles = "moderated_channel_user"
    (lack,) = await _lacks(mattermost)
    assert "n’a pas le droit de publier dans « equipe/offres » (create_post)" in lack
    mattermost.server.roles = "system_user system_post_all"
    assert await _lacks(mattermost) == [], "the system lets it post everywhere"
    mattermost.server.roles = "system_user system_post_all_public"
    assert await _lacks(mattermost) == []
    private = mattermost.server.add_channel("equipe", "prive", private=True)
    assert len(await _lacks(mattermost, "equipe/prive")) == 1
    mattermost.server.channels[private].member = False
    with pytest.raises(TargetRefused):
        await mattermost.channel.check("equipe/prive")


async def test_mattermost_a_public_channel_that_the_bot_is_not_in(mattermost: OnMattermost) -> None:
    mattermost.server.channels[mattermost.room].member = False
    with pytest.raises(TargetRefused, match="invitez le bot"):
        await mattermost.channel.check(mattermost.target)


async def test_mattermost_the_account_of_a_person_is_remarked_upon(mattermost: OnMattermost) -> None:
    mattermost.server.is_bot = False
    assert await _lacks(mattermost) == []
    (remark,) = await _remarks(mattermost)
    assert remark.startswith("vigie est le compte d’une personne")


@pytest.mark.parametrize(
    ("scope", "lost"),
    [
        ("chat:write", "rien ne peut être publié"),
        ("channels:history", "ne peut pas être retrouvé"),
    ],
)
async def test_slack_each_scope_that_is_missing_is_named_with_what_is_lost(
    slack: OnSlack, scope: str, lost: str
) -> None:
    slack.server.scopes.remove(scope)
    (lack,) = await _lacks(slack)
    assert f"l’autorisation {scope} : sans elle" in lack
    assert lost in lack


async def test_slack_commands_need_a_scope_only_where_they_are_answered(slack: OnSlack) -> None:
    slack.server.scopes.remove("commands")
    assert await _lacks(slack) == []
    answering = SlackChannel(slack.server.token, slack.server.url, commands=True)
    (lack,) = (await answering.check(slack.target)).lacks
    assert "commands" in str(lack)


def test_slack_that_tells_no_scopes_is_not_said_to_lack_any() -> None:
    assert list(lacks(scopes_of(None), {"is_channel": True}, commands=True)) == []


def test_slack_a_direct_message_is_read_without_the_right_to_read_channels() -> None:
    scopes = scopes_of("chat:write, commands")
    assert list(lacks(scopes, {"is_im": True}, commands=True)) == []
    assert len(list(lacks(scopes, {"is_channel": True}, commands=True))) == 1


async def test_slack_a_private_channel_needs_scopes_of_its_own(slack: OnSlack) -> None:
    slack.server.add_channel("C0PRIVE", name="prive", private=True)
    slack.server.scopes = ["chat:write", "channels:read", "channels:history", "groups:read"]
    (lack,) = await _lacks(slack, "C0PRIVE")
    assert "groups:history" in lack


async def test_slack_without_the_right_to_ask_about_channels_the_rest_is_said(slack: OnSlack) -> None:
    slack.server.scopes = ["chat:write", "channels:history"]
    (lack,) = await _lacks(slack)
    assert "channels:read" in lack


async def test_slack_a_public_channel_may_be_posted_in_from_outside_and_not_read(slack: OnSlack) -> None:
    slack.server.add_channel("C0AUTRE", name="autre", member=False)
    slack.server.scopes.append("chat:write.public")
    (lack,) = await _lacks(slack, "C0AUTRE")
    assert "sans en être membre" in lack
    assert "/invite" in lack


async def test_telegram_a_group_whose_members_may_not_write(telegram: OnTelegram) -> None:
    chat = telegram.server.chats[-1001234]
    chat.members_may_post = False
    (lack,) = await _lacks(telegram)
    assert lack.startswith("Le bot ne peut pas écrire dans « -1001234 » : rendez-lui")
    chat.status = "administrator"
    assert await _lacks(telegram) == []


async def test_telegram_a_bot_that_was_restricted_or_left(telegram: OnTelegram) -> None:
    chat = telegram.server.chats[-1001234]
    chat.status = "restricted"
    assert await _lacks(telegram) == []
    chat.bot_may_post = False
    assert len(await _lacks(telegram)) == 1
    chat.status = "left"
    assert await _lacks(telegram) == ["Le bot n’est pas dans « -1001234 » : ajoutez-le à la discussion."]


async def test_telegram_a_channel_wants_an_administrator_that_may_post(telegram: OnTelegram) -> None:
    telegram.server.add_chat(-1007, "channel")
    chat = telegram.server.chats[-1007]
    (lack,) = await _lacks(telegram, "-1007")
    assert "nommez-le administrateur avec le droit de publier" in lack
    chat.status, chat.bot_may_post = "administrator", False
    assert len(await _lacks(telegram, "-1007")) == 1
    chat.bot_may_post = True
    assert await _lacks(telegram, "-1007") == []


async def test_telegram_a_person_is_reached_or_not(telegram: OnTelegram) -> None:
    telegram.server.add_chat(42, "private")
    assert await _lacks(telegram, "42") == []
    telegram.server.block(42)
    with pytest.raises(TargetRefused):
        await telegram.channel.check("42")


async def test_telegram_topics_where_there_are_none_and_where_nobody_can_tell(telegram: OnTelegram) -> None:
    (lack,) = await _lacks(telegram, "-1001234/7")
    assert "nomme un sujet et la discussion n’en a pas" in lack
    telegram.server.add_chat(-1008, topics=[7])
    assert await _lacks(telegram, "-1008/7") == []
    (remark,) = await _remarks(telegram, "-1008/7")
    assert "« vigie check --message » l’essaie" in remark
