"""Buttons in the means of each platform, within its limits, whatever a posting's team is called."""

from __future__ import annotations

import io
import json

from rich.console import Console

from bot.asking.buttons import MOST, written_out
from bot.channels.console import show
from bot.channels.layout import mattermost_attachments, slack_actions, slack_blocks, telegram_keyboard
from bot.wording.message import Button, Message, line
from tests.fakes import slack_blocks as rules

MESSAGE = Message(
    (line("2 offres"),), (Button("Page suivante", "page 2 dev"), Button("@all <!here>", "équipe:x"))
)
FULL = Message(
    tuple(line("x" * 600) for _ in range(40)),
    tuple(Button("L" * 40 + " (1)", "q" * 1_000) for _ in range(MOST)),
)


def test_slack_takes_the_longest_message_with_the_most_buttons() -> None:
    for message in (MESSAGE, FULL):
        blocks = [*slack_blocks(message), *slack_actions(message)]
        assert rules.problems(blocks) == []
        assert rules.all_text(blocks) <= rules.MAX_ALL_TEXT
    assert slack_actions(Message((line("x"),))) == []


def test_mattermost_gets_as_many_buttons_as_a_post_may_hold() -> None:
    [attachment] = mattermost_attachments(FULL, "https://vigie.example.org", lambda b: {"asks": b.asks})
    assert 1 < len(attachment["actions"]) < MOST  # type: ignore[arg-type]
    assert len(json.dumps([attachment])) < 8_000
    [attachment] = mattermost_attachments(MESSAGE, "https://vigie.example.org", lambda b: {"asks": b.asks})
    assert "@all" not in json.dumps(attachment)
    assert attachment["actions"][0]["integration"]["context"] == {"asks": "page 2 dev"}  # type: ignore[index]


def test_telegram_has_two_a_row_and_leaves_out_what_has_no_data() -> None:
    three = Message(MESSAGE.lines, (*MESSAGE.buttons, Button("Trop long", "x" * 99)))
    rows = telegram_keyboard(three, lambda b: b.asks if len(b.asks) < 64 else None)
    assert rows == [[("Page suivante", "page 2 dev"), ("@all <!here>", "équipe:x")]]


def test_where_there_are_no_buttons_they_are_spelt() -> None:
    assert written_out(MESSAGE, "fr").text.splitlines()[1] == "Page suivante\u00a0: /postes page 2 dev"
    assert written_out(MESSAGE, "fr").buttons == ()
    console = Console(file=io.StringIO(), width=80)
    show(MESSAGE, console)
    assert isinstance(console.file, io.StringIO)
    assert "[Page suivante] /postes page 2 dev" in console.file.getvalue()
