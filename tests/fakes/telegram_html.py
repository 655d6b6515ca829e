"""Telegram's HTML parse mode: marked-up text to plain text and entities, as strictly as Telegram reads it.

https://core.telegram.org/bots/api#html-style. Offsets and lengths of entities count UTF-16 units, those in
errors count bytes of UTF-8.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ENTITIES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "a": "text_link",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-spoiler": "spoiler",
}
ATTRIBUTES = {"a": {"href"}, "code": {"class"}, "blockquote": {"expandable"}}
CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}

_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(lt|gt|amp|quot));")
_ATTRIBUTE = re.compile(r"""\s+([a-zA-Z][\w-]*)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.-]+)))?""")
_TAG = re.compile(r"""<(/?)([^\s<>/]*)((?:"[^"]*"|'[^']*'|[^<>"'])*)>""")
_MENTION = re.compile(r"(?<![\w@])@[A-Za-z0-9_]{4,32}(?![\w@])")


class CannotParse(ValueError):
    """The text is not what the parse mode takes; `str` is the end of Telegram's description."""


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    offset: int
    attributes: dict[str, str]


def utf16(text: str) -> int:
    """The length of a text in UTF-16 units, by which Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def parse(html: str) -> tuple[str, list[dict[str, Any]]]:
    """The plain text and the entities of a text in HTML parse mode; raises CannotParse.

    The tags that Telegram knows may be nested and must be closed in order; every other tag is refused. Of the
    named references only four are known: any other stays as it is written.
    """
    plain: list[str] = []
    length = position = 0
    opened: list[_Open] = []
    entities: list[dict[str, Any]] = []
    while position < len(html):
        if html[position] != "<":
            character, position = _character(html, position)
            plain.append(character)
            length += utf16(character)
            continue
        at = len(html[:position].encode())
        tag = _TAG.match(html, position)
        if tag is None:
            raise CannotParse(f"Unclosed start tag at byte offset {at}")
        closing, name, rest = tag[1], tag[2].lower(), tag[3]
        position = tag.end()
        if not closing:
            opened.append(_Open(name, length, _attributes(name, rest, at)))
            continue
        if not opened:
            raise CannotParse(f"Unexpected end tag at byte offset {at}")
        start = opened.pop()
        if name != start.tag or rest.strip():
            raise CannotParse(
                f'Unmatched end tag at byte offset {at}, expected "</{start.tag}>", found "</{name}>"'
            )
        entities += _entity(start, length, "".join(plain))
    if opened:
        raise CannotParse(f'Can\'t find end tag corresponding to start tag "{opened[-1].tag}"')
    return _trimmed("".join(plain), entities)


def mentions(plain: str, entities: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The mentions of people that Telegram finds by itself in a plain text, outside code and links."""
    closed = [e for e in entities if e["type"] in ("code", "pre", "text_link")]
    found: list[dict[str, Any]] = []
    for match in _MENTION.finditer(plain):
        offset = utf16(plain[: match.start()])
        if not any(e["offset"] <= offset < e["offset"] + e["length"] for e in closed):
            found.append({"type": "mention", "offset": offset, "length": utf16(match[0])})
    return found


def _character(html: str, position: int) -> tuple[str, int]:
    reference = _REFERENCE.match(html, position) if html[position] == "&" else None
    if reference is None:
        return html[position], position + 1
    if reference[3]:
        return CHARACTERS[reference[3]], reference.end()
    code = int(reference[1]) if reference[1] else int(reference[2], 16)
    if not 0 < code < 0x110000 or 0xD800 <= code < 0xE000:
        return "&", position + 1
    return chr(code), reference.end()


def _attributes(name: str, rest: str, at: int) -> dict[str, str]:
    if name not in ENTITIES:
        raise CannotParse(f'Unsupported start tag "{name}" at byte offset {at}')
    attributes: dict[str, str] = {}
    end = 0
    for match in _ATTRIBUTE.finditer(rest):
        if match.start() != end:
            break
        end = match.end()
        value = match[2] or match[3] or match[4] or ""
        attributes[match[1].lower()] = "".join(_decoded(value))
    if rest[end:].strip() or set(attributes) - ATTRIBUTES.get(name, set()):
        # Telegram ignores an attribute that it does not know; Vigie writes none, so it is a mistake here.
        raise CannotParse(f'Unexpected attribute in the tag "{name}" at byte offset {at}')
    return attributes


def _decoded(value: str) -> Iterator[str]:
    position = 0
    while position < len(value):
        character, position = _character(value, position)
        yield character


def _entity(start: _Open, end: int, plain: str) -> Iterator[dict[str, Any]]:
    if end == start.offset:
        return
    entity: dict[str, Any] = {
        "type": ENTITIES[start.tag],
        "offset": start.offset,
        "length": end - start.offset,
    }
    if start.tag == "a":
        text = plain.encode("utf-16-le")[2 * start.offset :].decode("utf-16-le")
        entity["url"] = start.attributes.get("href") or text
        # Any other address, mailto among them, is shown as text without a link.
        if not re.match(r"(https?|tg)://[^\s/]", entity["url"]):
            return
    if "expandable" in start.attributes:
        entity["type"] = "expandable_blockquote"
    yield entity


def _trimmed(plain: str, entities: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """White space goes at both ends, and entities shrink with it."""
    cut = utf16(plain) - utf16(plain.lstrip())
    text = plain.strip()
    size = utf16(text)
    kept: list[dict[str, Any]] = []
    for entity in entities:
        start = max(entity["offset"] - cut, 0)
        end = min(entity["offset"] + entity["length"] - cut, size)
        if end > start:
            kept.append(entity | {"offset": start, "length": end - start})
    return text, sorted(kept, key=lambda e: (e["offset"], -e["length"]))
