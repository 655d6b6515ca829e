"""From what is said to the settings, or to all that is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ValidationError

from bot.options.about import ITEM, tables
from bot.options.given import Given
from bot.options.lines import Way
from bot.options.mistakes import ConfigurationError, Place, sentence
from bot.options.near import nearest
from bot.options.together import mistakes_together

if TYPE_CHECKING:
    from bot.options.settings import Settings


def settled(given: Given, model: type[Settings]) -> Settings:
    """The settings. Raises ConfigurationError with every mistake, those of reading first."""
    mistakes = list(given.mistakes)
    wrong = {str(way[0]) for way in given.unread if way}
    kept: dict[str, list[int]] = {}
    try:
        settings = model.model_validate(given.values)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
        unread = [entry for entry in found if entry["type"] == "missing" and given.is_unread(entry["loc"])]
        mistakes += _sentences([entry for entry in found if entry not in unread], given, model)
        ways = [entry["loc"] for entry in found]
        wrong |= {str(way[0]) for way in ways}
        settings, kept = _what_is_right(given, model, ways)

    def at(name: str, number: int) -> Place | None:
        return given.place((name, kept[name][number] if name in kept else number))

    if () not in given.unread:
        mistakes += mistakes_together(settings, wrong, at)
    if mistakes:
        raise ConfigurationError.of(mistakes)
    return settings


def _what_is_right(
    given: Given, model: type[Settings], wrong: list[Way]
) -> tuple[Settings, dict[str, list[int]]]:
    """The settings without what is wrong, to ask whether the rest goes together; and which items of lists are left."""
    values: dict[str, Any] = dict(given.values)
    kept: dict[str, list[int]] = {}
    for name in {str(way[0]) for way in wrong}:
        numbers = {way[1] for way in wrong if way[0] == name and len(way) > 1}
        if numbers and isinstance(values[name], list | tuple) and all(isinstance(n, int) for n in numbers):
            kept[name] = [number for number in range(len(values[name])) if number not in numbers]
            values[name] = [values[name][number] for number in kept[name]]
        else:
            values.pop(name, None)
    return model.model_validate(values), kept


def _sentences(errors: list[Any], given: Given, model: type[BaseModel]) -> Iterator[ConfigurationError]:
    known = dict(tables(model))
    for error in errors:
        way: Way = error["loc"]
        table = tuple(ITEM if isinstance(part, int) else part for part in way[:-1])
        names = known[table].model_fields if table in known else ()
        above = len(way) > 1 and way[-1] in model.model_fields
        near = nearest(str(way[-1]), names) if error["type"] == "extra_forbidden" else None
        yield sentence(error, near, above=above and near is None).at(given.place(way))
