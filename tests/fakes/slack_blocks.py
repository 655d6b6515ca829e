"""Block Kit's rules for the blocks that a message may hold, as Slack checks them.

https://docs.slack.dev/reference/block-kit/blocks and
https://docs.slack.dev/reference/block-kit/composition-objects/text-object. A kind of block or of element that
Vigie does not send is refused like one that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MAX_BLOCKS = 50
MAX_ALL_TEXT = 13_000  # characters; msg_blocks_too_long was seen from 13,172 on

_KEYS: dict[str, set[str]] = {
    "section": {"text", "fields", "accessory", "expand"},
    "header": {"text"},
    "divider": set(),
    "context": {"elements"},
    "actions": {"elements"},
    "button": {"text", "action_id", "value", "url", "style", "confirm", "accessibility_label"},
    "image": {"image_url", "alt_text"},
}


def problems(blocks: Any) -> list[str]:
    """What Slack would find wrong, in its words with a JSON pointer; none if the blocks may be posted."""
    if len(blocks) > MAX_BLOCKS:
        return [f"no more than {MAX_BLOCKS} items allowed [json-pointer:/blocks]"]
    found = [problem for n, block in enumerate(blocks) for problem in _block(block, f"/blocks/{n}")]
    seen: set[str] = set()
    for n, block in enumerate(blocks):
        block_id = block.get("block_id") if isinstance(block, dict) else None
        if block_id in seen:
            found.append(f"`block_id` already exists [json-pointer:/blocks/{n}/block_id]")
        if block_id:
            seen.add(block_id)
    return found


def all_text(blocks: Any) -> int:
    """The characters of all texts of the blocks together."""
    if isinstance(blocks, list):
        return sum(all_text(item) for item in blocks)
    if isinstance(blocks, dict):
        own = len(blocks["text"]) if isinstance(blocks.get("text"), str) else 0
        return own + sum(all_text(value) for value in blocks.values())
    return 0


def _block(block: Any, at: str) -> Iterator[str]:
    kind = block.get("type") if isinstance(block, dict) else None
    if kind not in ("section", "header", "divider", "context", "actions", "image"):
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    yield from _keys(block, {"block_id"}, at)
    yield from _length(block, "block_id", 255, at, required=False)
    if kind == "section":
        yield from _section(block, at)
    elif kind == "header":
        yield from _text(block.get("text"), 150, f"{at}/text", {"plain_text"})
    elif kind == "image":
        yield from _image(block, at)
    elif kind == "context":
        yield from _elements(block, 10, at, {"plain_text", "mrkdwn", "image"})
    elif kind == "actions":
        yield from _elements(block, 25, at, {"button"})


def _section(block: dict[str, Any], at: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield f"missing required field: text [json-pointer:{at}]"
    if "text" in block:
        yield from _text(block["text"], 3000, f"{at}/text")
    if "fields" in block:
        fields = block["fields"]
        if not isinstance(fields, list) or not 1 <= len(fields) <= 10:
            yield f"no more than 10 items allowed [json-pointer:{at}/fields]"
            return
        for n, item in enumerate(fields):
            yield from _text(item, 2000, f"{at}/fields/{n}")
    if "accessory" in block:
        yield from _element(block["accessory"], f"{at}/accessory", {"button", "image"})


def _elements(block: dict[str, Any], most: int, at: str, allowed: set[str]) -> Iterator[str]:
    elements = block.get("elements")
    if not isinstance(elements, list) or not elements:
        yield f"missing required field: elements [json-pointer:{at}]"
        return
    if len(elements) > most:
        yield f"no more than {most} items allowed [json-pointer:{at}/elements]"
    actions: set[str] = set()
    for n, element in enumerate(elements):
        yield from _element(element, f"{at}/elements/{n}", allowed)
        action = element.get("action_id") if isinstance(element, dict) else None
        if action in actions:
            yield f"`action_id` already exists [json-pointer:{at}/elements/{n}/action_id]"
        if action:
            actions.add(action)


def _element(element: Any, at: str, allowed: set[str]) -> Iterator[str]:
    kind = element.get("type") if isinstance(element, dict) else None
    if kind not in allowed:
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
    elif kind in ("plain_text", "mrkdwn"):
        yield from _text(element, 3000, at)
    elif kind == "image":
        yield from _keys(element, set(), at)
        yield from _image(element, at)
    else:
        yield from _keys(element, set(), at)
        yield from _text(element.get("text"), 75, f"{at}/text", {"plain_text"})
        yield from _length(element, "action_id", 255, at, required=False)
        yield from _length(element, "value", 2000, at, required=False)
        yield from _length(element, "url", 3000, at, required=False)
        if element.get("style", "primary") not in ("primary", "danger"):
            yield f"must be a valid enum value [json-pointer:{at}/style]"


def _image(image: dict[str, Any], at: str) -> Iterator[str]:
    yield from _length(image, "image_url", 3000, at, required=True)
    yield from _length(image, "alt_text", 2000, at, required=True)


def _text(text: Any, most: int, at: str, kinds: set[str] | None = None) -> Iterator[str]:
    kind = text.get("type") if isinstance(text, dict) else None
    if kind not in (kinds or {"plain_text", "mrkdwn"}):
        yield f"unsupported type: {kind} [json-pointer:{at}/type]"
        return
    # `emoji` belongs to plain_text alone and `verbatim` to mrkdwn alone.
    extra = set(text) - {"type", "text", "emoji" if kind == "plain_text" else "verbatim"}
    if extra:
        yield f"invalid additional property: {min(extra)} [json-pointer:{at}]"
    yield from _length(text, "text", most, at, required=True)


def _length(holder: dict[str, Any], key: str, most: int, at: str, *, required: bool) -> Iterator[str]:
    if key not in holder:
        if required:
            yield f"missing required field: {key} [json-pointer:{at}]"
    elif not isinstance(holder[key], str):
        yield f"must be a string [json-pointer:{at}/{key}]"
    elif not holder[key]:
        yield f"must be more than 0 characters [json-pointer:{at}/{key}]"
    elif len(holder[key]) > most:
        yield f"must be less than {most + 1} characters [json-pointer:{at}/{key}]"


def _keys(holder: dict[str, Any], more: set[str], at: str) -> Iterator[str]:
    for key in sorted(set(holder) - _KEYS[holder["type"]] - more - {"type"}):
        yield f"invalid additional property: {key} [json-pointer:{at}]"
