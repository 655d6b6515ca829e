"""What the outbox relies on, whatever the platform."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import replace

import pytest

from bot.channels.access import Access
from bot.channels.base import Channel, MessageGone, OutcomeUnknown, TargetRefused, TryLater
from bot.channels.mattermost import MattermostChannel
from bot.channels.mattermost_api import MattermostApi
from bot.channels.slack import SlackChannel
from bot.channels.telegram import TelegramChannel
from bot.wording.message import Bold, Link, Message, line
from postings.errors import VigieError
from tests.bot.channels.platforms import NOW, Platform
from tests.fakes.failures import Failure


def text(words: str) -> Message:
    return Message((line(words),))


OFFER = Message(
    (line(Bold("Nouvelle offre"), ", Équipe & Cie"), line(Link("Lire l’offre", "https://exemple.org/poste")))
)


async def test_a_message_is_posted_with_all_its_lines(platform: Platform) -> None:
    assert await platform.channel.post(platform.target, OFFER, delivery="d1")
    (shown,) = platform.shown()
    assert "Nouvelle offre" in shown
    assert "Lire l’offre" in shown


async def test_a_reply_stands_in_the_thread(platform: Platform) -> None:
    first = await platform.channel.post(platform.target, OFFER, delivery="d1")
    await platform.channel.post(platform.target, text("Fermée"), delivery="d2", reply_to=first)
    assert platform.in_thread(first) == ["Fermée"]


async def test_an_edit_replaces_the_text_and_may_be_repeated(platform: Platform) -> None:
    first = await platform.channel.post(platform.target, OFFER, delivery="d1")
    await platform.channel.edit(platform.target, first, text("Offre fermée"))
    await platform.channel.edit(platform.target, first, text("Offre fermée"))
    assert platform.shown() == ["Offre fermée"]


async def test_editing_a_deleted_message_says_so(platform: Platform) -> None:
    first = await platform.channel.post(platform.target, OFFER, delivery="d1")
    platform.delete(first)
    with pytest.raises(MessageGone):
        await platform.channel.edit(platform.target, first, text("Offre fermée"))


async def test_a_channel_that_does_not_exist_is_refused_in_words_that_help(platform: Platform) -> None:
    for attempt in (
        platform.channel.post(platform.missing, OFFER, delivery="d1"),
        platform.channel.check(platform.missing),
    ):
        with pytest.raises(TargetRefused) as told:
            await attempt
        assert platform.missing in str(told.value)
        assert platform.missing in told.value.english
        assert told.value.english != str(told.value)


async def test_a_refused_token_is_not_told_and_lasts(platform: Platform) -> None:
    token = vars(platform.server)["token"]
    platform.revoke()
    for attempt in (
        platform.channel.post(platform.target, OFFER, delivery="d1"),
        platform.channel.check(platform.target),
    ):
        with pytest.raises(TargetRefused, match="jeton") as told:
            await attempt
        assert token not in str(told.value) + told.value.english


async def test_check_tells_the_account(platform: Platform) -> None:
    assert await platform.channel.check(platform.target) == Access(platform.account), "and nothing is lacking"


async def test_the_wait_that_the_platform_asks_for_is_told(platform: Platform) -> None:
    platform.server.fail(Failure.status(429, retry_after=17, path=platform.posting))
    with pytest.raises(TryLater) as told:
        await platform.channel.post(platform.target, OFFER, delivery="d1")
    assert told.value.wait == 17
    assert platform.shown() == []


@pytest.mark.parametrize(
    "failure", [Failure.accept_then_cut, Failure.cut_before], ids=["accepted", "not accepted"]
)
async def test_a_lost_answer_is_unknown_and_find_tells(platform: Platform, failure: object) -> None:
    assert callable(failure)
    await platform.channel.check(platform.target)
    platform.server.fail(failure(path=platform.posting))
    with pytest.raises(OutcomeUnknown):
        await platform.channel.post(platform.target, OFFER, delivery="d1")
    assert len(platform.shown()) == (failure == Failure.accept_then_cut)  # never sent twice
    if not platform.finds:
        with pytest.raises(OutcomeUnknown):
            await platform.channel.find(platform.target, "d1", since=NOW)
        return
    found = await platform.channel.find(platform.target, "d1", since=NOW)
    assert (found is not None) == (failure == Failure.accept_then_cut)
    if found:
        await platform.channel.edit(platform.target, found, text("Trouvée"))
        assert platform.shown() == ["Trouvée"]


async def test_a_reply_whose_answer_was_lost_is_found(platform: Platform) -> None:
    if not platform.finds:
        pytest.skip("nothing can be found again there")
    first = await platform.channel.post(platform.target, OFFER, delivery="d1")
    second = await platform.channel.post(platform.target, text("Suite"), delivery="d2", reply_to=first)
    assert await platform.channel.find(platform.target, "d2", since=NOW) == second
    assert await platform.channel.find(platform.target, "d3", since=NOW) is None


@pytest.mark.parametrize("code", [500, 502, 504])
async def test_a_platform_in_trouble_leaves_a_post_unknown_and_an_edit_for_later(
    platform: Platform, code: int
) -> None:
    first = await platform.channel.post(platform.target, OFFER, delivery="d1")
    platform.server.fail(Failure.garbage(code), Failure.garbage(code))
    with pytest.raises(OutcomeUnknown):
        await platform.channel.post(platform.target, OFFER, delivery="d2")
    with pytest.raises(TryLater):
        await platform.channel.edit(platform.target, first, text("Fermée"))


@pytest.mark.parametrize(
    "failure",
    [
        Failure.nonsense(stored=True),
        Failure.nonsense(stored=False),
        Failure.truncated(),
        Failure.garbage(200),
    ],
    ids=["types", "types, not accepted", "truncated", "HTML"],
)
async def test_an_answer_that_makes_no_sense_is_no_answer(platform: Platform, failure: Failure) -> None:
    first = await platform.channel.post(platform.target, OFFER, delivery="d1")
    platform.server.fail(replace(failure, path=platform.posting))
    with pytest.raises(OutcomeUnknown):
        await platform.channel.post(platform.target, OFFER, delivery="d2")
    assert len(platform.shown()) == 1 + failure.stored
    platform.server.fail(failure)
    with pytest.raises(TryLater):
        await platform.channel.edit(platform.target, first, text("Fermée"))
    await platform.channel.edit(platform.target, first, text("Fermée"))
    assert platform.shown()[0] == "Fermée"
    if platform.finds:
        platform.server.fail(failure)
        with pytest.raises(TryLater):
            await platform.channel.find(platform.target, "d2", since=NOW)
        assert bool(await platform.channel.find(platform.target, "d2", since=NOW)) == failure.stored


async def test_bytes_that_drip_without_end_are_not_waited_for(
    platform: Platform, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = await platform.channel.post(platform.target, OFFER, delivery="d1")
    # Each byte comes well within the time that is given for one, the last much later.
    asks = MattermostApi if isinstance(platform.channel, MattermostChannel) else type(platform.channel)
    monkeypatch.setattr(sys.modules[asks.__module__], "_TIMEOUT", 0.3)
    if isinstance(platform.channel, SlackChannel):
        monkeypatch.setattr(platform.channel._client, "timeout", 0.3)
    platform.server.fail(Failure.drip(pause=0.05, path=platform.posting))
    with pytest.raises(OutcomeUnknown):
        await platform.channel.post(platform.target, OFFER, delivery="d2")
    platform.server.fail(Failure.drip(pause=0.05))
    with pytest.raises(TryLater):
        await platform.channel.edit(platform.target, first, text("Fermée"))


async def test_what_makes_no_sense_is_not_remembered(platform: Platform) -> None:
    for failure in [Failure.nonsense(stored=False)] * 3:
        platform.server.fail(failure)
        with pytest.raises((TryLater, OutcomeUnknown)):
            await platform.channel.post(platform.target, OFFER, delivery="d1")
        with contextlib.suppress(TryLater):
            platform.server.fail(failure)
            await platform.channel.check(platform.target)
    assert (await platform.channel.check(platform.target)).account == platform.account
    assert await platform.channel.post(platform.target, OFFER, delivery="d1")
    assert len(platform.shown()) == 1


async def test_a_long_message_is_cut_and_taken(platform: Platform) -> None:
    long = Message((line(Bold("Titre")), line("é&<*😀 mot " * 10_000)))
    first = await platform.channel.post(platform.target, long, delivery="d1")
    assert platform.shown()[0].startswith(("Titre", "**Titre**"))
    await platform.channel.edit(platform.target, first, Message((line("é&<*😀 mot " * 9_000),)))
    assert platform.shown()[0].endswith("…")


@pytest.mark.parametrize(
    "channel",
    [
        lambda: MattermostChannel("http://127.0.0.1:9", "jeton"),
        lambda: SlackChannel("jeton", "http://127.0.0.1:9/api/"),
        lambda: TelegramChannel("1:jeton", "http://127.0.0.1:9"),
    ],
    ids=["mattermost", "slack", "telegram"],
)
async def test_a_platform_that_is_not_reached_got_nothing(channel: object) -> None:
    assert callable(channel)
    unreachable: Channel = channel()
    with pytest.raises(TryLater):
        await unreachable.post(
            "-100/1" if unreachable.platform == "telegram" else "a/b", OFFER, delivery="d1"
        )
    await unreachable.close()


async def test_every_error_is_one_of_the_projects_and_has_two_languages(platform: Platform) -> None:
    first = await platform.channel.post(platform.target, OFFER, delivery="d1")
    for code in (400, 403, 404, 409, 500):
        platform.server.fail(Failure.status(code))
        with pytest.raises(VigieError) as told:
            await platform.channel.edit(platform.target, first, text(f"Essai {code}"))
        assert told.value.english != str(told.value)
