"""The rules of Block Kit that the fake Slack holds messages to."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.slack_blocks import all_text, problems


def text(words: str, kind: str = "mrkdwn") -> dict[str, Any]:
    return {"type": kind, "text": words}


def plain(words: str) -> dict[str, Any]:
    return text(words, "plain_text")


def button(n: int, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain("Suite"), "action_id": f"a{n}", **more}


def section(**parts: Any) -> dict[str, Any]:
    return {"type": "section", **parts}


def test_a_whole_message_passes() -> None:
    blocks = [
        {"type": "header", "text": plain("O" * 150)},
        section(text=text("t" * 3000), block_id="b1", accessory=button(0)),
        section(fields=[text("f" * 2000)] * 10),
        {"type": "divider"},
        {"type": "context", "elements": [text("c"), plain("d")]},
        {"type": "image", "image_url": "https://example.org/i.png", "alt_text": "Logo"},
        {"type": "actions", "elements": [button(n, value="v", style="primary") for n in range(25)]},
    ]
    assert problems(blocks) == []
    assert all_text(blocks) > 20_000


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (
            section(text=text("t" * 3001)),
            "must be less than 3001 characters [json-pointer:/blocks/0/text/text]",
        ),
        (section(text=text("")), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        (section(text="t"), "unsupported type: None [json-pointer:/blocks/0/text/type]"),
        (section(text=text("t", "html")), "unsupported type: html [json-pointer:/blocks/0/text/type]"),
        (section(text={"type": "mrkdwn"}), "missing required field: text [json-pointer:/blocks/0/text]"),
        (section(text=text("t") | {"text": 3}), "must be a string [json-pointer:/blocks/0/text/text]"),
        (
            section(text=text("t") | {"emoji": True}),
            "invalid additional property: emoji [json-pointer:/blocks/0/text]",
        ),
        (section(), "missing required field: text [json-pointer:/blocks/0]"),
        (section(fields=[text("f")] * 11), "no more than 10 items allowed [json-pointer:/blocks/0/fields]"),
        (
            section(fields=[text("f" * 2001)]),
            "must be less than 2001 characters [json-pointer:/blocks/0/fields/0/text]",
        ),
        (section(text=text("t"), color="red"), "invalid additional property: color [json-pointer:/blocks/0]"),
        (
            {"type": "header", "text": plain("h" * 151)},
            "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        (
            {"type": "header", "text": text("h")},
            "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]",
        ),
        (
            {"type": "actions", "elements": [button(n) for n in range(26)]},
            "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            {"type": "actions", "elements": []},
            "missing required field: elements [json-pointer:/blocks/0]",
        ),
        (
            {"type": "actions", "elements": [button(1), button(1)]},
            "`action_id` already exists [json-pointer:/blocks/0/elements/1/action_id]",
        ),
        (
            {"type": "actions", "elements": [button(1, text=plain("x" * 76))]},
            "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]",
        ),
        (
            {"type": "actions", "elements": [button(1, value="v" * 2001)]},
            "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
        ),
        (
            {"type": "actions", "elements": [button(1, style="blue")]},
            "must be a valid enum value [json-pointer:/blocks/0/elements/0/style]",
        ),
        (
            {"type": "actions", "elements": [text("t")]},
            "unsupported type: mrkdwn [json-pointer:/blocks/0/elements/0/type]",
        ),
        (
            {"type": "context", "elements": [text("t")] * 11},
            "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (
            {"type": "image", "image_url": "https://example.org/i.png"},
            "missing required field: alt_text [json-pointer:/blocks/0]",
        ),
        ({"type": "marquee"}, "unsupported type: marquee [json-pointer:/blocks/0/type]"),
        ("divider", "unsupported type: None [json-pointer:/blocks/0/type]"),
    ],
)
def test_one_wrong_thing_is_found_and_named(block: Any, problem: str) -> None:
    assert problems([block]) == [problem]


@pytest.mark.parametrize(
    ("count", "found"), [(50, []), (51, ["no more than 50 items allowed [json-pointer:/blocks]"])]
)
def test_a_message_has_fifty_blocks(count: int, found: list[str]) -> None:
    assert problems([{"type": "divider"}] * count) == found


def test_block_ids_are_unique() -> None:
    blocks = [{"type": "divider", "block_id": "b"}] * 2
    assert problems(blocks) == ["`block_id` already exists [json-pointer:/blocks/1/block_id]"]
