"""What the configuration says, and where each thing of it is said."""

from __future__ import annotations

import contextlib
import itertools
from dataclasses import dataclass, field
from typing import Any

from bot.options.lines import Way
from bot.options.mistakes import ConfigurationError, Place


@dataclass(slots=True)
class Given:
    """Everything that is said, by the names of the options, and the mistakes found while it was read."""

    values: dict[str, Any] = field(default_factory=dict)
    places: dict[Way, Place] = field(default_factory=dict)
    mistakes: list[ConfigurationError] = field(default_factory=list)
    unread: set[Way] = field(default_factory=set)
    """What is said, and could not be read; `()` for the whole file. That it is missing is no further mistake."""

    def place(self, way: Way) -> Place | None:
        """Where the nearest thing around `way` is said; None where nothing is."""
        around = (self.places.get(way[:length]) for length in range(len(way), 0, -1))
        return next((place for place in around if place is not None), None)

    def is_unread(self, way: Way) -> bool:
        """Whether something is said of `way` that could not be read."""
        return any(way[:length] in self.unread for length in range(len(way) + 1))

    def put(self, way: Way, value: Any, place: Place | None) -> None:
        """Says something in the place of whatever was said there; a table is added to, key by key.

        Raises LookupError where `way` leads to an item that does not exist and is not the next one.
        """
        if isinstance(value, dict) and way and isinstance(self._at(way), dict):
            for key, inner in value.items():
                self.put((*way, key), inner, place)
            return
        inside: Any = self.values
        for part, following in itertools.pairwise(way):
            inside = _entered(inside, part, [] if isinstance(following, int) else {})
        if not isinstance(inside, dict):
            raise LookupError("no table")
        inside[way[-1]] = value
        for known in [known for known in self.places if known[: len(way)] == way]:
            del self.places[known]
        if place is not None:
            self.places[way] = place

    def replace(self, name: str, value: Any) -> None:
        """Says an option or a whole table, in the place of whatever was said of it."""
        self.values.pop(name, None)
        self.put((name,), value, None)

    def _at(self, way: Way) -> Any:
        found: Any = self.values
        with contextlib.suppress(LookupError, TypeError):
            for part in way:
                found = found[part]
            return found
        return None


def _entered(inside: Any, part: str | int, empty: Any) -> Any:
    """What is in a table or list under a name or number; `empty` is put there where nothing is."""
    if isinstance(part, int):
        if not isinstance(inside, list) or part > len(inside):
            raise LookupError("no such item")
        if part == len(inside):
            inside.append(empty)
    elif not isinstance(inside, dict):
        raise LookupError("no table")
    elif inside.get(part) is None:
        inside[part] = empty
    return inside[part]
