from __future__ import annotations

import httpx
import pytest

from bot.channels.base import MessageGone, TargetRefused
from bot.channels.mattermost import MattermostChannel
from bot.wording.message import Message, line
from tests.bot.channels.platforms import NOW, OnMattermost

OFFER = Message((line("Nouvelle offre, @all"),))


async def test_a_post_carries_its_delivery_twice(mattermost: OnMattermost) -> None:
    await mattermost.channel.post(mattermost.target, OFFER, delivery="d1")
    (post,) = mattermost.server.posts
    assert post.pending_post_id == f"{mattermost.server.bot_user_id}:d1"
    assert post.props["vigie_delivery"] == "d1"


async def test_one_delivery_sent_twice_is_one_post(mattermost: OnMattermost) -> None:
    first = await mattermost.channel.post(mattermost.target, OFFER, delivery="d1")
    assert await mattermost.channel.post(mattermost.target, OFFER, delivery="d1") == first
    assert len(mattermost.server.posts) == 1


async def test_an_edit_keeps_the_delivery(mattermost: OnMattermost) -> None:
    first = await mattermost.channel.post(mattermost.target, OFFER, delivery="d1")
    await mattermost.channel.edit(mattermost.target, first, Message((line("Fermée"),)))
    assert await mattermost.channel.find(mattermost.target, "d1", since=NOW) == first


async def test_somebody_elses_post_is_never_taken_for_ours(mattermost: OnMattermost) -> None:
    post = mattermost.server.say(mattermost.room, "Nouvelle offre")
    post.props["vigie_delivery"] = "d1"
    assert await mattermost.channel.find(mattermost.target, "d1", since=NOW) is None


async def test_a_post_is_found_though_the_servers_clock_is_behind(mattermost: OnMattermost) -> None:
    first = await mattermost.channel.post(mattermost.target, OFFER, delivery="d1")
    assert await mattermost.channel.find(mattermost.target, "d1", since=NOW + 120) == first


async def test_the_channel_and_the_account_are_asked_for_once(mattermost: OnMattermost) -> None:
    for n in range(3):
        await mattermost.channel.post(mattermost.target, OFFER, delivery=f"d{n}")
    paths = [request.path for request in mattermost.server.requests]
    assert len(paths) == 2 + 3


async def test_a_person_gets_a_direct_message(mattermost: OnMattermost) -> None:
    mattermost.server.add_user("personne")
    post = await mattermost.channel.post("@personne", OFFER, delivery="d1")
    room = mattermost.server.channels[mattermost.server.posts[0].channel_id]
    assert room.kind == "D"
    assert mattermost.channel.permalink("@personne", post) == f"{mattermost.server.url}/_redirect/pl/{post}"


def test_a_permalink_names_the_team(mattermost: OnMattermost) -> None:
    assert mattermost.channel.permalink("equipe/offres", "p1") == f"{mattermost.server.url}/equipe/pl/p1"


async def test_a_reply_to_a_deleted_message_says_so(mattermost: OnMattermost) -> None:
    first = await mattermost.channel.post(mattermost.target, OFFER, delivery="d1")
    mattermost.delete(first)
    with pytest.raises(MessageGone):
        await mattermost.channel.post(mattermost.target, OFFER, delivery="d2", reply_to=first)


async def test_a_channel_that_the_bot_left_is_refused_not_gone(mattermost: OnMattermost) -> None:
    first = await mattermost.channel.post(mattermost.target, OFFER, delivery="d1")
    mattermost.server.channels[mattermost.room].member = False
    with pytest.raises(TargetRefused, match="invitez"):
        await mattermost.channel.edit(mattermost.target, first, Message((line("Fermée"),)))
    with pytest.raises(TargetRefused, match="invitez"):
        await mattermost.channel.check(mattermost.target)


async def test_an_archived_channel_is_told(mattermost: OnMattermost) -> None:
    await mattermost.channel.post(mattermost.target, OFFER, delivery="d1")
    mattermost.server.archive_channel(mattermost.room)
    with pytest.raises(TargetRefused, match="archivé"):
        await mattermost.channel.post(mattermost.target, OFFER, delivery="d2")
    with pytest.raises(TargetRefused, match="archivé"):
        await mattermost.channel.check(mattermost.target)


async def test_a_channel_made_anew_under_its_name_is_found_again(mattermost: OnMattermost) -> None:
    await mattermost.channel.post(mattermost.target, OFFER, delivery="d1")
    mattermost.server.delete_channel(mattermost.room)
    with pytest.raises(TargetRefused):
        await mattermost.channel.post(mattermost.target, OFFER, delivery="d2")
    room = mattermost.server.add_channel("equipe", "offres")
    await mattermost.channel.post(mattermost.target, OFFER, delivery="d2")
    assert mattermost.server.posts[-1].channel_id == room


@pytest.mark.parametrize("target", ["offres", "/offres", "equipe/", ""])
async def test_a_target_of_another_form_is_explained(mattermost: OnMattermost, target: str) -> None:
    with pytest.raises(TargetRefused, match="équipe/canal"):
        await mattermost.channel.post(target, OFFER, delivery="d1")


async def test_a_client_that_was_given_is_not_closed(mattermost: OnMattermost) -> None:
    async with httpx.AsyncClient(verify=False) as client:
        channel = MattermostChannel(mattermost.server.url + "/", mattermost.server.token, client)
        await channel.post(mattermost.target, OFFER, delivery="d1")
        await channel.close()
        assert not client.is_closed


async def test_a_post_is_found_in_a_channel_where_more_was_said_than_one_answer_holds(
    mattermost: OnMattermost,
) -> None:
    for number in range(1100):
        mattermost.server.say(mattermost.room, f"Bonjour {number}", user_id="quelquun")
    sent = await mattermost.channel.post(mattermost.target, OFFER, delivery="d1")
    for number in range(300):
        mattermost.server.say(mattermost.room, f"Bonsoir {number}", user_id="quelquun")
    assert await mattermost.channel.find(mattermost.target, "d1", since=NOW) == sent
    assert await mattermost.channel.find(mattermost.target, "d2", since=NOW) is None
