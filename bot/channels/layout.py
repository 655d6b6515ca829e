"""A message in the notation of each platform, within its limits. No platform's library is needed here."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlsplit

from bot.channels.markup import BREAK, clean, inert, shortened, spans
from bot.wording.message import Bold, Button, Code, Line, Link, Message

MATTERMOST_LIMIT = 16_383
"""Characters of a post (measured: one more is refused)."""
_MATTERMOST_PROPS = 7_500
"""Characters of JSON, which leave room for the rest: a post's props may have 8,000 on older servers."""
SLACK_LIMIT = 12_500
"""Characters in the blocks of a message; Slack refuses them from a little over 13,000 on."""
SLACK_SECTION_LIMIT = 3_000
"""Characters of one section."""
_SLACK_LABEL, _SLACK_BUTTONS = 75, 25  # characters of one, and how many a block holds
TELEGRAM_LIMIT = 4_096
"""UTF-16 units of a message after parsing (https://core.telegram.org/bots/api#sendmessage)."""


def mattermost_text(message: Message) -> str:
    """`message` as Mattermost Markdown, at most 16,383 characters.

    https://docs.mattermost.com/end-user-guide/collaborate/format-messages.html; the web client reads it with
    an old "marked" (no flanking rules, so every `*` and `_` counts), the mobile one with CommonMark.
    """
    return _mattermost(shortened(message, lambda m: len(_mattermost(m)) <= MATTERMOST_LIMIT))


def slack_blocks(message: Message) -> list[dict[str, object]]:
    """`message` as Block Kit sections (https://docs.slack.dev/reference/block-kit/blocks/section-block).

    mrkdwn has no escape for its marks: where one could open or close something, a sign that looks the same
    stands for it.
    """
    lines = tuple(
        shortened(Message((line,)), lambda m: len(_slack(m)) <= SLACK_SECTION_LIMIT).lines[0]
        for line in message.lines
    )
    message = shortened(Message(lines), lambda m: len(_slack(m)) <= SLACK_LIMIT)
    sections: list[str] = []
    for text in _slack(message).split("\n"):
        if sections and len(sections[-1]) + 1 + len(text) <= SLACK_SECTION_LIMIT:
            sections[-1] += "\n" + text
        else:
            sections.append(text)
    return [
        {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}
        for text in sections
        if text.strip()
    ]


def slack_text(message: Message, limit: int) -> str:
    """`message` as the text that notifications and screen readers use, at most `limit` bytes once escaped."""
    return _slack_plain(shortened(message, lambda m: len(_slack_plain(m).encode()) <= limit))


def telegram_html(message: Message) -> str:
    """`message` in Telegram's HTML (https://core.telegram.org/bots/api#html-style), 4,096 units at most."""
    return _telegram(shortened(message, lambda m: telegram_length(_telegram(m)) <= TELEGRAM_LIMIT))


def mattermost_attachments(
    message: Message, url: str, context: Callable[[Button], Mapping[str, object]]
) -> list[dict[str, object]]:
    """The buttons of `message` for a post's or an answer's attachments: as many as a post may hold.

    `url` is called with `context` when one is pressed (https://developers.mattermost.com/integrate/plugins/interactive-messages/).
    """
    if not message.buttons:
        return []
    actions = [
        {
            "id": f"bouton{number}",
            "type": "button",
            "name": inert(button.label),
            "integration": {"url": url, "context": dict(context(button))},
        }
        for number, button in enumerate(message.buttons)
    ]
    while len(json.dumps(actions)) > _MATTERMOST_PROPS:
        actions.pop()
    return [{"fallback": ", ".join(inert(b.label) for b in message.buttons), "actions": actions}]


SLACK_ACTION = "vigie"
"""How the `action_id` of every button begins."""


def slack_actions(message: Message) -> list[dict[str, object]]:
    """The buttons of `message` as a block (https://docs.slack.dev/reference/block-kit/blocks/actions-block)."""
    if not message.buttons:
        return []
    elements = [
        {
            "type": "button",
            "action_id": f"{SLACK_ACTION}{number}",
            "text": {"type": "plain_text", "text": inert(button.label)[:_SLACK_LABEL], "emoji": False},
            "value": button.asks or " ",
        }
        for number, button in enumerate(message.buttons[:_SLACK_BUTTONS])
    ]
    return [{"type": "actions", "elements": elements}]


def telegram_keyboard(message: Message, data: Callable[[Button], str | None]) -> list[list[tuple[str, str]]]:
    """The buttons of `message` in rows of two, each a label and its `callback_data`, 1 to 64 bytes.

    A button for which `data` gives None is left out (https://core.telegram.org/bots/api#inlinekeyboardbutton).
    """
    shown = [(clean(button.label), told) for button in message.buttons if (told := data(button)) is not None]
    return [shown[start : start + 2] for start in range(0, len(shown), 2)]


def telegram_length(markup: str) -> int:
    """How long Telegram finds some of its HTML: UTF-16 units, without tags, with entities resolved."""
    return len(html.unescape(re.sub(r"<[^>]*>", "", markup)).encode("utf-16-le")) // 2


def _stripped(text: str) -> tuple[str, str, str]:
    """The white space before, the words, the white space after: marks of bold must touch the words."""
    words = text.strip()
    start = text.find(words)
    return text[:start], words, text[start + len(words) :]


# Mattermost

_BLOCK_START = re.compile(r"[#>+\-=|~:]|\d+[.)]")
_CHANNEL_OR_STRIKE = re.compile(r"~(?=\S|\Z)")
_EMOJI = re.compile(r":(?=[\w+-]+:)")
_LINK_MIDDLE = re.compile(r"\](?=[(\[:]|\Z)")
_IMAGE_START = re.compile(r"!\Z")
_EMPHASIS = re.compile(r"[`*_]|\\(?=[!-/:-@\[-`{-~]|\Z)")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_TAG_START = re.compile(r"<(?=\S|\Z)")


def _mattermost(message: Message) -> str:
    return "\n".join(_mattermost_line(line) for line in message.lines)


def _mattermost_line(line: Line) -> str:
    shown = tuple(spans(line))
    parts: list[str] = []
    for number, span in enumerate(shown, 1):
        match span:
            case Link(text, url):
                words = _escaped(text)
                bare = words == text == url.removeprefix("mailto:")
                if bare and (number == len(shown) or shown[number].text[:1].isspace()):
                    parts.append(text)  # the clients make the link themselves, and a copy stays clean
                else:
                    words = words.replace("[", "\\[").replace("]", "\\]")
                    parts.append(f"[{words}]({_ENTITY.sub('&amp;', _without_mentions(url))})")
            case Code(text):
                parts.append(f"`{text}`")
            case Bold(text):
                before, words, after = _stripped(text)
                parts.append(f"{before}**{_outside_links(words)}**{after}")
            case _:
                parts.append(_outside_links(span.text))
    text = "".join(parts).strip(" ")
    return BREAK + text if _BLOCK_START.match(text) else text


def _without_mentions(url: str) -> str:
    return url if url.startswith("mailto:") else url.replace("@", "%40")


def _outside_links(text: str) -> str:
    """Escaped text that cannot become the words, the middle or the mark of a link or an image."""
    return _IMAGE_START.sub("!" + BREAK, _LINK_MIDDLE.sub("]" + BREAK, _escaped(text)))


def _escaped(text: str) -> str:
    text = _EMOJI.sub(":" + BREAK, _CHANNEL_OR_STRIKE.sub("~" + BREAK, inert(text)))
    text = _EMPHASIS.sub(r"\\\g<0>", text)
    return _TAG_START.sub("&lt;", _ENTITY.sub("&amp;", text))


# Slack

_SLACK_MARK = re.compile(r"(?<![A-Za-z0-9])[*_~]|[*_~](?![A-Za-z0-9])|`")
_LOOKALIKES = str.maketrans({"*": "∗", "_": "＿", "~": "∼", "`": "ˋ"})
_SLACK_QUOTE = re.compile(r"\A\s*&gt;")


def _slack(message: Message) -> str:
    return "\n".join(_slack_line(line) for line in message.lines)


def _slack_line(line: Line) -> str:
    parts: list[str] = []
    for span in spans(line):
        before, words, after = _stripped(span.text)
        words = _slack_escaped(_SLACK_MARK.sub(lambda m: m[0].translate(_LOOKALIKES), words))
        match span:
            case Code(text):
                parts.append(f"`{html.escape(text, quote=False)}`")
            case Link(url=url):
                parts.append(f"<{html.escape(url, quote=False)}|{words}>")
            case Bold():
                parts.append(f"{before}*{words}*{after}")
            case _:
                parts.append(before + words + after)
    return _SLACK_QUOTE.sub("＞", "".join(parts))


def _slack_plain(message: Message) -> str:
    return "\n".join("".join(_slack_escaped(span.text) for span in line) for line in message.lines)


def _slack_escaped(text: str) -> str:
    return html.escape(_EMOJI.sub(":" + BREAK, inert(text)), quote=False)


# Telegram

_COMMAND = re.compile(r"(?<![\w/])/(?=[A-Za-z0-9_]|\Z)")  # also one that the next words would complete


def _telegram(message: Message) -> str:
    return "\n".join(_telegram_line(line) for line in message.lines)


def _telegram_line(line: Line) -> str:
    parts: list[str] = []
    for span in spans(line):
        words = _telegram_escaped(span.text)
        match span:
            case Link(url=url) if url.startswith("mailto:"):
                # Telegram drops a mailto link without a word, and makes one of an address that it can see.
                address = _telegram_escaped(unquote(urlsplit(url).path))
                parts.append(words if address == words else f"{words} ({address})")
            case Link(url=url):
                parts.append(f'<a href="{html.escape(url)}">{words}</a>')
            case Code(text):
                parts.append(f"<code>{html.escape(text, quote=False)}</code>")
            case Bold():
                parts.append(f"<b>{words}</b>")
            case _:
                parts.append(words)
    return "".join(parts)


def _telegram_escaped(text: str) -> str:
    return html.escape(_COMMAND.sub("/" + BREAK, inert(text)), quote=False)
