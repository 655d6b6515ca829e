"""The variables of the environment: one for each option, or a whole table or list as JSON.

A secret may stand in a file that its variable with `_FILE` at the end names, as Docker and systemd give secrets.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bot.options.about import FILE, ITEM, PREFIX, Option, options, tables, variable
from bot.options.given import Given
from bot.options.lines import Way
from bot.options.mistakes import ConfigurationError, Place
from bot.options.near import nearest
from postings.text import french

CONFIG = "VIGIE_CONFIG"
"""The variable that names the configuration file."""
_FOR_TESTS = "VIGIE_TEST_"
"""What begins so is for whoever runs the tests."""
_NUMBER = re.compile(r"__(\d+)(?=__)")


def add_environment(given: Given, environment: Mapping[str, str], model: type[BaseModel]) -> None:
    """Adds what the variables of the environment say of the options of `model`, over what is said there."""
    known = {name: option for option in options(model) for name in option.variables}
    ways = (way[:-1] if way[-1] == ITEM else way for way, _ in tables(model) if way)
    whole = {variable(way): way for way in ways}
    for name in sorted(environment, key=_order):
        plain = _NUMBER.sub(f"__{ITEM}", name)
        option = known.get(plain)
        way = _way(option, name) if option else whole.get(plain)
        if way is None:
            if name.startswith(PREFIX) and name != CONFIG and not name.startswith(_FOR_TESTS):
                given.mistakes.append(_unknown(name, [*known, *whole, CONFIG]))
            continue
        try:
            value = _value(name, option, environment) if option else _json(name, environment[name])
            given.put(way, value, Place(name, name))
        except ConfigurationError as mistake:
            given.mistakes.append(mistake)
            given.unread.add(way)
        except LookupError:
            given.mistakes.append(_no_item(name))


def _order(name: str) -> list[tuple[int, str]]:
    """A table before what is in it, item 2 before item 10, what hosts give before what begins with PREFIX."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in name.split("__")]


def _way(option: Option, name: str) -> Way:
    """The way to an option, with the numbers of items that its variable names."""
    numbers = iter(_NUMBER.findall(name))
    return tuple(int(next(numbers)) if part == ITEM else part for part in option.way)


def _value(name: str, option: Option, environment: Mapping[str, str]) -> Any:
    said = _content(name, environment) if option.secret and name.endswith(FILE) else environment[name]
    # What may be a word as well as a list (`subscribers`) is a word where it is no list.
    if not option.json or (option.choices and not said.lstrip().startswith("[")):
        return said
    return _json(name, said)


def _content(name: str, environment: Mapping[str, str]) -> str:
    if name.removesuffix(FILE) in environment:
        raise _twice(name)
    try:
        # A file ends with the end of a line, which is no part of the secret.
        return Path(environment[name]).read_text("utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:
        raise _no_file(name, error) from None


def _json(name: str, said: str) -> Any:
    try:
        return json.loads(said)
    except (ValueError, RecursionError):
        raise _not_json(name) from None


def _unknown(name: str, known: list[str]) -> ConfigurationError:
    near = (nearest(name, known) or "").replace(ITEM, "0")
    if near:
        return ConfigurationError(
            french(f"{name} n’est pas une variable connue : vouliez-vous {near} ?"),
            f"{name} is no known variable: did you mean {near}?",
        )
    return ConfigurationError(
        french(
            f"{name} n’est pas une variable connue : retirez-la, ou voyez les options dans le guide d’exploitation."
        ),
        f"{name} is no known variable: take it out, or see the options in the operator's guide.",
    )


def _not_json(name: str) -> ConfigurationError:
    return ConfigurationError(
        french(
            f"La valeur de {name} n’est pas du JSON : corrigez-la, ou écrivez cette option dans vigie.toml."
        ),
        f"The value of {name} is no JSON: mend it, or write this option in vigie.toml.",
    )


def _no_item(name: str) -> ConfigurationError:
    return ConfigurationError(
        french(f"{name} nomme un numéro qui n’existe pas : comptez à partir de 0, sans en sauter."),
        f"{name} names a number that does not exist: count from 0 on, without leaving any out.",
    )


def _twice(name: str) -> ConfigurationError:
    plain = name.removesuffix(FILE)
    return ConfigurationError(
        french(f"{plain} et {name} sont données toutes les deux : gardez-en une."),
        f"{plain} and {name} are both given: keep one.",
    )


def _no_file(name: str, error: OSError | ValueError) -> ConfigurationError:
    """What the variable holds is not repeated: it may be the secret itself, put there by mistake."""
    detail = (error.strerror if isinstance(error, OSError) else None) or "UTF-8"
    return ConfigurationError(
        french(
            f"{name} doit nommer un fichier qui contient le secret, et celui-ci n’a pas pu être lu ({detail}) : "
            "corrigez le chemin ou les droits."
        ),
        f"{name} must name a file that holds the secret, and that one could not be read ({detail}): "
        "mend the path or the rights.",
    )
