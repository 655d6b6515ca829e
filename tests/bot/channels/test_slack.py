from __future__ import annotations

import pytest

from bot.channels.base import MessageGone, TargetRefused
from bot.channels.slack import SlackChannel
from bot.wording.message import Bold, Message, line
from tests.bot.channels.platforms import NOW, OnSlack
from tests.fakes.failures import Failure

OFFER = Message((line(Bold("Nouvelle offre"), ", @here <!here>"),))


async def test_a_message_carries_its_delivery_and_unfurls_nothing(slack: OnSlack) -> None:
    await slack.channel.post(slack.target, OFFER, delivery="d1")
    (message,) = slack.server.messages
    assert message.metadata == {"event_type": "vigie_delivery", "event_payload": {"delivery": "d1"}}
    sent = slack.server.requests[0].json
    assert (sent["unfurl_links"], sent["unfurl_media"]) == ("0", "0") or not sent["unfurl_links"]


async def test_an_edit_keeps_the_delivery_and_changes_the_blocks(slack: OnSlack) -> None:
    first = await slack.channel.post(slack.target, OFFER, delivery="d1")
    await slack.channel.edit(slack.target, first, Message((line("Fermée"),)))
    assert slack.server.messages[0].blocks[0]["text"]["text"] == "Fermée"
    assert await slack.channel.find(slack.target, "d1", since=NOW) == first


async def test_a_reply_is_shown_in_the_channel_only_when_asked(slack: OnSlack) -> None:
    first = await slack.channel.post(slack.target, OFFER, delivery="d1")
    await slack.channel.post(slack.target, OFFER, delivery="d2", reply_to=first)
    await slack.channel.post(slack.target, OFFER, delivery="d3", reply_to=first, broadcast=True)
    assert [reply.broadcast for reply in slack.server.replies(first)] == [False, True]


async def test_a_reply_in_an_old_thread_is_found(slack: OnSlack) -> None:
    clock = slack.server.clock
    first = await slack.channel.post(slack.target, OFFER, delivery="d1")
    vars(clock)["now"] += 40 * 86_400
    reply = await slack.channel.post(slack.target, OFFER, delivery="d2", reply_to=first)
    assert await slack.channel.find(slack.target, "d2", since=clock()) == reply


async def test_a_message_is_found_behind_many_others(slack: OnSlack) -> None:
    first = await slack.channel.post(slack.target, OFFER, delivery="d1")
    for n in range(450):
        slack.server.say(slack.target, f"message {n}")
    assert await slack.channel.find(slack.target, "d1", since=NOW) == first


async def test_the_permalink_is_known_from_the_first_post_on(slack: OnSlack) -> None:
    assert slack.channel.permalink(slack.target, "1.2") is None
    ts = await slack.channel.post(slack.target, OFFER, delivery="d1")
    link = f"https://equipe-exemple.slack.com/archives/C0OFFRES/p{ts.replace('.', '')}"
    assert slack.channel.permalink(slack.target, ts) == link


async def test_a_message_that_is_out_stays_out_when_the_permalink_cannot_be_asked(slack: OnSlack) -> None:
    slack.server.fail(Failure.status(500, path="auth.test"))
    ts = await slack.channel.post(slack.target, OFFER, delivery="d1")
    assert slack.server.messages[0].ts == ts


async def test_a_reply_to_a_deleted_message_says_so(slack: OnSlack) -> None:
    first = await slack.channel.post(slack.target, OFFER, delivery="d1")
    slack.delete(first)
    with pytest.raises(MessageGone):
        await slack.channel.post(slack.target, OFFER, delivery="d2", reply_to=first)


async def test_a_bot_that_is_not_in_the_channel_is_told_how_to_get_in(slack: OnSlack) -> None:
    slack.server.add_channel("C0AUTRE", name="autre", member=False)
    for attempt in (
        slack.channel.post("C0AUTRE", OFFER, delivery="d1"),
        slack.channel.check("C0AUTRE"),
    ):
        with pytest.raises(TargetRefused, match="/invite"):
            await attempt


async def test_an_archived_channel_is_told(slack: OnSlack) -> None:
    slack.server.archive_channel(slack.target)
    for attempt in (
        slack.channel.post(slack.target, OFFER, delivery="d1"),
        slack.channel.check(slack.target),
    ):
        with pytest.raises(TargetRefused, match="archivé"):
            await attempt


async def test_an_address_without_its_final_slash_works(slack: OnSlack) -> None:
    channel = SlackChannel(slack.server.token, slack.server.url.rstrip("/"))
    assert (await channel.check(slack.target)).account == "vigie"


async def test_a_person_is_told_alone_and_found_again(slack: OnSlack) -> None:
    ts = await slack.channel.post("U0PERSONNE", OFFER, delivery="d1")
    assert [message.channel for message in slack.server.messages] == ["D0PERSONNE"]
    assert await slack.channel.find("U0PERSONNE", "d1", since=NOW) == ts
    opened = [request for request in slack.server.requests if request.path.endswith("conversations.open")]
    assert len(opened) == 1, "the direct channel is kept"


async def test_a_person_who_left_the_workspace_is_refused_alone(slack: OnSlack) -> None:
    with pytest.raises(TargetRefused, match="n’est plus une personne de cet espace Slack"):
        await slack.channel.post("U0AUTRE", OFFER, delivery="d1")


async def test_the_scope_that_opens_a_direct_channel_is_named_when_it_is_missing(slack: OnSlack) -> None:
    slack.server.scopes = ["chat:write"]
    with pytest.raises(TargetRefused, match="im:write"):
        await slack.channel.post("U0PERSONNE", OFFER, delivery="d1")
