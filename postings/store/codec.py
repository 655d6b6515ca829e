"""Records, with their postings, and events as JSON and back, without loss.

The declared types of the dataclasses' fields say how each value is written, so a new field needs nothing
here. Reading tolerates keys that are not known (written by a later version) and gives a field that is
missing (written by an earlier one) its default.
"""

from __future__ import annotations

import types
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from typing import Any, Literal, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

from postings.dates import When
from postings.model import Event, Record

Json: TypeAlias = dict[str, object]

_Convert: TypeAlias = Callable[[Any], Any]
_Pair: TypeAlias = tuple[_Convert, _Convert]
_T = TypeVar("_T")


def record_to_json(record: Record) -> Json:
    """`record` as JSON, its posting within: dates in ISO 8601, enumerations by value, sets sorted."""
    return _encode(record)


def record_from_json(data: Mapping[str, object]) -> Record:
    """The inverse of `record_to_json`. Raises ValueError when a value is missing or cannot be read."""
    return _decode(Record, data)


def event_to_json(event: Event) -> Json:
    """`event` as JSON."""
    return _encode(event)


def event_from_json(data: Mapping[str, object]) -> Event:
    """The inverse of `event_to_json`. Raises ValueError when a value is missing or cannot be read."""
    return _decode(Event, data)


def _encode(value: object) -> Json:
    return cast(Json, _dataclass_pair(cast(Any, type(value)))[0](value))


def _decode(kind: type[_T], data: Mapping[str, object]) -> _T:
    return cast(_T, _dataclass_pair(cast(Any, kind))[1](data))


@cache
def _dataclass_pair(kind: Any) -> _Pair:
    """How a dataclass is written and read, worked out once from the types of its fields."""
    hints = get_type_hints(kind)
    known = [(f.name, *_pair(hints[f.name])) for f in fields(kind)]
    required = {
        f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING and f.init
    }

    def encode(value: Any) -> Json:
        return {name: to_json(getattr(value, name)) for name, to_json, _ in known}

    def decode(data: Any) -> Any:
        if missing := required - data.keys():
            raise ValueError(f"{kind.__name__}: no {', '.join(sorted(missing))} in what was stored")
        return kind(**{name: from_json(data[name]) for name, _, from_json in known if name in data})

    return encode, decode


def _pair(hint: Any) -> _Pair:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return _optional(_pair(next(a for a in arguments if a is not types.NoneType)))
    if origin is tuple:
        return _sequence(_pair(arguments[0]), tuple, list)
    if origin is frozenset:
        return _sequence(_pair(arguments[0]), frozenset, sorted)
    if hint is datetime:
        return _instant_text, _instant
    if hint is When:
        return When.iso, When.from_iso
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return str, hint
    if is_dataclass(hint):
        return _dataclass_pair(cast(Any, hint))
    if hint is object or origin is Mapping:
        return _plain, _same
    if origin is Literal or hint in (str, int, bool):
        return _same, _same
    raise TypeError(f"no way to store {hint!r} is known: teach postings.store.codec")


def _optional(pair: _Pair) -> _Pair:
    encode, decode = pair

    def encode_optional(value: Any) -> Any:
        return None if value is None else encode(value)

    def decode_optional(value: Any) -> Any:
        return None if value is None else decode(value)

    return encode_optional, decode_optional


def _sequence(item: _Pair, build: _Convert, arrange: _Convert) -> _Pair:
    encode, decode = item

    def encode_all(values: Any) -> list[Any]:
        return cast(list[Any], arrange([encode(value) for value in values]))

    def decode_all(values: Any) -> Any:
        return build([decode(value) for value in values])

    return encode_all, decode_all


def _instant_text(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat()


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _same(value: Any) -> Any:
    return value


def _plain(value: object) -> object:
    """A value of unknown type as JSON can hold it: what it cannot becomes text, keys become text."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, (set, frozenset)):
        return sorted((_plain(item) for item in value), key=str)
    return str(value)
