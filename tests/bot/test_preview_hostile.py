"""Hostile postings: whatever they say, each platform is sent text within its limits that acts on nobody.

What would be sent is parsed as the platform parses it, and one message of each posting is sent: what the fake
server holds afterwards is what was parsed.
"""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import date
from typing import cast
from urllib.parse import unquote

import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.channels.layout import mattermost_text, slack_blocks, slack_text, telegram_html
from bot.channels.markup import spans
from bot.channels.slack import POSTED_TEXT, UPDATED_TEXT
from bot.cli.previewing import console_text
from bot.previewing.preview import previews
from bot.wording.message import Link, Message
from postings.dates import When
from postings.model import Contract, Posting, Remote, Team
from tests.bot.channels.platforms import OnMattermost, OnSlack, OnTelegram, Platform, opened
from tests.bot.channels.texts import texts, urls
from tests.fakes import telegram_html as telegram_parser
from tests.fakes.slack_blocks import MAX_ALL_TEXT, all_text, problems

CAMPAIGN = settings.get_current_profile_name() == "campaign"
EXAMPLES = 10_000 if CAMPAIGN else 100
LONGEST = 10_000
"""Characters of a text."""

FOLLOWED = re.compile(r"(?:https?://|mailto:)", re.I)
OTHER_SCHEME = re.compile(r"(?<!http)(?<!https)://", re.I)
REORDERS = re.compile("[\u202a-\u202e\u2066-\u2069]")
CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
MARKDOWN = MarkdownIt("commonmark", {"html": True, "breaks": True}).enable(["table", "strikethrough"])
SHOWN = {"text", "softbreak", "strong_open", "strong_close", "link_open", "link_close", "code_inline"}

HOSTILE = (
    "@all <!here> <@U0PERSONNE> <b>gras</b> </a> **x** [ici](javascript:alert(1)) tg://user?id=1 `code` "
    "\u202eà l’envers\u202c #motdiese /start ~canal :smile: | --- | > cité ![i](ftp://exemple.org) "
)

hostile = texts | st.just(HOSTILE)
long = st.builds(lambda text, times: (text * times)[:LONGEST], hostile, st.integers(2, 2_000))
teams = st.builds(Team, texts, hostile)
whens = st.builds(When, day=st.sampled_from([date(2026, 3, 27), date(2026, 4, 15), date(2031, 1, 1)]))
postings = st.builds(
    Posting,
    id=hostile,
    path=hostile,
    role=hostile,
    team=st.none() | teams,
    host=st.none() | teams,
    contracts=st.lists(st.sampled_from(Contract), unique=True).map(tuple),
    cities=st.lists(hostile, max_size=3).map(tuple),
    remote=st.none() | st.sampled_from(Remote),
    closes=st.none() | whens,
    url=urls | hostile,
    apply_url=st.none() | urls | hostile,
    summary=hostile,
)
long_postings = st.builds(
    lambda posting, field, text: replace(posting, **{field: text}),
    postings,
    st.sampled_from(["id", "path", "role", "url", "summary"]),
    long,
)
WORST = Posting(
    id=HOSTILE,
    path=HOSTILE,
    role=HOSTILE,
    team=Team(HOSTILE, HOSTILE),
    host=Team("x", HOSTILE),
    cities=(HOSTILE, HOSTILE),
    closes=When(day=date(2026, 3, 27)),
    url="https://exemple.org/" + HOSTILE,
    apply_url="javascript:" + HOSTILE,
    summary=(HOSTILE * 100)[:LONGEST],
)


def mentioned(text: str) -> list[str]:
    """The words that a Mattermost server takes for mentions (app/notification.go splits them like this)."""
    words = [w for part in re.split(r"[^\w@:.\-]+", text) for w in (part, *re.split("[.:-]", part))]
    return [word for word in words if word.lstrip(":.-_")[:1] == "@" and len(word.strip(":.-_")) > 1]


def addresses(message: Message) -> set[str]:
    """What the links of a message lead to, whole."""
    return {span.url for part in message.lines for span in spans(part) if isinstance(span, Link)}


def safe_on_mattermost(message: Message) -> None:
    markup = mattermost_text(message)
    assert 0 < len(markup) <= 16_383
    whole = {unquote(MARKDOWN.normalizeLink(address)) for address in addresses(message)}
    plain: list[str] = []
    for block in MARKDOWN.parse(markup):
        assert block.type in ("paragraph_open", "inline", "paragraph_close"), markup
        for token in block.children or []:
            assert token.type in SHOWN, markup
            if token.type == "link_open":
                assert FOLLOWED.match(str(token.attrs["href"]))
                assert unquote(str(token.attrs["href"])) in whole
            elif token.type != "code_inline":
                plain.append(token.content)
    assert not mentioned(" ".join(plain)), markup
    acts_on_nobody("".join(plain))


def safe_on_slack(message: Message) -> None:
    blocks = slack_blocks(message)
    assert blocks
    assert problems(blocks) == []
    assert all_text(blocks) <= MAX_ALL_TEXT
    whole = addresses(message)
    for block in blocks:
        text = cast("dict[str, dict[str, str]]", block)["text"]["text"]
        for address in re.findall(r"<([^<>|]*)\|[^<>]*>", text):
            assert FOLLOWED.match(address)
            assert html.unescape(address) in whole
        assert not re.search(r"[<>]", re.sub(r"<[^<>|]*\|[^<>]*>", "", text)), text
        words = re.sub(r"`[^`\n]*`|<[^<>|]*\|([^<>]*)>", r"\1", text)
        assert not mentioned(words), text
        acts_on_nobody(words)
    for limit in (POSTED_TEXT, UPDATED_TEXT):
        spoken = slack_text(message, limit)
        assert 0 < len(spoken.encode()) <= limit
        assert not re.search(r"[<>]", spoken)
        assert not mentioned(spoken)
        acts_on_nobody(spoken)


def safe_on_telegram(message: Message) -> None:
    plain, entities = telegram_parser.parse(telegram_html(message))
    assert 0 < telegram_parser.utf16(plain) <= 4_096
    assert {entity["type"] for entity in entities} <= {"bold", "text_link", "code"}
    whole = addresses(message)
    for entity in entities:
        if entity["type"] == "text_link":
            assert FOLLOWED.match(entity["url"])
            assert entity["url"] in whole
    assert telegram_parser.mentions(plain, entities) == []
    units = plain.encode("utf-16-le")
    for entity in reversed([e for e in entities if e["type"] == "code"]):
        start, end = 2 * entity["offset"], 2 * (entity["offset"] + entity["length"])
        units = units[:start] + units[end:]
    words = units.decode("utf-16-le")
    assert not re.search(r"(?<![\w/])/[A-Za-z0-9_]", re.sub(r"https?://\S*", "", words, flags=re.I)), words
    acts_on_nobody(words)


def safe_on_a_terminal(message: Message) -> None:
    printed = console_text(message)
    assert printed.strip()
    assert not CONTROLS.search(printed)
    assert not REORDERS.search(printed)


def acts_on_nobody(text: str) -> None:
    """Words outside of links and commands: no client finds anything in them to act upon."""
    assert not OTHER_SCHEME.search(text), text
    assert not REORDERS.search(text)
    assert not CONTROLS.search(text)


CHECKS = {
    "mattermost": safe_on_mattermost,
    "slack": safe_on_slack,
    "telegram": safe_on_telegram,
    "console": safe_on_a_terminal,
}


class Sent:
    """The three platforms, each with its client and its fake server."""

    def __init__(self, runner: asyncio.Runner, platforms: dict[str, Platform]) -> None:
        self._runner = runner
        self._platforms = platforms
        self._count = 0

    def received(self, name: str, message: Message) -> tuple[object, ...]:
        """What the server of a platform holds of a message once it was sent there."""
        platform = self._platforms[name]
        self._count += 1
        self._runner.run(platform.channel.post(platform.target, message, delivery=str(self._count)))
        platform.server.requests.clear()
        match platform:
            case OnMattermost():
                return (platform.server.posts.pop().message,)
            case OnSlack():
                held = platform.server.messages.pop()
                return held.blocks, held.text
            case OnTelegram():
                return (platform.server.messages.pop().text,)
        raise KeyError(name)


LAID_OUT: Mapping[str, Callable[[Message], tuple[object, ...]]] = {
    "mattermost": lambda message: (mattermost_text(message),),
    "slack": lambda message: (slack_blocks(message), slack_text(message, POSTED_TEXT)),
    "telegram": lambda message: (telegram_html(message),),
}


@pytest.fixture(scope="module")
def sent() -> Iterator[Sent]:
    with asyncio.Runner() as runner:
        stack = AsyncExitStack()
        names = ("mattermost", "slack", "telegram")
        yield Sent(runner, {name: runner.run(stack.enter_async_context(opened(name))) for name in names})
        runner.run(stack.aclose())


@pytest.mark.property
@given(
    posting=st.one_of(*[postings] * 9, long_postings),
    platform=st.sampled_from(sorted(CHECKS)),
    language=st.sampled_from(["fr", "en"]),
    named=st.sampled_from([1, 2, 15]),
    which=st.integers(0, 99),
)
@example(posting=WORST, platform="mattermost", language="fr", named=15, which=0)
@example(posting=WORST, platform="slack", language="fr", named=15, which=0)
@example(posting=WORST, platform="telegram", language="fr", named=15, which=0)
@example(posting=WORST, platform="console", language="fr", named=15, which=0)
@settings(max_examples=EXAMPLES, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
def test_no_posting_leaves_a_limit_mentions_anybody_or_breaks_out(
    sent: Sent, posting: Posting, platform: str, language: str, named: int, which: int
) -> None:
    told = [replace(posting, id=f"{posting.id}-{number}") for number in range(named)]
    messages = list(dict.fromkeys(preview.message for preview in previews(platform, language, told)))
    for message in messages:
        CHECKS[platform](message)
    if platform in LAID_OUT:
        message = messages[which % len(messages)]
        assert sent.received(platform, message) == LAID_OUT[platform](message)
