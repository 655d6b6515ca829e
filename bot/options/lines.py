"""On which line of a TOML file each key stands: `tomllib` does not tell.

For a text that `tomllib` has read. A key within an inline table or a list of several lines is that of the option that
holds it, which is where a person looks.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import TypeAlias

Way: TypeAlias = tuple[str | int, ...]
"""The keys, and the numbers in lists from 0, that lead to a value."""

_KEYS = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_HEADER = re.compile(rf"\s*(\[\[?)\s*({_KEYS}(?:\s*\.\s*{_KEYS})*)\s*\]\]?\s*(?:#.*)?$")
_OPTION = re.compile(rf"\s*({_KEYS}(?:\s*\.\s*{_KEYS})*)\s*=(.*)$", re.DOTALL)


def lines_of(text: str) -> dict[Way, int]:
    """The line, from 1, of each table and option of a TOML text. The earlier one where two seem to be the same."""
    found: dict[Way, int] = {}
    items: dict[Way, int] = {}
    table: Way = ()
    for number, said in _statements(text):
        if header := _HEADER.match(said):
            table = _inside(_parts(header[2]), items)
            if header[1] == "[[":
                items[table] = items.get(table, -1) + 1
                table = (*table, items[table])
            found.setdefault(table, number)
        elif option := _OPTION.match(said):
            found.setdefault((*table, *_parts(option[1])), number)
    return found


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """What stands between two ends of a statement, with the line on which it begins."""
    begun, held = 1, ""
    for number, line in enumerate(text.split("\n"), 1):
        begun, held = (begun, f"{held}\n{line}") if held else (number, line)
        if _complete(held):
            yield begun, held
            held = ""


def _complete(said: str) -> bool:
    """Whether a statement ends here: an option's value may go on for several lines."""
    option = _OPTION.match(said)
    if option is None or not option[2].lstrip().startswith(("[", "{", '"""', "'''")):
        return True
    try:
        tomllib.loads(said)
    except tomllib.TOMLDecodeError:
        return False
    return True


def _inside(parts: Way, items: dict[Way, int]) -> Way:
    """The way that a header means: within a list, its latest item."""
    way: Way = ()
    for part in parts[:-1]:
        way = (*way, part)
        if way in items:
            way = (*way, items[way])
    return (*way, parts[-1])


def _parts(keys: str) -> Way:
    return tuple(part.strip("\"'") for part in re.findall(_KEYS, keys))
