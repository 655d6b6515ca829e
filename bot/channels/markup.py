"""What every platform's layout shares: text that cannot act, addresses that can be followed, cutting to a limit.

Text comes from postings, so it is never trusted. It stays readable: what would act (a mention, a hashtag, a
link of another scheme) is broken by a zero-width space, which nobody sees, and nothing else is changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, urlsplit

from bot.wording.message import Bold, Code, Line, Link, Message, Span, Text

BREAK = "\u200b"
"""A zero-width space: it ends a word for every platform's parser and shows nothing."""

_ADDRESS_LIMIT = 2_000
_FORBIDDEN_IN_ADDRESS = re.compile(
    r"""[\x00-\x20\x7f-\xa0"'<>\\^`{|}()\u200b\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"""
)

_SPACES = re.compile("[\t\n\x0b\x0c\r\x1c-\x1f\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATE = re.compile("[\ud800-\udfff]")

# An `@` right after a letter or a digit stands in an address, where no platform sees a mention.
_MENTION = re.compile(r"(?<![A-Za-z0-9])@(?=\S|\Z)")
_HASHTAG = re.compile(r"(?<![A-Za-z0-9])#(?=\w|\Z)")
_OTHER_SCHEME = re.compile(r"(?<!http)(?<!https):(?=//)", re.I)

_BARE = re.compile(
    r"""(?P<url>https?://[^\s<>"'`{}|\\^\[\]\u200b]+)"""
    r"|(?<![\w.+-])(?P<mail>[A-Za-z0-9][A-Za-z0-9._+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)",
    re.I,
)
_WORD_AT_MOST = 40


def clean(text: str) -> str:
    """`text` on one line, without control characters, without what reorders text, valid in UTF-8."""
    return _SURROGATE.sub("\ufffd", _INVISIBLE.sub("", _SPACES.sub(" ", text)))


def inert(text: str) -> str:
    """`text` cleaned, in which nothing mentions a person or a group, is a hashtag or opens another scheme."""
    text = _MENTION.sub("@" + BREAK, clean(text))
    text = _HASHTAG.sub("#" + BREAK, text)
    return _OTHER_SCHEME.sub(":" + BREAK, text)


def safe_url(url: str) -> str | None:
    """`url` with what could end a link percent-encoded, or None when it is no http, https or mailto address.

    An address without a host, or longer than 2,000 characters (Slack and Telegram refuse it), is None too.
    """
    url = _FORBIDDEN_IN_ADDRESS.sub(lambda m: quote(m[0], safe="", errors="replace"), url.strip())
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if len(url) > _ADDRESS_LIMIT:
        return None
    if parts.scheme in ("http", "https"):
        return url if parts.hostname else None
    return url if parts.scheme == "mailto" and "@" in parts.path else None


def spans(line: Line) -> Iterator[Span]:
    """The spans of `line` as every platform shows them.

    Their text is clean. Empty spans go, links that cannot be followed become text, bare addresses in text become links.
    """
    for span in line:
        match span:
            case Link(text, url):
                address = safe_url(url)
                if address is not None:
                    yield Link(clean(text).strip() or address.removeprefix("mailto:"), address)
                elif words := clean(text):
                    yield Text(words)
            case Text(text):
                yield from _with_links(clean(text))
            case Code(text):
                # No platform can show a backtick within code; a name that has one is still told apart.
                if words := clean(text).replace("`", "'").strip():
                    yield Code(words)
            case Bold(text):
                if words := clean(text):
                    yield Bold(words) if words.strip() else Text(words)


def _with_links(text: str) -> Iterator[Span]:
    done = 0
    for found in _BARE.finditer(text):
        words = _trimmed(found[0]) if found["url"] else found[0]
        address = safe_url(words if found["url"] else "mailto:" + words)
        if address is None:
            continue
        if before := text[done : found.start()]:
            yield Text(before)
        yield Link(words, address)
        done = found.start() + len(words)
    if rest := text[done:]:
        yield Text(rest)


def _trimmed(url: str) -> str:
    """A bare address without the punctuation of the sentence around it."""
    url = url.rstrip(".,;:!?*_…»”’")
    while url.endswith(")") and url.count(")") > url.count("("):
        url = url[:-1].rstrip(".,;:!?*_…»”’")
    return url


def shortened(message: Message, fits: Callable[[Message], bool]) -> Message:
    """`message`, or its longest beginning that `fits`, ended by "…".

    Links and commands stay whole or go; text is cut between words, or inside a word longer than 40 characters.
    `fits` must hold for every beginning of a message for which it holds.
    """
    if fits(message):
        return message
    message = Message(tuple(tuple(spans(line)) for line in message.lines))
    low, high = 0, sum(1 + sum(_size(span) for span in line) for line in message.lines)
    while low < high:
        middle = (low + high + 1) // 2
        if fits(_beginning(message, middle)):
            low = middle
        else:
            high = middle - 1
    return _beginning(message, low)


def _size(span: Span) -> int:
    return 1 if isinstance(span, Link | Code) else len(span.text)


def _beginning(message: Message, size: int) -> Message:
    """The first `size` characters of `message` (a link, a command or a line's start counts as one) and "…"."""
    lines: list[Line] = []
    for line in message.lines:
        if not size:
            return Message((*lines[:-1], (*(lines[-1] if lines else ()), Text("…"))))
        size -= 1
        kept: list[Span] = []
        for span in line:
            if size >= _size(span):
                kept.append(span)
                size -= _size(span)
                continue
            if not isinstance(span, Link | Code) and (words := _at_a_word(span.text, size)):
                kept.append(type(span)(words))
            return Message((*lines, (*kept, Text("…"))))
        lines.append(tuple(kept))
    return Message(tuple(lines))


def _at_a_word(text: str, size: int) -> str:
    """The first `size` characters of `text`, without the word that this would cut."""
    if text[size].isspace():
        return text[:size].rstrip()
    start = next((i for i in range(size, max(size - _WORD_AT_MOST, 0), -1) if text[i - 1].isspace()), None)
    if start is not None:
        return text[:start].rstrip()
    return text[:size] if size > _WORD_AT_MOST else ""
