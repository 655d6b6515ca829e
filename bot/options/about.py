"""The one table of options: each field of the settings says what it is for, and this lists them all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, TypeAlias, get_args, get_origin

from annotated_types import Ge, Gt, Le, MinLen
from pydantic import BaseModel, ConfigDict, Field, SecretStr
from pydantic.fields import FieldInfo

PREFIX = "VIGIE_"
FILE = "_FILE"
"""The end of a variable that names the file in which a secret stands."""
ITEM = "[]"
"""In the way to an option: any item of a list of tables."""

Token: TypeAlias = Annotated[SecretStr, Field(min_length=1)]
"""A secret that is not empty: an empty one would be compared with what nobody sent."""


class Table(BaseModel):
    """A table of the configuration; a key that it does not know is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class About:
    """What an option is for: the reference of options and the commented `vigie.toml` are made of it."""

    english: str
    """For the operator's guide, in Markdown."""
    french: str
    """For `vigie.toml`: a comment of one sentence or more."""
    kind: str = ""
    """What its value is, in English Markdown, where its type does not say it."""
    example: Any = None
    """What `vigie.toml` proposes where there is no default to show."""
    host: str = ""
    """The variable in which hosting platforms give it."""


@dataclass(frozen=True, slots=True)
class Option:
    """One option of the table."""

    way: tuple[str, ...]
    """The tables that lead to it and its name; ITEM for the items of a list."""
    field: FieldInfo
    about: About

    @property
    def name(self) -> str:
        """As the guide writes it: `mattermost.token`, `sources[].name`."""
        return ".".join(self.way).replace(f".{ITEM}", ITEM)

    @property
    def listed(self) -> bool:
        """Whether it belongs to the items of a list."""
        return ITEM in self.way

    @property
    def variable(self) -> str:
        """Its variable in the environment; of an item, with ITEM for its number."""
        return variable(self.way)

    @property
    def variables(self) -> tuple[str, ...]:
        """Every variable that gives it, the one that wins first; those of a secret also end in FILE."""
        names = (self.variable, self.about.host) if self.about.host else (self.variable,)
        return (*names, *(name + FILE for name in names)) if self.secret else names

    @property
    def secret(self) -> bool:
        """Whether its value is shown to nobody."""
        return SecretStr in set(types(self.field.annotation))

    @property
    def choices(self) -> tuple[str, ...]:
        """The words that it may be; empty where it is no choice."""
        return tuple(_words(self.field.annotation))

    @property
    def json(self) -> bool:
        """Whether a variable gives it as JSON."""
        return any(issubclass(found, tuple) for found in types(self.field.annotation))

    @property
    def bounds(self) -> str:
        """What is checked of its number or length, in English; empty where nothing is."""
        said = {type(check): check for check in self.field.metadata}
        least, over, most, length = said.get(Ge), said.get(Gt), said.get(Le), said.get(MinLen)
        if least and most:
            return f"{least.ge} to {most.le}"
        if over and most:
            return f"more than {over.gt}, at most {most.le}"
        if least:
            return f"{least.ge} or more"
        if length and length.min_length > 1:
            return f"{length.min_length} characters or more"
        return ""


def variable(way: tuple[str | int, ...]) -> str:
    """The variable of an option or table."""
    return PREFIX + "__".join(str(part).upper() for part in way)


def options(model: type[BaseModel], way: tuple[str, ...] = ()) -> Iterator[Option]:
    """Every option of a table and of those within it, in their order. Raises LookupError for one without About."""
    for name, field in model.model_fields.items():
        here = (*way, name)
        inner = table_of(field)
        if inner is not None:
            yield from options(inner, (*here, ITEM) if is_list(field) else here)
            continue
        about = next((said for said in field.metadata if isinstance(said, About)), None)
        if about is None:
            raise LookupError(
                f"the option {'.'.join(here)} does not say what it is for: annotate it with About"
            )
        yield Option(here, field, about)


def tables(
    model: type[BaseModel], way: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], type[BaseModel]]]:
    """Every table and the way to it, the outermost first; ITEM ends the way to the items of a list."""
    yield way, model
    for name, field in model.model_fields.items():
        inner = table_of(field)
        if inner is not None:
            yield from tables(inner, (*way, name, ITEM) if is_list(field) else (*way, name))


def table_of(field: FieldInfo) -> type[BaseModel] | None:
    """The table that a field holds, or of which it holds a list; None for an option."""
    return next((found for found in types(field.annotation) if issubclass(found, BaseModel)), None)


def is_list(field: FieldInfo) -> bool:
    """Whether a field holds several."""
    return any(issubclass(found, tuple) for found in types(field.annotation))


def types(annotation: Any) -> Iterator[type]:
    """Every class within an annotation."""
    origin = get_origin(annotation)
    if origin is Literal:
        return
    if isinstance(origin or annotation, type):
        yield origin or annotation
    for inner in get_args(annotation):
        yield from types(inner)


def _words(annotation: Any) -> Iterator[str]:
    for inner in get_args(annotation):
        if get_origin(annotation) is Literal:
            yield str(inner)
        else:
            yield from _words(inner)
