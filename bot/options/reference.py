"""The reference of options in the operator's guide, made from the table of options."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

from pydantic import BaseModel

from bot.options.about import ITEM, Option, is_list, options, table_of

_BLOCK = re.compile(r"(<!-- options: (\w+) -->\n).*?(<!-- end of options -->)", re.DOTALL)
_HEADINGS = ("Option", "Type", "Default", "Environment", "Secret", "What it does")


def with_reference(page: str, model: type[BaseModel]) -> str:
    """`page` with a table of options in each block that names one.

    A block is `<!-- options: general -->` to `<!-- end of options -->`; the lists of tables have their names, and
    `accounts` is every single table.
    """
    return _BLOCK.sub(lambda found: f"{found[1]}\n{_table(model, found[2])}\n{found[3]}", page)


def _table(model: type[BaseModel], group: str) -> str:
    rows = [_row(option) for option in options(model) if _group(option, model) == group]
    lines = [" | ".join(cell.replace("|", "\\|") for cell in row) for row in (_HEADINGS, *rows)]
    lines.insert(1, "|".join(["---"] * len(_HEADINGS)))
    return "".join(f"|{line}|\n" if line.startswith("---") else f"| {line} |\n" for line in lines)


def _group(option: Option, model: type[BaseModel]) -> str:
    field = model.model_fields[option.way[0]]
    if table_of(field) is None:
        return "general"
    return option.way[0] if is_list(field) else "accounts"


def _row(option: Option) -> tuple[str, ...]:
    # The items of a list are given together; a secret also alone, so that it can stand in a file.
    whole = option.listed and not option.secret
    names = (option.variable.partition(f"__{ITEM}")[0],) if whole else option.variables
    return (
        f"`{option.name}`",
        _kind(option),
        _default(option),
        " or ".join(f"`{name.replace(ITEM, '0')}`" for name in names),
        "yes" if option.secret else "no",
        option.about.english,
    )


def _kind(option: Option) -> str:
    kind = option.about.kind or _KINDS.get(option.field.annotation, "")
    if not kind:
        *words, last = (f"`{word}`" for word in option.choices)
        kind = f"{', '.join(words)} or {last}"
    return f"{kind}, {option.bounds}" if option.bounds else kind


_KINDS: Mapping[Any, str] = {bool: "boolean"}


def _default(option: Option) -> str:
    value = option.field.default
    if option.field.is_required():
        return "required"
    if value is None:
        return "none"
    if value in ((), ""):
        return "empty"
    if isinstance(value, tuple):
        return ", ".join(f"`{_plain(item)}`" for item in value)
    return f"`{_plain(value)}`"


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Enum):
        return str(value.value)
    return f"{value:g}" if isinstance(value, float) else str(value)
