"""Values held against schemas: the keywords of JSON Schema 2020-12 that Vigie's description of itself uses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tests.feeds.rules.frame import is_rfc_3339, is_web_address

_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "boolean": bool,
    "null": type(None),
}
_FORMATS = {"date-time": is_rfc_3339, "uri": is_web_address}
_KNOWN = {"$ref", "anyOf", "type", "enum", "minimum", "maximum", "maxLength", "pattern", "format", "items"}
_KNOWN |= {"required", "properties", "additionalProperties", "description", "default"}


def faults(value: Any, schema: Mapping[str, Any], whole: Mapping[str, Any], where: str = "") -> Iterator[str]:
    """What of a value its schema does not allow; also a key that the schema does not name, and an unknown keyword.

    `whole` is the document that references are looked up in.
    """
    yield from (f"keyword {keyword}" for keyword in schema.keys() - _KNOWN)
    if "$ref" in schema:
        yield from faults(value, looked_up(schema["$ref"], whole), whole, where)
    if "anyOf" in schema and all([*faults(value, some, whole, where)] for some in schema["anyOf"]):
        yield f"{where}: {value!r} is none of {schema['anyOf']}"
    types = schema.get("type", list(_TYPES))
    if not any(_is(value, name) for name in ([types] if isinstance(types, str) else types)):
        yield f"{where}: {value!r} is not of type {types}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{where}: {value!r} is not one of {schema['enum']}"
    match value:
        case bool():
            pass
        case int():
            if not schema.get("minimum", value) <= value <= schema.get("maximum", value):
                yield f"{where}: {value} is out of bounds"
        case str():
            yield from _text_faults(value, schema, where)
        case list():
            for place, item in enumerate(value):
                yield from faults(item, schema.get("items", {}), whole, f"{where}/{place}")
        case dict():
            yield from _object_faults(value, schema, whole, where)


def looked_up(reference: str, whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference within a document means. Raises KeyError when it leads nowhere."""
    found: Any = whole
    for key in reference.removeprefix("#/").split("/"):
        found = found[key]
    assert isinstance(found, dict)
    return found


def _is(value: Any, name: str) -> bool:
    return isinstance(value, _TYPES[name]) and (name != "integer" or not isinstance(value, bool))


def _text_faults(value: str, schema: Mapping[str, Any], where: str) -> Iterator[str]:
    if len(value) > schema.get("maxLength", len(value)):
        yield f"{where}: {len(value)} characters"
    if not re.search(schema.get("pattern", ""), value):
        yield f"{where}: {value!r} is not like {schema['pattern']}"
    if "format" in schema and not _FORMATS[schema["format"]](value):
        yield f"{where}: {value!r} is no {schema['format']}"


def _object_faults(
    value: dict[str, Any], schema: Mapping[str, Any], whole: Mapping[str, Any], where: str
) -> Iterator[str]:
    yield from (f"{where}: {key} is missing" for key in schema.get("required", []) if key not in value)
    properties, others = schema.get("properties", {}), schema.get("additionalProperties")
    for key, held in value.items():
        if key in properties:
            yield from faults(held, properties[key], whole, f"{where}/{key}")
        elif others is not None:
            yield from faults(held, others, whole, f"{where}/{key}")
        elif properties:
            yield f"{where}: {key} is not documented"
